import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isTotal } from './expressions.ts'
import { opensHeredoc } from './methods.ts'
import {
  type Binding,
  bindingsIn,
  capturedNames,
  hardScope,
  insideRescue,
  listingsIn,
  localsAt,
  namesIn,
  usesReflection,
  walkScope,
} from './scope.ts'

/** Nodes whose children are statements. */
export const LISTS: ReadonlySet<string> = new Set([
  'program',
  'body_statement',
  'block_body',
  'then',
  'else',
  'do',
  'begin',
  'ensure',
])

/** What is known of the code around a list. */
interface Scene {
  readonly unit: SyntaxNode
  readonly bindings: readonly Binding[]
  readonly captured: ReadonlySet<string>
}

/** Adjacent statements of a list that may change places without anybody noticing. */
export function statementSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  const pairs = neighbourPairs(list)
  const unit = hardScope(list.children[0] ?? list)
  if (pairs.length === 0 || usesReflection(text, unit)) return []
  const scene = { unit, bindings: bindingsIn(unit), captured: capturedNames(text, unit) }
  const last = statementsOf(list).at(-1)
  const drafts: SiteDraft[] = []
  for (const pair of pairs) {
    if (!mayExchange(text, pair, scene) || opensHeredoc(pair.first) || opensHeredoc(pair.second)) continue
    if (pair.second === last && !isDiscarded(text, list)) continue
    const parts = partsOf(text, pair, false)
    if (parts) drafts.push(swapDraft('statement-order', parts, [shown(text, pair.first), shown(text, pair.second)]))
  }
  return drafts
}

const CLAUSES: ReadonlySet<string> = new Set(['rescue', 'ensure', 'else', 'elsif', 'heredoc_body', 'uninterpreted'])

/** The statements of a list, without the clauses that a `begin` body also holds. */
export function statementsOf(list: SyntaxNode): readonly SyntaxNode[] {
  return namedChildren(list).filter((child) => !CLAUSES.has(child.type))
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

const BRANCHES: ReadonlySet<string> = new Set([
  'if',
  'unless',
  'elsif',
  'else',
  'then',
  'case',
  'when',
  'while',
  'until',
  'for',
])

/** True when nobody can use the value of a list, which is that of its last statement. */
function isDiscarded(text: string, list: SyntaxNode): boolean {
  const owner = list.parent
  if (!owner) return list.type === 'program'
  if (list.type === 'do' && owner.type !== 'call') return true
  if (list.type === 'body_statement') return isBodyWithoutValue(text, owner)
  if (!BRANCHES.has(owner.type)) return false
  let at = owner
  while (at.parent && BRANCHES.has(at.parent.type) && !LISTS.has(at.parent.type)) at = at.parent
  const outer = at.parent
  return outer !== null && LISTS.has(outer.type) && (statementsOf(outer).at(-1) !== at || isDiscarded(text, outer))
}

/** Bodies of classes and modules, and `initialize`. */
function isBodyWithoutValue(text: string, owner: SyntaxNode): boolean {
  const name = owner.type === 'method' ? childByField(owner, 'name') : null
  return isClass(owner) || (name !== null && text.slice(name.start, name.end) === 'initialize')
}

function isClass(node: SyntaxNode): boolean {
  return node.type === 'class' || node.type === 'module' || node.type === 'singleton_class'
}

function mayExchange(text: string, { first, second }: Neighbours, scene: Scene): boolean {
  if (CLAUSES.has(second.type) || !disjoint(text, first, second)) return false
  const [bindsA, bindsB] = [isTotalBinding(text, first, scene), isTotalBinding(text, second, scene)]
  if (bindsA && bindsB) return true
  if (isClass(scene.unit) || insideRescue(first, scene.unit)) return false
  return (
    (bindsA && isHidden(text, first, scene) && isSimple(second)) ||
    (bindsB && isHidden(text, second, scene) && isSimple(first))
  )
}

/** Neither statement mentions a name the other binds. */
function disjoint(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  const [writesA, writesB] = [writtenNames(text, first), writtenNames(text, second)]
  return [...writesA].every((name) => !b.has(name)) && [...writesB].every((name) => !a.has(name))
}

/** A binding of a local, from locals, that no closure sees. */
function isHidden(text: string, binding: SyntaxNode, scene: Scene): boolean {
  if (childByField(binding, 'left')?.type !== 'identifier') return false
  return [...namesIn(text, binding)].every((name) => !scene.captured.has(name) && !/^[@$]/.test(name))
}

const TARGETS: ReadonlySet<string> = new Set(['identifier', 'instance_variable', 'constant'])

/** Methods that show in which order variables of a kind came to be. */
const REVEALING: Readonly<Record<string, readonly string[]>> = {
  instance_variable: ['instance_variables', 'to_yaml', 'inspect'],
  constant: ['constants', 'const_added'],
}

/** `name = <total>` for a local, an instance variable or a constant: cannot fail, calls nothing. */
function isTotalBinding(text: string, statement: SyntaxNode, scene: Scene): boolean {
  const target = statement.type === 'assignment' ? childByField(statement, 'left') : null
  const value = childByField(statement, 'right')
  if (!target || !value || !TARGETS.has(target.type)) return false
  const listed = listingsIn(text, statement)
  if ((REVEALING[target.type] ?? []).some((word) => listed.has(word))) return false
  return isTotal(text, value, localsAt(text, scene.bindings, statement))
}

/** Every name that might be bound or changed inside a statement. */
function writtenNames(text: string, statement: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(statement, (node) => {
    if (node.type !== 'assignment' && node.type !== 'operator_assignment') return
    const left = childByField(node, 'left')
    if (left && left.type !== 'call' && left.type !== 'element_reference')
      for (const name of namesIn(text, left)) names.add(name)
  })
  for (const { name } of bindingsIn(statement)) names.add(text.slice(name.start, name.end))
  return names
}

const SIMPLE: ReadonlySet<string> = new Set(['call', 'assignment', 'operator_assignment'])
const NEVER_CROSSED: ReadonlySet<string> = new Set([
  'return',
  'break',
  'next',
  'redo',
  'retry',
  'yield',
  'super',
  'block',
  'do_block',
  'lambda',
  'heredoc_beginning',
  'global_variable',
])

/** A call or assignment that control does not leave other than by an exception. */
function isSimple(statement: SyntaxNode): boolean {
  let simple = SIMPLE.has(statement.type)
  walkScope(statement, (node) => {
    if (NEVER_CROSSED.has(node.type)) simple = false
  })
  return simple
}
