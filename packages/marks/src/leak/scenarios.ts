import type { Kept, PlannedDamage, PlannedPool, Share } from '@sigillo/fingerprint/planner'
import { DAMAGE_FIGURES } from '../damage-figures.ts'
import { figuresFor } from '../internal/damage-table.ts'
import type { DamageRow, KindShares } from '../internal/damage-table.ts'
import { groupKey } from '../internal/site-groups.ts'
import type { Rehearsed } from './rehearse.ts'
import type { MarkSite, PlanFile } from '../site.ts'
import { coverageOf, siteReaches } from '../site-reach.ts'
import type { SiteReach } from '../site-reach.ts'
import { survivalOf } from '../survival.ts'

/** What may happen to copies, and from how many a leak is then made. */
export interface LeakScenario {
  /**
   * `verbatim`, `format`: a formatter, or comments stripped. `rename`: all names. `minify`: strip, rename and shorten. `obfuscate`: that, and
   * strings moved away; `flatten`: control flow too. `shuffle`: functions in another order. `excerpt`: three tenths of the lines, in the middle of
   * another program. Several copies: `merge-lines` takes blocks of ten lines from either, `merge-funcs` functions into the first copy, `merge-union`
   * and `merge-ours` are those of `git merge-file`.
   */
  readonly name: string
  readonly leakers: number
}

/** Every scenario. */
export const LEAK_SCENARIOS: readonly LeakScenario[] = [
  ...['verbatim', 'format', 'rename', 'minify', 'obfuscate', 'flatten', 'shuffle', 'excerpt'].map((name) => ({
    name,
    leakers: 1,
  })),
  ...['merge-lines', 'merge-funcs', 'merge-ours'].flatMap((name) => [2, 3].map((leakers) => ({ name, leakers }))),
  { name: 'merge-union', leakers: 2 },
].sort((a, b) => a.leakers - b.leakers)

/** What was played through with files. */
export type Rehearsals = ReadonlyMap<PlanFile, readonly Rehearsed[]>

/** What `planCapacity` is to be asked: the sites in groups, with their priors too, and what happens to them. */
export interface PlannedLeak {
  readonly pools: readonly PlannedPool[]
  readonly damages: readonly PlannedDamage[]
}

/**
 * What is left of the sites of some files that leak together.
 *
 * By kind of site and language, from `DAMAGE_FIGURES`. Of an excerpt it is known which sites lie in it, wherever it begins. A kind or language
 * that was not measured is taken to be as others of its sort.
 *
 * @param touched - false for files that are left as they are; of several copies, the first one's
 */
export function plannedLeak(
  files: readonly PlanFile[],
  scenarios: readonly LeakScenario[] = LEAK_SCENARIOS,
  touched: (file: PlanFile) => boolean = () => true,
  rehearsals: Rehearsals = new Map(),
): PlannedLeak {
  const groups = new Map<string, Group>()
  for (const [at, file] of files.entries())
    for (const reach of siteReaches(file)) {
      const key = groupKey(file, reach.site)
      const group = groups.get(key) ?? { key, file, at, isTouched: touched(file), reaches: [] }
      group.reaches.push(reach)
      groups.set(key, group)
    }
  const pools = [...groups.values()].map((group) => poolOf(group, scenarios, rehearsals))
  return { pools, damages: scenarios.map((scenario) => damageOf(scenario, files.filter(touched), rehearsals)) }
}

/** What is left of a mark that may be added anywhere: every scenario's key, and the priors of the kind. */
export function survivalOfAdded(
  kind: string,
  pool: MarkSite['pool'],
  { language, sites }: Pick<PlanFile, 'language' | 'sites'>,
  scenarios: readonly LeakScenario[] = LEAK_SCENARIOS,
): PlannedPool['survival'] {
  const named = scenarios.map((scenario) => {
    const row = rowOf(scenario, language, sites.length)
    if (row === undefined) return [keyOf(scenario), 1] as const
    const [agree, differ, lead] = sharesOf(row, rowOf(scenario, 'any', sites.length), { kind, pool, anchor: {} })
    if (scenario.name === 'excerpt') return [keyOf(scenario), EXCERPT * agree] as const
    return [keyOf(scenario), { agree, differ, ...(lead === null ? {} : { lead }) }] as const
  })
  return { ...survivalOf(kind), ...Object.fromEntries(named) }
}

interface Group {
  readonly key: string
  readonly file: PlanFile
  /** Number of the file. */
  readonly at: number
  readonly isTouched: boolean
  readonly reaches: SiteReach[]
}

/** Excerpts are this share of a text, as those that were measured. */
const EXCERPT = 0.3
/** Places where an excerpt may begin. */
const PLACES = 15
/** Files of one leak are not cut at the same place. */
const STRIDE = 4

