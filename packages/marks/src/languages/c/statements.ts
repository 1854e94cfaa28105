import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isMacroCall } from './comparisons.ts'
import { declaratorsOf, declaredNames } from './declarators.ts'
import { isReadOnly, isTotal, namesIn, operatorOf } from './expressions.ts'
import { exposedBy, type FunctionScene, identifiersIn } from './scene.ts'

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
  const fields = [assignedField(first, scene), assignedField(second, scene)]
  if (fields[0] && fields[1]) return fields[0].owner === fields[1].owner && fields[0].field !== fields[1].field
  return areDisjoint(first, second, scene) && commute(first, second, scene)
}

/** Neither statement mentions what the other may change. */
function areDisjoint(first: SyntaxNode, second: SyntaxNode, { file: { text, cpp } }: FunctionScene): boolean {
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  const [writesA, writesB] = [writtenNames(text, first, cpp), writtenNames(text, second, cpp)]
  return [...writesA].every((name) => !b.has(name)) && [...writesB].every((name) => !a.has(name))
}

function commute(first: SyntaxNode, second: SyntaxNode, scene: FunctionScene): boolean {
  const [bindsA, bindsB] = [isTotalBinding(first, scene), isTotalBinding(second, scene)]
  if (bindsA && bindsB) return true
  if (isReadingBinding(first, scene) && isReadingBinding(second, scene)) return true
  return (
    (bindsA && isPrivate(first, scene) && isSimple(second, scene)) ||
    (bindsB && isPrivate(second, scene) && isSimple(first, scene))
  )
}

/** A total binding that no other code can see happen, from values that no other code can change. */
function isPrivate(statement: SyntaxNode, scene: FunctionScene): boolean {
  const { text, cpp, constants } = scene.file
  if (cpp && statement.type !== 'declaration' && isInsideTry(statement)) return false
  // A variable is fresh where it is declared: nobody can know of it yet.
  const fresh = statement.type === 'declaration' ? writtenNames(text, statement, cpp) : new Set<string>()
  return [...identifiersIn(text, statement)].every((name) => {
    if (fresh.has(name) || constants.has(name)) return true
    return scene.variables.get(name)?.plain === true && !scene.shared.has(name)
  })
}

function isInsideTry(statement: SyntaxNode): boolean {
  for (let at = statement.parent; at; at = at.parent) if (at.type === 'try_statement') return true
  return false
}

/** `type name = <total>;` or `name = <total>;` for plain variables of the function: cannot fail, does nothing else. */
function isTotalBinding(statement: SyntaxNode, scene: FunctionScene): boolean {
  return isBinding(statement, scene, (value) => isTotal(value, scene))
}

/** The same with values that read memory, for variables that no pointer reaches. A read that fails has no meaning to keep. */
function isReadingBinding(statement: SyntaxNode, scene: FunctionScene): boolean {
  const { text, cpp, hasVolatile } = scene.file
  if (cpp || hasVolatile || !isBinding(statement, scene, (value) => isReadOnly(value, scene.file))) return false
  return [...writtenNames(text, statement, cpp)].every((name) => !scene.shared.has(name))
}

function isBinding(statement: SyntaxNode, scene: FunctionScene, passes: (value: SyntaxNode) => boolean): boolean {
  if (statement.type === 'declaration') return isPlainDeclaration(statement, scene, passes)
  const assignment = plainAssignment(statement)
  const left = assignment && childByField(assignment, 'left')
  const right = assignment && childByField(assignment, 'right')
  return left?.type === 'identifier' && right !== null && isOwn(left, scene) && passes(right)
}

function isPlainDeclaration(
  statement: SyntaxNode,
  scene: FunctionScene,
  passes: (value: SyntaxNode) => boolean,
): boolean {
  const type = childByField(statement, 'type')
  if (!type || childByField(type, 'body')) return false
  const declarators = declaratorsOf(statement)
  return (
    declarators.length > 0 &&
    declarators.every((declarator) => {
      const value = childByField(declarator, 'value')
      const own = declaredNames(declarator).every((name) => isOwn(name, scene))
      return own && (declarator.type !== 'init_declarator' || (value !== null && passes(value)))
    })
  )
}

function isOwn(name: SyntaxNode, { file: { text, cpp }, variables }: FunctionScene): boolean {
  const variable = variables.get(text.slice(name.start, name.end))
  return variable !== undefined && variable.plain && (variable.scalar || !cpp)
}

function plainAssignment(statement: SyntaxNode): SyntaxNode | null {
  const only = statement.type === 'expression_statement' ? namedChildren(statement)[0] : undefined
  return only?.type === 'assignment_expression' && operatorOf(only) === '=' ? only : null
}

/** Every variable that a statement might change, and that it lets others change. */
function writtenNames(text: string, statement: SyntaxNode, cpp: boolean): Set<string> {
  const names = new Set<string>()
  walkTree(statement, (node) => {
    for (const target of [...targetsOf(node), ...exposedBy(node, cpp)])
      for (const name of identifiersIn(text, target)) names.add(name)
  })
  return names
}

function targetsOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === 'assignment_expression') return node.children.filter((child) => child.field === 'left')
  if (node.type === 'update_expression') return namedChildren(node)
  return node.type === 'declaration' ? declaratorsOf(node).flatMap(declaredNames) : []
}

/** An expression or declaration that control does not leave other than by an exception or the end of the program. */
function isSimple(statement: SyntaxNode, { file }: FunctionScene): boolean {
  if (statement.type !== 'expression_statement' && statement.type !== 'declaration') return false
  let simple = true
  walkTree(statement, (node) => {
    if (NEVER_CROSSED.has(node.type) || (node.type === 'call_expression' && isMacroCall(node, file))) simple = false
    return simple
  })
  return simple
}

const NEVER_CROSSED: ReadonlySet<string> = new Set([
  'compound_statement',
  'co_await_expression',
  'co_yield_statement',
  'lambda_expression',
  'throw_expression',
])

interface AssignedField {
  readonly owner: string
  readonly field: string
}

/** `v.field = <total>` or `p->field = <total>` where the type of the variable says that `field` is one of its own. */
function assignedField(statement: SyntaxNode, scene: FunctionScene): AssignedField | null {
  const { text } = scene.file
  const assignment = plainAssignment(statement)
  const left = assignment && childByField(assignment, 'left')
  const right = assignment && childByField(assignment, 'right')
  if (!right || left?.type !== 'field_expression') return null
  const found = ownField(left, scene)
  return found && isTotal(right, scene) && !identifiersIn(text, right).has(found.owner) ? found : null
}

function ownField(expression: SyntaxNode, scene: FunctionScene): AssignedField | null {
  const { text, cpp, structs } = scene.file
  const argument = childByField(expression, 'argument')
  const member = childByField(expression, 'field')
  if (!member || argument?.type !== 'identifier') return null
  const owner = text.slice(argument.start, argument.end)
  const field = text.slice(member.start, member.end)
  const variable = scene.variables.get(owner)
  const scalar = structs.get(variable?.type ?? '')?.get(field)
  return variable?.plain && scalar !== undefined && (scalar || !cpp) ? { owner, field } : null
}
