import type { WireKind } from './declarations.ts'
import { guessOf } from './internal/advice/choosable.ts'
import { contextOfLiteral, type LiteralContext } from './internal/advice/literal-context.ts'
import { spareParameters } from './internal/advice/word-pools.ts'
import { namesUnordered } from './internal/code/member-names.ts'
import { lineCounter } from './internal/line-of.ts'
import type { Language, Literal } from './language.ts'
import { languageById } from './languages.ts'
import type { LineRange } from './required-lines.ts'
import type { PlanFile } from './site.ts'
import { survivalOf } from './survival.ts'

/** A value that looks as if its author could have chosen another. */
export interface Choosable {
  readonly path: string
  /** From 1. */
  readonly line: number
  readonly value: string
  readonly kind: WireKind
  readonly why: string
  /** Share expected to survive a rewrite by somebody without the target. */
  readonly survival: number
  /** The line with a declaration to paste in its place; null where no alternatives are known or the line cannot carry one, as `note` says. */
  readonly paste: string | null
  readonly note: string
}

/** A place where a value can be added that a target should ignore. */
export interface Offer {
  readonly path: string
  /** The line after which `paste` goes. */
  readonly line: number
  readonly why: string
  readonly survival: number
  readonly paste: string
}

/** What the advisor has to say about one file. */
export interface FileAdvice {
  /** Best survivors first, then in file order. */
  readonly choosable: readonly Choosable[]
  readonly offers: readonly Offer[]
}

/** What any tool for this flaw must contain: it is no mark. */
export interface Required {
  readonly values: ReadonlySet<string>
  /** Lines of this file. */
  readonly lines: readonly LineRange[]
}

const NOTHING: Required = { values: new Set(), lines: [] }

/** Most alternatives of one declaration; a power of two. */
const MOST = 16

/**
 * Looks for values that could carry a declared mark and for places to add one: tokens, requests, enumerated arguments. Nothing here knows
 * whether the target takes the alternatives; the artefact's own tests do. Nothing is proposed for what is required, nor in its lines.
 */
export async function adviseOn(file: PlanFile, required: Required = NOTHING): Promise<FileAdvice> {
  const language = languageById(file.language)
  if (!language?.literals || language.comment.close !== '') return { choosable: [], offers: [] }
  const { literals } = await language.literals(file.text)
  const contexts = freeLiterals(file, literals, required)
  const words = createPool(file, required.values)
  const choosable = contexts.flatMap((context) => choosableOf(file, language, context, words))
  choosable.sort((a, b) => b.survival - a.survival || a.line - b.line)
  return { choosable: oneMarkPerLine(file, choosable), offers: offersFor(file, language, contexts, words) }
}

/** Literals that no declared mark holds and nobody called required. */
function freeLiterals(file: PlanFile, literals: readonly Literal[], { values, lines }: Required): LiteralContext[] {
  const lineOf = lineCounter(file.text)
  const taken = file.sites.filter((site) => site.anchor['read'] === 'wire').map((site) => site.span)
  return literals
    .filter(
      ({ value, span }) =>
        !values.has(value) && !taken.some((other) => other.start < span.end && span.start < other.end),
    )
    .map((literal) => contextOfLiteral(file.text, literal, lineOf))
    .filter(({ line }) => !lines.some(({ first, last }) => first <= line && line <= last))
}

/** Gives alternatives that stand nowhere in the file and were given to nobody before: as many as make a power of two with the first. */
type WordPool = (first: string, words: readonly string[]) => readonly string[]

function createPool(file: PlanFile, required: ReadonlySet<string>): WordPool {
  const used = new Set([...(file.text.match(/[\w-]+/g) ?? []), ...(file.text.match(/\w+/g) ?? []), ...required])
  for (const site of file.sites) for (const { shown } of site.variants) used.add(shown)
  return (first, words) => {
    const fresh = [...new Set(words)].filter((word) => word !== first && !used.has(word))
    const size = Math.min(MOST, 2 ** Math.floor(Math.log2(fresh.length + 1)))
    const given = fresh.slice(0, size - 1)
    for (const word of given) used.add(word)
    return given
  }
}

