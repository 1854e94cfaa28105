import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { enclosingFunction, variableName } from './scope.ts'

/**
 * Neighbouring arms of a `match` over different constants, and neighbouring cases of a `switch` over a value that is certainly a text: loose
 * comparison finds `true` equal to every word.
 */
export function caseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type === 'match_block') return swapsOf(text, node, matchConstants)
  const subject = node.type === 'switch_block' && node.parent ? childByField(node.parent, 'condition') : null
  return subject && isText(text, subject) ? swapsOf(text, node, switchConstants) : []
}

type Constants = (text: string, arm: SyntaxNode) => readonly string[] | null

function swapsOf(text: string, block: SyntaxNode, constants: Constants): SiteDraft[] {
  const arms = namedChildren(block)
  const values = arms.map((arm) => (arm.type.includes('default') ? [] : constants(text, arm)))
  const all = values.flatMap((some) => some ?? [])
  if (values.includes(null) || new Set(all).size < all.length) return []
  return neighbourPairs(block).flatMap((pair) => {
    const at = arms.indexOf(pair.first)
    const [a = '', b = ''] = [values[at]?.[0], values[at + 1]?.[0]]
    const closed = arms.slice(Math.max(0, at - 1), at + 2).every(isClosed)
    if (a === '' || b === '' || !closed) return []
    const parts = block.type === 'match_block' ? armParts(text, pair.first, pair.second) : partsOf(text, pair, true)
    if (!parts || !text.slice(parts[0].end, parts[1].start).includes('\n')) return []
    return [swapDraft('case-order', parts, [oneLine(a).slice(0, 36), oneLine(b).slice(0, 36)])]
  })
}

/** Arms without the comma between them; none where a comment stands near. */
function armParts(text: string, first: SyntaxNode, second: SyntaxNode): readonly [SyntaxNode, SyntaxNode] | null {
  const end = text.indexOf('\n', second.end)
  const near = text.slice(second.end, end < 0 ? text.length : end)
  return /^\s*,\s*$/.test(text.slice(first.end, second.start)) && !/\/[/*]|#/.test(near) ? [first, second] : null
}

function matchConstants(text: string, arm: SyntaxNode): string[] | null {
  const list = childByField(arm, 'conditional_expressions')
  const values = list ? namedChildren(list) : []
  const constants = values.map((value) => constantOf(text, value))
  return constants.length > 0 && constants.every((value) => value !== null) ? constants : null
}

function constantOf(text: string, value: SyntaxNode): string | null {
  const written = text.slice(value.start, value.end)
  if (value.type === 'integer') return /^(?:0|[1-9]\d{0,8})$/.test(written) ? written : null
  return value.type === 'string' && /^'[^'\\]*'$/.test(written) ? written : null
}

/** Words that no comparison takes for numbers. */
function switchConstants(text: string, arm: SyntaxNode): string[] | null {
  const value = childByField(arm, 'value')
  const written = value?.type === 'string' ? text.slice(value.start, value.end) : ''
  return /^'[A-Za-z_][^'\\]*'$/.test(written) ? [written] : null
}

const JUMPS: ReadonlySet<string> = new Set([
  'break_statement',
  'return_statement',
  'continue_statement',
  'exit_statement',
])

/** True when control never runs on into the next case; arms of a `match` never do. */
function isClosed(arm: SyntaxNode): boolean {
  if (arm.type.startsWith('match_')) return true
  const last = namedChildren(arm).at(-1)
  const inner = last?.type === 'expression_statement' ? namedChildren(last)[0] : undefined
  return last !== undefined && (JUMPS.has(last.type) || inner?.type === 'throw_expression')
}

const TEXT_FUNCTIONS = /^\\?(?:strtolower|strtoupper|trim|ltrim|rtrim|gettype|ucfirst|basename|php_sapi_name)$/

/** What certainly gives a text: a function of the language, or a parameter declared as `string` that nothing in the function changes. */
function isText(text: string, subject: SyntaxNode): boolean {
  const value = subject.type === 'parenthesized_expression' ? namedChildren(subject)[0] : subject
  const callee = value?.type === 'function_call_expression' ? childByField(value, 'function') : null
  if (callee) return TEXT_FUNCTIONS.test(text.slice(callee.start, callee.end))
  const name = variableName(text, value)
  const fn = enclosingFunction(subject)
  const list = fn && childByField(fn, 'parameters')
  const parameter = list?.children.find((child) => variableName(text, childByField(child, 'name')) === name)
  const type = parameter && childByField(parameter, 'type')
  if (!fn || !name || !type || text.slice(type.start, type.end) !== 'string') return false
  return !new RegExp(`&\\s*\\$${name}\\b|\\$${name}\\s*(?:[^=!<>\\s]{0,3}=[^=>]|\\+\\+|--)`).test(
    text.slice(fn.start, fn.end),
  )
}
