import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Document } from './document.ts'
import { SimilarityError } from './errors.ts'
import { extractFeatures, newExtractor } from './features.ts'
import { isCount, isRecord, readContainer, writeContainer } from './internal/container.ts'
import { CHANNEL_COUNT } from './internal/feature-set.ts'
import { riceBits, riceDecode, riceEncode } from './internal/rice-code.ts'
import {
  distinct,
  hasKey,
  type KeyColumn,
  pushKey,
  type SortedKeys,
  sortedKeys,
  union,
} from './internal/sorted-keys.ts'

/** What public code says about one channel. */
export interface ChannelStatistics {
  /** Features seen in exactly one file, and in exactly two. */
  readonly once: number
  readonly twice: number
  /** Features of all files together. */
  readonly total: number
}

/**
 * Everything ever seen in a body of public code: such features weigh nothing. It is fed by public code only, never by samples:
 * counting the stream that is screened would make a real leak look common.
 */
export interface Background {
  readonly name: string
  readonly version: string
  readonly files: number
  readonly channels: readonly ChannelStatistics[]
  /** SHA-256 of the saved form, in hex: two verdicts under one digest rest on the same public code. */
  readonly digest: string
  readonly set: SortedKeys
}

export interface BackgroundInput {
  readonly name: string
  readonly version: string
  readonly documents: Iterable<Document>
}

const MAGIC = 'sigillo-background/1'

/** Collects the features of public code. The set errs on the side of "public" for about one unseen feature in `2^32 / keys`. */
export function buildBackground(input: BackgroundInput): Background {
  const { columns, files } = collect(input.documents)
  const channels: ChannelStatistics[] = []
  let keys = new Uint32Array(0)
  for (const column of columns) {
    const found = distinct(column.keys.subarray(0, column.count).sort())
    channels.push({ once: found.once, twice: found.twice, total: column.count })
    keys = union(keys, found.keys)
  }
  return finished({ name: input.name, version: input.version, files, channels }, keys)
}

/** The background with more public code learned; it gets the new version. */
export function extendBackground(
  background: Background,
  input: { readonly version: string; readonly documents: Iterable<Document> },
): Background {
  const more = buildBackground({ name: background.name, ...input })
  let known = 0
  for (const key of more.set.keys) if (hasKey(background.set, key)) known++
  const share = known / Math.max(1, more.set.keys.length)
  const channels = background.channels.map((old, channel) => {
    const fresh = more.channels[channel]!
    // A feature of one new file that was known before is taken as known from one file: chance matches are rather over- than underestimated.
    const met = Math.round(fresh.once * share)
    return {
      once: Math.max(0, old.once + fresh.once - 2 * met),
      twice: old.twice + fresh.twice + met,
      total: old.total + fresh.total,
    }
  })
  const head = { name: background.name, version: input.version, files: background.files + more.files, channels }
  return finished(head, union(background.set.keys, more.set.keys))
}

/** Whether a feature (its `high` key) occurs in public code. */
export function isPublic(background: Background, high: number): boolean {
  return hasKey(background.set, high)
}

/**
 * Nats that one match of an unseen feature weighs in each channel: minus the logarithm of the chance (Good and Turing) that a
 * feature seen in one file turns up in another unrelated one of mean size.
 */
export function channelWeights(background: Background): readonly number[] {
  return background.channels.map(({ once, twice }) => {
    const chance = (2 * (twice + 1)) / ((once + 1) * (background.files + 1))
    return Math.max(1, -Math.log(chance))
  })
}

/** Features of a public file of mean size, per channel. */
export function meanFeatures(background: Background): readonly number[] {
  return background.channels.map(({ total }) => Math.max(64, total / Math.max(1, background.files)))
}

type Head = Omit<Background, 'digest' | 'set'>

function finished(head: Head, keys: Uint32Array): Background {
  const saved = save(head, keys)
  return { ...head, digest: bytesToHex(sha256(saved)), set: sortedKeys(keys) }
}

function collect(documents: Iterable<Document>): { readonly columns: readonly KeyColumn[]; readonly files: number } {
  const columns: KeyColumn[] = Array.from({ length: CHANNEL_COUNT }, () => ({
    keys: new Uint32Array(65_536),
    count: 0,
  }))
  const extractor = newExtractor()
  let files = 0
  for (const document of documents) {
    const features = extractFeatures(document, extractor)
    for (let at = 0; at < features.count; at++) pushKey(columns[features.channel[at]!]!, features.high[at]!)
    files++
  }
  return { columns, files }
}

function save(head: Head, keys: Uint32Array): Uint8Array {
  const low = riceBits(keys.length)
  const { name, version, files, channels } = head
  return writeContainer(MAGIC, { name, version, files, channels, keys: keys.length, low }, [riceEncode(keys, low)])
}

/** The saved form: 9 to 14 bits a feature. */
export function serialiseBackground(background: Background): Uint8Array {
  return save(background, background.set.keys)
}

/** Reads a saved background; throws `bad-background` for anything else. */
export function parseBackground(bytes: Uint8Array): Background {
  const { header, sections } = readContainer(MAGIC, bytes, 'bad-background')
  const { name, version, files, channels, keys: count, low } = header
  const bad = new SimilarityError('bad-background', `not a ${MAGIC} file: broken header`)
  if (typeof name !== 'string' || typeof version !== 'string' || !isCount(files) || !isCount(count)) throw bad
  if (!isCount(low) || low > 31 || sections.length !== 1 || !areStatistics(channels)) throw bad
  const keys = riceDecode(sections[0]!, count, low)
  if (keys === null) throw new SimilarityError('bad-background', `not a ${MAGIC} file: broken keys`)
  return { name, version, files, channels, digest: bytesToHex(sha256(bytes)), set: sortedKeys(keys) }
}

function areStatistics(value: unknown): value is ChannelStatistics[] {
  return (
    Array.isArray(value) &&
    value.length === CHANNEL_COUNT &&
    value.every((one) => isRecord(one) && isCount(one['once']) && isCount(one['twice']) && isCount(one['total']))
  )
}
