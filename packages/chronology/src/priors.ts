import type { ExplanationId } from './explanations.ts'
import { FITTED_LAGS, type FittedLag } from './fitted-lags.ts'
import type { WaveKind } from './waves.ts'

/**
 * How fast an explanation brings about a wave. `rate`: at any time, `perYear` times a year. `route`: only after its requirement is met; it is ever taken with
 * `probability`, and then after a delay that is exponential with mean `meanLagDays`.
 */
export type Tempo =
  | { readonly form: 'rate'; readonly perYear: number }
  | { readonly form: 'route'; readonly probability: number; readonly meanLagDays: number }

/** A printed prior: the number and what it rests on. `source` names the publication, or begins with "assumed". */
export interface Prior {
  readonly explanation: ExplanationId
  readonly tempo: Tempo
  readonly source: string
  /** Which waves it is for; without it, all. Exposures have their own numbers, attacks and second discoveries share theirs. */
  readonly waves?: PriorClass
}

/** The two sets of numbers. */
export type PriorClass = 'attack' | 'exposure'

/** Which set of numbers a kind of wave uses. */
export function priorClassOf(kind: WaveKind): PriorClass {
  return kind === 'exposure' ? 'exposure' : 'attack'
}

const RAND = 'RAND RR1751 (2017): 5.7 % of a stock of unknown flaws were found by others within a year'
const FIRST_WEEK =
  'Rapid7 (2022), as reported by Duo Decipher: half of the exploited flaws were exploited within seven days of disclosure, i.e. a mean of about 10 days'
const N_DAYS = 'Mandiant (2023): 41 of 138 exploited flaws were first exploited after the fix'
const SUSPECTED =
  'assumed: three publicly suspected leaks from one large programme (2012, 2021, 2025) among some 500 shared flaws that were exploited, halved between leak and intrusion; delay: days in all three'

const ATTACK_PRIORS: readonly Prior[] = [
  rate('independent-discovery', 0.057, RAND),
  rate('third-party-rediscovery', 0.01, 'assumed: one rediscovery in six reaches attackers by way of somebody else'),
  route('attacker-prior-use', 0.05, 60, 'assumed: one exploit in twenty spreads to other groups, within months'),
  route('finder-side-leak', 0.003, 90, 'assumed: as likely as one partner copy, over the months a finder holds it'),
  route('vendor-side-leak', 0.002, 60, 'assumed: below the finder’s side, over the weeks a fix takes'),
  route('vendor-accidental-publication', 0.001, 30, 'assumed: one flaw in a thousand'),
  route('public-commit', 0.1, 10, 'assumed: one telling commit in ten is noticed before the release'),
  route('patch-diffing', 0.3, 10, `${N_DAYS}; delay: ${FIRST_WEEK}`),
  route('public-details', 0.5, 7, 'assumed: above patch-diffing and faster, since details save the work'),
  route('partner-leak', 0.003, 7, SUSPECTED),
  route('partner-intrusion', 0.003, 7, SUSPECTED),
  route('partner-accidental-publication', 0.002, 7, 'assumed: one flaw in five hundred'),
]

const EXPOSURE_CHANGES: readonly Prior[] = [
  rate('third-party-rediscovery', 0.057, RAND),
  rate('independent-discovery', 0.02, 'assumed: who finds a flaw to use it seldom publishes it'),
  route(
    'finder-side-leak',
    0.05,
    60,
    'assumed: finders publish too early, by mistake or on purpose, one time in twenty',
  ),
  route('vendor-accidental-publication', 0.01, 30, 'assumed: one flaw in a hundred'),
  route('public-commit', 0.2, 10, 'assumed: one telling commit in five is pointed out in public'),
  route('partner-accidental-publication', 0.01, 7, 'assumed: one flaw in a hundred'),
]

/** Weight of "none of the listed explanations", as a rate per year (assumed). It keeps the posteriors below 1. */
export const UNLISTED_PER_YEAR: number = 0.01

/** Without an earlier wave on record, attackers' prior use counts as a rate per year (assumed): use that nobody noticed. */
export const UNNOTICED_USE_PER_YEAR: number = 0.02

/** Factor for an explanation that rests on an event nobody recorded (assumed). */
export const UNRECORDED_FACTOR: number = 0.1

/** The same for things that everybody can see, such as a published fix (assumed): they seldom go unrecorded. */
export const UNRECORDED_PUBLIC_FACTOR: number = 0.001

/** Factor for a deciding event of low confidence (assumed). */
export const LOW_CONFIDENCE_FACTOR: number = 0.3

