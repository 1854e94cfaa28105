/** Where a mark lives by nature; decides which damage it survives (fingerprinting.md sections 8 and 9). */
export type Pool = 'wire' | 'structural' | 'name' | 'idiom' | 'filler' | 'doc' | 'sealed'

/** What may happen to a copy before it is found. */
export type Damage = 'verbatim' | 'format' | 'minify' | 'refactor' | 'rewrite'

/** Half-open range of UTF-16 offsets in the original text of one file. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Replaces one span of the original text. Edits of one variant never overlap. */
export interface Edit {
  readonly span: Span
  readonly text: string
}

/**
 * One way to write a site. `edits` rewrites spans; `order` lays the site's `parts` out in another order (a permutation of 0..parts-1).
 * Variant 0 is the original: no edits, or the identity order.
 */
export interface Variant {
  readonly edits?: readonly Edit[]
  readonly order?: readonly number[]
  /** Short text a person recognises the variant by, one line. */
  readonly shown: string
}

/** JSON data that the reader of this kind needs to find the site again in a foreign text, written by its finder. */
export type Anchor = { readonly [key: string]: unknown }

/**
 * A place where one file can be written in q >= 2 equivalent ways.
 *
 * What a site touches are its *pieces*: the spans of its edits (atoms) and, for orders, the hull of its parts. Atoms of two sites are disjoint.
 * An atom lies inside one part of an order or outside its hull, or between two of its parts; hulls of two orders are disjoint, or one lies inside
 * one part of the other. So every combination of variants renders (fingerprinting.md E1). A site's `span` is the hull of its pieces: the hull of
 * a name with many occurrences may hold other sites, as long as the pieces obey the rule. A variant may have an order and edits (`a < b` to `b > a`).
 */
export interface MarkSite {
  /** Unique in the artefact and stable: it goes into the code generator. `<file>#<kind>-<ordinal>`. */
  readonly id: string
  /** Path inside the artefact, with `/`. */
  readonly file: string
  readonly kind: string
  readonly pool: Pool
  /** Everything any variant touches. */
  readonly span: Span
  /** For orders: the pieces that change places, in original order, disjoint, inside `span`. */
  readonly parts?: readonly Span[]
  readonly variants: readonly Variant[]
  /** First line of the site in the original, from 1. */
  readonly line: number
  readonly anchor: Anchor
  /** Expected share still readable after each damage, in 0..1. */
  readonly survival: Readonly<Record<Damage, number>>
}

/** One file of a frozen plan. `text` is the original with the author's mark declarations removed. */
export interface PlanFile {
  readonly path: string
  readonly language: string
  readonly text: string
  readonly sites: readonly MarkSite[]
}

/** What the reader found for one site; never guesses: `variant` is null when absent, ambiguous or normalised away, and `why` says which. */
export interface Reading {
  readonly site: string
  readonly variant: number | null
  readonly where: { readonly file: string; readonly line: number } | null
  readonly why: string
}

/** A text found in the wild. `path` is only a hint. */
export interface SampleFile {
  readonly path: string
  readonly text: string
}
