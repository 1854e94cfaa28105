import type { BiasFamily } from '../law.ts'
import { normal, quantile } from './normal.ts'
import { siteEvidence } from './site-evidence.ts'
import type { Evidence, SiteEvidence } from './site-evidence.ts'

/** Like sites after a damage that fell in one certain way. */
export interface Remains {
  readonly q: number
  readonly count: number
  /** Share still read where the leakers' copies agree, and where they do not. */
  readonly agree: number
  readonly differ: number
  /** Expected share of these sites that the first copy decides; null: all leakers alike. */
  readonly lead: number | null
}

/** How copies became one text, and how losses hang together; as in `PlannedDamage`. */
export interface Mixture {
  readonly leakers: number
  readonly leadSpread: number
  readonly lossSpread: number
}

/** What is asked of the evidence. */
export interface Bar {
  readonly family: BiasFamily
  /** Nats that name a single leaker. */
  readonly nats: number
  /** Share of what is read that is read wrong. */
  readonly misread: number
}

/** Chances of naming at least one leaker, and all. */
export interface Chances {
  readonly one: number
  readonly all: number
}

/**
 * The chances that the evidence against some leaker, and against each, passes the bar.
 *
 * Averaged over three things that no planner can know: the ways the damage falls (one entry of `ways` each, equally likely), how hard it
 * strikes this text as a whole (a one-factor normal model of losses: Vasicek 1987), and who wrote how much.
 */
export function namingChances(ways: readonly (readonly Remains[])[], mixture: Mixture, bar: Bar): Chances {
  const hardships = mixture.lossSpread > 0 ? NODES.map(quantile) : [0]
  const cases = ways.flatMap((remains) =>
    hardships.map((hardship) => {
      const left = remains.map((group) => struck(group, mixture.lossSpread, hardship))
      return mixture.leakers === 1 ? alone(left, bar) : together(left, mixture, bar)
    }),
  )
  const mean = (chance: keyof Chances): number => cases.reduce((sum, each) => sum + each[chance], 0) / cases.length
  return { one: mean('one'), all: Math.min(mean('one'), mean('all')) }
}

/** Middles of equally likely parts. */
const NODES = Array.from({ length: 9 }, (_, at) => (at + 0.5) / 9)
/** Nats of noise that remain when nothing is left to chance. */
const LEAST_NOISE = 0.2
/** Nats that it costs to look for accomplices, fitted to simulated q-ary marks. */
const ACCOMPLICES = 1.2
/** Above this one piece is as good as all. */
const MOST_SPREAD = 0.98
/** E max of two standard normal numbers that sum to zero. */
const BETTER_OF_TWO = 0.8
/** How many times as many marks it takes to name all of 1..5 leakers instead of one, simulated (bench/fingerprint). */
const ALL = [1, 1.34, 1.65, 2.1, 2.6]

function struck(group: Remains, spread: number, hardship: number): Remains {
  if (spread === 0) return group
  const { agree, differ } = group
  return { ...group, agree: scattered(agree, spread, hardship), differ: scattered(differ, spread, hardship) }
}

/** What a share with this mean is when its `z` is known: events of chance `mean` whose normal causes have this correlation. */
function scattered(mean: number, correlation: number, z: number): number {
  if (mean <= 0 || mean >= 1) return mean
  return normal((quantile(mean) + Math.sqrt(correlation) * z) / Math.sqrt(1 - correlation))
}

function alone(remains: readonly Remains[], bar: Bar): Chances {
  const one = passes(remains, () => [1], bar)
  return { one, all: one }
}

function together(remains: readonly Remains[], { leakers, leadSpread }: Mixture, bar: Bar): Chances {
  const fewer = remains.map((group) => ({ ...group, count: group.count / (ALL[leakers - 1] ?? 1) }))
  const spread = leadSpread + (1 - leadSpread) / Math.max(1, differing(remains, leakers))
  const sum = { one: 0, all: 0 }
  for (const node of NODES) {
    const share = (group: Remains): number => leadingShare(group, leakers, spread, node)
    const first = (group: Remains): number[] => {
      const lead = share(group)
      return [lead, ...othersOf(lead, leakers, spread)]
    }
    const other = (group: Remains): number[] => {
      const lead = share(group)
      const [most = 0, ...rest] = othersOf(lead, leakers, spread)
      return [most, ...rest, lead]
    }
    const spared = passes(remains, other, bar)
    sum.one += 1 - (1 - passes(remains, first, bar)) * (1 - spared) ** (leakers - 1)
    sum.all += Math.min(passes(fewer, first, bar), spared)
  }
  return { one: sum.one / NODES.length, all: sum.all / NODES.length }
}

/** What the others share among them: by luck one has more than the rest, by the expected lead of the better of two. */
function othersOf(lead: number, leakers: number, spread: number): number[] {
  const rest = 1 - lead
  if (leakers === 2) return [rest]
  const mean = 1 / (leakers - 1)
  const most = rest * Math.min(1, mean + BETTER_OF_TWO * Math.sqrt(mean * (1 - mean) * spread))
  return Array.from({ length: leakers - 1 }, (_, at) => (at === 0 ? most : (rest - most) / (leakers - 2)))
}

