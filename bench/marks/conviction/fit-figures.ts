import type { Count, Observation } from './observe.ts'

/** Figures of one damage, one number of leakers and one language, as `packages/marks/src/damage-figures.ts` keeps them. */
export interface FittedDamage {
  readonly language: string
  readonly scenario: string
  readonly leakers: number
  /** For files of so many sites or more, up to the next row of the same damage. */
  readonly from: number
  readonly lossSpread: number
  readonly leadSpread: number
  /** By kind, or by sort of kinds after a star: share read where copies agree (or of what lies wholly in an excerpt), where they differ (or partly), lead. */
  readonly kinds: Readonly<Record<string, readonly [agree: number, differ: number, lead: number | null]>>
}

/** Merges in which the first copy is the one that others are merged into. */
const LED = new Set(['merge-funcs', 'merge-ours'])
/** A kind counts for itself from this many sites on; with fewer the sort it belongs to must do. */
const LEAST_SITES = 12
/** The sort weighs as much as this many sites of the kind. */
const PRIOR_SITES = 6

/** From so many observations on, small and large files have figures of their own. */
const ENOUGH = 40

/** Fits the observations of one damage, number of leakers and group of languages: the smaller half of the files, and the larger. */
export function fitDamage(language: string, observations: readonly Observation[]): FittedDamage[] {
  if (observations.length < ENOUGH) return [fitHalf(language, observations, 0)]
  const middle = observations.map(sizeOf).sort((a, b) => a - b)[Math.floor(observations.length / 2)] ?? 0
  const [small, large] = [
    observations.filter((one) => sizeOf(one) < middle),
    observations.filter((one) => sizeOf(one) >= middle),
  ]
  return [fitHalf(language, small, 0), fitHalf(language, large, middle)]
}

/** Number of sites of the file. */
function sizeOf({ kinds }: Observation): number {
  return Object.values(kinds).reduce((sum, [sites]) => sum + sites, 0)
}

function fitHalf(language: string, observations: readonly Observation[], from: number): FittedDamage {
  const { scenario = '', leakers = 1 } = observations[0] ?? {}
  const read = sumOf(observations.map(({ kinds }) => kinds))
  const led = sumOf(observations.map((one) => one.led))
  const share = (kind: string, how: string): number => {
    const [sites, net] = read[`${kind}/${how}`] ?? [0, 0]
    const [allSites, allNet] = ofSort(read, kind, how)[0] > 0 ? ofSort(read, kind, how) : ofSort(read, kind, null)
    const prior = allSites === 0 ? 0 : allNet / allSites
    return Math.max(0, (net + PRIOR_SITES * prior) / (sites + PRIOR_SITES))
  }
  const [agree, differ] = scenario === 'excerpt' ? (['whole', 'part'] as const) : (['agree', 'differ'] as const)
  const known = [...new Set(Object.keys(read).map((key) => key.split('/')[0]!))].sort()
  const kinds = known.filter((kind) => sitesOf(read, kind) >= LEAST_SITES)
  const sorts = [...new Set(known.map(sortOf))].sort()
  const figures = (kind: string) =>
    [share(kind, agree), share(kind, differ), LED.has(scenario) ? leadOf(led, kind, leakers) : null] as const
  return {
    language,
    scenario,
    leakers,
    from,
    lossSpread: latent(clustering(observations.map((one) => trialOf(one.kinds, share)))),
    leadSpread: leakers === 1 ? 0 : clustering(observations.map((one) => trialOf(one.led, shareLed(led)))),
    kinds: Object.fromEntries([...kinds, ...sorts].map((kind) => [kind, figures(kind)])),
  }
}

const DECLARED = new Set(['derived', 'essential', 'preference', 'tuning', 'self-naming'])

/** The sort a kind belongs to. */
export function sortOf(kind: string): string {
  if (kind.startsWith('*')) return kind
  if (DECLARED.has(kind)) return '*declared'
  if (kind.endsWith(' by name')) return '*by-name'
  return kind.endsWith('-name') ? '*name' : '*structural'
}

