import type { Span } from '../../site.ts'

/** An operand of a Sigma condition. Offsets count from the start of the condition's value. */
export interface Operand {
  readonly span: Span
  readonly key: string
  readonly words: readonly string[]
}

/** Operands joined by one `and` or one `or`. */
export interface Chain {
  readonly operator: string
  readonly depth: number
  readonly operands: readonly Operand[]
}

interface Word {
  readonly text: string
  readonly span: Span
}

const DEEPEST = 40

/** The and/or chains of a condition; none when it aggregates (`|`), uses `near`, or its parentheses do not match. */
export function chainsOf(condition: string): readonly Chain[] {
  const words = wordsOf(condition)
  if (words.some((word) => word.text === '|' || word.text.toLowerCase() === 'near') || !balanced(words)) return []
  const chains: Chain[] = []
  collect(words, chains, 0)
  return chains
}

/** A spelling in which operands of `and` and `or` are sorted; aggregating conditions are spelled as they are. */
export function canonicalCondition(condition: string): string {
  const words = wordsOf(condition)
  return words.some((word) => word.text === '|') || !balanced(words) ? condition : spell(words, 0)
}

function wordsOf(condition: string): readonly Word[] {
  return [...condition.matchAll(/[()|]|[^\s()|]+/g)].map((match) => ({
    text: match[0],
    span: { start: match.index, end: match.index + match[0].length },
  }))
}

function balanced(words: readonly Word[]): boolean {
  let depth = 0
  for (const word of words) {
    if (word.text === '(') depth += 1
    if (word.text === ')') depth -= 1
    if (depth < 0 || depth > DEEPEST) return false
  }
  return depth === 0
}

function collect(words: readonly Word[], chains: Chain[], depth: number): void {
  for (const operator of ['or', 'and']) {
    const parts = splitAt(words, operator)
    if (parts.length < 2) continue
    if (!parts.every(isExpression)) return
    chains.push({ operator, depth, operands: parts.map(operandOf) })
    for (const part of parts) collect(part, chains, depth)
    return
  }
  const open = words.findIndex((word) => word.text === '(')
  if (open >= 0) collect(words.slice(open + 1, -1), chains, depth + 1)
}

/** `not`s before a name, a quantifier (`1 of selection_*`), something in parentheses, or a longer chain; anything else is not Sigma. */
function isExpression(words: readonly Word[]): boolean {
  const texts = words.map((word) => word.text.toLowerCase())
  if (texts.includes('and') || texts.includes('or')) return true
  const rest = texts.slice(texts.findIndex((text) => text !== 'not'))
  if (rest[0] === '(') return rest[rest.length - 1] === ')'
  return rest.length === 1 || (rest.length === 3 && rest[1] === 'of')
}

function operandOf(words: readonly Word[]): Operand {
  const span = { start: words[0]?.span.start ?? 0, end: words[words.length - 1]?.span.end ?? 0 }
  return { span, key: spell(words, 0), words: words.map((word) => word.text) }
}

function splitAt(words: readonly Word[], operator: string): readonly (readonly Word[])[] {
  const parts: Word[][] = [[]]
  let depth = 0
  for (const word of words) {
    if (word.text === '(') depth += 1
    if (word.text === ')') depth -= 1
    if (depth === 0 && word.text.toLowerCase() === operator) parts.push([])
    else parts[parts.length - 1]?.push(word)
  }
  return parts
}

function spell(words: readonly Word[], depth: number): string {
  for (const operator of depth > DEEPEST ? [] : ['or', 'and']) {
    const parts = splitAt(words, operator)
    if (parts.length < 2) continue
    const spelled = parts.map((part) => spell(part, depth + 1))
    return `[${spelled.sort().join(` ${operator} `)}]`
  }
  const open = words.findIndex((word) => word.text === '(')
  if (open < 0 || words[words.length - 1]?.text !== ')' || depth > DEEPEST)
    return words.map((word) => word.text).join(' ')
  const head = words.slice(0, open).map((word) => word.text.toLowerCase())
  return [...head, `(${spell(words.slice(open + 1, -1), depth + 1)})`].join(' ')
}
