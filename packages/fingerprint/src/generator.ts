import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { FingerprintError } from './errors.ts'
import { BIAS_TABLES, binaryLaw, checkLaw, uniformLaw } from './law.ts'
import type { BiasFamily, Numerators } from './law.ts'

/** A mark site as the code sees it. */
export interface CodeSite {
  /** Unique within the release; no NUL character. */
  readonly id: string
  /** Number of variants, 2 to 256. */
  readonly q: number
  /** Where a binary site draws its bias from; a site with q > 2 is always uniform. */
  readonly family: BiasFamily
}

/** A site after the key has fixed its law. */
export interface DrawnSite {
  readonly id: string
  readonly numerators: Numerators
  /** Binary sites only: symbol 1 means variant 0, so that the original way of writing carries no bias. */
  readonly swapped: boolean
}

const utf8 = new TextEncoder()

/**
 * What is published before delivery: SHA-256(key || "sigillo/commit/v1"), 32 bytes. Binds the vendor to the key and tells nothing about it.
 * Throws `bad-key` unless the key has 32 bytes.
 */
export function commitment(key: Uint8Array): Uint8Array {
  checkKey(key)
  return sha256.create().update(key).update(utf8.encode('sigillo/commit/v1')).digest()
}

/**
 * Draws the law of one site from HMAC-SHA-256(key, "sigillo/bias/v1" 00 release 00 site): the first four bytes, big-endian, choose the bias
 * class, bit 0 of the next byte says which variant is called 1. Sites with q > 2 are uniform and never swapped.
 * Throws `bad-key`, `bad-name` (empty, or holds a NUL) or `bad-site`.
 */
export function drawSite(key: Uint8Array, release: string, site: CodeSite): DrawnSite {
  checkKey(key)
  checkName(release, 'release')
  checkName(site.id, 'site id')
  if (site.q !== 2) return { id: site.id, numerators: uniformLaw(site.q), swapped: false }
  const table = Object.hasOwn(BIAS_TABLES, site.family) ? BIAS_TABLES[site.family] : undefined
  if (table === undefined) throw new FingerprintError('bad-site', `site ${site.id}: unknown bias family ${site.family}`)
  const digest = hmac(sha256, key, utf8.encode(`sigillo/bias/v1\0${release}\0${site.id}`))
  const draw = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
  const one = table.ones[table.cuts.findIndex((cut) => draw < cut)]
  if (one === undefined) throw new FingerprintError('bad-site', `bias family ${site.family} has no class for ${draw}`)
  return { id: site.id, numerators: binaryLaw(one), swapped: ((digest[4] ?? 0) & 1) === 1 }
}

/**
 * The symbol of one recipient at one site: the first two bytes, big-endian, of HMAC-SHA-256(key, "sigillo/code/v1" 00 release 00 site 00
 * recipient), looked up in the cumulative numerators. Throws as `drawSite` does, and `bad-law`.
 */
export function drawSymbol(key: Uint8Array, release: string, drawn: DrawnSite, recipient: string): number {
  return codeword(key, release, [drawn], recipient)[0] ?? 0
}

/**
 * All symbols of one recipient, in site order, one byte each. Symbols of different sites and recipients are independent draws; a recipient
 * added later, or a site order changed, alters nobody else's symbols. Throws as `drawSymbol` does.
 */
export function codeword(
  key: Uint8Array,
  release: string,
  drawnSites: readonly DrawnSite[],
  recipient: string,
): Uint8Array {
  checkKey(key)
  checkName(release, 'release')
  checkName(recipient, 'recipient')
  const keyed = hmac.create(sha256, key).update(utf8.encode(`sigillo/code/v1\0${release}\0`))
  const digest = new Uint8Array(32)
  return Uint8Array.from(drawnSites, (drawn) => {
    checkName(drawn.id, 'site id')
    keyed
      .clone()
      .update(utf8.encode(`${drawn.id}\0${recipient}`))
      .digestInto(digest)
    return symbolAt(drawn, (digest[0] ?? 0) * 256 + (digest[1] ?? 0))
  })
}

/** Which variant of the site a symbol stands for. Its own inverse on binary sites. Throws `bad-site` for a symbol the site has not. */
export function variantOf(drawn: DrawnSite, symbol: number): number {
  if (!Number.isInteger(symbol) || symbol < 0 || symbol >= drawn.numerators.length) {
    throw new FingerprintError(
      'bad-site',
      `site ${drawn.id} has ${drawn.numerators.length} variants and no number ${symbol}`,
    )
  }
  return drawn.swapped ? 1 - symbol : symbol
}

/** Which symbol a variant of the site stands for. Throws `bad-site` for a variant the site has not. */
export function symbolOf(drawn: DrawnSite, variant: number): number {
  return variantOf(drawn, variant)
}

function symbolAt(drawn: DrawnSite, draw: number): number {
  const law = checkLaw(drawn.numerators, `site ${drawn.id}`)
  let cumulative = 0
  return law.findIndex((numerator) => {
    cumulative += numerator
    return draw < cumulative
  })
}

function checkKey(key: Uint8Array): void {
  if (!(key instanceof Uint8Array) || key.length !== 32) {
    throw new FingerprintError('bad-key', 'a release key has exactly 32 bytes')
  }
}

function checkName(name: string, what: string): void {
  if (typeof name !== 'string' || name === '' || name.includes('\0')) {
    throw new FingerprintError('bad-name', `${what} must be non-empty text without NUL characters`)
  }
}
