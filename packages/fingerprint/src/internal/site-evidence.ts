import { BIAS_TABLES, DENOMINATOR } from '../law.ts'
import type { BiasFamily } from '../law.ts'

/** What a site says about one leaker where the leakers' copies agree, or where they do not. */
export interface Evidence {
  /** Chance that a site is of this sort. */
  readonly chance: number
  /** Expected logarithm of the likelihood ratio, "took part" to "did not", in nats; and the expectation of its square. */
  readonly mean: number
  readonly square: number
  /** The same expectation of the square once it is averaged over who wrote the site. */
  readonly smoothed: number
}

/** The two sorts of sites; together they have chance 1. */
export interface SiteEvidence {
  readonly agree: Evidence
  readonly differ: Evidence
  /** What any site that is read says when nothing is known of accomplices. */
  readonly alone: Evidence
}

/** How a text came about: leaker i wrote a share `shares[i]` of it, and the first is the suspect. */
export interface Authorship {
  /** Sum to 1; at most six leakers. */
  readonly shares: readonly number[]
  /** How many times as often a site is read where the copies differ as where they agree, 0 or more. */
  readonly differing: number
  /** Share of what is read that is read wrong: the other symbol of two, any symbol of more. */
  readonly misread: number
}

interface Known extends Authorship {
  readonly binary: boolean
}

/**
 * What a readable site with `q` variants says about the suspect when the accomplices are known: the logarithm of how much likelier what the
 * suspect holds has become by the reading, P(X1 | Y, X2..) / P(X1).
 */
export function siteEvidence(q: number, family: BiasFamily, authorship: Authorship): SiteEvidence {
  const { shares } = authorship
  const known: Known = { ...authorship, binary: q === 2 }
  const sums = { agree: new Sum(), differ: new Sum() }
  const matches = new Map<string, Match>()
  for (const [weight, pattern, odds] of patterns(q, family, shares.length)) {
    let mean = 0
    let square = 0
    for (const symbol of odds.keys()) {
      const shown = showing(pattern, odds, symbol, known)
      const kept = retained(pattern, known)
      if (shown * kept === 0) continue
      const rarity = known.binary ? (odds[symbol] ?? 0) : 1 / q
      addMatch(
        matches,
        known.binary ? `${odds[0]}/${symbol}` : '',
        rarity,
        weight * kept * shown,
        pattern[0] === symbol,
      )
      const nats = Math.log((shown * kept) / withoutSuspect(pattern, odds, symbol, known))
      mean += shown * nats
      square += shown * nats * nats
    }
    sums[agrees(pattern) ? 'agree' : 'differ'].add(weight, mean, square)
  }
  return { agree: sums.agree.evidence(), differ: sums.differ.evidence(), alone: aloneEvidence([...matches.values()]) }
}

/** Readings that are equally rare, and how many of them show what the suspect holds. */
interface Match {
  readonly rarity: number
  all: number
  own: number
}

function addMatch(matches: Map<string, Match>, key: string, rarity: number, weight: number, isOwn: boolean): void {
  const found = matches.get(key) ?? { rarity, all: 0, own: 0 }
  found.all += weight
  found.own += isOwn ? weight : 0
  matches.set(key, found)
}

function aloneEvidence(matches: readonly Match[]): Evidence {
  const sum = new Sum()
  for (const match of matches) {
    const share = match.own / match.all
    const hit = share > 0 ? Math.log(share / match.rarity) : 0
    const miss = share < 1 ? Math.log((1 - share) / (1 - match.rarity)) : 0
    sum.add(match.all, share * hit + (1 - share) * miss, share * hit * hit + (1 - share) * miss * miss)
  }
  return sum.evidence()
}

function agrees(pattern: readonly number[]): boolean {
  return pattern.every((symbol) => symbol === pattern[0])
}

function retained(pattern: readonly number[], { differing }: Authorship): number {
  return agrees(pattern) ? 1 : differing
}

