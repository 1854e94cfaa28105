import { type ArtefactInput, buildSegment } from './artefact-index.ts'
import { type Background, channelWeights, isPublic } from './background.ts'
import { extractFeatures, newExtractor } from './features.ts'
import { Channel, OVERLAP } from './internal/feature-set.ts'
import { findBytes } from './internal/find-bytes.ts'
import { eachMatch } from './internal/match-counts.ts'

/** Bytes of an artefact that other scanners can search for: rare in public code, neither essential nor part of a mark. */
export interface HuntingFeature {
  /** A literal or name, or a stretch of code as it stands in the file. */
  readonly kind: 'code' | 'string'
  readonly bytes: Uint8Array
  readonly file: number
  readonly start: number
  readonly end: number
  /** How much its being there says, in nats; features of one place are not independent. */
  readonly nats: number
}

export interface HuntingOptions {
  /** Features returned at most. Default 24; at most half of them are code. */
  readonly limit?: number
  /** Shorter ones are left out. Default 8 bytes. */
  readonly minimumBytes?: number
}

/** Longest feature: scanners compare it byte by byte. */
const LONGEST = 64
const QUOTES: ReadonlySet<number> = new Set([34, 39, 96])

/**
 * What to hunt for: the strings and stretches of code of an artefact that no file of the background holds. Taken from the unmarked
 * plan with `marks` given, none of it tells one copy from another.
 */
export function huntingFeatures(
  artefact: ArtefactInput,
  background: Background,
  options: HuntingOptions = {},
): readonly HuntingFeature[] {
  const { limit = 24, minimumBytes = 8 } = options
  // The index has left out everything that must not appear here: what is public, essential or part of a mark.
  const segment = buildSegment([artefact], background)
  const features = extractFeatures(artefact, newExtractor())
  const weights = channelWeights(background)
  const found = new Map<string, HuntingFeature>()
  eachMatch(features, segment, 0, (at) => {
    const channel = features.channel[at]!
    if (channel !== Channel.anchor && channel !== Channel.raw) return
    const one = featureAt(artefact, features.file[at]!, features.start[at]!, features.end[at]!, channel)
    if (one === null || one.bytes.length < minimumBytes || isPublic(background, features.high[at]!)) return
    const nats = weights[channel]! / OVERLAP[channel]! + Math.log(one.bytes.length)
    const text = String.fromCharCode(...one.bytes)
    if ((found.get(text)?.nats ?? 0) < nats) found.set(text, { ...one, nats })
  })
  const all = [...found.values()].sort((a, b) => b.nats - a.nats || a.start - b.start)
  const strings = all.filter((one) => one.kind === 'string').slice(0, limit)
  const code = spread(
    all.filter((one) => one.kind === 'code'),
    Math.min(Math.ceil(limit / 2), limit - Math.min(strings.length, Math.floor(limit / 2))),
  )
  return [...strings.slice(0, limit - code.length), ...code]
}

function featureAt(
  artefact: ArtefactInput,
  file: number,
  start: number,
  end: number,
  channel: number,
): Omit<HuntingFeature, 'nats'> | null {
  const { bytes } = artefact.files[file]!
  if (channel === Channel.raw) {
    const to = Math.min(end, start + LONGEST)
    const text = bytes.subarray(start, to)
    // Line ends and indentation are the first that a copy changes.
    return text.some((byte) => byte === 10 || byte === 13) ? null : { kind: 'code', bytes: text, file, start, end: to }
  }
  const [from, to] = withoutQuotes(bytes, start, end)
  const text = bytes.subarray(from, Math.min(to, from + LONGEST))
  // An escape is written in one of several ways; the text beside it is found by other features.
  return text.includes(92) || text.includes(10)
    ? null
    : { kind: 'string', bytes: text, file, start: from, end: from + text.length }
}

/** The content of a literal, without prefix and quotes; a name as it is. */
function withoutQuotes(bytes: Uint8Array, start: number, end: number): readonly [number, number] {
  if (!QUOTES.has(bytes[end - 1]!)) return [start, end]
  let from = start
  let to = end
  while (from < to && !QUOTES.has(bytes[from]!)) from++
  while (from < to && QUOTES.has(bytes[from]!)) from++
  while (to > from && QUOTES.has(bytes[to - 1]!)) to--
  return [from, to]
}

/** Some stretches that do not overlap, taken evenly from all over the artefact. */
function spread(code: readonly HuntingFeature[], limit: number): HuntingFeature[] {
  const apart: HuntingFeature[] = []
  for (const one of [...code].sort((a, b) => a.file - b.file || a.start - b.start)) {
    const last = apart.at(-1)
    if (last === undefined || last.file !== one.file || last.end <= one.start) apart.push(one)
  }
  const step = Math.max(1, apart.length / Math.max(1, limit))
  return Array.from({ length: Math.min(limit, apart.length) }, (_, at) => apart[Math.floor(at * step)]!)
}

/** How many of the features a file holds, as they are or with a zero byte behind every byte (UTF-16). */
export function huntingHits(features: readonly HuntingFeature[], bytes: Uint8Array): number {
  return features.filter((one) => findBytes(bytes, one.bytes, 0) >= 0 || findBytes(bytes, one.bytes, 0, 2) >= 0).length
}