function poolOf(group: Group, scenarios: readonly LeakScenario[], rehearsals: Rehearsals): PlannedPool {
  const { site } = group.reaches[0]!
  return {
    pool: site.pool,
    q: site.variants.length,
    count: group.reaches.length,
    survival: {
      ...site.survival,
      ...Object.fromEntries(scenarios.map((scenario) => [keyOf(scenario), keptIn(scenario, group, site, rehearsals)])),
    },
  }
}

function keyOf({ name, leakers }: LeakScenario): string {
  return `${name}/${leakers}`
}

function keptIn(scenario: LeakScenario, group: Group, site: MarkSite, rehearsals: Rehearsals): Share | Kept {
  const { file } = group
  const played = rehearsedOf(rehearsals, file, scenario)?.groups.get(group.key)
  if (group.isTouched && played !== undefined) return played
  const row = rowOf(scenario, file.language, file.sites.length)
  if (!group.isTouched || row === undefined) return { agree: 1, differ: 1, lead: 1 }
  const [first, second, lead] = sharesOf(row, rowOf(scenario, 'any', file.sites.length), site)
  if (scenario.name === 'excerpt') return inExcerpts(group, first, second)
  return { agree: first, differ: second, ...(lead === null ? {} : { lead }) }
}

function rehearsedOf(rehearsals: Rehearsals, file: PlanFile, { name, leakers }: LeakScenario): Rehearsed | undefined {
  return rehearsals.get(file)?.find(({ scenario }) => scenario.name === name && scenario.leakers === leakers)
}

function rowOf(scenario: LeakScenario, language: string, sites: number): DamageRow | undefined {
  return figuresFor(DAMAGE_FIGURES, language, scenario, sites)
}

type Sort = Pick<MarkSite, 'kind' | 'pool' | 'anchor'>

function sharesOf(row: DamageRow, all: DamageRow | undefined, site: Sort): KindShares {
  const kind = site.anchor['names'] === true ? `${site.kind} by name` : site.kind
  const sort = sortOf(site)
  return row.kinds[kind] ?? row.kinds[sort] ?? all?.kinds[kind] ?? all?.kinds[sort] ?? [0, 0, null]
}

/** The sort of kinds that stands for those with too few sites in the calibration files. */
function sortOf({ pool, anchor }: Sort): string {
  if (pool === 'wire') return '*declared'
  if (pool === 'name') return '*name'
  return anchor['names'] === true ? '*by-name' : '*structural'
}

/** For each place where an excerpt may begin, the share of a group's sites that is read. */
function inExcerpts({ file, at, reaches }: Group, whole: number, part: number): number[] {
  const lines = file.text.split('\n').length
  const length = Math.ceil(EXCERPT * lines)
  const worth = { whole, part, none: 0 }
  return Array.from({ length: PLACES }, (_, place) => {
    const turn = (place + STRIDE * at) % PLACES
    const from = 1 + Math.floor(((turn + 0.5) / PLACES) * (lines - length + 1))
    const sum = reaches.reduce((total, reach) => total + worth[coverageOf(reach, from, from + length - 1)], 0)
    return sum / reaches.length
  })
}

/** Losses and authorship of files that leak together hang together less: each has its own fate. */
function damageOf(scenario: LeakScenario, files: readonly PlanFile[], rehearsals: Rehearsals): PlannedDamage {
  const isPlayed = files.every((file) => rehearsedOf(rehearsals, file, scenario) !== undefined)
  const rows = files
    .map(({ language, sites }) => rowOf(scenario, language, sites.length))
    .filter((row) => row !== undefined)
  const mean = (value: (row: DamageRow) => number): number =>
    rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + value(row), 0) / rows.length ** 2
  return {
    name: scenario.name,
    key: keyOf(scenario),
    leakers: scenario.leakers,
    lossSpread: isPlayed ? 0 : mean(({ lossSpread }) => lossSpread),
    leadSpread: scenario.name === 'merge-funcs' ? concentration(files) : mean(({ leadSpread }) => leadSpread),
  }
}

/**
 * How much the marks of files sit together, as those of one function do: the sum of the squares of the shares that stretches of overlapping sites
 * have. The order of functions apart, which spans several. One for a file of one function.
 */
function concentration(files: readonly PlanFile[]): number {
  const stretches = files.flatMap((file) => stretchesOf(file.sites))
  const all = stretches.reduce((sum, weight) => sum + weight, 0)
  return all === 0 ? 0 : stretches.reduce((sum, weight) => sum + (weight / all) ** 2, 0)
}

/** The nats that each stretch of overlapping sites carries. */
function stretchesOf(sites: readonly MarkSite[]): number[] {
  const weights: number[] = []
  let end = -1
  for (const { span, variants } of sites
    .filter(({ kind }) => kind !== 'function-order')
    .toSorted((a, b) => a.span.start - b.span.start)) {
    const nats = Math.log(variants.length)
    if (span.start >= end) weights.push(nats)
    else weights[weights.length - 1] = (weights.at(-1) ?? 0) + nats
    end = Math.max(end, span.end)
  }
  return weights
}
