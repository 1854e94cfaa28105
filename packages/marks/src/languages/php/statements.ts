import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isLiteral, isTotal } from './expressions.ts'
import {
  enclosingFunction,
  insideTryOrLoop,
  parametersOf,
  sharedVariables,
  usesReflection,
  variableName,
  variablesIn,
} from './scope.ts'

/** Adjacent statements of a block that may change places without anybody noticing. */
export function statementSwaps(text: string, block: SyntaxNode): SiteDraft[] {
  const fn = enclosingFunction(block)
  if (!fn || usesReflection(text, fn)) return []
  const scene = { text, fn, shared: sharedVariables(text, fn) }
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(block)) {
    const parts = mayExchange(pair, scene) ? partsOf(text, pair, false) : null
    if (parts) drafts.push(swapDraft('statement-order', parts, [shown(text, pair.first), shown(text, pair.second)]))
  }
  return drafts
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

interface Scene {
  readonly text: string
  readonly fn: SyntaxNode
  /** Variables that other code may see or change. */
  readonly shared: ReadonlySet<string>
}

function mayExchange({ first, second }: Neighbours, scene: Scene): boolean {
  const { text, fn } = scene
  if (isPropertySetup(first, scene) && isPropertySetup(second, scene))
    return propertyOf(text, first) !== propertyOf(text, second)
  const [targetA, targetB] = [totalTarget(first, scene), totalTarget(second, scene)]
  if (mentions(text, second, targetA) || mentions(text, first, targetB)) return false
  if (targetA !== null && targetB !== null) return true
  if (insideTryOrLoop(first, fn)) return false
  return (isFresh(targetA, first, scene) && isSimple(second)) || (isFresh(targetB, second, scene) && isSimple(first))
}

/** The variable of the function that a statement gives a total value, or null; reading it is nobody else's business. */
function totalTarget(statement: SyntaxNode, { text, shared }: Scene): string | null {
  const assignment = assignmentOf(statement)
  const target = assignment && variableName(text, childByField(assignment, 'left'))
  const value = assignment && childByField(assignment, 'right')
  return target && value && isTotal(value) && !shared.has(target) && !/^_[A-Z]+$|^GLOBALS$/.test(target) ? target : null
}

/** `$a = …;` */
function assignmentOf(statement: SyntaxNode): SyntaxNode | null {
  const only = statement.type === 'expression_statement' ? namedChildren(statement)[0] : undefined
  return only?.type === 'assignment_expression' ? only : null
}

function mentions(text: string, statement: SyntaxNode, target: string | null): boolean {
  return target !== null && variablesIn(text, statement).has(target)
}

/** Nothing before the statement mentions the variable: it holds no object that would end here, and nobody has a reference to it. */
function isFresh(target: string | null, statement: SyntaxNode, { text, fn }: Scene): boolean {
  if (target === null) return false
  let first = true
  walkTree(fn, (node) => {
    if (node.start >= statement.start) return false
    if (variableName(text, node) === target) first = false
    return first
  })
  return first
}

/** An expression that control does not leave other than by an exception. */
function isSimple(statement: SyntaxNode): boolean {
  if (statement.type !== 'expression_statement') return false
  let simple = true
  walkTree(statement, (node) => {
    if (/^(?:yield|exit|throw)_expression$|^exit_statement$/.test(node.type)) simple = false
    return simple
  })
  return simple
}

/** `$this->name = $parameter;` or a literal, in a constructor, for a property that the class declares itself. */
function isPropertySetup(statement: SyntaxNode, { text, fn }: Scene): boolean {
  const assignment = assignmentOf(statement)
  const value = assignment && childByField(assignment, 'right')
  const property = propertyOf(text, statement)
  const name = childByField(fn, 'name')
  const owner = fn.parent
  if (!value || property === null || !name || text.slice(name.start, name.end) !== '__construct' || !owner) return false
  if (!declaresProperty(text, owner, property)) return false
  return isLiteral(value) || parametersOf(text, fn).includes(variableName(text, value) ?? '')
}

function propertyOf(text: string, statement: SyntaxNode): string | null {
  const assignment = assignmentOf(statement)
  const target = assignment && childByField(assignment, 'left')
  if (target?.type !== 'member_access_expression' || variableName(text, childByField(target, 'object')) !== 'this')
    return null
  const name = childByField(target, 'name')
  return name?.type === 'name' ? text.slice(name.start, name.end) : null
}

function declaresProperty(text: string, body: SyntaxNode, property: string): boolean {
  return body.children
    .filter((member) => member.type === 'property_declaration')
    .flatMap((member) => member.children.filter((child) => child.type === 'property_element'))
    .some((element) => variableName(text, childByField(element, 'name')) === property)
}
