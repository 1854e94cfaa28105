import type { WireKind } from '../../declarations.ts'
import { createNamer } from '../code/synonyms.ts'
import { namesUnordered } from '../code/member-names.ts'
import type { LiteralContext } from './literal-context.ts'
import { cookiesFor, headersFor, methodsFor, numbersNear, prefixesFor, wordsFor } from './word-pools.ts'

/** What a literal looks like to somebody who rewrites the tool, and values that could stand there. */
export interface Guess {
  readonly kind: WireKind
  /** A few words on why. */
  readonly why: string
  readonly words: readonly string[]
}

type Rule = (context: LiteralContext) => Guess | null

const TUNING = /time_?out|retr(?:y|ies)|attempts|tries|delay|interval|wait|sleep|back_?off|pause/
const PREFERENCE =
  /^(?:accept-language|locale|lang(?:uage)?|limit|page(?:_?size)?|per_?page|connection|theme|retention|max_?results)$/
const NAMING =
  /\bagent\b|user_?-?agent|boundary|file_?name|out(?:put)?_?file|log(?:ger)?_?name|note|comment|subject|title|tool/
const SIZES = /^(?:size|length|len|width|digits|bytes|count_bytes|n_?bytes|chars)$/

/** In order of what survives a rewrite; the first that holds decides. */
const RULES: readonly Rule[] = [
  derivedWord,
  derivedLength,
  tokenPrefix,
  query,
  tuning,
  selfNaming,
  preference,
  headerName,
  requestMember,
  argument,
  cookie,
  requestKey,
  method,
  path,
]

