import type { Evidence } from '../evidence.ts'
import { estimatedTheta, interleavingTheta, likelihoods } from './channel.ts'
import type { Channel } from './channel.ts'
import { heldBy } from './set-model.ts'

/** A set with L(A), the logarithm of how much better it explains the reading than the laws alone. */
interface RatedSet {
  readonly members: readonly number[]
  readonly rating: number
}

/**
 * The search for accomplice sets. Ratings of a set depend on laws, reading and the words of its members only, so they are computed once
 * and shared between suspects; a suspect's own word is kept out by dropping every set that contains it.
 */
export interface Beam {
  readonly evidence: Evidence
  /** Pairs are formed among this many best singles other than the suspect. */
  readonly pool: number
  readonly channels: ReadonlyMap<number, readonly Channel[]>
  readonly singles: readonly RatedSet[]
  readonly pairs: readonly RatedSet[]
  /** The sites where each copy matches; see `matchLists`. */
  readonly starts: Uint32Array
  readonly matching: Uint16Array
  /** Ratings of a set joined by each copy in turn, by the set's members. */
  readonly extensions: Map<string, Float64Array>
}

const KEEP = [1, 8, 8, 6, 4]
const PAIRS_GROWN = 24
const TRIPLES_GROWN = 12
const POOL = 512

/** Rates all singles, and all pairs among the best `pool` singles. */
export function startBeam(evidence: Evidence, pool: number = POOL): Beam {
  const channels = new Map([4, 5].map((leakers) => [leakers, channelsFor(evidence, leakers)]))
  const extensions = new Map<string, Float64Array>()
  const partial: Beam = { evidence, pool, channels, ...matchLists(evidence), singles: [], pairs: [], extensions }
  const alone = extend(partial, [])
  const singles = Array.from(alone, (rating, copy) => ({ members: [copy], rating })).sort(byRating)
  // One more than the pool: whoever is suspected may be among them and does not count.
  const paired = singles.slice(0, pool + 1).map((each) => each.members[0]!)
  return { ...partial, singles, pairs: ratePairs(partial, paired) }
}

/**
 * The accomplice sets beside which `suspect` is tested, by size 0 to 4: copies by index, ascending; best first. Independent of the suspect's
 * own word.
 */
export function setsWithout(beam: Beam, suspect: number): (readonly number[])[][] {
  const singles = beam.singles.filter((set) => !set.members.includes(suspect))
  const dropped = singles[beam.pool]?.members[0]
  const pairs = beam.pairs.filter(
    ({ members }) => !members.includes(suspect) && !(dropped !== undefined && members.includes(dropped)),
  )
  const triples = grow(beam, pairs.slice(0, PAIRS_GROWN), suspect, TRIPLES_GROWN)
  const quadruples = grow(beam, triples, suspect, KEEP[4]!)
  const bySize: readonly (readonly RatedSet[])[] = [[{ members: [], rating: 0 }], singles, pairs, triples, quadruples]
  return bySize.map((sets, size) => sets.slice(0, KEEP[size]).map(({ members }) => members))
}

function channelsFor(evidence: Evidence, leakers: number): Channel[] {
  const binary = evidence.classes.some((each) => each.binary)
  const interleaving = interleavingTheta(leakers)
  return binary ? [interleaving, estimatedTheta(evidence, leakers, 0, null)] : [interleaving]
}

function byRating(a: RatedSet, b: RatedSet): number {
  return b.rating - a.rating
}

function ratePairs(beam: Beam, pool: readonly number[]): RatedSet[] {
  const listed = PAIRS_GROWN + 2 * pool.length
  const pairs: RatedSet[] = []
  let floor = Number.NEGATIVE_INFINITY
  for (const first of pool.toSorted((a, b) => a - b)) {
    const ratings = extend(beam, [first])
    for (const second of pool) {
      const rating = ratings[second]!
      if (second > first && rating > floor) pairs.push({ members: [first, second], rating })
    }
    if (pairs.length > 4 * listed) {
      pairs.sort(byRating).splice(listed)
      floor = pairs[listed - 1]!.rating
    }
  }
  return pairs.sort(byRating).slice(0, listed)
}

