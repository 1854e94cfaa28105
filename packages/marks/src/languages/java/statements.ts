import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isTotal } from './expressions.ts'
import type { MethodScene } from './scene.ts'
import { enclosingBody, insideTry, namesIn } from './scope.ts'

/** Adjacent statements of a block that may change places without anybody noticing. */
export function statementSwaps(text: string, list: SyntaxNode, scene: MethodScene): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const parts = mayExchange(text, pair, scene) ? partsOf(text, pair, false) : null
    if (parts) drafts.push(swapDraft('statement-order', parts, [shown(text, pair.first), shown(text, pair.second)]))
  }
  return drafts
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

function mayExchange(text: string, { first, second }: Neighbours, scene: MethodScene): boolean {
  if (isFieldSetup(text, first, scene) && isFieldSetup(text, second, scene))
    return fieldOf(text, first) !== fieldOf(text, second)
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  if ([...writtenNames(text, first)].some((name) => b.has(name))) return false
  if ([...writtenNames(text, second)].some((name) => a.has(name))) return false
  const [bindsA, bindsB] = [isTotalBinding(text, first, scene), isTotalBinding(text, second, scene)]
  if (bindsA && bindsB) return true
  const body = enclosingBody(first)
  if (!body || insideTry(first, body)) return false
  return (bindsA && isSimple(second)) || (bindsB && isSimple(first))
}

/**
 * A declaration of local variables, or an assignment to one, whose values are total. No other code can see a local variable change: what lambdas
 * and inner classes use of a method may never be assigned again.
 */
function isTotalBinding(text: string, statement: SyntaxNode, scene: MethodScene): boolean {
  if (statement.type === 'local_variable_declaration')
    return declarators(statement).every((declarator) => {
      const value = childByField(declarator, 'value')
      return !value || isTotal(text, value, scene.imports)
    })
  const assignment = assignmentOf(statement)
  const target = assignment && childByField(assignment, 'left')
  const value = assignment && childByField(assignment, 'right')
  if (target?.type !== 'identifier' || !value) return false
  const name = text.slice(target.start, target.end)
  return isLocal(name, target, scene, text) && isTotal(text, value, scene.imports)
}

/** True where the name means a variable of the method, not a field. */
function isLocal(name: string, use: SyntaxNode, scene: MethodScene, text: string): boolean {
  return scene.bindings.some(
    (binding) =>
      text.slice(binding.name.start, binding.name.end) === name &&
      binding.name.parent?.parent?.type !== 'field_declaration' &&
      use.start >= binding.from &&
      use.start >= binding.scope.start &&
      use.end <= binding.scope.end,
  )
}

function declarators(declaration: SyntaxNode): SyntaxNode[] {
  return declaration.children.filter((child) => child.type === 'variable_declarator')
}

/** `a = b;` */
function assignmentOf(statement: SyntaxNode): SyntaxNode | null {
  const only = statement.type === 'expression_statement' ? namedChildren(statement)[0] : undefined
  return only?.type === 'assignment_expression' && childByField(only, 'operator')?.type === '=' ? only : null
}

/** Every name that might be declared or changed inside a statement. */
function writtenNames(text: string, statement: SyntaxNode): Set<string> {
  const names = new Set<string>()
  const add = (node: SyntaxNode | null | undefined): void => {
    if (node) for (const name of namesIn(text, node)) names.add(name)
  }
  walkTree(statement, (node) => {
    if (node.type === 'variable_declarator') add(childByField(node, 'name'))
    else if (node.type === 'assignment_expression') add(writtenTarget(childByField(node, 'left')))
    else if (node.type === 'update_expression') add(namedChildren(node)[0])
    else if (node.type === 'instanceof_expression') add(node)
  })
  return names
}

/** In `a[i] = x` and `a.b = x` the names are read. */
function writtenTarget(target: SyntaxNode | null): SyntaxNode | null {
  return target?.type === 'identifier' ? target : target && childByField(target, 'field')
}

/** An expression or declaration that control does not leave other than by an exception. */
function isSimple(statement: SyntaxNode): boolean {
  return statement.type === 'expression_statement' || statement.type === 'local_variable_declaration'
}

/** `this.field = parameter;` or a literal, in a constructor: the object has no other user yet. */
function isFieldSetup(text: string, statement: SyntaxNode, scene: MethodScene): boolean {
  const constructor = statement.parent?.type === 'constructor_body' ? statement.parent.parent : null
  const assignment = assignmentOf(statement)
  const value = assignment && childByField(assignment, 'right')
  if (!constructor || !value || fieldOf(text, statement) === null) return false
  return isLiteral(value) || (value.type === 'identifier' && isParameter(text, value, constructor, scene))
}

function isParameter(text: string, use: SyntaxNode, constructor: SyntaxNode, scene: MethodScene): boolean {
  const name = text.slice(use.start, use.end)
  return scene.bindings.some(
    (binding) =>
      text.slice(binding.name.start, binding.name.end) === name &&
      binding.name.parent?.type === 'formal_parameter' &&
      binding.name.parent.parent?.parent === constructor,
  )
}

/** The field that `this.field = …` sets, or null. */
function fieldOf(text: string, statement: SyntaxNode): string | null {
  const assignment = assignmentOf(statement)
  const target = assignment && childByField(assignment, 'left')
  if (target?.type !== 'field_access' || childByField(target, 'object')?.type !== 'this') return null
  const field = childByField(target, 'field')
  return field && text.slice(field.start, field.end)
}
