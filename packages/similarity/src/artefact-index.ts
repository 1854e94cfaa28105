import { type Background, isPublic } from './background.ts'
import type { Document, FileRange, SourceFile } from './document.ts'
import { SimilarityError } from './errors.ts'
import { extractFeatures, type Extractor, newExtractor } from './features.ts'
import { bytesOf, isCount, isRecord, readContainer, writeContainer } from './internal/container.ts'
import { findBytes } from './internal/find-bytes.ts'
import { Channel, CHANNEL_COUNT } from './internal/feature-set.ts'
import {
  addPosting,
  eachPosting,
  newPostings,
  ownersOf,
  type Postings,
  type PostingTable,
  postingTable,
  restOf,
} from './internal/posting-table.ts'
import { publicStretches } from './internal/public-stretches.ts'
import { isLanguage, type Language, languageOf } from './language.ts'

/** Parts that any tool for the same flaw must contain: they weigh nothing. */
export interface Essential {
  readonly ranges?: readonly FileRange[]
  /** Texts such as a path, a header name or a magic value. */
  readonly strings?: readonly string[]
}

/** What is watched for. Index the unmarked plan: with `marks` excluded, one entry covers all copies. */
export interface ArtefactInput extends Document {
  readonly essential?: Essential
  readonly marks?: readonly FileRange[]
}

/** One artefact of a segment. */
export interface IndexedArtefact {
  readonly id: string
  readonly language: Language
  /** All its features, before anything was left out. */
  readonly features: number
  /** Kept per channel: neither public nor essential nor part of a mark, nor outside the sample. */
  readonly kept: readonly number[]
  readonly essential: number
  /** The three large channels keep one feature in `density`, a power of two up to 8. */
  readonly density: number
}

/** Artefacts and their postings. Segments are never changed: adding makes another one, merging makes one out of many. */
export interface Segment {
  /** Digest of the background whose features were left out. */
  readonly background: string
  readonly artefacts: readonly IndexedArtefact[]
  readonly table: PostingTable
}

/** First line of a saved segment. */
export const SEGMENT_SCHEMA = 'sigillo-segment/2'
/** Places of essential strings that are looked at in one artefact. */
const MOST_PLACES = 2000
/** Large artefacts are sampled until about this many features of the three large channels are left. */
const SAMPLE_BUDGET = 3000
/** A feature of more artefacts than this tells none of them from the others, and would cost every query that has it. */
const COMMON = 32

/** Indexes artefacts as one segment. */
export function buildSegment(artefacts: Iterable<ArtefactInput>, background: Background): Segment {
  const postings = newPostings()
  const records: IndexedArtefact[] = []
  const extractor = newExtractor()
  for (const artefact of artefacts) records.push(indexOne(artefact, background, extractor, postings, records.length))
  return { background: background.digest, artefacts: records, table: withoutCommon(postings, records) }
}

function indexOne(
  artefact: ArtefactInput,
  background: Background,
  extractor: Extractor,
  postings: Postings,
  owner: number,
): IndexedArtefact {
  const essential = essentialKeys(artefact, extractor)
  const excluded = [...(artefact.essential?.ranges ?? []), ...(artefact.marks ?? []), ...essentialPlaces(artefact)]
  const set = extractFeatures(artefact, extractor)
  const isKnown = (high: number): boolean => isPublic(background, high)
  const leavesPublic = publicStretches(
    set,
    artefact.files.map(({ bytes }) => bytes.length),
    isKnown,
  )
  const sampled = set.counts[Channel.raw]! + set.counts[Channel.normalised]! + set.counts[Channel.string]!
  const density = densityOf(sampled)
  const kept = Array.from({ length: CHANNEL_COUNT }, () => 0)
  let silenced = 0
  for (let at = 0; at < set.count; at++) {
    if ((set.low[at]! & (density - 1)) !== 0) continue
    const high = set.high[at]!
    if (essential.has(high) || isExcluded(excluded, set.file[at]!, set.start[at]!, set.end[at]!)) silenced++
    else if (!isKnown(high) && !leavesPublic(set.file[at]!, set.start[at]!, set.end[at]!)) {
      addPosting(postings, high, restOf(high, set.low[at]!), owner)
      kept[set.channel[at]!]!++
    }
  }
  const first = artefact.files[0]
  const language = first === undefined ? 'generic' : (first.language ?? languageOf(first.name, first.bytes))
  return { id: artefact.id, language, features: set.count, kept, essential: silenced, density }
}

function densityOf(features: number): number {
  let density = 1
  while (density < 8 && features / density > SAMPLE_BUDGET) density *= 2
  return density
}

/** Keys of all features of the essential parts, taken on their own. */
function essentialKeys(artefact: ArtefactInput, extractor: Extractor): ReadonlySet<number> {
  const { essential } = artefact
  if (essential === undefined) return new Set()
  const files: SourceFile[] = []
  for (const range of essential.ranges ?? []) {
    const file = artefact.files[range.file]
    if (file === undefined)
      throw new SimilarityError('bad-option', `essential range in file ${range.file}, which does not exist`)
    const language = file.language ?? languageOf(file.name, file.bytes)
    files.push({ bytes: file.bytes.subarray(range.start, range.end), language })
  }
  for (const text of essential.strings ?? []) {
    const bytes = new TextEncoder().encode(text)
    files.push({ bytes, language: 'text' }, { bytes, language: 'generic' })
    files.push({ bytes: new TextEncoder().encode(JSON.stringify(text)), language: 'javascript' })
  }
  const set = extractFeatures({ id: artefact.id, files }, extractor)
  return new Set(set.high.subarray(0, set.count))
}