/** P(symbol read, given what the accomplices hold), whatever the suspect holds. */
function withoutSuspect(
  [, ...others]: readonly number[],
  odds: readonly number[],
  symbol: number,
  known: Known,
): number {
  return odds.reduce((sum, chance, held) => {
    const pattern = [held, ...others]
    return sum + chance * retained(pattern, known) * showing(pattern, odds, symbol, known)
  }, 0)
}

function showing(
  pattern: readonly number[],
  odds: readonly number[],
  symbol: number,
  { shares, misread, binary }: Known,
): number {
  const written = shares.reduce((sum, share, at) => (pattern[at] === symbol ? sum + share : sum), 0)
  const wrong = binary ? 1 - written : (odds[symbol] ?? 0)
  return (1 - misread) * written + misread * wrong
}

class Sum {
  #weight = 0
  #mean = 0
  #square = 0
  #smoothed = 0

  add(weight: number, mean: number, square: number): void {
    this.#weight += weight
    this.#mean += weight * mean
    this.#square += weight * square
    this.#smoothed += weight * mean * mean
  }

  evidence(): Evidence {
    const all = Math.max(this.#weight, Number.MIN_VALUE)
    return {
      chance: this.#weight,
      mean: this.#mean / all,
      square: this.#square / all,
      smoothed: this.#smoothed / all,
    }
  }
}

/** Chance, what each leaker holds, and the chance of each symbol for others. */
type Pattern = readonly [weight: number, pattern: readonly number[], odds: readonly number[]]

function patterns(q: number, family: BiasFamily, leakers: number): Pattern[] {
  return q > 2 ? uniformPatterns(q, leakers) : biasedPatterns(family, leakers)
}

function biasedPatterns(family: BiasFamily, leakers: number): Pattern[] {
  const { cuts, ones } = BIAS_TABLES[family]
  return ones.flatMap((numerator, at) => {
    const one = numerator / DENOMINATOR
    const odds = [1 - one, one]
    const drawn = ((cuts[at] ?? 0) - (cuts[at - 1] ?? 0)) / 2 ** 32
    return Array.from({ length: 2 ** leakers }, (_, bits): Pattern => {
      const pattern = Array.from({ length: leakers }, (__, leaker) => (bits >> leaker) & 1)
      return [pattern.reduce((chance, symbol) => chance * (odds[symbol] ?? 0), drawn), pattern, odds]
    })
  })
}

/** Who agrees with whom, symbols numbered in order of appearance; the last symbol stands for all that nobody holds. */
function uniformPatterns(q: number, leakers: number): Pattern[] {
  let all: (readonly [number, readonly number[]])[] = [[1, []]]
  for (let leaker = 0; leaker < leakers; leaker++)
    all = all.flatMap(([chance, pattern]) => {
      const used = Math.max(-1, ...pattern) + 1
      return Array.from({ length: Math.min(used + 1, q) }, (_, symbol) => {
        const share = symbol < used ? 1 / q : (q - used) / q
        return [chance * share, [...pattern, symbol]] as const
      })
    })
  return all.map(([weight, pattern]): Pattern => {
    const used = Math.max(...pattern) + 1
    const odds = Array.from({ length: used }, () => 1 / q)
    return [weight, pattern, used < q ? [...odds, (q - used) / q] : odds]
  })
}

/** The chance that the copies of all `leakers` show the same variant of a site. */
export function agreement(q: number, family: BiasFamily, leakers: number): number {
  if (q > 2) return q ** (1 - leakers)
  const { cuts, ones } = BIAS_TABLES[family]
  return ones.reduce((sum, numerator, at) => {
    const one = numerator / DENOMINATOR
    return sum + (((cuts[at] ?? 0) - (cuts[at - 1] ?? 0)) / 2 ** 32) * (one ** leakers + (1 - one) ** leakers)
  }, 0)
}
