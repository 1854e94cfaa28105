import { screenSample } from '@sigillo/similarity/screen'
import type { Hit } from '@sigillo/similarity/screen'
import { contestsOf, labelledSets } from './labelled.ts'
import type { LabelledSet, Pair } from './labelled.ts'
import { shareAbove, thresholdAt } from './metrics.ts'
import { documentOf, screenOf } from './ours.ts'
import { keepRow } from './results.ts'
import { scoresOf } from './run-labelled.ts'
import type { Contest, Scorer } from './scorer.ts'
import { relatedPairs } from './sets/clones.ts'
import { FULL } from './sets/draw.ts'
import { jdkFiles } from './sets/jdk.ts'
import type { RealKind } from './sets/public-files.ts'
import { robustnessSet } from './sets/robustness.ts'

/** Unrelated pairs that raise an alarm in each place, by one threshold for all places. */
export interface TravelRow {
  readonly scorer: string
  /** The score that 1 % of the pairs of the first place exceed; null where the engine decides without one. */
  readonly threshold: number | null
  /** Share of pairs by place. */
  readonly alarms: Readonly<Record<string, number>>
  readonly pairs: Readonly<Record<string, number>>
  /** Share of pairs for which the engine states no rate. */
  readonly withoutRate?: Readonly<Record<string, number>>
  /** Share of the derived pairs of a labelled set that raise the alarm, as they should. */
  readonly found?: Readonly<Record<string, number>>
}

/** Our engine by the p-value that it states, and as the command decides. */
export const BY_P = 'sigillo, p-value of at most 1 %'
export const AS_COMMAND = 'sigillo, as the command decides'

const KINDS: readonly RealKind[] = ['javascript', 'python', 'c', 'go', 'shell']
/** Of a labelled set's independent pairs so many are taken, evenly, for every tool the same: jscpd needs a run for each. */
const MOST_PAIRS = 2000
/** As the defaults of `sigillo screen`. */
const RATE = 0.01
const NATS = 32

/** A sort of unrelated pairs. */
export interface Place {
  readonly name: string
  readonly language: string
  readonly pairs: number
  readonly scores: (scorer: Scorer) => Promise<readonly number[]>
  readonly contests: () => readonly PlaceContest[]
}

interface PlaceContest {
  readonly contest: Contest
  /** Whether a reference and a sample are one of the pairs. */
  readonly takes: (row: number, column: number) => boolean
  /** Whether they are a derived pair instead. */
  readonly derived: (row: number, column: number) => boolean
}

/** One threshold at 1 % false alarms on unrelated JavaScript files, applied everywhere; kept in `results/`. */
export async function runTravel(folder: string | undefined, scorers: readonly Scorer[]): Promise<void> {
  if (folder === undefined) console.log('MISSING: independent solutions of one task are in --sets DIR')
  const labelled = folder === undefined ? [] : labelledSets(folder)
  const places = [...(await Promise.all(KINDS.map(unrelatedFiles))), ...labelled.map(independentSolutions)]
  // Ranked against a cohort there is no bare score to put a threshold on: the p-value is what that ranking says.
  for (const scorer of scorers.filter((each) => each.name !== 'sigillo'))
    keepRow('travel', scorer.name, await travelOf(scorer, places))
  if (scorers.some((each) => each.name === 'sigillo')) keepVerdicts(places)
}

/** Takes a threshold from the first place and applies it to all that the tool reads. */
export async function travelOf(scorer: Scorer, places: readonly Place[]): Promise<TravelRow> {
  const alarms: Record<string, number> = {}
  let threshold: number | null = null
  for (const place of places.filter(({ language }) => scorer.reads(language))) {
    const scores = await place.scores(scorer)
    threshold ??= thresholdAt(scores, 0.01)
    alarms[place.name] = shareAbove(scores, threshold)
    console.log(`${scorer.name}, ${place.name}: ${percent(alarms[place.name]!)} of ${scores.length}`)
  }
  return { scorer: scorer.name, threshold, alarms, pairs: pairsOf(places) }
}

function pairsOf(places: readonly Place[]): TravelRow['pairs'] {
  return Object.fromEntries(places.map((place) => [place.name, place.pairs]))
}

