import { type Background, isPublic } from './background.ts'
import type { Segment } from './artefact-index.ts'
import type { Document } from './document.ts'
import { SimilarityError } from './errors.ts'
import { extractFeatures, newExtractor } from './features.ts'
import { bytesOf, isCount, isRecord, readContainer, writeContainer } from './internal/container.ts'
import { CHANNEL_COUNT, type FeatureSet, newFeatureSet } from './internal/feature-set.ts'
import { addPosting, newPostings, postingTable, restOf } from './internal/posting-table.ts'
import { distinct, hasKey, type SortedKeys, sortedKeys } from './internal/sorted-keys.ts'
import { isLanguage, type Language, languageOf } from './language.ts'

/** One public document of a cohort, as its features outside the background. */
export interface CohortDocument {
  readonly id: string
  readonly language: Language
  /** All its features per channel, those of the background too. */
  readonly counts: readonly number[]
  readonly high: Uint32Array
  readonly low: Uint32Array
  readonly channel: Uint8Array
}

/**
 * Independent public code on the subject of the artefacts, that is not in the background: what it scores is what chance scores. All
 * of it is public, so a feature of any of its documents weighs nothing when samples are screened; when a document stands in for a
 * sample, only what others of the cohort have too is left out.
 */
export interface Cohort {
  readonly background: string
  readonly documents: readonly CohortDocument[]
  readonly keys: SortedKeys
  /** Keys of at least two documents. */
  readonly shared: SortedKeys
  /** The documents as if they were artefacts, each with what it alone has. */
  readonly segment: Segment
}

const MAGIC = 'sigillo-cohort/1'

export function buildCohort(documents: Iterable<Document>, background: Background): Cohort {
  const extractor = newExtractor()
  const kept: CohortDocument[] = []
  for (const document of documents) {
    const set = extractFeatures(document, extractor)
    const fresh = Uint32Array.from({ length: set.count }, (_, at) => at).filter(
      (at) => !isPublic(background, set.high[at]!),
    )
    const first = document.files[0]
    kept.push({
      id: document.id,
      language: first === undefined ? 'generic' : (first.language ?? languageOf(first.name, first.bytes)),
      counts: [...set.counts],
      high: fresh.map((at) => set.high[at]!),
      low: fresh.map((at) => set.low[at]!),
      channel: Uint8Array.from(fresh, (at) => set.channel[at]!),
    })
  }
  return joined(background.digest, kept)
}

function joined(background: string, documents: readonly CohortDocument[]): Cohort {
  const all = new Uint32Array(documents.reduce((sum, document) => sum + document.high.length, 0))
  let at = 0
  for (const document of documents) {
    all.set(document.high, at)
    at += document.high.length
  }
  all.sort()
  const shared = distinct(all.filter((key, index) => index > 0 && all[index - 1] === key)).keys
  const cohort = { background, documents, keys: sortedKeys(distinct(all).keys), shared: sortedKeys(shared) }
  return { ...cohort, segment: segmentOf(background, documents, cohort.shared) }
}

function segmentOf(background: string, documents: readonly CohortDocument[], shared: SortedKeys): Segment {
  const postings = newPostings()
  const artefacts = documents.map((document, owner) => {
    const kept = Array.from({ length: CHANNEL_COUNT }, () => 0)
    for (let at = 0; at < document.high.length; at++) {
      const high = document.high[at]!
      if (hasKey(shared, high)) continue
      addPosting(postings, high, restOf(high, document.low[at]!), owner)
      kept[document.channel[at]!]!++
    }
    const features = document.counts.reduce((sum, count) => sum + count, 0)
    return { id: document.id, language: document.language, features, kept, essential: 0, density: 1 }
  })
  return { background, artefacts, table: postingTable(postings) }
}

/** A document of the cohort as a set of features that can be looked up. */
export function cohortFeatures(document: CohortDocument): FeatureSet {
  const set = newFeatureSet(0)
  set.count = document.high.length
  set.high = document.high
  set.low = document.low
  set.channel = document.channel
  set.counts.set(document.counts)
  return set
}

export function serialiseCohort(cohort: Cohort): Uint8Array {
  const documents = cohort.documents.map(({ id, language, counts, high }) => ({
    id,
    language,
    counts,
    kept: high.length,
  }))
  const sections = cohort.documents.flatMap(({ high, low, channel }) => [bytesOf(high), bytesOf(low), channel])
  return writeContainer(MAGIC, { background: cohort.background, documents }, sections)
}

/** Reads a saved cohort; throws `bad-cohort` for anything else. */
export function parseCohort(bytes: Uint8Array): Cohort {
  const { header, sections } = readContainer(MAGIC, bytes, 'bad-cohort')
  const { background, documents } = header
  const bad = new SimilarityError('bad-cohort', `not a ${MAGIC} file: broken documents`)
  if (typeof background !== 'string' || !Array.isArray(documents) || sections.length !== 3 * documents.length) throw bad
  const read = documents.map((head: unknown, at) => {
    const document = readDocument(head, sections.slice(3 * at, 3 * at + 3))
    if (document === null) throw bad
    return document
  })
  return joined(background, read)
}

function readDocument(head: unknown, [high, low, channel]: readonly Uint8Array[]): CohortDocument | null {
  if (!isRecord(head) || channel === undefined) return null
  const { id, language, counts, kept } = head
  if (typeof id !== 'string' || !isLanguage(language) || !areCounts(counts) || !isCount(kept)) return null
  const fits = high!.length === 4 * kept && low!.length === 4 * kept && channel.length === kept
  if (!fits || channel.some((one) => one >= CHANNEL_COUNT)) return null
  return { id, language, counts, high: wordsOf(high!), low: wordsOf(low!), channel }
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === CHANNEL_COUNT && value.every(isCount)
}

function wordsOf(section: Uint8Array): Uint32Array {
  return new Uint32Array(section.buffer, section.byteOffset, section.length / 4)
}
