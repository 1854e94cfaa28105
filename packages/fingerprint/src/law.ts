import { FingerprintError } from './errors.ts'

/**
 * The law that the bias of a binary mark site is drawn from.
 *
 * `HALF`: always one half; fewest marks against one or two leakers, useless against three. `JOINT6`: three values, the default, up to six
 * leakers; tells a joint decoder more than GL6 whatever the merging (bench/fingerprint/theory/law-search.ts). `GL6`: three values, best for
 * decoders that look at one copy at a time. `GL8`: four values, up to eight leakers. (Nuida et al., Designs, Codes and Cryptography 2009:
 * Gauss-Legendre laws.)
 */
export type BiasFamily = 'HALF' | 'JOINT6' | 'GL6' | 'GL8'

/**
 * How often each symbol of a site is drawn: positive integers in symbol order (symbol 0 first) that sum to 65536, 2 to 256 of them.
 * The integers are the law: the same numbers draw the code and compute the p-values, so that no rounding stands between them.
 */
export type Numerators = readonly number[]

/** What the numerators of one site sum to. */
export const DENOMINATOR = 65_536

/** A family as data: which 32-bit draw falls into which bias class, and the numerator of symbol 1 in that class. */
export interface BiasTable {
  /** Exclusive upper ends of the classes over unsigned 32-bit integers, ascending; the last is 2^32. */
  readonly cuts: readonly number[]
  /** Numerator of symbol 1, class by class. */
  readonly ones: readonly number[]
}

/**
 * The families. GL6 and GL8: Gauss-Legendre nodes moved to 0..1, rounded to 1/65536; weights w/sqrt(p(1-p)), rounded to five decimals and
 * summed, times 2^32 and rounded down. JOINT6: .18, .5 and .82 with weights 3/8, 2/8 and 3/8.
 */
export const BIAS_TABLES: Readonly<Record<BiasFamily, BiasTable>> = {
  HALF: { cuts: [4_294_967_296], ones: [32_768] },
  JOINT6: { cuts: [1_610_612_736, 2_684_354_560, 4_294_967_296], ones: [11_796, 32_768, 53_740] },
  GL6: { cuts: [1_425_972_091, 2_868_995_204, 4_294_967_296], ones: [7_386, 32_768, 58_150] },
  GL8: {
    cuts: [1_066_569_228, 2_147_483_648, 3_228_398_067, 4_294_967_296],
    ones: [4_550, 21_628, 43_908, 60_986],
  },
}

/** The law of a binary site from the numerator of symbol 1, an integer in 1..65535. */
export function binaryLaw(one: number): Numerators {
  return checkLaw([DENOMINATOR - one, one], 'binary law')
}

/**
 * The uniform law on `q` symbols, q in 2..256. When q does not divide 65536 the last symbol gets the remainder on top, and that is the law.
 * Throws `bad-law` for any other q.
 */
export function uniformLaw(q: number): Numerators {
  if (!Number.isInteger(q) || q < 2 || q > 256) {
    throw new FingerprintError('bad-law', `a site has 2 to 256 variants, not ${q}`)
  }
  const share = Math.floor(DENOMINATOR / q)
  return Array.from({ length: q }, (_, k) => (k < q - 1 ? share : DENOMINATOR - share * (q - 1)))
}

/** Returns `numerators` when they are a law; throws `bad-law` with `where` in the message otherwise. */
export function checkLaw(numerators: Numerators, where: string): Numerators {
  if (!Array.isArray(numerators) || numerators.length < 2 || numerators.length > 256) {
    throw new FingerprintError('bad-law', `${where}: a law has 2 to 256 numerators`)
  }
  let sum = 0
  for (const numerator of numerators as readonly unknown[]) {
    if (typeof numerator !== 'number' || !Number.isInteger(numerator) || numerator < 1) {
      throw new FingerprintError('bad-law', `${where}: numerators are positive integers, not ${String(numerator)}`)
    }
    sum += numerator
  }
  if (sum !== DENOMINATOR)
    throw new FingerprintError('bad-law', `${where}: numerators sum to ${sum}, not ${DENOMINATOR}`)
  return numerators
}
