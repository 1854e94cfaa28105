import { MarksError } from './errors.ts'
import { takeComments } from './internal/author-comments.ts'
import { wireDraft } from './internal/code/drafts.ts'
import { normaliseNumber } from './internal/code/model.ts'
import type { Language, Literal, SiteDraft } from './language.ts'
import type { Span } from './site.ts'

/** What a rewriter would believe of the value; decides what survives a rewrite (fingerprinting.md 8b). `doc` is wording in a document. */
export type WireKind = 'derived' | 'essential' | 'preference' | 'tuning' | 'self-naming' | 'doc'

const KINDS: readonly WireKind[] = ['derived', 'essential', 'preference', 'tuning', 'self-naming', 'doc']

/** What an author wrote at the end of a line: `sigillo:mark KIND first | second | …`. */
interface Declaration {
  readonly kind: WireKind
  /** At least two, all different; the first is the original. */
  readonly alternatives: readonly string[]
  /** From 1, in the source. */
  readonly line: number
  /** Of the line in the text without declarations. */
  readonly span: Span
}

/** A source with its declarations taken out. */
export interface Declared {
  /** What copies are rendered from; no declaration is left in it. */
  readonly text: string
  readonly sites: readonly SiteDraft[]
}

/**
 * Takes the author's mark declarations out of a source (comment and the space before it) and makes a wire site of each.
 *
 * @param language - null for a file in no known language: all comment styles are tried
 * @throws MarksError `bad-declaration` with file and line when a declaration is malformed or its line does not hold the first alternative
 *   exactly once
 */
export async function takeDeclarations(path: string, source: string, language: Language | null): Promise<Declared> {
  const { text, comments } = await takeComments(source, 'sigillo:mark', language)
  if (comments.length === 0) return { text, sites: [] }
  const declarations = comments.map(({ rest, line, span }) => ({ ...parseDeclaration(path, line, rest), line, span }))
  const literals = language?.literals ? (await language.literals(text)).literals : null
  const sites = declarations.map((declaration) => siteOf(path, text, declaration, literals))
  return { text, sites }
}

function parseDeclaration(path: string, line: number, rest: string): Pick<Declaration, 'kind' | 'alternatives'> {
  const [, word = '', list = ''] = /^\s*(\S*)\s*(.*?)\s*$/.exec(rest) ?? []
  const kind = KINDS.find((known) => known === word)
  if (!kind) throw bad(path, line, `unknown kind of mark ${JSON.stringify(word)}; use one of ${KINDS.join(', ')}`)
  const alternatives = splitAlternatives(path, line, list)
  if (alternatives.length < 2) throw bad(path, line, 'a mark needs at least two alternatives, written `first | second`')
  if (new Set(alternatives).size < alternatives.length)
    throw bad(path, line, 'the alternatives of a mark must all be different')
  if (alternatives.length > 256) throw bad(path, line, 'a mark has at most 256 alternatives')
  return { kind, alternatives }
}

/** Splits at ` | `; an alternative in JSON quotes may hold anything. */
function splitAlternatives(path: string, line: number, list: string): string[] {
  const out: string[] = []
  let rest = list.trim()
  while (rest !== '') {
    const quoted = /^"(?:[^"\\]|\\.)*"(?=\s*$|\s+\|\s)/.exec(rest)
    const piece = quoted ? quoted[0] : rest.split(/\s+\|(?:\s+|$)/, 1)[0]!
    out.push(quoted ? unquote(path, line, piece) : piece)
    rest = rest
      .slice(piece.length)
      .replace(/^\s+\|\s*/, '')
      .trim()
  }
  return out
}

function unquote(path: string, line: number, piece: string): string {
  try {
    return String(JSON.parse(piece))
  } catch {
    throw bad(path, line, `${piece} is no JSON string`)
  }
}

function bad(path: string, line: number, what: string): MarksError {
  return new MarksError('bad-declaration', `${path}:${line}: ${what}`)
}

function siteOf(path: string, text: string, declaration: Declaration, literals: readonly Literal[] | null): SiteDraft {
  const literal = literals ? grammarLiteral(path, declaration, literals) : plainLiteral(path, text, declaration)
  const encoded = declaration.alternatives.map((value) => {
    const written = literal.encode(value)
    if (written === null)
      throw bad(
        path,
        declaration.line,
        `${JSON.stringify(value)} cannot stand in this ${literal.kind}; choose a plainer value`,
      )
    return written
  })
  const original = text.slice(literal.span.start, literal.span.end)
  const values = literal.kind === 'number' ? declaration.alternatives.map(normaliseNumber) : declaration.alternatives
  return wireDraft(declaration.kind, literal.span, values, [original, ...encoded.slice(1)], literal.kind)
}

function grammarLiteral(path: string, declaration: Declaration, literals: readonly Literal[]): Literal {
  const first = declaration.alternatives[0]!
  const { start, end } = declaration.span
  const found = literals.filter(
    (literal) => literal.span.start >= start && literal.span.end <= end && literal.value === first,
  )
  const [only, ...more] = found
  if (!only)
    throw bad(
      path,
      declaration.line,
      `no string or number on this line is ${JSON.stringify(first)}, the first alternative`,
    )
  if (more.length > 0) throw bad(path, declaration.line, `${JSON.stringify(first)} stands on this line more than once`)
  return only
}

/** In text without a grammar at hand the value itself must stand on the line once, not inside a longer word. */
function plainLiteral(path: string, text: string, declaration: Declaration): Literal {
  const first = declaration.alternatives[0]!
  const line = text.slice(declaration.span.start, declaration.span.end)
  const places: number[] = []
  for (let at = line.indexOf(first); at >= 0; at = line.indexOf(first, at + 1))
    if (!/\w/.test(boundary(line, first, at - 1, 0)) && !/\w/.test(boundary(line, first, at + first.length, -1)))
      places.push(at)
  const [only, ...more] = places
  if (only === undefined)
    throw bad(path, declaration.line, `${JSON.stringify(first)}, the first alternative, is not on this line`)
  if (more.length > 0) throw bad(path, declaration.line, `${JSON.stringify(first)} stands on this line more than once`)
  const start = declaration.span.start + only
  return {
    span: { start, end: start + first.length },
    kind: 'string',
    value: first,
    encode: (value) => encodePlain(line, only, first, value),
  }
}

/** The character next to a value, or nothing when the value's own edge is no word character. */
function boundary(line: string, value: string, at: number, edge: number): string {
  return /\w/.test(value.at(edge) ?? '') ? line.charAt(at) : ''
}

/** Inside quotes neither they nor backslashes may come in; control characters never. */
function encodePlain(line: string, at: number, first: string, value: string): string | null {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(value)) return null
  const before = line.charAt(at - 1)
  const quoted = /["'`]/.test(before) && line.charAt(at + first.length) === before
  return quoted && (value.includes(before) || value.includes('\\')) ? null : value
}
