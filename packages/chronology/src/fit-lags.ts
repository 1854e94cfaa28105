import type { CaseFile } from './case-file.ts'
import type { ExplanationId } from './explanations.ts'
import type { FittedLag } from './fitted-lags.ts'
import { DAY } from './instant.ts'
import { assess, type AssessedWave, type Pass } from './internal/assess.ts'
import { posteriors } from './internal/judge.ts'
import { checkOptions, type Settings } from './internal/options.ts'
import { nominalOf } from './internal/nominal.ts'
import { PRIOR_STRENGTH, type Prior, type PriorClass, priorClassOf, printedPriorsFor, withLag } from './priors.ts'

const CLASSES: readonly PriorClass[] = ['attack', 'exposure']
const ROUNDS = 8
/** Hours count: a delay of nothing would make a mean of nothing. */
const SHORTEST_DAYS = 1 / 24

/**
 * Fits the mean delay of every route (an explanation that waits for an event) on a corpus, by expectation maximisation: each wave counts for an explanation by its posterior
 * under the numbers so far, the wave that a confirmed outcome is about counts for that outcome alone, and the printed mean counts as PRIOR_STRENGTH observations. Only delays are
 * fitted: a corpus of known cases says nothing about how often a leak happens, for cases with a leak are the ones that become known.
 * @param cases the corpus; order does not matter
 * @returns one entry for each route that at least a hundredth of a wave speaks for, in the order of the closed list
 */
export function fitLags(cases: readonly CaseFile[]): readonly FittedLag[] {
  let lags: readonly FittedLag[] = []
  const sorted = cases.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  for (let round = 0; round < ROUNDS; round++) {
    const settings = checkOptions({ priors: priorsWith(lags) })
    const seen = sorted.flatMap((caseFile) => observations(caseFile, settings))
    lags = CLASSES.flatMap((waves) => means(waves, seen))
  }
  return lags
}

/** The printed priors with these delays in place, for both classes of wave: an argument for explainCase. */
export function priorsWith(lags: readonly FittedLag[]): readonly Prior[] {
  return CLASSES.flatMap((waves) => {
    const fitted = lags.filter((lag) => lag.waves === waves)
    return printedPriorsFor(waves).map((prior): Prior => ({ ...withLag(prior, fitted), waves }))
  })
}

/** The wave that a case's known outcome is about: the first that rests on more than doubtful events, for that is how it got out. */
export function outcomeWave<T extends { readonly doubtful: boolean }>(waves: readonly T[]): T | undefined {
  return waves.find((wave) => !wave.doubtful)
}

interface Observation {
  readonly explanation: ExplanationId
  readonly waves: PriorClass
  readonly days: number
  readonly weight: number
}

function observations(caseFile: CaseFile, settings: Settings): readonly Observation[] {
  const pass = assess(caseFile.events, settings)
  const outcome = caseFile.knownOutcome?.status === 'confirmed' ? caseFile.knownOutcome.hypothesis : null
  const told = outcomeWave(pass.waves.map((entry) => ({ ...entry, doubtful: entry.wave.doubtful })))?.wave
  return pass.waves
    .filter(({ wave }) => !wave.doubtful)
    .flatMap((entry) => waveObservations(entry, entry.wave === told ? outcome : null, pass))
}

function waveObservations(entry: AssessedWave, outcome: string | null, pass: Pass): readonly Observation[] {
  const found = posteriors(entry.weights)
  const first = pass.record.byId.get(entry.wave.events[0] ?? '')
  if (first === undefined) return []
  return entry.weights.listed.flatMap((each): readonly Observation[] => {
    const cause = pass.record.byId.get(each.because[0] ?? '')
    if (each.excluded || each.basis !== 'dated' || cause === undefined) return []
    const weight = outcome === null ? (found.byId.get(each.id) ?? 0) : Number(each.id === outcome)
    const days = Math.max(SHORTEST_DAYS, (nominalOf(first).at - nominalOf(cause).at) / DAY)
    return [{ explanation: each.id, waves: priorClassOf(entry.wave.kind), days, weight }]
  })
}

function means(waves: PriorClass, seen: readonly Observation[]): readonly FittedLag[] {
  return printedPriorsFor(waves).flatMap((prior): readonly FittedLag[] => {
    if (prior.tempo.form === 'rate') return []
    const mine = seen.filter((each) => each.explanation === prior.explanation && each.waves === waves)
    const weight = mine.reduce((sum, each) => sum + each.weight, 0)
    if (weight < 0.01) return []
    const days = mine.reduce((sum, each) => sum + each.weight * each.days, 0)
    const mean = (PRIOR_STRENGTH * prior.tempo.meanLagDays + days) / (PRIOR_STRENGTH + weight)
    return [{ explanation: prior.explanation, waves, meanLagDays: rounded(mean), seen: rounded(weight) }]
  })
}

/** Three significant digits: more would pretend. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
