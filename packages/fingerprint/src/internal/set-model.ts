import type { Evidence, SiteClass } from '../evidence.ts'
import { channelChances, estimatedTheta, withUnknown } from './channel.ts'
import { BINARY_RULES, Q_ARY_RULES, binomial, matchChances } from './merging.ts'
import type { MergingRule } from './merging.ts'

/**
 * What it would mean that these copies took part: an average over how many others did and how they merged, each weighed by how well it
 * explains the reading (Bayes). A function of laws, reading and the members' words only.
 */
export interface SetModel {
  readonly members: readonly number[]
  /** ln of how much better the members explain the reading than the laws alone do. */
  readonly logEvidence: number
  /** How many members match, per readable site. */
  readonly held: Uint8Array
  /** P(symbol read | a members and b of the newcomers match it): `[(class * (members + 1) + a) * (newcomers + 1) + b]`. */
  readonly chances: Float64Array
  /** The likeliest number of leakers and merging rule. */
  readonly leading: string
}

/** How many leakers are supposed beside members and newcomers, and with which prior. */
const OTHERS: readonly (readonly [others: number, prior: number])[] = [
  [0, 0.6],
  [1, 0.2],
  [2, 0.1],
  [3, 0.1],
]
const ESTIMATED_PRIOR = 0.25

/** Models one accomplice set, which may be empty, with one newcomer (the suspect) or more beside it. */
export function modelSet(evidence: Evidence, members: readonly number[], newcomers: number = 1): SetModel {
  const known = members.length
  const held = heldBy(evidence, members)
  const view: SetView = { evidence, held, counts: slotCounts(evidence, held, known), known, newcomers }
  const kinds = [true, false].filter((binary) => evidence.classes.some((each) => each.binary === binary))
  const sizes = OTHERS.map(([others, prior]) => {
    const leakers = known + newcomers + others
    const parts = kinds.map((binary) => rateRules(view, leakers, binary))
    const weight = Math.log(prior) + parts.reduce((sum, part) => sum + part.logEvidence, 0)
    return { weight, parts, leading: `${leakers} ${leakers === 1 ? 'copy' : 'copies'}, ${parts[0]?.leading ?? ''}` }
  })
  const { shares, logTotal, best } = normalise(sizes.map((size) => size.weight))
  const chances = new Float64Array(view.counts.length * (newcomers + 1))
  sizes.forEach(({ parts }, s) => {
    for (const part of parts) addScaled(chances, part.chances, shares[s]!)
  })
  return { members, logEvidence: logTotal, held, chances, leading: sizes[best]?.leading ?? '' }
}

/** How many members match, per readable site. */
export function heldBy(evidence: Evidence, members: readonly number[]): Uint8Array {
  const { readable, match } = evidence
  const held = new Uint8Array(readable)
  for (const copy of members) {
    const row = copy * readable
    for (let i = 0; i < readable; i++) held[i] = held[i]! + match[row + i]!
  }
  return held
}

/** Shares proportional to exp(weight), and ln of their sum. */
export function normalise(weights: readonly number[]): { shares: number[]; logTotal: number; best: number } {
  const top = Math.max(...weights)
  const parts = weights.map((weight) => Math.exp(weight - top))
  const total = parts.reduce((sum, part) => sum + part, 0)
  return { shares: parts.map((part) => part / total), logTotal: top + Math.log(total), best: weights.indexOf(top) }
}

interface SetView {
  readonly evidence: Evidence
  readonly held: Uint8Array
  /** How many sites each class has with a members matching: `[class * (known + 1) + a]`. */
  readonly counts: Float64Array
  readonly known: number
  readonly newcomers: number
}

interface RatedRules {
  readonly logEvidence: number
  readonly chances: Float64Array
  readonly leading: string
}

/** All rules for one number of leakers on the binary or on the other sites. */
function rateRules(view: SetView, leakers: number, binary: boolean): RatedRules {
  const { evidence, counts, known, newcomers } = view
  const classes = evidence.classes.flatMap((each, c) => (each.binary === binary ? [{ each, c }] : []))
  const rated = candidates(view, leakers, binary).map(({ name, logPrior, rule }) => {
    const tables = classes.map(({ each }) => rule(each))
    return { name, tables, weight: logPrior + logEvidence(view, classes, tables, leakers) }
  })
  const { shares, logTotal, best } = normalise(rated.map((each) => each.weight))
  const chances = new Float64Array(counts.length * (newcomers + 1))
  classes.forEach(({ each, c }, k) => {
    const unknown = binomial(leakers - known - newcomers, each.chance)
    rated.forEach(({ tables }, n) => {
      for (let a = 0; a <= known; a++) {
        for (let b = 0; b <= newcomers; b++) {
          const at = (c * (known + 1) + a) * (newcomers + 1) + b
          chances[at] = chances[at]! + shares[n]! * withUnknown(tables[k]!, unknown, a + b)
        }
      }
    })
  })
  return { logEvidence: logTotal, chances, leading: rated[best]?.name ?? '' }
}

function logEvidence(
  { counts, known }: SetView,
  classes: readonly { readonly each: SiteClass; readonly c: number }[],
  tables: readonly Float64Array[],
  leakers: number,
): number {
  let sum = 0
  classes.forEach(({ each, c }, k) => {
    const unknown = binomial(leakers - known, each.chance)
    for (let a = 0; a <= known; a++) {
      const count = counts[c * (known + 1) + a]!
      if (count > 0) sum += count * Math.log(withUnknown(tables[k]!, unknown, a) / each.chance)
    }
  })
  return sum
}

interface Candidate {
  readonly name: string
  readonly logPrior: number
  readonly rule: (each: SiteClass) => Float64Array
}

function candidates({ evidence, held, known }: SetView, leakers: number, binary: boolean): Candidate[] {
  // One leaker has nothing to merge: only the rules' damage differs.
  const rules = (binary ? BINARY_RULES : Q_ARY_RULES).slice(0, leakers === 1 ? 2 : undefined)
  const fixed = rules.map((merging: MergingRule) => ({
    name: merging.name,
    logPrior: Math.log(merging.prior),
    rule: (each: SiteClass) => matchChances(merging, each, leakers),
  }))
  if (!binary || leakers === 1) return fixed
  const channel = estimatedTheta(evidence, leakers, known, held)
  return [
    ...fixed,
    {
      name: 'merged by an estimated rule',
      logPrior: Math.log(ESTIMATED_PRIOR) - estimationPenalty(evidence, leakers),
      rule: (each) => channelChances(channel, each),
    },
  ]
}

/** A fitted rule explains a reading too well: Schwarz' (1978) penalty of half a ln(m) per parameter. */
function estimationPenalty(evidence: Evidence, leakers: number): number {
  const sites = evidence.classes.reduce((sum, each) => sum + (each.binary ? each.count : 0), 0)
  return ((leakers + 1) / 2) * Math.log(sites)
}

/** How many sites each class has with a members matching. */
function slotCounts(evidence: Evidence, held: Uint8Array, known: number): Float64Array {
  const counts = new Float64Array(evidence.classes.length * (known + 1))
  for (let i = 0; i < evidence.readable; i++) {
    const slot = evidence.classOf[i]! * (known + 1) + held[i]!
    counts[slot] = counts[slot]! + 1
  }
  return counts
}

function addScaled(into: Float64Array, from: Float64Array, scale: number): void {
  for (let i = 0; i < into.length; i++) into[i] = into[i]! + scale * from[i]!
}
