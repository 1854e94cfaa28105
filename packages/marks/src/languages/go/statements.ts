import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isReadOnly, isTotal, namesIn } from './expressions.ts'
import { specsOf } from './model.ts'
import type { FunctionScene } from './scene.ts'

/** Adjacent statements of a block that may change places without anybody noticing. */
export function statementSwaps(list: SyntaxNode, scene: FunctionScene): SiteDraft[] {
  const { text } = scene.file
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const parts = mayExchange(pair, scene) ? partsOf(text, pair, false) : null
    if (parts) drafts.push(swapDraft('statement-order', parts, [shown(text, pair.first), shown(text, pair.second)]))
  }
  return drafts
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

function mayExchange({ first, second }: Neighbours, scene: FunctionScene): boolean {
  const { text } = scene.file
  if (isFieldAssignment(first, scene) && isFieldAssignment(second, scene))
    return fieldOf(text, first) !== fieldOf(text, second)
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  const [writesA, writesB] = [writtenNames(text, first), writtenNames(text, second)]
  if ([...writesA].some((name) => b.has(name)) || [...writesB].some((name) => a.has(name))) return false
  return commute(first, second, scene)
}

function commute(first: SyntaxNode, second: SyntaxNode, scene: FunctionScene): boolean {
  const [bindsA, bindsB] = [isTotalBinding(first, scene), isTotalBinding(second, scene)]
  if (bindsA && bindsB) return true
  if (isReadingBinding(first, scene) && isReadingBinding(second, scene)) return true
  return (
    (bindsA && isPrivate(first, scene) && isSimple(second)) || (bindsB && isPrivate(second, scene) && isSimple(first))
  )
}

/** All names of the statement are variables of the function that no other code can see or change, or predeclared. */
function isPrivate(statement: SyntaxNode, scene: FunctionScene): boolean {
  const { text } = scene.file
  const fresh = freshNames(text, statement)
  return [...namesIn(text, statement)].every(
    (name) => fresh.has(name) || ((scene.own.has(name) || BUILTIN.has(name)) && !scene.shared.has(name)),
  )
}

/** Variables that begin to exist here: nobody can know of them yet. Of several names before `:=` some may be old. */
function freshNames(text: string, statement: SyntaxNode): ReadonlySet<string> {
  if (statement.type === 'var_declaration') return writtenNames(text, statement)
  const left = statement.type === 'short_var_declaration' ? childByField(statement, 'left') : null
  return left && namedChildren(left).length === 1 ? namesIn(text, left) : new Set()
}

/** Predeclared names that a total expression may hold. */
const BUILTIN: ReadonlySet<string> = new Set(
  (
    'int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr byte rune float32 float64 complex64 complex128 ' +
    'string bool error any len cap make new'
  ).split(' '),
)

/** `name := <total>`, `var name T`, `name = <total>` for variables of the function: cannot fail, does nothing else. */
function isTotalBinding(statement: SyntaxNode, scene: FunctionScene): boolean {
  const { text, names } = scene.file
  return isBinding(statement, scene, (value) => isTotal(text, value, names))
}

/** The same with values that read fields, for variables that no pointer reaches. Where two of them fail they fail alike. */
function isReadingBinding(statement: SyntaxNode, scene: FunctionScene): boolean {
  const { text, names } = scene.file
  if (!isBinding(statement, scene, (value) => isReadOnly(text, value, names))) return false
  const fresh = freshNames(text, statement)
  return [...writtenNames(text, statement)].every((name) => fresh.has(name) || !scene.shared.has(name))
}

function isBinding(statement: SyntaxNode, scene: FunctionScene, passes: (value: SyntaxNode) => boolean): boolean {
  const { text } = scene.file
  if (statement.type === 'var_declaration') {
    const specs = specsOf(statement)
    return specs.length > 0 && specs.every((spec) => isPlainSpec(text, spec, passes))
  }
  if (statement.type !== 'short_var_declaration' && !isPlainAssignment(statement)) return false
  const left = childByField(statement, 'left')
  const right = childByField(statement, 'right')
  if (!left || !right || namedChildren(left).length !== namedChildren(right).length) return false
  const local = namedChildren(left).every(
    (target) => target.type === 'identifier' && scene.own.has(text.slice(target.start, target.end)),
  )
  return local && namedChildren(right).every(passes)
}

function isPlainAssignment(statement: SyntaxNode): boolean {
  return statement.type === 'assignment_statement' && childByField(statement, 'operator')?.type === '='
}

function isPlainSpec(text: string, spec: SyntaxNode, passes: (value: SyntaxNode) => boolean): boolean {
  const values = childByField(spec, 'value')
  const blank = spec.children.some((child) => child.field === 'name' && text.slice(child.start, child.end) === '_')
  if (blank) return false
  return values ? namedChildren(values).every(passes) : childByField(spec, 'type') !== null
}

/** Every variable that might be declared or changed by name inside a statement. */
export function writtenNames(text: string, statement: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(statement, (node) => {
    for (const target of targetsOf(node)) for (const name of namesIn(text, target)) names.add(name)
  })
  return names
}

function targetsOf(node: SyntaxNode): readonly SyntaxNode[] {
  switch (node.type) {
    case 'short_var_declaration':
    case 'assignment_statement':
    case 'range_clause':
    case 'receive_statement':
      return node.children.filter((child) => child.field === 'left')
    case 'inc_statement':
    case 'dec_statement':
      return namedChildren(node)
    case 'var_spec':
    case 'const_spec':
      return node.children.filter((child) => child.field === 'name')
    default:
      return []
  }
}

const SIMPLE: ReadonlySet<string> = new Set([
  'expression_statement',
  'short_var_declaration',
  'assignment_statement',
  'inc_statement',
  'dec_statement',
  'var_declaration',
])

/** A statement that control does not leave other than by a panic, and that waits for nobody. */
function isSimple(statement: SyntaxNode): boolean {
  if (!SIMPLE.has(statement.type)) return false
  let simple = true
  walkTree(statement, (node) => {
    if (node.type === '<-') simple = false
    return simple
  })
  return simple
}

/** `r.field = <total>` in a method, where the receiver's type says that `field` is a field of its own. */
function isFieldAssignment(statement: SyntaxNode, { file: { text, names }, receiver }: FunctionScene): boolean {
  if (!receiver || !isPlainAssignment(statement)) return false
  const target = onlyTarget(statement)
  const value = onlyChild(childByField(statement, 'right'))
  const operand = target?.type === 'selector_expression' ? childByField(target, 'operand') : null
  if (!operand || !value || text.slice(operand.start, operand.end) !== receiver.name) return false
  return receiver.fields.has(fieldOf(text, statement)) && isTotal(text, value, names)
}

function fieldOf(text: string, statement: SyntaxNode): string {
  const target = onlyTarget(statement)
  const field = target && childByField(target, 'field')
  return field ? text.slice(field.start, field.end) : ''
}

function onlyTarget(statement: SyntaxNode): SyntaxNode | null {
  return onlyChild(childByField(statement, 'left'))
}

function onlyChild(node: SyntaxNode | null): SyntaxNode | null {
  const children = node ? namedChildren(node) : []
  return children.length === 1 ? (children[0] ?? null) : null
}
