import type { SyntaxNode } from '@sigillo/syntax/tree'

/**
 * A token that carries meaning. `word` survives renaming (attribute, property, keyword argument, free name), `name` may be renamed,
 * `string` is decoded content (fragments of interpolated strings apart), `number` is normalised, `mark` is an operator, keyword or constant.
 */
export interface CodeToken {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'mark'
  readonly value: string
  /** Offsets of the token; for strings of the content between the quotes. */
  readonly start: number
  readonly end: number
}

/**
 * What stands in a list whose order may carry a mark. A definition that a minifier moved to its only use changes its form (`const f = …` to
 * `exports.f = …`), so that its new place is not taken for its own.
 */
export type UnitForm = 'function' | 'declare' | 'assign' | 'other' | 'member'

/** One statement, declarator, sequence item, member or function, at its place in its list. */
export interface Unit {
  readonly start: number
  readonly end: number
  readonly form: UnitForm
  /** What kind of value a definition gives, empty for other forms: `x = […]` is not `y = x.concat([…])`. */
  readonly shape: string
  /** Units of one list are siblings; ids are dense and in order of appearance. */
  readonly list: number
  readonly index: number
}

/** `left < right` or its like, one operator only. */
export interface Comparison {
  readonly operator: '<' | '>' | '<=' | '>='
  readonly left: SyntaxNode
  readonly right: SyntaxNode
  readonly node: SyntaxNode
}

/**
 * An `if` with both branches, or a conditional expression, whichever way it is written: `if (!ok) B else A` is the same choice as
 * `if (ok) A else B`, only negated.
 */
export interface Choice {
  readonly node: SyntaxNode
  readonly form: 'statement' | 'expression'
  /** What is tested, without the negation around it; for a relation the node whose second child is the operator. */
  readonly condition: SyntaxNode
  /** The operator of a condition that can be turned into its contrary, in its positive form (`==`, `is`, `in`); null for bare truth. */
  readonly relation: string | null
  readonly negated: boolean
  /** What is done when the condition without its negation holds, and when not. */
  readonly whenTrue: SyntaxNode
  readonly whenFalse: SyntaxNode
}

/** A construct that the language knows several equal spellings of, such as an endless loop. */
export interface Idiom {
  readonly node: SyntaxNode
  readonly family: string
  /** Which spelling this is. */
  readonly form: string
  /** What all spellings share, in text order. */
  readonly essence: readonly SyntaxNode[]
}

/** What the reader needs to know of a text in any programming language; built by the language, used by the engine. */
export interface CodeModel {
  readonly text: string
  /** Sorted by start. */
  readonly tokens: readonly CodeToken[]
  readonly units: readonly Unit[]
  readonly comparisons: readonly Comparison[]
  readonly choices: readonly Choice[]
  readonly idioms: readonly Idiom[]
  /** Outermost functions and methods: context never reaches across their borders, as they may change places. */
  readonly regions: readonly { readonly start: number; readonly end: number }[]
  /** Names bound in this text, which a renaming tool may change. */
  readonly bound: ReadonlySet<string>
  /** Share of the text that could not be parsed, 0..1. */
  readonly damage: number
}

/** Collects a model while a language walks its tree. */
export interface ModelBuilder {
  readonly tokens: CodeToken[]
  readonly units: Unit[]
  readonly comparisons: Comparison[]
  readonly choices: Choice[]
  readonly idioms: Idiom[]
  readonly regions: { start: number; end: number }[]
  readonly bound: Set<string>
  lists: number
}

export function createBuilder(): ModelBuilder {
  return { tokens: [], units: [], comparisons: [], choices: [], idioms: [], regions: [], bound: new Set(), lists: 0 }
}

export function addList(builder: ModelBuilder, items: readonly Pick<Unit, 'start' | 'end' | 'form' | 'shape'>[]): void {
  if (items.length < 2) return
  const list = builder.lists++
  for (const [index, item] of items.entries())
    builder.units.push({ start: item.start, end: item.end, form: item.form, shape: item.shape, list, index })
}

/** Operands of one operator, whose order may carry a mark; the operator is the list's shape, so that no other list is taken for it. */
export function addOperands(builder: ModelBuilder, operands: readonly SyntaxNode[], operator: string): void {
  addList(
    builder,
    operands.map(({ start, end }) => ({ start, end, form: 'member', shape: operator })),
  )
}

export function finishModel(builder: ModelBuilder, text: string, damage: number): CodeModel {
  builder.tokens.sort((a, b) => a.start - b.start || a.end - b.end)
  const regions = outermost(builder.regions)
  const { tokens, units, comparisons, choices, idioms, bound } = builder
  return { text, tokens, units, comparisons, choices, idioms, regions, bound, damage }
}

function outermost(spans: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start || b.end - a.end)
  const out: { start: number; end: number }[] = []
  for (const span of sorted) if (span.start >= (out.at(-1)?.end ?? 0)) out.push(span)
  return out
}

/** One spelling for equal numbers: `0x10`, `16`, `16.0` and `1_6` give `16`; what is no number stays as it is. */
export function normaliseNumber(text: string): string {
  const plain = text.replaceAll('_', '').toLowerCase()
  const bare = plain.replace(/[nlj]$/, '')
  const legacy = /^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare
  const value = Number(legacy)
  if (Number.isNaN(value)) return plain
  if (Number.isSafeInteger(value) || !/^(0[xob])?[0-9a-f]+$/.test(legacy)) return String(value)
  try {
    return BigInt(legacy).toString()
  } catch {
    return plain
  }
}