/** What a literal looks like, or null when nothing says that it could be chosen freely. */
export function guessOf(context: LiteralContext): Guess | null {
  if (/^\s*(?:import|from|require|use|using|package|include|#include|@)\b/.test(context.lineText)) return null
  for (const rule of RULES) {
    const guess = rule(context)
    if (guess) return guess
  }
  return null
}

function derivedWord({ literal }: LiteralContext): Guess | null {
  const { value, kind } = literal
  if (kind !== 'string') return null
  if (/^(?:sha\d|md5$|blake2|b(?:16|32|64)encode$|(?:urlsafe|standard)_b64encode$|hex$|base64(?:url)?$)/.test(value))
    return { kind: 'derived', why: 'a way to compute or write a token', words: wordsFor(value, '') }
  return /%[YmdHMSj].*%[YmdHMSj]/.test(value)
    ? { kind: 'derived', why: 'the layout of a time in a token', words: layoutsFor(value) }
    : null
}

function layoutsFor(value: string): string[] {
  return ['%Y%m%d%H%M%S', '%d%m%Y%H%M%S', '%y%j%H%M%S', '%H%M%S%j'].filter((layout) => layout !== value)
}

function derivedLength({ literal, before, given }: LiteralContext): Guess | null {
  const value = Number(literal.value)
  if (literal.kind !== 'number' || !Number.isInteger(value) || value < 4 || value > 64) return null
  const sliced =
    /\[\s*:\s*$|\.(?:slice|substring|substr)\(\s*0\s*,\s*$|\b(?:token_hex|token_bytes|token_urlsafe|randomBytes|urandom)\(\s*$/
  if (!sliced.test(before) && !SIZES.test(given)) return null
  return { kind: 'derived', why: 'the length of a token, if it is one', words: numbersNear(value) }
}

function tokenPrefix({ literal, after, before }: LiteralContext): Guess | null {
  if (literal.kind !== 'string' || !/^[a-z]{2,6}[-_:.]?$/i.test(literal.value)) return null
  const joined = /^\s*\+\s*[A-Za-z_]\w*[.(]/.test(after) || /\bprefix["'`]?\s*[:=]\s*$/i.test(before)
  return joined ? { kind: 'derived', why: 'the beginning of a token', words: prefixesFor(literal.value) } : null
}

/** `/board?view=full` gives `/board?view=compact`: of several parameters the one that survives best. */
function query({ literal }: LiteralContext): Guess | null {
  const { kind, value } = literal
  const parameters = kind === 'string' ? [...value.matchAll(/(?<=[?&])([\w-]+)=(\w+)(?=&|$)/g)] : []
  const guesses = parameters.map((found): Guess => {
    const [, name = '', given = ''] = found
    const [head, tail] = [value.slice(0, found.index + name.length + 1), value.slice(found.index + found[0].length)]
    const words = /^\d+$/.test(given) ? numbersNear(Number(given)) : wordsFor(given, name.toLowerCase())
    return {
      kind: PREFERENCE.test(name) ? 'preference' : 'essential',
      why: `the query parameter ${name}`,
      words: words.map((word) => head + word + tail),
    }
  })
  const [best] = guesses.toSorted((one, two) => rank(two) - rank(one))
  return best ?? null
}

function rank({ kind, words }: Guess): number {
  return (words.length > 0 ? 2 : 0) + (kind === 'essential' ? 1 : 0)
}

function tuning({ literal, given }: LiteralContext): Guess | null {
  if (literal.kind !== 'number' || !TUNING.test(given) || !/^\d{1,5}$/.test(literal.value)) return null
  return { kind: 'tuning', why: `how long or how often: ${given}`, words: numbersNear(Number(literal.value)) }
}

function selfNaming({ literal, given, isKey }: LiteralContext): Guess | null {
  if (literal.kind !== 'string' || isKey || literal.value.length < 4 || !NAMING.test(given)) return null
  return { kind: 'self-naming', why: `what the tool calls itself: ${given}`, words: [] }
}

function preference({ literal, given, isKey }: LiteralContext): Guess | null {
  if (isKey || !PREFERENCE.test(given)) return null
  const words = literal.kind === 'number' ? numbersNear(Number(literal.value)) : wordsFor(literal.value, given)
  return { kind: 'preference', why: `a client's preference: ${given}`, words }
}

function headerName({ literal, isKey, owner }: LiteralContext): Guess | null {
  if (literal.kind !== 'string' || !isKey || !/^X-[\w-]+$/.test(literal.value) || !namesUnordered(owner)) return null
  return { kind: 'essential', why: 'the name of a header', words: headersFor(literal.value) }
}

/** A value of the headers, parameters, cookies or form of a request. */
function requestMember({ literal, given, isKey, owner }: LiteralContext): Guess | null {
  if (literal.kind !== 'string' || isKey || given === '' || !namesUnordered(owner)) return null
  if (!/^[\w./+-]{2,40}$/.test(literal.value)) return null
  return { kind: 'essential', why: `${given} in ${owner}`, words: wordsOrSynonyms(literal.value, given) }
}

/** A word given to a named argument or variable, chosen from a set by its looks. */
function argument({ literal, given, isKey }: LiteralContext): Guess | null {
  if (literal.kind !== 'string' || isKey || given === '' || !/^[a-z][a-z-]{2,15}$/.test(literal.value)) return null
  const words = wordsFor(literal.value, given)
  return words.length === 0 ? null : { kind: 'essential', why: `one of several words for ${given}`, words }
}

/** The name of a parameter whose value is computed. */
function requestKey({ literal, isKey, owner, after }: LiteralContext): Guess | null {
  if (literal.kind !== 'string' || !isKey || !namesUnordered(owner) || owner.includes('header')) return null
  if (/^\s*(?::|=>)\s*["'`]/.test(after) || !/^\w+$/.test(literal.value)) return null
  const words = wordsOrSynonyms(literal.value, '')
  return { kind: 'essential', why: `the name of a value in ${owner}`, words }
}

function method({ literal, isKey }: LiteralContext): Guess | null {
  const words = literal.kind === 'string' && !isKey ? methodsFor(literal.value) : []
  return words.length > 0 ? { kind: 'essential', why: 'the method of a request', words } : null
}

function cookie({ literal, given, owner }: LiteralContext): Guess | null {
  if (literal.kind !== 'string' || !/^[a-z]\w{2,20}$/i.test(literal.value)) return null
  if (!/cookie/.test(given) && !/cookie/.test(owner)) return null
  return { kind: 'essential', why: 'the name of a cookie', words: cookiesFor(literal.value) }
}

/** Which spellings of a path are alike only the target knows. */
function path({ literal }: LiteralContext): Guess | null {
  const looks = literal.kind === 'string' && /^\/[\w.-]+(?:\/[\w.-]*)*$/.test(literal.value)
  return looks ? { kind: 'essential', why: 'a path, where the target knows other spellings', words: [] } : null
}

function wordsOrSynonyms(value: string, given: string): readonly string[] {
  const words = wordsFor(value, given)
  return words.length > 0 ? words : (createNamer([], 'snake')(value)?.slice(1) ?? [])
}