/** Where the essential strings stand, so that what joins them weighs nothing either. */
function essentialPlaces(artefact: ArtefactInput): readonly FileRange[] {
  const places: FileRange[] = []
  for (const text of artefact.essential?.strings ?? []) {
    if (text === '') continue
    const wanted = new TextEncoder().encode(text)
    for (const [file, { bytes }] of artefact.files.entries()) {
      for (
        let at = findBytes(bytes, wanted, 0);
        at >= 0 && places.length < MOST_PLACES;
        at = findBytes(bytes, wanted, at + 1)
      ) {
        places.push({ file, start: at, end: at + wanted.length })
      }
    }
  }
  return places
}

function isExcluded(ranges: readonly FileRange[], file: number, start: number, end: number): boolean {
  for (const range of ranges) if (range.file === file && start < range.end && range.start < end) return true
  return false
}

/** The table without features that most artefacts share; the counts of what was kept are put right. */
function withoutCommon(postings: Postings, records: IndexedArtefact[]): PostingTable {
  const lost = new Float64Array(records.length)
  const table = postingTable(postings, COMMON, (owner) => lost[owner]!++)
  for (const [owner, record] of records.entries()) {
    if (lost[owner] === 0) continue
    const all = record.kept.reduce((sum, count) => sum + count, 0)
    const share = 1 - lost[owner]! / all
    records[owner] = { ...record, kept: record.kept.map((count) => Math.round(count * share)) }
  }
  return table
}

/** One segment that holds the artefacts of all, in their order. */
export function mergeSegments(segments: readonly Segment[]): Segment {
  const background = segments[0]?.background ?? ''
  const postings = newPostings()
  const artefacts: IndexedArtefact[] = []
  for (const segment of segments) {
    if (segment.background !== background) {
      throw new SimilarityError('bad-option', 'segments of different backgrounds cannot be merged')
    }
    const first = artefacts.length
    eachPosting(segment.table, (high, rest, owner) => addPosting(postings, high, rest, first + owner))
    artefacts.push(...segment.artefacts)
  }
  return { background, artefacts, table: postingTable(postings) }
}

export function serialiseSegment(segment: Segment): Uint8Array {
  const { background, artefacts, table } = segment
  return writeContainer(SEGMENT_SCHEMA, { background, artefacts, bits: table.bits }, [
    bytesOf(table.directory),
    bytesOf(table.rest),
    bytesOf(table.owner),
  ])
}

/** Reads a saved segment; throws `bad-segment` for anything else. */
export function parseSegment(bytes: Uint8Array): Segment {
  const { header, sections } = readContainer(SEGMENT_SCHEMA, bytes, 'bad-segment')
  const { background, artefacts, bits } = header
  const bad = (why: string): SimilarityError =>
    new SimilarityError('bad-segment', `not a ${SEGMENT_SCHEMA} file: ${why}`)
  if (typeof background !== 'string' || !isCount(bits) || bits < 16 || bits > 24) throw bad('broken header')
  if (!Array.isArray(artefacts) || !artefacts.every(isIndexedArtefact)) throw bad('broken artefacts')
  const table = tableOf(bits, sections)
  if (table === null || !isTable(table, artefacts.length)) throw bad('broken postings')
  return { background, artefacts, table }
}

/** The postings in the memory that they were read into; null for sections of no such lengths. */
function tableOf(bits: number, sections: readonly Uint8Array[]): PostingTable | null {
  const [directory, rest, owner] = sections
  if (sections.length !== 3 || directory === undefined || rest === undefined || owner === undefined) return null
  const width = owner.length * 2 === rest.length ? 2 : 4
  if (directory.length % 4 !== 0 || rest.length % 4 !== 0 || owner.length * 4 !== rest.length * width) return null
  return { bits, directory: wordsOf(directory), rest: wordsOf(rest), owner: ownersOf(owner, width) }
}

function wordsOf(section: Uint8Array): Uint32Array {
  return new Uint32Array(section.buffer, section.byteOffset, section.length / 4)
}

function isTable(table: PostingTable, artefacts: number): boolean {
  const { bits, directory, rest, owner } = table
  if (directory.length !== 2 ** bits + 1 || rest.length !== owner.length) return false
  if (directory[0] !== 0 || directory[2 ** bits] !== rest.length) return false
  for (let bucket = 1; bucket < directory.length; bucket++)
    if (directory[bucket]! < directory[bucket - 1]!) return false
  return owner.every((artefact) => artefact < artefacts)
}

function isIndexedArtefact(value: unknown): value is IndexedArtefact {
  if (!isRecord(value)) return false
  const { id, language, features, kept, essential, density } = value
  const known = typeof id === 'string' && isLanguage(language) && isCount(features) && isCount(essential)
  return (
    known &&
    (density === 1 || density === 2 || density === 4 || density === 8) &&
    Array.isArray(kept) &&
    kept.length === CHANNEL_COUNT &&
    kept.every(isCount)
  )
}
