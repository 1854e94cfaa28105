import { extname } from 'node:path'
import type { Kept } from '@sigillo/fingerprint/planner'
import type { Draw } from '@sigillo/fingerprint/simulate'
import type { LeakScenario } from './scenarios.ts'
import { createPlan } from '../plan.ts'
import { readSample } from '../read-sample.ts'
import { renderFile } from '../render.ts'
import { groupKey } from '../internal/site-groups.ts'
import type { MarkSite, PlanFile } from '../site.ts'

/** Makes one text of the leakers' copies. `way` of `ways` is where an excerpt begins, and otherwise free to be ignored. */
export type Damaging = (
  copies: readonly string[],
  file: PlanFile,
  draw: Draw,
  way: { readonly at: number; readonly of: number },
) => string | Promise<string>

/** What was read of one file's sites after a scenario was played through: shares by group of sites, one for each time. */
export interface Rehearsed {
  readonly scenario: LeakScenario
  readonly groups: ReadonlyMap<string, Kept>
}

/** How often a scenario is played through, unless told otherwise. */
export const WAYS = 15

/**
 * Plays a leak of one file through, with copies drawn by lot: what the reader then reads of *this* file, where the planner's figures only say what it
 * reads of files on the whole. No codeword that was or will be issued has any part in it.
 *
 * @param draw - uniform in [0, 1); decides the copies and whatever the damage leaves to chance
 * @param ways - times, at least 1
 */
export async function rehearse(
  file: PlanFile,
  scenario: LeakScenario,
  damage: Damaging,
  draw: Draw,
  ways: number = WAYS,
): Promise<Rehearsed> {
  const trials: Trial[] = []
  for (let at = 0; at < ways; at++) trials.push(await trial(file, scenario, damage, draw, { at, of: ways }))
  const keys = new Set(file.sites.map((site) => groupKey(file, site)))
  return { scenario, groups: new Map([...keys].map((key) => [key, keptOf(trials, key, scenario.leakers)])) }
}

interface Count {
  sites: number
  /** Right readings less wrong ones. */
  net: number
}

interface GroupCount {
  readonly agree: Count
  readonly differ: Count
  /** Sites read at which the first copy stands alone, and how many show it. */
  readonly led: Count
}

type Trial = ReadonlyMap<string, GroupCount>

async function trial(
  file: PlanFile,
  { leakers }: LeakScenario,
  damage: Damaging,
  draw: Draw,
  way: { readonly at: number; readonly of: number },
): Promise<Trial> {
  const words = Array.from({ length: leakers }, () => wordOf(file.sites, draw))
  const copies = words.map((word) => renderFile(file, (id) => word.get(id) ?? 0))
  const text = await damage(copies, file, draw, way)
  const readings = await readSample(createPlan('rehearsal', [file]), [{ path: `found${extname(file.path)}`, text }])
  const groups = new Map<string, GroupCount>()
  for (const [at, site] of file.sites.entries()) {
    const key = groupKey(file, site)
    const group = groups.get(key) ?? emptyGroup()
    groups.set(key, group)
    tally(
      group,
      words.map((word) => word.get(site.id) ?? 0),
      readings[at]?.variant ?? null,
    )
  }
  return groups
}

function wordOf(sites: readonly MarkSite[], draw: Draw): ReadonlyMap<string, number> {
  return new Map(sites.map(({ id, variants }) => [id, Math.floor(draw() * variants.length)]))
}

function emptyGroup(): GroupCount {
  return { agree: { sites: 0, net: 0 }, differ: { sites: 0, net: 0 }, led: { sites: 0, net: 0 } }
}

function tally(group: GroupCount, held: readonly number[], shown: number | null): void {
  const [first, ...others] = held
  const count = others.every((other) => other === first) ? group.agree : group.differ
  count.sites++
  if (shown === null) return
  count.net += held.includes(shown) ? 1 : -1
  if (others.length === 0 || others.includes(first!) || !held.includes(shown)) return
  group.led.sites++
  if (shown === first) group.led.net++
}

/** Where a time had no such sites, what the other times had. */
function keptOf(trials: readonly Trial[], key: string, leakers: number): Kept {
  const counts = trials.map((each) => each.get(key) ?? emptyGroup())
  const shares = (how: 'agree' | 'differ'): number[] => {
    const all = shareOf(sum(counts.map((count) => count[how])))
    return counts.map((count) => shareOf(count[how]) ?? all ?? 0)
  }
  const agree = shares('agree')
  if (leakers === 1) return { agree, differ: agree }
  const led = sum(counts.map((count) => count.led))
  const lead = (led.net + PRIOR_SITES / leakers) / (led.sites + PRIOR_SITES)
  return { agree, differ: shares('differ'), lead }
}

/** What is not known of who wrote a group's sites counts as so many sites that all copies share alike. */
const PRIOR_SITES = 2

function shareOf({ sites, net }: Count): number | null {
  return sites === 0 ? null : Math.max(0, net / sites)
}

function sum(counts: readonly Count[]): Count {
  return counts.reduce((all, { sites, net }) => ({ sites: all.sites + sites, net: all.net + net }), {
    sites: 0,
    net: 0,
  })
}