/** The best sets one larger than `sets`, without the suspect, each once. */
function grow(beam: Beam, sets: readonly RatedSet[], suspect: number, keep: number): RatedSet[] {
  const best: RatedSet[] = []
  for (const { members } of sets) {
    const ratings = extend(beam, members)
    for (let copy = 0; copy < ratings.length; copy++) {
      const rating = ratings[copy]!
      const worst = best.length < keep ? Number.NEGATIVE_INFINITY : best[keep - 1]!.rating
      if (rating > worst && copy !== suspect) insert(best, { members: joined(members, copy), rating }, keep)
    }
  }
  return best
}

function insert(best: RatedSet[], set: RatedSet, keep: number): void {
  if (best.some(({ members }) => members.every((copy, i) => copy === set.members[i]))) return
  let at = best.length
  while (at > 0 && best[at - 1]!.rating < set.rating) at--
  best.splice(at, 0, set)
  if (best.length > keep) best.pop()
}

function joined(members: readonly number[], copy: number): number[] {
  return [...members, copy].sort((a, b) => a - b)
}

/** L(members + copy) for every copy; -Infinity for members themselves. */
function extend(beam: Beam, members: readonly number[]): Float64Array {
  const key = members.join(',')
  const known = beam.extensions.get(key)
  if (known !== undefined) return known
  const size = members.length + 1
  const held = heldBy(beam.evidence, members)
  const [first, second] = beam.channels.get(Math.max(4, size + 1))!.map((channel) => gainsOf(beam, channel, held, size))
  const ratings = second === undefined ? sumGains(beam, first!, first!) : sumGains(beam, first!, second)
  for (const copy of members) ratings[copy] = Number.NEGATIVE_INFINITY
  beam.extensions.set(key, ratings)
  return ratings
}

interface Gains {
  /** ln of how well a newcomer who matches nowhere explains the reading. */
  readonly base: number
  /** What a match at each site adds. */
  readonly gain: Float64Array
}

function gainsOf({ evidence }: Beam, channel: Channel, held: Uint8Array, size: number): Gains {
  const { readable, classes, classOf } = evidence
  const table = likelihoods(evidence, channel, size)
  const logs = table.map((value, slot) => Math.log(value / classes[Math.floor(slot / (size + 1))]!.chance))
  const gain = new Float64Array(readable)
  let base = 0
  for (let i = 0; i < readable; i++) {
    const slot = classOf[i]! * (size + 1) + held[i]!
    gain[i] = logs[slot + 1]! - logs[slot]!
    base += logs[slot]!
  }
  return { base, gain }
}

/** ln of the mean of what two channels make of every copy as newcomer, in one pass over the sites where it matches. */
function sumGains({ evidence, starts, matching }: Beam, first: Gains, second: Gains): Float64Array {
  const [a, b] = [first.gain, second.gain]
  const ratings = new Float64Array(evidence.copies.length)
  for (let copy = 0; copy < ratings.length; copy++) {
    let one = first.base
    let two = second.base
    const end = starts[copy + 1]!
    for (let k = starts[copy]!; k < end; k++) {
      const site = matching[k]!
      one += a[site]!
      two += b[site]!
    }
    const top = Math.max(one, two)
    ratings[copy] = top + Math.log((Math.exp(one - top) + Math.exp(two - top)) / 2)
  }
  return ratings
}

/** The readable sites where each copy matches, copy after copy: those of copy j are `matching[starts[j] .. starts[j + 1]]`. */
function matchLists({ copies, readable, match }: Evidence): { starts: Uint32Array; matching: Uint16Array } {
  const starts = new Uint32Array(copies.length + 1)
  let total = 0
  for (let i = 0; i < match.length; i++) total += match[i]!
  const matching = new Uint16Array(total)
  let at = 0
  for (let copy = 0; copy < copies.length; copy++) {
    for (let site = 0; site < readable; site++) if (match[copy * readable + site] === 1) matching[at++] = site
    starts[copy + 1] = at
  }
  return { starts, matching }
}
