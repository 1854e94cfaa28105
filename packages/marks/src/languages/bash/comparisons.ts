import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { comparisonDraft, oneLine } from '../../internal/code/drafts.ts'
import type { Comparison, Idiom } from '../../internal/code/model.ts'
import type { SiteDraft } from '../../language.ts'
import { textOf } from './scope.ts'

const SIGNS: Readonly<Record<string, Comparison['operator']>> = { '-lt': '<', '-gt': '>', '-le': '<=', '-ge': '>=' }
const MIRROR: Readonly<Record<string, string>> = { '-lt': '-gt', '-gt': '-lt', '-le': '-ge', '-ge': '-le' }

/** The comparison of numbers that an expression is: `a -lt b` in a test, `a < b` in arithmetic. */
export function comparisonOf(text: string, node: SyntaxNode): Comparison | null {
  const left = childByField(node, 'left')
  const right = childByField(node, 'right')
  const operator = childByField(node, 'operator')
  if (node.type !== 'binary_expression' || !left || !right || !operator) return null
  const sign = SIGNS[textOf(text, operator)] ?? (isArithmetic(node) ? operator.type : '')
  if (sign !== '<' && sign !== '>' && sign !== '<=' && sign !== '>=') return null
  return { operator: sign, left, right, node }
}

/** In `[[`, `<` compares texts by the rules of a language. */
function isArithmetic(node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'arithmetic_expansion' || at.children[0]?.type === '((') return true
    if (at.type === 'test_command') return false
  }
  return false
}

/** `a -lt b` as `b -gt a`: both operands only read variables. */
export function comparisonFlip(text: string, node: SyntaxNode): SiteDraft | null {
  const comparison = comparisonOf(text, node)
  const operator = childByField(node, 'operator')
  if (!comparison || !operator || isLoopHead(node)) return null
  const { left, right } = comparison
  if (!isQuietOperand(text, left) || !isQuietOperand(text, right)) return null
  const draft = comparisonDraft(text, left, operator, right)
  const word = textOf(text, operator)
  const mirrored = MIRROR[word]
  if (mirrored === undefined) return draft
  const [original] = draft.variants
  const flipped = oneLine(`${textOf(text, right)} ${mirrored} ${textOf(text, left)}`)
  return {
    ...draft,
    variants: [
      original!,
      {
        order: [1, 0],
        edits: [{ span: { start: operator.start, end: operator.end }, text: mirrored }],
        shown: flipped,
      },
    ],
    anchor: { read: 'comparison', forms: word === '-lt' || word === '-le' ? ['<', '>'] : ['>', '<'] },
  }
}

function isLoopHead(node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'c_style_for_statement') return node.end <= (childByField(at, 'body')?.start ?? at.end)
    if (at.type === 'do_group' || at.type === 'compound_statement') return false
  }
  return false
}

/** A variable or a length, quoted where an empty one would change the test. */
function isQuietOperand(text: string, node: SyntaxNode): boolean {
  const source = textOf(text, node)
  if (node.type === 'variable_name') return /^[A-Za-z_]/.test(source)
  const only = node.type === 'string' ? namedChildren(node) : [node]
  if (node.type !== 'string' && isSingleBracket(node)) return false
  return (
    only.length === 1 &&
    /^\$(?:\w+|\{\w+\}|\{#\w+(?:\[[@*]\])?\})$/.test(textOf(text, only[0])) &&
    /^"?\$[^"]*"?$/.test(source)
  )
}

function isSingleBracket(node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) if (at.type === 'test_command') return at.children[0]?.type === '['
  return false
}

/** Both directions of a comparison as one construct, for the canonical form. */
export function comparisonIdiom(node: SyntaxNode, text: string): Idiom | null {
  const comparison = comparisonOf(text, node)
  if (!comparison) return null
  const { operator, left, right } = comparison
  const essence = operator.startsWith('<') ? [left, right] : [right, left]
  return { node, family: operator.length === 1 ? 'less' : 'at most', form: operator, essence }
}
