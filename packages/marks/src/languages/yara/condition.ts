import type { Span } from '../../site.ts'
import { type Token, spanOver } from './tokens.ts'

/** Operands joined by one `and` or one `or`. `key` is content that does not depend on layout, string names or operand order. */
export interface Chain {
  readonly operator: 'and' | 'or'
  /** How deep in parentheses; 0 is the whole condition. */
  readonly depth: number
  readonly operands: readonly Operand[]
}

/** One operand with its tokens. */
export interface Operand {
  readonly span: Span
  readonly key: string
  readonly tokens: readonly Token[]
}

/**
 * The and/or chains of a condition, outermost first. Exact because nothing in YARA binds weaker than `or` and `and` and both stand only between
 * whole boolean expressions of one pair of parentheses. Parentheses nested deeper than 60 are left alone.
 *
 * @param spellRef - content of a string that `$a`, `#a`, `@a` or `!a` refers to
 */
export function chainsOf(condition: readonly Token[], spellRef: (ref: string) => string): readonly Chain[] {
  const chains: Chain[] = []
  collect(condition, spellRef, chains, 0)
  return chains
}

function collect(tokens: readonly Token[], spellRef: (ref: string) => string, chains: Chain[], depth: number): void {
  if (depth > 60) return
  for (const operator of ['or', 'and'] as const) {
    const parts = splitAt(tokens, operator)
    if (parts.length < 2) continue
    if (parts.some((part) => part.length === 0)) return
    chains.push({ operator, depth, operands: parts.map((part) => operandOf(part, spellRef)) })
    for (const part of parts) collect(part, spellRef, chains, depth)
    return
  }
  for (const group of groupsOf(tokens)) collect(group, spellRef, chains, depth + 1)
}

function operandOf(tokens: readonly Token[], spellRef: (ref: string) => string): Operand {
  return { span: spanOver(tokens), key: canonical(tokens, spellRef, 0), tokens }
}

/** A spelling of an expression in which operands of `and` and `or` are sorted and strings stand for their names. */
export function canonical(tokens: readonly Token[], spellRef: (ref: string) => string, depth: number): string {
  if (depth > 60) return tokens.map((token) => token.text).join(' ')
  for (const operator of ['or', 'and']) {
    const parts = splitAt(tokens, operator)
    if (parts.length < 2) continue
    const spelled = parts.map((part) => canonical(part, spellRef, depth + 1))
    return `[${spelled.sort().join(` ${operator} `)}]`
  }
  const out: string[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token === undefined) break
    const close = token.text === '(' ? closing(tokens, i) : -1
    if (close < 0) {
      out.push(token.kind === 'ref' ? spellRef(token.text) : token.text)
      continue
    }
    out.push('(', canonical(tokens.slice(i + 1, close), spellRef, depth + 1), ')')
    i = close
  }
  return out.join(' ')
}

function splitAt(tokens: readonly Token[], operator: string): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.text === '(' || token.text === '[') depth += 1
    if (token.text === ')' || token.text === ']') depth -= 1
    if (depth === 0 && token.kind === 'word' && token.text === operator) parts.push([])
    else parts[parts.length - 1]?.push(token)
  }
  return parts
}

function groupsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const groups: (readonly Token[])[] = []
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]?.text !== '(') continue
    const close = closing(tokens, i)
    if (close < 0) continue
    groups.push(tokens.slice(i + 1, close))
    i = close
  }
  return groups
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]?.text === '(') depth += 1
    if (tokens[i]?.text === ')') depth -= 1
    if (depth === 0) return i
  }
  return -1
}
