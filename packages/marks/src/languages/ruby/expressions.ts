import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { hasInterpolation } from './literals.ts'

const CONSTANTS: ReadonlySet<string> = new Set([
  'integer',
  'float',
  'true',
  'false',
  'nil',
  'simple_symbol',
  'string_array',
  'symbol_array',
  'character',
])
const EMPTY_COLLECTIONS = /^(?:Hash|Array|String|Object|Mutex|Queue)\.new(?:\(\))?$/

/** A number, constant, symbol or string without interpolation. */
export function isConstant(node: SyntaxNode): boolean {
  if (CONSTANTS.has(node.type)) return node.children.every((child) => !hasInterpolation(child))
  return node.type === 'string' && !hasInterpolation(node)
}

/**
 * True when evaluating the expression cannot fail, call code or see a change: literals, displays of them, new empty collections, instance
 * variables, names in `locals`.
 */
export function isTotal(text: string, node: SyntaxNode, locals: ReadonlySet<string>): boolean {
  if (isConstant(node) || node.type === 'instance_variable') return true
  if (node.type === 'identifier') return locals.has(text.slice(node.start, node.end))
  if (node.type === 'array') return namedChildren(node).every((child) => isTotal(text, child, locals))
  if (node.type === 'hash') return namedChildren(node).every((child) => isTotalPair(text, child, locals))
  if (node.type === 'call') return isFrozenLiteral(text, node, locals) || isEmptyCollection(text, node)
  return isArithmetic(text, node)
}

function isTotalPair(text: string, node: SyntaxNode, locals: ReadonlySet<string>): boolean {
  const key = childByField(node, 'key')
  const value = childByField(node, 'value')
  if (node.type !== 'pair' || !key || !value) return false
  return (key.type === 'hash_key_symbol' || isConstant(key)) && isTotal(text, value, locals)
}

/** `[…].freeze`, `'…'.dup`. */
function isFrozenLiteral(text: string, node: SyntaxNode, locals: ReadonlySet<string>): boolean {
  const receiver = childByField(node, 'receiver')
  if (!receiver || node.children.length !== 3 || !/^(?:freeze|dup)$/.test(methodName(text, node))) return false
  return receiver.type !== 'identifier' && receiver.type !== 'instance_variable' && isTotal(text, receiver, locals)
}

function isEmptyCollection(text: string, node: SyntaxNode): boolean {
  return EMPTY_COLLECTIONS.test(text.slice(node.start, node.end))
}

/** Small arithmetic on number literals. */
function isArithmetic(text: string, node: SyntaxNode): boolean {
  if (node.type === 'integer') return node.end - node.start <= 6
  if (node.type === 'unary') return text.charAt(node.start) === '-' && namedChildren(node).every(isPlainNumber)
  return isSum(node) && namedChildren(node).every((child) => isArithmetic(text, child))
}

function isPlainNumber(node: SyntaxNode): boolean {
  return node.type === 'integer' || node.type === 'float'
}

/** Name of the method a call sends; empty for calls of procs. */
export function methodName(text: string, call: SyntaxNode): string {
  const method = childByField(call, 'method')
  return method ? text.slice(method.start, method.end) : ''
}

/** Methods without arguments that everybody expects only to tell something. */
const TELLING = /^(?:length|size|bytesize|to_i|to_s|to_sym|ord|first|last|min|max|begin|end|year|month|day|hour|to_f)$/
const NUMERIC = /^(?:length|size|bytesize|to_i|ord)$/
const LEAVES: ReadonlySet<string> = new Set(['identifier', 'instance_variable', 'class_variable', 'constant', 'self'])

const READING: ReadonlySet<string> = new Set(['element_reference', 'scope_resolution', 'parenthesized_statements'])

/** True when the expression only reads variables, literals, elements and lengths. It may fail. */
export function isReadOnly(text: string, node: SyntaxNode, locals: ReadonlySet<string>): boolean {
  const reads = (inner: SyntaxNode): boolean => isReadOnly(text, inner, locals)
  if (node.type === 'identifier') return locals.has(text.slice(node.start, node.end))
  if (isConstant(node) || LEAVES.has(node.type)) return true
  if (READING.has(node.type) || isSum(node)) return namedChildren(node).every(reads)
  if (node.type === 'string')
    return node.children.every((child) => child.type !== 'interpolation' || namedChildren(child).every(reads))
  return isTelling(text, node, TELLING) && reads(childByField(node, 'receiver')!)
}

function isSum(node: SyntaxNode): boolean {
  return node.type === 'binary' && ['+', '-', '*'].includes(childByField(node, 'operator')?.type ?? '')
}

function isTelling(text: string, node: SyntaxNode, methods: RegExp): boolean {
  if (node.type !== 'call' || !childByField(node, 'receiver') || !methods.test(methodName(text, node))) return false
  return (
    childByField(node, 'operator')?.type !== '&.' && !childByField(node, 'arguments') && !childByField(node, 'block')
  )
}

/** True when the value is certainly a number: a literal, a length, arithmetic with one of these on its left. */
export function isNumeric(text: string, node: SyntaxNode): boolean {
  if (isPlainNumber(node) || isTelling(text, node, NUMERIC)) return true
  const left = isSum(node) ? childByField(node, 'left') : null
  return left !== null && isNumeric(text, left)
}
