import type { Span } from '../../site.ts'
import { type Token, spanOver, tokenize } from './tokens.ts'

/** `name = value`, for meta entries and strings. `right` is value and modifiers; `value` tells contents apart whatever the layout. */
export interface Definition {
  readonly name: string
  readonly nameSpan: Span
  readonly span: Span
  readonly right: Span
  readonly value: string
}

/** A rule, or what is left of one in an excerpt. `condition` holds the tokens of the condition without comments. */
export interface Rule {
  /** Empty for an excerpt whose head is missing. */
  readonly name: string
  readonly span: Span
  readonly scopeWords: readonly string[]
  readonly tags: readonly Token[]
  readonly meta: readonly Definition[]
  readonly strings: readonly Definition[]
  readonly condition: readonly Token[]
  /** False when the rule has no closing brace here. */
  readonly whole: boolean
}

/** Rules of a text and its comments. */
export interface RulesFile {
  readonly rules: readonly Rule[]
  readonly comments: readonly Token[]
  readonly includes: boolean
}

const MODIFIERS: ReadonlySet<string> = new Set([
  'ascii',
  'wide',
  'nocase',
  'fullword',
  'xor',
  'base64',
  'base64wide',
  'private',
])
const VALUES: ReadonlySet<string> = new Set(['string', 'hex', 'regex', 'number'])

interface Draft {
  name: string
  start: number
  end: number
  scopeWords: string[]
  tags: Token[]
  meta: Definition[]
  strings: Definition[]
  condition: Token[]
  whole: boolean
}

/**
 * Cuts any text into rules, tolerating excerpts: a rule starts at `rule NAME`, sections at `meta:`, `strings:` and `condition:`, and definitions that
 * stand alone form a nameless rule. Grammar is not checked here; see `faultOf`.
 */
export function parseRules(text: string): RulesFile {
  const all = tokenize(text)
  const tokens = all.filter((token) => token.kind !== 'comment')
  const rules: Draft[] = []
  let i = 0
  let rule = emptyRule('', 0)
  while (i < tokens.length) {
    if (isRuleHead(tokens, i)) {
      rules.push(rule)
      const [head, next] = readHead(tokens, i)
      rule = head
      i = next
    } else i = readInside(tokens, i, rule)
  }
  rules.push(rule)
  return {
    rules: rules.filter((draft) => draft.name !== '' || draft.strings.length + draft.meta.length > 0).map(freeze),
    comments: all.filter((token) => token.kind === 'comment'),
    includes: tokens.some((token, k) => token.text === 'include' && tokens[k + 1]?.kind === 'string'),
  }
}

function freeze(draft: Draft): Rule {
  const { start, end, ...rest } = draft
  return { ...rest, span: { start, end } }
}

function emptyRule(name: string, start: number): Draft {
  return { name, start, end: start, scopeWords: [], tags: [], meta: [], strings: [], condition: [], whole: false }
}

function isRuleHead(tokens: readonly Token[], i: number): boolean {
  const after = tokens[i + 2]?.text
  return tokens[i]?.text === 'rule' && tokens[i + 1]?.kind === 'word' && (after === '{' || after === ':')
}

const MOST_TAGS = 200

function readHead(tokens: readonly Token[], i: number): [Draft, number] {
  let first = i
  while (['private', 'global'].includes(textAt(tokens, first - 1))) first -= 1
  const scopeWords = tokens.slice(first, i).map((token) => token.text)
  const rule = { ...emptyRule(textAt(tokens, i + 1), tokens[first]?.span.start ?? 0), scopeWords }
  let k = i + 2
  while (k < tokens.length && textAt(tokens, k) !== '{' && k < i + MOST_TAGS) k += 1
  rule.tags.push(...tokens.slice(i + 2, k).filter((token) => token.kind === 'word'))
  return [rule, k + 1]
}

function textAt(tokens: readonly Token[], i: number): string {
  return tokens[i]?.text ?? ''
}

function readInside(tokens: readonly Token[], i: number, rule: Draft): number {
  const token = tokens[i]
  if (token === undefined) return i + 1
  if (token.text === 'condition' && tokens[i + 1]?.text === ':') return readCondition(tokens, i + 2, rule)
  const definition = definitionAt(tokens, i)
  if (definition === null) {
    if (rule.name !== '' && token.text === '}' && !rule.whole) Object.assign(rule, { whole: true, end: token.span.end })
    return i + 1
  }
  const [entry, next] = definition
  ;(token.kind === 'ref' ? rule.strings : rule.meta).push(entry)
  rule.end = entry.span.end
  return next
}

function definitionAt(tokens: readonly Token[], i: number): [Definition, number] | null {
  const name = tokens[i]
  if (name === undefined || textAt(tokens, i + 1) !== '=') return null
  const isString = name.kind === 'ref' && /^\$[A-Za-z0-9_]*$/.test(name.text)
  if (!isString && name.kind !== 'word') return null
  const at = textAt(tokens, i + 2) === '-' ? i + 3 : i + 2
  if (!isValue(tokens[at], isString)) return null
  const end = isString ? afterModifiers(tokens, at + 1) : at + 1
  const parts = tokens.slice(i + 2, end)
  const right = spanOver(parts)
  const span = { start: name.span.start, end: right.end }
  return [{ name: name.text, nameSpan: name.span, span, right, value: spell(parts) }, end]
}

function isValue(token: Token | undefined, ofString: boolean): boolean {
  if (token === undefined) return false
  return VALUES.has(token.kind) || (!ofString && (token.text === 'true' || token.text === 'false'))
}

function afterModifiers(tokens: readonly Token[], from: number): number {
  let end = from
  while (MODIFIERS.has(tokens[end]?.text ?? '')) {
    end += 1
    if (tokens[end]?.text !== '(') continue
    const close = tokens.findIndex((token, k) => k > end && k < end + 12 && token.text === ')')
    if (close < 0) return end
    end = close + 1
  }
  return end
}

/** Content of a definition, the same for every layout; modifiers are sorted, hex is upper case without blanks and comments. */
function spell(parts: readonly Token[]): string {
  const [value, ...modifiers] = parts
  if (value === undefined) return ''
  const content =
    value.kind === 'hex'
      ? value.text
          .replace(/\/\/[^\n]*|\/\*[^]*?\*\//g, '')
          .replace(/\s+/g, '')
          .toUpperCase()
      : value.text
  const tail = modifiers
    .map((token) => token.text)
    .join(' ')
    .replace(/\s*\(\s*/g, '(')
  return `${content} ${(tail.match(/[a-z0-9]+(?:\([^)]*\))?/g) ?? []).sort().join(' ')}`.trim()
}

function readCondition(tokens: readonly Token[], from: number, rule: Draft): number {
  let i = from
  while (i < tokens.length && tokens[i]?.text !== '}' && !isRuleHead(tokens, i)) {
    const token = tokens[i]
    if (token !== undefined) rule.condition.push(token)
    i += 1
  }
  const close = tokens[i]
  rule.end = tokens[i - 1]?.span.end ?? rule.end
  if (close?.text === '}') Object.assign(rule, { whole: true, end: close.span.end })
  return close?.text === '}' ? i + 1 : i
}