function choosableOf(file: PlanFile, language: Language, context: LiteralContext, pool: WordPool): Choosable[] {
  const guess = guessOf(context)
  if (!guess) return []
  const { literal, line, lineText } = context
  const alternatives = pool(literal.value, guess.words).filter((word) => literal.encode(word) !== null)
  const problem = problemWith(context, language)
  const paste =
    alternatives.length > 0 && problem === ''
      ? `${lineText.trimEnd()}  ${declaration(language, guess.kind, [literal.value, ...alternatives])}`
      : null
  const note = problem !== '' ? problem : alternatives.length === 0 ? 'no alternatives known: write your own' : ''
  const { rewrite } = survivalOf(guess.kind)
  return [
    { path: file.path, line, value: literal.value, kind: guess.kind, why: guess.why, survival: rewrite, paste, note },
  ]
}

/** Why a line cannot carry a declaration for this value; empty when it can. */
function problemWith({ literal, lineText, after }: LiteralContext, language: Language): string {
  if (literal.value.includes('\n') || /["'`]{3}/.test(lineText)) return 'the text goes over several lines'
  if (after.includes(language.comment.open))
    return 'the line ends with a comment already: give the value a line of its own'
  const twice = lineText.split(literal.value).length > 2
  return twice ? 'the value stands on this line twice: give it a line of its own' : ''
}

function declaration(language: Language, kind: WireKind, values: readonly string[]): string {
  return `${language.comment.open} sigillo:mark ${kind} ${values.map(spelled).join(' | ')}`
}

/** As declarations are read: JSON where a plain word would not do. */
function spelled(value: string): string {
  return /^[^\s"|\\](?:[^|\\]*[^\s"|\\])?$/.test(value) ? value : JSON.stringify(value)
}

/** A line carries one mark: the best keeps its declaration. */
function oneMarkPerLine(file: PlanFile, all: readonly Choosable[]): Choosable[] {
  const lines = new Set(file.sites.filter((site) => site.anchor['read'] === 'wire').map((site) => site.line))
  return all.map((one) => {
    if (one.paste === null) return one
    if (lines.has(one.line))
      return { ...one, paste: null, note: 'the line has a mark already: give the value a line of its own' }
    lines.add(one.line)
    return one
  })
}

/** One more member for each mapping of a request that is written one member a line. */
function offersFor(file: PlanFile, language: Language, contexts: readonly LiteralContext[], pool: WordPool): Offer[] {
  const spare = [...spareParameters()]
  const offers: Offer[] = []
  const served = new Set<string>()
  for (const context of contexts) {
    const member = memberOf(context)
    const place = `${context.owner} ${placeOf(file.text, context.literal.span.start)}`
    if (!member || served.has(place)) continue
    const next = spare.findIndex(({ name, words }) => isUnused(file.text, name) && isUnused(file.text, words[0] ?? ''))
    const [parameter] = next < 0 ? [] : spare.splice(next, 1)
    const [shown, ...others] = parameter?.words ?? []
    if (!parameter || shown === undefined) break
    const words = [shown, ...pool(shown, others)]
    served.add(place)
    const line = `${member.indent}${member.before}${parameter.name}${member.between}${shown}${member.end}`
    offers.push({
      path: file.path,
      line: context.line,
      why: `a request (${context.owner}) can carry one more value that the target ignores`,
      survival: survivalOf('essential').rewrite,
      paste: `${line}  ${declaration(language, 'essential', words)}`,
    })
  }
  return offers
}

function isUnused(text: string, word: string): boolean {
  return !new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text)
}

/** Offset of the bracket around an offset, as far as braces tell. */
function placeOf(text: string, offset: number): number {
  let depth = 0
  for (let at = offset - 1; at >= 0; at--) {
    if (text.charAt(at) === '}') depth++
    if (text.charAt(at) === '{' && depth-- === 0) return at
  }
  return -1
}

interface Member {
  readonly indent: string
  readonly before: string
  readonly between: string
  readonly end: string
}

/** How a member `"key": "value",` of a request's mapping is spelled, where it has a line of its own; headers have their own manners. */
function memberOf({ lineText, owner, literal, isKey }: LiteralContext): Member | null {
  if (isKey || literal.kind !== 'string' || !namesUnordered(owner) || owner.includes('header')) return null
  const found = /^(\s*)(["'`]?)[A-Za-z_][\w-]*(["'`]?\s*(?::|=>)\s*["'`])[^"'`]*(["'`],)/.exec(lineText)
  if (!found || lineText.slice(found[0].length).trim() !== '') return null
  const [, indent = '', before = '', between = '', end = ''] = found
  return { indent, before, between, end }
}
