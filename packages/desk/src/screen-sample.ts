import type { Background } from '@sigillo/similarity/background'
import { calibrate } from '@sigillo/similarity/calibration'
import type { Cohort } from '@sigillo/similarity/cohort'
import { type Hit as FileHit, openScreen, type Screen, screenSample } from '@sigillo/similarity/screen'
import type { Desk } from './context.ts'
import { loadScreenIndex, type ScreenIndex, type WatchedFile } from './screen-index.ts'
import { loadBackground, loadCohort } from './screen-public.ts'
import { distributionsOf } from './seal-distribution.ts'

/** Everything that screening needs, taken out of the vault, which may be closed then. */
export interface Watch extends ScreenIndex {
  /** Public code on the subject; null without any. */
  readonly cohort: Cohort | null
  readonly screen: Screen
  readonly background: Background
  /** Recipients of the largest distribution of each artefact; absent when it was sent to nobody. */
  readonly recipients: ReadonlyMap<string, number>
}

/** What counts as a hit. */
export interface Thresholds {
  /** Least evidence, in nats. */
  readonly nats: number
  /** Highest false-alarm rate, asked only where a rate can be stated. */
  readonly rate: number
}

/** 32 nats: none of 14,000 unrelated public files has as much against Posta, and each rewrite in `examples/leaks` has more. */
export const DEFAULT_THRESHOLDS: Thresholds = { nats: 32, rate: 0.01 }

/** A sample derives from an artefact: the file of the artefact that shows it best. */
export interface ArtefactHit extends Omit<FileHit, 'artefact'> {
  readonly artefact: string
  readonly watched: WatchedFile
  /** Other files of the artefact that the sample has something of, best first. */
  readonly others: readonly string[]
}

export interface SampleResult {
  readonly hits: readonly ArtefactHit[]
  /** Larger than what is read of one sample: the rest was not looked at. */
  readonly truncated: boolean
}

/** Opens the watch over all artefacts of the vault, bringing the index up to date. */
export async function openWatch(desk: Desk): Promise<Watch> {
  const background = await loadBackground(desk)
  const index = await loadScreenIndex(desk, background)
  return watchOf(index, background, await loadCohort(desk, background), await recipientCounts(desk))
}

/** Puts a watch together. Throws SimilarityError `bad-option` when the parts were not made for each other. */
export function watchOf(
  index: ScreenIndex,
  background: Background,
  cohort: Cohort | null,
  recipients: ReadonlyMap<string, number>,
): Watch {
  const { segments } = index
  const calibrated = cohort === null ? {} : { cohort, calibration: calibrate(segments, cohort, background) }
  const screen = openScreen({ background, segments, ...calibrated })
  return { ...index, background, cohort, recipients, screen }
}

async function recipientCounts(desk: Desk): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for (const { artefact, recipients } of await distributionsOf(desk)) {
    counts.set(artefact, Math.max(counts.get(artefact) ?? 0, recipients.length))
  }
  return counts
}

/** Files of artefacts that are rated for one sample. */
const RATED = 64

/**
 * Which artefacts a sample derives from, best first. Any bytes are allowed.
 * @param name hint at the language
 */
export function screenBytes(
  watch: Watch,
  sample: { readonly id: string; readonly bytes: Uint8Array; readonly name?: string },
  thresholds: Thresholds,
): SampleResult {
  const { id, bytes, name } = sample
  const file = name === undefined ? { bytes } : { bytes, name }
  const options = { limit: RATED, minimumNats: thresholds.nats, features: 20 }
  const { hits, truncated } = screenSample(watch.screen, { id, files: [file] }, options)
  return {
    hits: byArtefact(
      watch,
      hits.filter((hit) => isHit(hit, watch.files.get(hit.artefact), thresholds)),
    ),
    truncated,
  }
}

function isHit(hit: FileHit, watched: WatchedFile | undefined, thresholds: Thresholds): boolean {
  if (hit.falseAlarmRate !== null) return hit.falseAlarmRate <= thresholds.rate
  return hit.nats - (watched?.prose === true ? wordNats(hit) : 0) >= thresholds.nats
}

/** Evidence of single words. A long text has most words of a language, and the background few: without a rate they prove nothing about prose. */
function wordNats({ byChannel }: FileHit): number {
  return byChannel.find(({ channel }) => channel === 'anchor')?.nats ?? 0
}

/** One hit for each artefact, of its best file. */
function byArtefact(watch: Watch, hits: readonly FileHit[]): readonly ArtefactHit[] {
  const found = new Map<string, ArtefactHit>()
  for (const hit of hits) {
    const watched = watch.files.get(hit.artefact)
    if (watched === undefined) continue
    const best = found.get(watched.artefact)
    const next =
      best === undefined
        ? { ...hit, artefact: watched.artefact, watched, others: [] }
        : { ...best, others: [...best.others, watched.path] }
    found.set(watched.artefact, next)
  }
  return [...found.values()]
}
