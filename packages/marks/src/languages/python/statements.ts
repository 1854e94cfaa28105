import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isTotal, namesIn } from './expressions.ts'
import { capturedNames, enclosingFunction, insideTry, outerNames, parameterNames, usesReflection } from './scope.ts'

/** Adjacent statements of a block that may change places without anybody noticing. */
export function statementSwaps(text: string, block: SyntaxNode): SiteDraft[] {
  if (block.parent?.type === 'class_definition') return []
  const fn = enclosingFunction(block)
  const scene = fn ? functionScene(text, fn) : moduleScene(text, block)
  if (!scene) return []
  const bound = new Set(scene.bound)
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(block)) {
    if (mayExchange(text, pair, bound, scene)) {
      const parts = partsOf(text, pair, false)
      if (parts) drafts.push(swapDraft('statement-order', parts, [shown(text, pair.first), shown(text, pair.second)]))
    }
    for (const name of simpleTargets(text, pair.first) ?? []) bound.add(name)
  }
  return drafts
}

/** What is known of the code around a block. */
interface Scene {
  readonly fn: SyntaxNode | null
  /** Names that have a value when the block starts. */
  readonly bound: ReadonlySet<string>
  /** Names that other code may see or change while the block runs. */
  readonly shared: ReadonlySet<string>
}

function functionScene(text: string, fn: SyntaxNode): Scene | null {
  if (fn.type === 'lambda' || usesReflection(text, fn) || /\bdel\b/.test(text.slice(fn.start, fn.end))) return null
  const shared = new Set([...capturedNames(text, fn), ...outerNames(text, fn)])
  return { fn, bound: parameterNames(text, fn), shared }
}

function moduleScene(text: string, block: SyntaxNode): Scene | null {
  if (block.type !== 'module' || usesReflection(text, block)) return null
  return { fn: null, bound: new Set(), shared: new Set() }
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

/** Names a statement binds when it is `name = …` or `a = b = …`; null for everything else. */
function simpleTargets(text: string, statement: SyntaxNode): string[] | null {
  const assignment = assignmentOf(statement)
  if (!assignment) return null
  const target = childByField(assignment, 'left')
  return target?.type === 'identifier' ? [text.slice(target.start, target.end)] : null
}

function assignmentOf(statement: SyntaxNode): SyntaxNode | null {
  const only = namedChildren(statement)[0]
  if (statement.type !== 'expression_statement' || only?.type !== 'assignment') return null
  return childByField(only, 'right') ? only : null
}

function mayExchange(text: string, pair: Neighbours, bound: ReadonlySet<string>, scene: Scene): boolean {
  const { first, second } = pair
  if (disjoint(text, first, second)) {
    if (isTotalBinding(text, first, bound) && isTotalBinding(text, second, bound)) return true
    if (isTotalAttribute(text, first, bound) && isTotalAttribute(text, second, bound)) return true
    if (scene.fn && !insideTry(first, scene.fn))
      return (
        (isPrivateBinding(text, first, bound, scene) && isSimple(second)) ||
        (isPrivateBinding(text, second, bound, scene) && isSimple(first))
      )
  }
  return false
}

/** Neither statement mentions a name the other binds. */
function disjoint(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  const [writesA, writesB] = [writtenNames(text, first), writtenNames(text, second)]
  return [...writesA].every((name) => !b.has(name)) && [...writesB].every((name) => !a.has(name))
}

/** Every name that might be bound inside a statement. */
function writtenNames(text: string, statement: SyntaxNode): Set<string> {
  const names = new Set<string>()
  const add = (target: SyntaxNode | null): void => {
    if (target) for (const name of namesIn(text, target)) names.add(name)
  }
  walkTree(statement, (node) => {
    if (node.type === 'assignment' || node.type === 'augmented_assignment') {
      const left = childByField(node, 'left')
      if (left?.type !== 'attribute') add(left)
    } else if (node.type === 'named_expression') add(childByField(node, 'name'))
  })
  return names
}

/** `name = <total>`: cannot fail, does nothing else. */
function isTotalBinding(text: string, statement: SyntaxNode, bound: ReadonlySet<string>): boolean {
  const assignment = assignmentOf(statement)
  const value = assignment && childByField(assignment, 'right')
  if (!assignment || !value || childByField(assignment, 'type') || !simpleTargets(text, statement)) return false
  return isTotal(text, value, bound)
}

/** A total binding of a local that no other code can see, from values that no other code can change. */
function isPrivateBinding(text: string, statement: SyntaxNode, bound: ReadonlySet<string>, scene: Scene): boolean {
  if (!isTotalBinding(text, statement, bound)) return false
  return [...namesIn(text, statement)].every((name) => !scene.shared.has(name))
}

const NEVER_CROSSED: ReadonlySet<string> = new Set(['yield', 'await', 'named_expression'])

/** An expression or assignment that control does not leave other than by an exception. */
function isSimple(statement: SyntaxNode): boolean {
  if (statement.type !== 'expression_statement' || isDocstringLike(statement)) return false
  let simple = true
  walkTree(statement, (node) => {
    if (NEVER_CROSSED.has(node.type)) simple = false
    return simple
  })
  return simple
}

function isDocstringLike(statement: SyntaxNode): boolean {
  const type = namedChildren(statement)[0]?.type
  return type === 'string' || type === 'concatenated_string'
}

/** `self.name = <total>` in a class that gives assignment no meaning of its own. */
function isTotalAttribute(text: string, statement: SyntaxNode, bound: ReadonlySet<string>): boolean {
  const assignment = assignmentOf(statement)
  const target = assignment && childByField(assignment, 'left')
  const value = assignment && childByField(assignment, 'right')
  if (!target || !value || target.type !== 'attribute' || childByField(assignment, 'type')) return false
  const owner = childByField(target, 'object')
  if (!owner || text.slice(owner.start, owner.end) !== 'self') return false
  return isTotal(text, value, bound) && plainClass(text, statement)
}

function plainClass(text: string, statement: SyntaxNode): boolean {
  let at: SyntaxNode | null = statement
  while (at && at.type !== 'class_definition') at = at.parent
  if (!at || at.parent?.type === 'decorated_definition' || childByField(at, 'superclasses')) return false
  return !/__setattr__|__slots__|__dict__|\.setter|\bvars\(|\bproperty\b/.test(text.slice(at.start, at.end))
}