function sumOf(counts: readonly Readonly<Record<string, Count>>[]): Record<string, Count> {
  const out: Record<string, Count> = {}
  for (const own of counts)
    for (const [key, [sites, net]] of Object.entries(own)) {
      const [before, sum] = out[key] ?? [0, 0]
      out[key] = [before + sites, sum + net]
    }
  return out
}

/** All sites of a kind's sort in one state; null: in all. */
function ofSort(read: Readonly<Record<string, Count>>, kind: string, how: string | null): Count {
  let total: Count = [0, 0]
  for (const [key, [sites, net]] of Object.entries(read)) {
    const [name = '', state] = key.split('/')
    if ((how === null || state === how) && sortOf(name) === sortOf(kind)) total = [total[0] + sites, total[1] + net]
  }
  return total
}

function sitesOf(read: Readonly<Record<string, Count>>, kind: string): number {
  return Object.entries(read).reduce((sum, [key, [sites]]) => (key.split('/')[0] === kind ? sum + sites : sum), 0)
}

/**
 * The share that the first copy decides. Where not all of three copies agree, another copy shows the same as the first with chance 1/(q+1),
 * which is taken out; of two copies, never.
 */
function leadOf(led: Readonly<Record<string, Count>>, kind: string, leakers: number): number {
  let first = 0
  let weight = 0
  const add = (key: string, [sites, shown]: Count, times: number): void => {
    const coincidence = leakers === 2 ? 0 : 1 / (Number(key.split('/')[1]) + 1)
    first += times * (shown - sites * coincidence)
    weight += times * sites * (1 - coincidence)
  }
  const all = Object.entries(led).filter(([key]) => sortOf(key.split('/')[0]!) === sortOf(kind))
  const sites = all.reduce((sum, [, [count]]) => sum + count, 0)
  for (const [key, count] of all) {
    add(key, count, PRIOR_SITES / Math.max(1, sites))
    if (key.split('/')[0] === kind) add(key, count, 1)
  }
  return weight === 0 ? 1 / leakers : Math.min(1, Math.max(0, first / weight))
}

type Trial = readonly (readonly [sites: number, net: number, expected: number])[]

function trialOf(counts: Readonly<Record<string, Count>>, share: (name: string, how: string) => number): Trial {
  return Object.entries(counts).map(([key, [sites, net]]) => {
    const [name = '', how = ''] = key.split('/')
    return [sites, net, share(name, how)]
  })
}

function shareLed(led: Readonly<Record<string, Count>>): (kind: string, q: string) => number {
  return (kind, q) => {
    const [sites, shown] = led[`${kind}/${q}`] ?? [0, 0]
    return sites === 0 ? 0.5 : shown / sites
  }
}

/**
 * The correlation between two sites of one trial: how much more the sums of the trials vary than those of independent sites would, as a share
 * of how much they could. Trials weigh as their standard deviation.
 */
function clustering(trials: readonly Trial[]): number {
  let found = 0
  let possible = 0
  for (const trial of trials) {
    let apart = 0
    let variance = 0
    let deviation = 0
    for (const [sites, net, share] of trial) {
      const own = share * (1 - Math.min(1, share))
      apart += net - sites * share
      variance += sites * own
      deviation += sites * Math.sqrt(own)
    }
    if (deviation === 0) continue
    found += (apart * apart - variance) / deviation
    possible += (deviation * deviation - variance) / deviation
  }
  return possible <= 0 ? 0 : Math.min(0.95, Math.max(0, found / possible))
}

const MOST_LATENT = 0.95

/** The correlation on the normal scale that gives even odds this correlation (Sheppard). */
function latent(correlation: number): number {
  return Math.min(MOST_LATENT, Math.sin((Math.PI / 2) * correlation))
}
