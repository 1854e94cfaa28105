import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import type { FileScene, FunctionScene } from './scene.ts'

const NAMES: ReadonlySet<string> = new Set(['identifier', 'type_identifier', 'namespace_identifier'])

/** Every name a node mentions as variable, function, type or namespace; fields are no names. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (NAMES.has(inner.type)) names.add(text.slice(inner.start, inner.end))
  })
  return names
}

const LITERALS: ReadonlySet<string> = new Set([
  'number_literal',
  'char_literal',
  'string_literal',
  'true',
  'false',
  'null',
])
const OPERATORS: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '&',
  '|',
  '^',
  '&&',
  '||',
  '<',
  '>',
  '<=',
  '>=',
  '==',
  '!=',
])
const SIGNS: ReadonlySet<string> = new Set(['-', '+', '!', '~'])

/** A constant that needs no name. */
export function isLiteral(node: SyntaxNode): boolean {
  return LITERALS.has(node.type) || node.type === 'concatenated_string'
}

/** The operator of a node, or nothing. */
export function operatorOf(node: SyntaxNode): string {
  return childByField(node, 'operator')?.type ?? ''
}

/** True when evaluating the expression cannot fail, call code or read anything but plain variables of the function. */
export function isTotal(node: SyntaxNode, scene: FunctionScene): boolean {
  if (isLiteral(node) || node.type === 'sizeof_expression') return true
  return TOTAL.get(node.type)?.(node, scene) === true
}

type Judge = (node: SyntaxNode, scene: FunctionScene) => boolean

const everyTotal: Judge = (node, scene) => namedChildren(node).every((inner) => isTotal(inner, scene))

const TOTAL: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['identifier', isQuietName],
  ['parenthesized_expression', everyTotal],
  ['unary_expression', (node, scene) => SIGNS.has(operatorOf(node)) && everyTotal(node, scene)],
  ['binary_expression', isTotalBinary],
  ['pointer_expression', isAddress],
  ['initializer_list', (node, scene) => !scene.file.cpp && everyTotal(node, scene)],
  ['initializer_pair', (node, scene) => isFieldOnly(node) && valueIsTotal(node, scene)],
  ['cast_expression', (node, scene) => !scene.file.cpp && valueIsTotal(node, scene)],
  ['field_expression', (node, scene) => !scene.file.cpp && operatorOf(node) === '.' && argumentIsName(node, scene)],
])

/** A plain variable of the function, or a constant of the file. */
function isQuietName(node: SyntaxNode, { file, variables }: FunctionScene): boolean {
  const name = file.text.slice(node.start, node.end)
  const variable = variables.get(name)
  if (variable) return variable.plain && (variable.scalar || !file.cpp)
  return file.constants.has(name)
}

function isTotalBinary(node: SyntaxNode, scene: FunctionScene): boolean {
  const right = childByField(node, 'right')
  const operator = operatorOf(node)
  if (!right || !everyTotal(node, scene)) return false
  if (operator === '<<' || operator === '>>') return right.type === 'number_literal'
  if (operator === '/' || operator === '%') return /^[1-9]/.test(scene.file.text.slice(right.start, right.end))
  return OPERATORS.has(operator)
}

/** `&name`. */
function isAddress(node: SyntaxNode, scene: FunctionScene): boolean {
  const operand = childByField(node, 'argument')
  return operatorOf(node) === '&' && operand?.type === 'identifier' && isQuietName(operand, scene)
}

function isFieldOnly(node: SyntaxNode): boolean {
  const designators = node.children.filter((child) => child.field === 'designator')
  return designators.length === 1 && designators[0]?.type === 'field_designator'
}

function valueIsTotal(node: SyntaxNode, scene: FunctionScene): boolean {
  const value = childByField(node, 'value')
  return value !== null && isTotal(value, scene)
}

function argumentIsName(node: SyntaxNode, scene: FunctionScene): boolean {
  const argument = childByField(node, 'argument')
  return argument?.type === 'identifier' && isQuietName(argument, scene)
}

const READING: ReadonlySet<string> = new Set([
  'identifier',
  'field_identifier',
  'parenthesized_expression',
  'field_expression',
  'subscript_expression',
  'subscript_argument_list',
  'unary_expression',
  'binary_expression',
  'pointer_expression',
  'cast_expression',
  'type_descriptor',
  'primitive_type',
  'sized_type_specifier',
  'sizeof_expression',
])

/** True when the C expression only reads. */
export function isReadOnly(node: SyntaxNode, file: FileScene): boolean {
  if (isLiteral(node)) return true
  if (node.type === 'sizeof_expression') return true
  if (!READING.has(node.type) || isVolatileMacro(node, file)) return false
  return namedChildren(node).every((inner) => isReadOnly(inner, file))
}

/** `errno` and macros of the file whose value is no literal may stand for anything. */
function isVolatileMacro(node: SyntaxNode, { text, macros, constants }: FileScene): boolean {
  if (node.type !== 'identifier') return false
  const name = text.slice(node.start, node.end)
  return name === 'errno' || (macros.has(name) && !constants.has(name))
}

/** True when a C++ expression is certainly a number or pointer that is only read. */
export function isNumeric(node: SyntaxNode, scene: FunctionScene): boolean {
  const { text } = scene.file
  switch (node.type) {
    case 'number_literal':
    case 'char_literal':
    case 'sizeof_expression':
      return true
    case 'identifier':
      return scene.variables.get(text.slice(node.start, node.end))?.scalar === true
    case 'parenthesized_expression':
      return namedChildren(node).every((inner) => isNumeric(inner, scene))
    case 'binary_expression':
      return (
        ['+', '-', '*', '/', '%'].includes(operatorOf(node)) &&
        namedChildren(node).every((inner) => isNumeric(inner, scene))
      )
    case 'call_expression':
      return /^[A-Za-z_][\w.]*(?:\.|->)(?:size|length)\(\)$/.test(text.slice(node.start, node.end))
    default:
      return false
  }
}
