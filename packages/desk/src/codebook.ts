import type { BiasFamily } from '@sigillo/fingerprint/law'
import { type CodeSite, codeword, type DrawnSite, drawSite, symbolOf, variantOf } from '@sigillo/fingerprint/generator'
import type { MarkPlan } from '@sigillo/marks/plan'
import type { MarkSite } from '@sigillo/marks/site'

/** The drawn code of one distribution: laws per site and, on demand, anybody's codeword. Everything follows from (plan, key, release, family). */
export interface Codebook {
  readonly key: Uint8Array
  readonly release: string
  readonly sites: readonly MarkSite[]
  /** The sites as the code sees them. */
  readonly codeSites: readonly CodeSite[]
  readonly drawn: readonly DrawnSite[]
}

/** Draws the laws of a frozen plan. Sites are in plan order, which is the order of every codeword and reading. */
export function openCodebook(plan: MarkPlan, key: Uint8Array, release: string, family: BiasFamily): Codebook {
  const sites = plan.files.flatMap((file) => file.sites)
  const codeSites = sites.map((site) => ({ id: site.id, q: site.variants.length, family }))
  return { key, release, sites, codeSites, drawn: codeSites.map((site) => drawSite(key, release, site)) }
}

/** The recipient's symbols in plan order. */
export function symbolsOf(book: Codebook, recipient: string): Uint8Array {
  return codeword(book.key, book.release, book.drawn, recipient)
}

/** Which variant of each site the recipient's copy shows. */
export function variantsOf(book: Codebook, recipient: string): ReadonlyMap<string, number> {
  const symbols = symbolsOf(book, recipient)
  return new Map(book.drawn.map((drawn, index) => [drawn.id, variantOf(drawn, symbols[index] ?? 0)]))
}

/** Turns variants that were read into symbols of the code; null stays null. */
export function toSymbols(book: Codebook, variants: readonly (number | null)[]): readonly (number | null)[] {
  return book.drawn.map((drawn, index) => {
    const variant = variants[index] ?? null
    return variant === null ? null : symbolOf(drawn, variant)
  })
}

/** True when two recipients drew the same word, which would make them one suspect; the key is then drawn again for everybody, before anything is delivered. */
export function hasCollision(book: Codebook, recipients: readonly string[]): boolean {
  const words = new Set(recipients.map((recipient) => symbolsOf(book, recipient).join(',')))
  return words.size < recipients.length
}
