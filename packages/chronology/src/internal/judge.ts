import { type ExplanationId, EXPLANATIONS, explanation } from '../explanations.ts'
import { CONTENT_RATIOS } from '../priors.ts'
import type { Verdict } from '../report.ts'
import type { Wave } from '../waves.ts'
import { type EventRecord, membersOfWave } from './record.ts'
import type { Finding } from './requirement.ts'

/** One explanation of one wave before normalising; `log` is -Infinity when excluded. */
export interface Assessed {
  readonly id: ExplanationId
  readonly excluded: boolean
  readonly because: readonly string[]
  readonly reason: string
  /** What the requirement rests on; `none` without a requirement. */
  readonly basis: Finding['basis'] | 'none'
  readonly log: number
  /** The part of `log` that the caller's evidence contributed. */
  readonly evidenceLog: number
}

/** All explanations of a wave and the weight of "none of the listed" (a logarithm as well). */
export interface Weights {
  readonly listed: readonly Assessed[]
  readonly unlistedLog: number
}

/** The posteriors of a wave. */
export interface Posteriors {
  readonly byId: ReadonlyMap<ExplanationId, number>
  readonly unlisted: number
}

const CLEAR_LEAD = 10
const TENFOLD = Math.log(CLEAR_LEAD)
const SETTLED_AT = 0.99
const LIKELY_AT = 0.95

/** Normalises the weights, with the weight of "none of the listed" among them. */
export function posteriors({ listed, unlistedLog }: Weights): Posteriors {
  const top = Math.max(unlistedLog, ...listed.map((each) => each.log))
  const shares = listed.map((each) => Math.exp(each.log - top))
  const unlisted = Math.exp(unlistedLog - top)
  const total = shares.reduce((sum, share) => sum + share, unlisted)
  return {
    byId: new Map(listed.map((each, i) => [each.id, (shares[i] ?? 0) / total])),
    unlisted: unlisted / total,
  }
}

/** The groups of inseparable explanations with their posteriors, largest first; "none of the listed" is the group ''. */
export function rankGroups(found: Posteriors): readonly { readonly group: string; readonly share: number }[] {
  const shares = new Map<string, number>([['', found.unlisted]])
  for (const { id, group } of EXPLANATIONS) shares.set(group, (shares.get(group) ?? 0) + (found.byId.get(id) ?? 0))
  return [...shares].map(([group, share]) => ({ group, share })).sort((a, b) => b.share - a.share)
}

/** The name of the group with the largest posterior. */
export function leadingGroup(weights: Weights): string {
  return rankGroups(posteriors(weights))[0]?.group ?? ''
}

/** The possible members of a group. */
export function membersOf(group: string, { listed }: Weights): readonly ExplanationId[] {
  return listed.filter((each) => !each.excluded && explanation(each.id).group === group).map((each) => each.id)
}

/** The possible members of a group that evidence has not set apart: those within a factor of ten of the best supported one, whatever their priors. */
export function unseparated(group: string, weights: Weights): readonly ExplanationId[] {
  const support = new Map(weights.listed.map((each) => [each.id, each.evidenceLog]))
  const members = membersOf(group, weights)
  const best = Math.max(...members.map((id) => support.get(id) ?? 0))
  return members.filter((id) => (support.get(id) ?? 0) > best - TENFOLD)
}

/** The explanations whose prior, ten times larger or smaller, gives another leading group. */
export function decisivePriors(weights: Weights): readonly ExplanationId[] {
  const leader = leadingGroup(weights)
  const changed = (id: ExplanationId, change: number): Weights => ({
    ...weights,
    listed: weights.listed.map((each) => (each.id === id ? { ...each, log: each.log + change } : each)),
  })
  return weights.listed
    .filter((each) => !each.excluded)
    .filter(({ id }) => [TENFOLD, -TENFOLD].some((change) => leadingGroup(changed(id, change)) !== leader))
    .map((each) => each.id)
}

/** What the verdict needs to know beside the weights. */
export interface Circumstances {
  readonly doubtful: boolean
  /** Another group leads under some reading of the disputed dates. */
  readonly disputed: boolean
  /** Content evidence carries the leading group. */
  readonly carried: boolean
}

/**
 * The verdict on a wave. `open`: the wave itself is doubtful, or more than three groups lie within a factor of ten. `settled`: one explanation is left, or holds 99 % on
 * content evidence. `likely`: the leading group holds 95 %, whatever reading of disputed dates. `contested`: the rest. An explanation that accuses somebody is
 * at most contested unless content evidence carries it.
 */
export function judge(weights: Weights, { doubtful, disputed, carried }: Circumstances): Verdict {
  const found = posteriors(weights)
  const ranked = rankGroups(found)
  const lead = ranked[0] ?? { group: '', share: 0 }
  const rivals = ranked.filter((each) => each.share * CLEAR_LEAD > lead.share).length
  if (doubtful || lead.group === '' || rivals > 3) return 'open'
  const namesSomebody = membersOf(lead.group, weights).some((id) => explanation(id).accuses)
  if (disputed || (namesSomebody && !carried)) return 'contested'
  if (weights.listed.filter((each) => !each.excluded).length === 1) return 'settled'
  if (carried && singledOut(unseparated(lead.group, weights), found)) return 'settled'
  return lead.share >= LIKELY_AT ? 'likely' : 'contested'
}

function singledOut(members: readonly ExplanationId[], found: Posteriors): boolean {
  return members.length === 1 && members.every((id) => (found.byId.get(id) ?? 0) >= SETTLED_AT)
}

/** Whether the wave's own events say who let it out (a partner's public mention does). */
export function carriedByContent(group: string, wave: Wave, record: EventRecord): boolean {
  const kinds = membersOfWave(record, wave).attestedKinds
  return CONTENT_RATIOS.some(
    (content) =>
      content.carries && kinds.has(content.kind) && content.favours.some((id) => explanation(id).group === group),
  )
}
