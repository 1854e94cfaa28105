import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

const NAMES: ReadonlySet<string> = new Set(['identifier', 'type_identifier', 'package_identifier'])

/** Every name a node mentions as variable, type or package; fields and methods are no names. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (NAMES.has(inner.type)) names.add(text.slice(inner.start, inner.end))
  })
  return names
}

const LITERALS: ReadonlySet<string> = new Set([
  'int_literal',
  'float_literal',
  'imaginary_literal',
  'rune_literal',
  'interpreted_string_literal',
  'raw_string_literal',
  'true',
  'false',
  'nil',
])
const NUMBER_TYPES: ReadonlySet<string> = new Set(
  'int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr byte rune float32 float64'.split(' '),
)
/** Operators that cannot fail on any operands the compiler accepts. */
const TOTAL_OPERATORS: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '&',
  '|',
  '^',
  '&^',
  '&&',
  '||',
  '<',
  '>',
  '<=',
  '>=',
])
const SIGNS: ReadonlySet<string> = new Set(['-', '+', '!', '^'])

/** A constant that needs no name. */
export function isLiteral(node: SyntaxNode): boolean {
  return LITERALS.has(node.type)
}

/** What is known of the names of a file. */
export interface Names {
  readonly imported: ReadonlySet<string>
  /** Names that mean something else here than the language or an import says. */
  readonly shadowed: ReadonlySet<string>
  /** Names of variables and parameters. */
  readonly variables: ReadonlySet<string>
}

/**
 * True when evaluating the expression cannot fail, call code or read anything but the variables it names: no fields of pointers, no elements,
 * no division.
 */
export function isTotal(text: string, node: SyntaxNode, names: Names): boolean {
  return isLiteral(node) || node.type === 'func_literal' || TOTAL.get(node.type)?.(text, node, names) === true
}

type Judge = (text: string, node: SyntaxNode, names: Names) => boolean

const everyTotal: Judge = (text, node, names) => namedChildren(node).every((inner) => isTotal(text, inner, names))

const TOTAL: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['identifier', (text, node) => text.slice(node.start, node.end) !== 'iota'],
  ['parenthesized_expression', everyTotal],
  ['literal_element', everyTotal],
  [
    'literal_value',
    (text, node, names) => namedChildren(node).every((element) => isTotalElement(text, element, names)),
  ],
  ['composite_literal', isTotalComposite],
  ['unary_expression', isTotalUnary],
  ['binary_expression', isTotalBinary],
  ['selector_expression', isImported],
  ['call_expression', isTotalCall],
])

function isTotalComposite(text: string, node: SyntaxNode, names: Names): boolean {
  const body = childByField(node, 'body')
  return body !== null && isTotal(text, body, names)
}

function isTotalElement(text: string, node: SyntaxNode, names: Names): boolean {
  if (node.type !== 'keyed_element') return isTotal(text, node, names)
  const key = childByField(node, 'key')
  const value = childByField(node, 'value')
  const plain = key?.type === 'literal_element' ? key.children[0] : key
  if (!plain || !value || !(isLiteral(plain) || plain.type === 'identifier')) return false
  return isTotal(text, value, names)
}

function isTotalUnary(text: string, node: SyntaxNode, names: Names): boolean {
  const operand = childByField(node, 'operand')
  const operator = childByField(node, 'operator')?.type ?? ''
  if (!operand) return false
  if (operator === '&') return operand.type === 'composite_literal' && isTotal(text, operand, names)
  return SIGNS.has(operator) && isTotal(text, operand, names)
}

function isTotalBinary(text: string, node: SyntaxNode, names: Names): boolean {
  const left = childByField(node, 'left')
  const right = childByField(node, 'right')
  const operator = childByField(node, 'operator')?.type ?? ''
  if (!left || !right || !isTotal(text, left, names) || !isTotal(text, right, names)) return false
  if (operator === '<<' || operator === '>>') return right.type === 'int_literal'
  if (operator === '==' || operator === '!=') return isLiteral(left) || isLiteral(right)
  return TOTAL_OPERATORS.has(operator)
}

/** `pkg.Name`: a constant or variable of another package. */
function isImported(text: string, node: SyntaxNode, names: Names): boolean {
  const operand = childByField(node, 'operand')
  if (operand?.type !== 'identifier') return false
  const name = text.slice(operand.start, operand.end)
  return names.imported.has(name) && !names.shadowed.has(name)
}

/** `make`, `new`, `len`, `cap`, conversions between numbers, and `errors.New`. */
function isTotalCall(text: string, node: SyntaxNode, names: Names): boolean {
  const callee = childByField(node, 'function')
  const list = childByField(node, 'arguments')
  if (!callee || !list) return false
  if (callee.type !== 'identifier') return isNewError(text, callee, list, names)
  const name = text.slice(callee.start, callee.end)
  const [first, ...rest] = namedChildren(list)
  if (!first || names.shadowed.has(name)) return false
  if (name === 'new') return true
  if (name === 'make') return rest.every((size) => size.type === 'int_literal')
  return measures(name, names) && rest.length === 0 && isTotal(text, first, names)
}

/** Builtins of one argument that only look at the value itself. */
function measures(name: string, names: Names): boolean {
  return (name === 'len' || name === 'cap' || NUMBER_TYPES.has(name)) && !names.shadowed.has(name)
}

/** `errors.New("…")`: a fresh value, nothing else. */
function isNewError(text: string, callee: SyntaxNode, list: SyntaxNode, names: Names): boolean {
  if (callee.type !== 'selector_expression' || text.slice(callee.start, callee.end) !== 'errors.New') return false
  const [only, ...more] = namedChildren(list)
  return isImported(text, callee, names) && only !== undefined && more.length === 0 && isLiteral(only)
}

const READING_OPERATORS: ReadonlySet<string> = new Set([...TOTAL_OPERATORS, '==', '!='])

/** True when the expression only reads; where it can fail at all it fails as every nil pointer does. */
export function isReadOnly(text: string, node: SyntaxNode, names: Names): boolean {
  const operator = childByField(node, 'operator')?.type ?? ''
  switch (node.type) {
    case 'identifier':
    case 'field_identifier':
      return true
    case 'parenthesized_expression':
    case 'selector_expression':
      return everyReadOnly(text, node, names)
    case 'unary_expression':
      return SIGNS.has(operator) ? everyReadOnly(text, node, names) : isTotal(text, node, names)
    case 'binary_expression':
      return READING_OPERATORS.has(operator) && everyReadOnly(text, node, names)
    case 'call_expression':
      return isReadOnlyCall(text, node, names)
    default:
      return isTotal(text, node, names)
  }
}

const everyReadOnly: Judge = (text, node, names) => namedChildren(node).every((inner) => isReadOnly(text, inner, names))

function isReadOnlyCall(text: string, node: SyntaxNode, names: Names): boolean {
  const callee = childByField(node, 'function')
  const list = childByField(node, 'arguments')
  if (callee?.type !== 'identifier' || !list) return false
  const [only, ...more] = namedChildren(list)
  return (
    measures(text.slice(callee.start, callee.end), names) &&
    only !== undefined &&
    more.length === 0 &&
    isReadOnly(text, only, names)
  )
}
