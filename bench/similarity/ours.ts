import { readFileSync } from 'node:fs'
import { buildSegment } from '@sigillo/similarity/artefact-index'
import { buildBackground } from '@sigillo/similarity/background'
import type { Background } from '@sigillo/similarity/background'
import { calibrate } from '@sigillo/similarity/calibration'
import { buildCohort } from '@sigillo/similarity/cohort'
import type { Document } from '@sigillo/similarity/document'
import { openScreen, screenScores } from '@sigillo/similarity/screen'
import type { Screen } from '@sigillo/similarity/screen'
import type { Contest, Scorer } from './scorer.ts'

/** Our screen, ranked by what it ranks by: evidence compared with that of public code on both sides. */
export const SIGILLO: Scorer = ours('sigillo', true)
/** Our screen without a cohort: bare evidence in nats. */
export const SIGILLO_NATS: Scorer = ours('sigillo, evidence only', false)

function ours(name: string, calibrated: boolean): Scorer {
  return {
    name,
    version: 'this repository',
    missing: () => null,
    reads: () => true,
    learns: true,
    score: (contest) => {
      const screen = screenOf(contest, calibrated)
      const scores = new Float64Array(contest.references.length * contest.samples.length)
      for (const [column, sample] of contest.samples.entries())
        for (const [row, score] of screenScores(screen, documentOf(sample)).entries())
          scores[row * contest.samples.length + column] = score
      return scores
    },
  }
}

/** A screen for the references of a contest, with its background and, where asked, calibrated by its cohort. */
export function screenOf(contest: Contest, calibrated: boolean): Screen {
  const background = backgroundOf(contest.background)
  const segments = [
    buildSegment(
      contest.references.map((path) => documentOf(path)),
      background,
    ),
  ]
  if (!calibrated || contest.cohort.length === 0) return openScreen({ background, segments })
  const cohort = buildCohort(
    contest.cohort.map((path) => documentOf(path)),
    background,
  )
  return openScreen({ background, segments, cohort, calibration: calibrate(segments, cohort, background) })
}

/** A file as the engine takes it. */
export function documentOf(path: string): Document {
  return { id: path, files: [{ name: path, bytes: new Uint8Array(readFileSync(path)) }] }
}

let latest: { readonly of: string; readonly background: Background } | undefined
/** Kept for the next contest with the same public code. */
function backgroundOf(paths: readonly string[]): Background {
  const of = paths.join('\n')
  if (latest?.of !== of) {
    const documents = paths.map((path) => documentOf(path))
    latest = { of, background: buildBackground({ name: 'bench', version: '1', documents }) }
  }
  return latest.background
}
