import type { CaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import { EXPLANATION_IDS, type ExplanationId } from './explanations.ts'
import { fitLags, outcomeWave, priorsWith } from './fit-lags.ts'
import type { FittedLag } from './fitted-lags.ts'
import type { ChronologyReport, ReportWave } from './report.ts'

/** A case explained with delays that were fitted on all other cases. */
export interface HeldOut {
  readonly caseFile: CaseFile
  /** The ids of the cases in the fit; never the case itself. */
  readonly fittedOn: readonly string[]
  readonly lags: readonly FittedLag[]
  readonly report: ChronologyReport
  /** `null` unless the outcome is confirmed and a wave is on record. */
  readonly score: Score | null
}

/** How well the wave that the outcome is about was explained. */
export interface Score {
  readonly wave: string
  readonly outcome: ExplanationId
  readonly status: 'excluded' | 'possible' | 'required'
  /** 1: no other explanation, nor "none of the listed", has a larger share. */
  readonly rank: number
  readonly share: number
  /** Sum over all explanations and "none of the listed" of the squared error: 0 is perfect, 2 the worst (Brier 1950). */
  readonly brier: number
}

/** One band of a calibration table: how often what was given such a share turned out to be the answer. */
export interface CalibrationBand {
  readonly from: number
  readonly to: number
  readonly forecasts: number
  readonly meanShare: number
  readonly cameTrue: number
}

/** Explains every case with delays fitted on the others. */
export function leaveOneOut(cases: readonly CaseFile[]): readonly HeldOut[] {
  return cases.map((caseFile) => explainHeldOut(caseFile, cases))
}

/** Explains one case with delays fitted on the corpus without the case of that id. */
export function explainHeldOut(caseFile: CaseFile, corpus: readonly CaseFile[]): HeldOut {
  const others = corpus.filter((other) => other.id !== caseFile.id)
  const lags = fitLags(others)
  const report = explainCase(caseFile, { priors: priorsWith(lags) })
  return { caseFile, fittedOn: others.map((other) => other.id), lags, report, score: scoreOf(caseFile, report) }
}

/** Scores a report against the case's confirmed outcome; `null` without one or without a wave. */
export function scoreOf(caseFile: CaseFile, report: ChronologyReport): Score | null {
  const known = caseFile.knownOutcome
  const wave = outcomeWave(report.waves)
  if (known?.status !== 'confirmed' || known.hypothesis === 'undetermined' || wave === undefined) return null
  const outcome = known.hypothesis
  const shares = sharesOf(wave)
  const share = shares.get(outcome) ?? 0
  const larger = [...shares.values()].filter((other) => other > share).length
  const brier = [...shares].reduce((sum, [id, value]) => sum + (value - Number(id === outcome)) ** 2, 0)
  const status = wave.explanations.find((each) => each.id === outcome)?.status ?? 'excluded'
  return { wave: wave.id, outcome, status, rank: larger + 1, share, brier }
}

const BANDS = [0, 0.01, 0.05, 0.2, 0.5, 0.8, 1] as const

/** The calibration table over all explanations of all scored waves; empty bands are left out. */
export function calibration(heldOut: readonly HeldOut[]): readonly CalibrationBand[] {
  const forecasts = heldOut.flatMap(({ report, score }) => {
    const wave = report.waves.find((each) => each.id === score?.wave)
    if (score === null || wave === undefined) return []
    return EXPLANATION_IDS.map((id) => ({ share: sharesOf(wave).get(id) ?? 0, true: id === score.outcome }))
  })
  return BANDS.slice(1).flatMap((to, i): readonly CalibrationBand[] => {
    const from = BANDS[i] ?? 0
    const inBand = forecasts.filter(({ share }) => share >= from && (share < to || to === 1))
    if (inBand.length === 0) return []
    const meanShare = inBand.reduce((sum, each) => sum + each.share, 0) / inBand.length
    return [{ from, to, forecasts: inBand.length, meanShare, cameTrue: inBand.filter((each) => each.true).length }]
  })
}

function sharesOf(wave: ReportWave): ReadonlyMap<string, number> {
  return new Map([...wave.explanations.map((each) => [each.id, each.posterior] as const), ['', wave.unlisted]])
}