function keepVerdicts(places: readonly Place[]): void {
  const byP: Record<string, number> = {}
  const asCommand: Record<string, number> = {}
  const withoutRate: Record<string, number> = {}
  const foundByP: Record<string, number> = {}
  const foundAsCommand: Record<string, number> = {}
  for (const place of places) {
    const counts: Verdicts = { withoutRate: 0, byP: 0, asCommand: 0, derived: 0, foundByP: 0, foundAsCommand: 0 }
    for (const contest of place.contests()) countVerdicts(contest, counts)
    if (counts.derived > 0) {
      foundByP[place.name] = counts.foundByP / counts.derived
      foundAsCommand[place.name] = counts.foundAsCommand / counts.derived
      console.log(
        `${place.name}: finds ${counts.foundByP} by p, ${counts.foundAsCommand} as the command of ${counts.derived}`,
      )
    }
    byP[place.name] = counts.byP / place.pairs
    asCommand[place.name] = counts.asCommand / place.pairs
    withoutRate[place.name] = counts.withoutRate / place.pairs
    console.log(`${place.name}: by p ${percent(byP[place.name]!)}, as the command ${percent(asCommand[place.name]!)}`)
  }
  const common = { threshold: null, pairs: pairsOf(places), withoutRate }
  keepRow('travel', BY_P, { ...common, scorer: BY_P, alarms: byP, found: foundByP } satisfies TravelRow)
  keepRow('travel', AS_COMMAND, {
    ...common,
    scorer: AS_COMMAND,
    alarms: asCommand,
    found: foundAsCommand,
  } satisfies TravelRow)
}

interface Verdicts {
  withoutRate: number
  byP: number
  asCommand: number
  derived: number
  foundByP: number
  foundAsCommand: number
}

function countVerdicts({ contest, takes, derived }: PlaceContest, counts: Verdicts): void {
  const screen = screenOf(contest, true)
  const rows = [...contest.references.keys()]
  const rowOf = new Map(contest.references.map((path, row) => [path, row]))
  const isRated = (row: number): boolean => screen.calibration?.artefacts[row]?.thin === null
  for (const [column, path] of contest.samples.entries()) {
    counts.withoutRate += rows.filter((row) => takes(row, column) && !isRated(row)).length
    counts.derived += rows.filter((row) => derived(row, column)).length
    const { hits } = screenSample(screen, documentOf(path), { limit: rows.length, features: 0 })
    const byP = hits.filter(({ p }) => p !== null && p <= RATE).map(({ artefact }) => rowOf.get(artefact)!)
    const asCommand = hits.filter(isCommandsHit).map(({ artefact }) => rowOf.get(artefact)!)
    counts.byP += byP.filter((row) => takes(row, column)).length
    counts.asCommand += asCommand.filter((row) => takes(row, column)).length
    counts.foundByP += byP.filter((row) => derived(row, column)).length
    counts.foundAsCommand += asCommand.filter((row) => derived(row, column)).length
  }
}

function isCommandsHit({ nats, falseAlarmRate }: Hit): boolean {
  return nats >= NATS && (falseAlarmRate === null || falseAlarmRate <= RATE)
}

/** Originals of a kind against files of other families; pairs that hold a clone are neither. */
async function unrelatedFiles(kind: RealKind): Promise<Place> {
  const set = await robustnessSet(kind, 'tuning', FULL)
  const strangers = set.samples.filter((sample) => sample.of === undefined)
  const clones = relatedPairs({ originals: set.originals, samples: strangers })
  const contest: Contest = {
    language: kind,
    references: set.originals,
    samples: strangers.map(({ path }) => path),
    background: set.background,
    cohort: set.cohort,
    strangersInARow: set.originals.length,
  }
  const takes = (row: number, column: number): boolean => !clones.has(`${row}/${column}`)
  const taken = (scores: Float64Array): number[] =>
    [...scores].filter((_, at) => takes(Math.floor(at / strangers.length), at % strangers.length))
  return {
    name: kind,
    language: kind,
    pairs: set.originals.length * strangers.length - clones.size,
    scores: async (scorer) => taken(await scorer.score(contest)),
    contests: () => [{ contest, takes, derived: () => false }],
  }
}

/** Solutions of one task that nobody copied. */
function independentSolutions(set: LabelledSet): Place {
  const independent = set.pairs.filter((pair) => !pair.derived)
  const step = Math.max(1, independent.length / MOST_PAIRS)
  const count = Math.min(MOST_PAIRS, independent.length)
  const chosen = new Set(Array.from({ length: count }, (_, at) => independent[Math.floor(at * step)]!))
  const takes = (pair: Pair): boolean => chosen.has(pair)
  return {
    name: set.name,
    language: set.language,
    pairs: chosen.size,
    scores: async (scorer) => (await scoresOf(set, scorer, takes)).scores,
    contests: () =>
      contestsOf(set, jdkFiles()).map(({ contest, pairs }) => ({
        contest,
        takes: (_, column) => takes(pairs[column]!),
        derived: (_, column) => pairs[column]!.derived,
      })),
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