/** For explanations without a common cause each further actor in a wave costs this factor (assumed), down to the floor: several groups seldom find one flaw in the same days. */
export const EXTRA_ACTOR_FACTOR: number = 0.5

/** The floor of the factor above. */
export const EXTRA_ACTOR_FLOOR: number = 0.1

/** Content of the wave's own events, as likelihood ratios (assumed, order of magnitude): what a mention by a partner, a confirmed leak, a broken embargo or a second discovery says about its cause. */
export const CONTENT_RATIOS: readonly {
  readonly kind: 'partner-public-mention' | 'leak-confirmed' | 'embargo-broken' | 'discovered'
  readonly favours: readonly ExplanationId[]
  readonly ratio: number
  readonly carries: boolean
}[] = [
  { kind: 'partner-public-mention', favours: ['partner-accidental-publication'], ratio: 100, carries: true },
  {
    kind: 'leak-confirmed',
    favours: ['finder-side-leak', 'vendor-side-leak', 'partner-leak', 'partner-intrusion'],
    ratio: 30,
    carries: false,
  },
  {
    kind: 'embargo-broken',
    favours: [
      'finder-side-leak',
      'vendor-side-leak',
      'vendor-accidental-publication',
      'partner-leak',
      'partner-intrusion',
      'partner-accidental-publication',
    ],
    ratio: 3,
    carries: false,
  },
  // A source that writes "discovered" says that they found it, not that they read of it; sources are sometimes wrong about that.
  { kind: 'discovered', favours: ['independent-discovery', 'third-party-rediscovery'], ratio: 10, carries: false },
]

/** A publication by mistake leaves a public trace: without one on record it counts for this factor (assumed). */
export const NO_TRACE_FACTOR: number = 0.1

/** A public commit is weighed as `public-commit`; as something to diff it counts for this factor only (assumed), so that one fact is not counted twice. */
export const COMMIT_AS_FIX_FACTOR: number = 0.1

/** After a recorded discovery by a second party: how often it comes out or reaches attackers, and after how long (assumed). */
export const SECOND_DISCOVERY: { readonly probability: number; readonly meanLagDays: number } = {
  probability: 0.1,
  meanLagDays: 30,
}

/** A fix that its own publisher replaced after the wave had begun did not show the whole flaw (assumed): who compares it with the old version finds the place, not what was left open. */
export const REPLACED_FIX_FACTOR: number = 0.3

/** An exposure that its author's side answers for (assumed, as for a mention by a partner): the record itself says who published, seldom whether it was theirs to publish. */
export const AUTHOR_RATIO: number = 100

/** From which likelihood ratio on content evidence carries an accusation beyond "contested": "decisive" on the scale of Jeffreys (Theory of Probability, 1961, appendix B). */
export const CARRIES_FROM: number = 100

/** The priors for a kind of wave, in the order of the closed list: probabilities as printed, delays fitted on the corpus. */
export function priorsFor(kind: WaveKind): readonly Prior[] {
  const fitted = FITTED_LAGS.filter((lag) => lag.waves === priorClassOf(kind))
  return printedPriorsFor(kind).map((prior) => withLag(prior, fitted))
}

/** A prior with the fitted delay for its explanation, when there is one; its source says what was fitted and how much was seen. */
export function withLag(prior: Prior, fitted: readonly FittedLag[]): Prior {
  const lag = fitted.find((each) => each.explanation === prior.explanation)
  if (lag === undefined || prior.tempo.form === 'rate') return prior
  const meanLagDays = lag.meanLagDays
  const source = `${prior.source}; delay fitted on the corpus: ${lag.seen} waves, with ${prior.tempo.meanLagDays} days counted as ${PRIOR_STRENGTH}`
  return { ...prior, tempo: { ...prior.tempo, meanLagDays }, source }
}

/** How many observations the printed mean delay counts for when delays are fitted (assumed). */
export const PRIOR_STRENGTH: number = 3

/** The priors before anything is fitted. */
export function printedPriorsFor(kind: WaveKind): readonly Prior[] {
  if (kind !== 'exposure') return ATTACK_PRIORS
  return ATTACK_PRIORS.map(
    (prior) => EXPOSURE_CHANGES.find((change) => change.explanation === prior.explanation) ?? prior,
  )
}

function rate(explanation: ExplanationId, perYear: number, source: string): Prior {
  return { explanation, tempo: { form: 'rate', perYear }, source }
}

function route(explanation: ExplanationId, probability: number, meanLagDays: number, source: string): Prior {
  return { explanation, tempo: { form: 'route', probability, meanLagDays }, source }
}