/**
 * The share of a group that the leader decides, at a quantile of its law around the mean of the first copy. Among equals the leader is whoever
 * has most: the largest of several shares, at most one of which is above one half.
 */
function leadingShare({ lead }: Remains, leakers: number, spread: number, node: number): number {
  const z = quantile(lead === null ? (leakers - 1 + node) / leakers : node)
  const share = scattered(lead ?? 1 / leakers, Math.sin((Math.PI / 2) * Math.min(spread, MOST_SPREAD)), z)
  return lead === null ? Math.max(share, (1 - share) / (leakers - 1)) : share
}

/** How many sites with differences are read; many like ones weigh more than few with many variants. */
function differing(remains: readonly Remains[], leakers: number): number {
  let sum = 0
  let squares = 0
  for (const { q, count, differ } of remains) {
    const sites = count * differ * (1 - q ** (1 - leakers))
    sum += sites * Math.log(q)
    squares += sites * Math.log(q) ** 2
  }
  return squares === 0 ? 0 : (sum * sum) / squares
}

type SharesOf = (group: Remains) => readonly number[]

/** The chance that the evidence against the suspect, the first of `sharesOf`, passes the bar: next to accomplices or, if that is better, alone. */
function passes(remains: readonly Remains[], sharesOf: SharesOf, bar: Bar): number {
  const alone = passesAlone(remains, sharesOf, bar)
  return remains.every((group) => sharesOf(group).length === 1)
    ? alone
    : Math.max(alone, passesTogether(remains, sharesOf, bar))
}

function passesTogether(remains: readonly Remains[], sharesOf: SharesOf, bar: Bar): number {
  const sum = { mean: 0, variance: 0, spread: 0 }
  for (const group of remains) {
    const { q, count, agree, differ } = group
    const each = evidenceFor(group, sharesOf(group), bar)
    const same = agree * each.agree.chance
    const other = differ * each.differ.chance
    const read = Math.max(same + other, Number.MIN_VALUE)
    const one = same * each.agree.mean + other * each.differ.mean
    sum.mean += count * one
    sum.variance += count * (same * noise(q, each.agree) + other * noise(q, each.differ) - one * one)
    sum.spread += count * (same * each.agree.square + other * each.differ.square - (one * one) / read)
  }
  return sum.mean <= 0 ? 0 : above(sum, bar.nats + ACCOMPLICES)
}

function passesAlone(remains: readonly Remains[], sharesOf: SharesOf, bar: Bar): number {
  const sum = { mean: 0, variance: 0, spread: 0 }
  for (const group of remains) {
    const { count, agree, differ } = group
    const { agree: same, differ: other, alone } = evidenceFor(group, sharesOf(group), bar)
    const read = agree * same.chance + differ * other.chance
    sum.mean += count * read * alone.mean
    sum.variance += count * (read * alone.square - (read * alone.mean) ** 2)
    sum.spread += count * read * (alone.square - alone.mean ** 2)
  }
  return sum.mean <= 0 ? 0 : above(sum, bar.nats)
}

interface Sums {
  readonly mean: number
  readonly variance: number
  readonly spread: number
}

/**
 * The chance that evidence with this mean and variance passes the bar. The tail probability of an innocent copy is smaller than exp(-evidence)
 * by the saddlepoint factor, the wider the evidence is spread.
 */
function above({ mean, variance, spread }: Sums, nats: number): number {
  const needed = nats - Math.log(Math.max(1, Math.sqrt(2 * Math.PI * Math.max(0, spread))))
  return normal((mean - needed) / Math.hypot(Math.sqrt(Math.max(0, variance)), LEAST_NOISE))
}

/**
 * Who wrote a site is part of `leadingShare` already where sites have many variants. Binary sites are of many sorts, and a share of the whole
 * says little about each (fitted to simulated codes).
 */
function noise(q: number, { square, smoothed }: Evidence): number {
  return q === 2 ? square : smoothed
}

const known = new Map<string, SiteEvidence>()
/** Shares are told apart in steps of one fiftieth. */
const STEPS = 50
const MOST_DIFFERING = 2
const MOST_KNOWN = 20_000

function evidenceFor(group: Remains, shares: readonly number[], { family, misread }: Bar): SiteEvidence {
  const { q, agree, differ } = group
  const steps = shares.map((share) => Math.round(share * STEPS))
  const differing = agree > 0 ? Math.round(Math.min(MOST_DIFFERING, differ / agree) * STEPS) / STEPS : 1
  const key = `${q}/${family}/${steps.join('/')}/${differing}/${misread}`
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= MOST_KNOWN) known.clear()
  const sum = steps.reduce((total, step) => total + step, 0)
  const made = siteEvidence(q, family, { shares: steps.map((step) => step / sum), differing, misread })
  known.set(key, made)
  return made
}
