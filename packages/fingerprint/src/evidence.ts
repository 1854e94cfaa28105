import { FingerprintError } from './errors.ts'
import { DENOMINATOR, checkLaw } from './law.ts'
import type { Numerators } from './law.ts'

/** A site of the release as the trace sees it. */
export interface TracedSite {
  readonly id: string
  readonly numerators: Numerators
}

/** What one recipient was given: one symbol per site, in site order. */
export interface IssuedCopy {
  readonly recipient: string
  readonly symbols: Uint8Array
}

/** Readable sites that share law and read symbol, and so behave alike in every score. */
export interface SiteClass {
  readonly binary: boolean
  /** Chance of symbol 1; 0 for q-ary sites. */
  readonly one: number
  /** The symbol read. */
  readonly symbol: number
  /** r: the chance that an innocent copy matches the symbol read. */
  readonly chance: number
  /** How many readable sites are in the class. */
  readonly count: number
}

/**
 * Everything the decoders look at: for each readable site its class, for each copy whether it matches there. Unreadable sites are gone; they
 * neither help nor hurt anybody.
 */
export interface Evidence {
  readonly copies: readonly string[]
  /** m, the number of readable sites. */
  readonly readable: number
  readonly classes: readonly SiteClass[]
  /** Class of each readable site. */
  readonly classOf: Uint16Array
  /** `match[copy * readable + site]` is 1 where the copy holds the symbol read. */
  readonly match: Uint8Array
}

/** No more sites than this in one trace. */
export const MAX_SITES = 16_384
/** No more copies than this in one trace. */
export const MAX_COPIES = 8_192

/**
 * Checks the input of a trace and lays it out for the decoders. `reading` holds one symbol or null ("?") per site. Throws `bad-trace` or
 * `bad-law` when lengths disagree, a symbol is out of range, a recipient is named twice, or the limits above are passed.
 */
export function gatherEvidence(
  sites: readonly TracedSite[],
  reading: readonly (number | null)[],
  copies: readonly IssuedCopy[],
): Evidence {
  checkSizes(sites, reading, copies)
  const readableSites = sites.flatMap((site, i) => (isRead(site, reading[i]) ? [i] : []))
  const { classes, classOf } = classify(sites, reading, readableSites)
  const match = new Uint8Array(copies.length * readableSites.length)
  let at = 0
  for (const copy of copies) {
    checkCopy(copy, sites)
    for (const site of readableSites) match[at++] = copy.symbols[site] === reading[site] ? 1 : 0
  }
  return { copies: copies.map((copy) => copy.recipient), readable: readableSites.length, classes, classOf, match }
}

/** How many readable sites copy number `copy` matches. */
export function matchesOf(evidence: Evidence, copy: number): number {
  let sum = 0
  for (let i = copy * evidence.readable; i < (copy + 1) * evidence.readable; i++) sum += evidence.match[i]!
  return sum
}

/** How many readable sites an innocent copy matches on average. */
export function expectedMatches(evidence: Evidence): number {
  return evidence.classes.reduce((sum, each) => sum + each.count * each.chance, 0)
}

/** Nats by which a copy that matches everywhere stands out: sum of ln(1/r) over the readable sites. */
export function evidenceCeiling(evidence: Evidence): number {
  return evidence.classes.reduce((sum, each) => sum - each.count * Math.log(each.chance), 0)
}

function checkSizes(sites: readonly unknown[], reading: readonly unknown[], copies: readonly IssuedCopy[]): void {
  if (sites.length > MAX_SITES)
    throw new FingerprintError('bad-trace', `at most ${MAX_SITES} sites, not ${sites.length}`)
  if (copies.length > MAX_COPIES)
    throw new FingerprintError('bad-trace', `at most ${MAX_COPIES} copies, not ${copies.length}`)
  if (reading.length !== sites.length) {
    throw new FingerprintError('bad-trace', `the reading has ${reading.length} entries for ${sites.length} sites`)
  }
  const names = new Set<string>()
  for (const { recipient } of copies) {
    if (names.has(recipient)) throw new FingerprintError('bad-trace', `recipient ${recipient} has two copies`)
    names.add(recipient)
  }
}

function isRead(site: TracedSite, symbol: number | null | undefined): boolean {
  const law = checkLaw(site.numerators, `site ${site.id}`)
  if (symbol === null) return false
  if (symbol === undefined || !Number.isInteger(symbol) || symbol < 0 || symbol >= law.length) {
    throw new FingerprintError('bad-trace', `site ${site.id} has ${law.length} symbols and was read as ${symbol}`)
  }
  return true
}

function checkCopy(copy: IssuedCopy, sites: readonly TracedSite[]): void {
  if (!(copy.symbols instanceof Uint8Array) || copy.symbols.length !== sites.length) {
    throw new FingerprintError(
      'bad-trace',
      `the copy of ${copy.recipient} does not have one symbol for each of ${sites.length} sites`,
    )
  }
  const wrong = sites.findIndex((site, i) => (copy.symbols[i] ?? 256) >= site.numerators.length)
  if (wrong >= 0) {
    throw new FingerprintError(
      'bad-trace',
      `the copy of ${copy.recipient} has no valid symbol at site ${sites[wrong]?.id}`,
    )
  }
}

function classify(
  sites: readonly TracedSite[],
  reading: readonly (number | null)[],
  readableSites: readonly number[],
): { classes: SiteClass[]; classOf: Uint16Array } {
  const numbers = new Map<string, number>()
  const classes: { -readonly [K in keyof SiteClass]: SiteClass[K] }[] = []
  const classOf = Uint16Array.from(readableSites, (i) => {
    const law = sites[i]?.numerators ?? []
    const symbol = reading[i] ?? 0
    const binary = law.length === 2
    const key = binary ? `2/${law[1]}/${symbol}` : `q/${law[symbol]}`
    let number = numbers.get(key)
    if (number === undefined) {
      number = classes.length
      numbers.set(key, number)
      const one = binary ? (law[1] ?? 0) / DENOMINATOR : 0
      classes.push({ binary, one, symbol, chance: (law[symbol] ?? 0) / DENOMINATOR, count: 0 })
    }
    const found = classes[number]
    if (found !== undefined) found.count++
    return number
  })
  return { classes, classOf }
}
