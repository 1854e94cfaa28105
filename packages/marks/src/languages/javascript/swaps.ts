import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { boundIdentifiers } from './binding.ts'
import { isTotal, namesIn } from './expressions.ts'
import { capturedNames, enclosingFunction, FUNCTIONS, insideTry, usesReflection } from './scope.ts'

/** Adjacent functions and statements of a list that may change places without anybody noticing. */
export function listSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  const scene = sceneOf(text, list)
  const counts = declaredNames(text, list)
  const bound = new Set(scene.bound)
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const names = functionNames(text, pair, counts)
    const parts = !safeEnds(text, list, pair)
      ? null
      : names
        ? partsOf(text, pair, true)
        : swapParts(text, pair, bound, scene)
    if (parts && names && text.slice(parts[0].end, parts[1].start).includes('\n'))
      drafts.push(swapDraft('function-order', parts, names))
    else if (parts && !names)
      drafts.push(swapDraft('statement-order', parts, [shown(text, pair.first), shown(text, pair.second)]))
    for (const name of boundBy(text, pair.first) ?? []) bound.add(name)
  }
  return drafts
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(text.slice(node.start, node.end)).slice(0, 36)
}

/** What is known of the code around a list. */
interface Scene {
  readonly fn: SyntaxNode | null
  /** True when local names may be looked up by their spelling. */
  readonly reflective: boolean
  readonly bound: ReadonlySet<string>
  /** Names that other code may see or change while the list runs. */
  readonly shared: ReadonlySet<string>
  /** Names declared in the function, parameters included. */
  readonly own: ReadonlySet<string>
}

function sceneOf(text: string, list: SyntaxNode): Scene {
  const fn = enclosingFunction(list)
  if (!fn || list.type === 'class_body')
    return { fn: null, reflective: usesReflection(text, list), bound: new Set(), shared: new Set(), own: new Set() }
  const parameters = childByField(fn, 'parameters') ?? childByField(fn, 'parameter')
  const bound = new Set(parameters ? boundIdentifiers(parameters).map((name) => text.slice(name.start, name.end)) : [])
  const own = new Set(bound)
  walkTree(fn, (node) => {
    if (node !== fn && FUNCTIONS.has(node.type)) return false
    const target = node.type === 'variable_declarator' ? childByField(node, 'name') : null
    if (target?.type === 'identifier') own.add(text.slice(target.start, target.end))
    return true
  })
  return { fn, reflective: usesReflection(text, fn), bound, shared: capturedNames(text, fn), own }
}

function swapParts(text: string, pair: Neighbours, bound: ReadonlySet<string>, scene: Scene): [Part, Part] | null {
  if (scene.reflective || pair.first.parent?.type === 'class_body') return null
  return mayExchange(text, pair, bound, scene) ? partsOf(text, pair, false) : null
}

type Part = { readonly start: number; readonly end: number }

function mayExchange(text: string, { first, second }: Neighbours, bound: ReadonlySet<string>, scene: Scene): boolean {
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  if ([...writtenNames(text, first)].some((name) => b.has(name))) return false
  if ([...writtenNames(text, second)].some((name) => a.has(name))) return false
  const [bindsA, bindsB] = [isTotalBinding(text, first, bound, scene), isTotalBinding(text, second, bound, scene)]
  if (bindsA && bindsB) return true
  if (!scene.fn || insideTry(first, scene.fn)) return false
  const hidden = (names: ReadonlySet<string>): boolean => [...names].every((name) => !scene.shared.has(name))
  return (bindsA && hidden(a) && isSimple(second)) || (bindsB && hidden(b) && isSimple(first))
}

const DECLARATIONS: ReadonlySet<string> = new Set(['lexical_declaration', 'variable_declaration'])

/** Names bound by a declaration or by an assignment to a plain name; null for other statements. */
function boundBy(text: string, statement: SyntaxNode): string[] | null {
  if (DECLARATIONS.has(statement.type)) {
    const targets = statement.children.flatMap((child) => {
      const target = child.type === 'variable_declarator' ? childByField(child, 'name') : null
      return target ? boundIdentifiers(target) : []
    })
    return targets.map((name) => text.slice(name.start, name.end))
  }
  const target = plainAssignment(statement)
  return target ? [text.slice(target.start, target.end)] : null
}

function plainAssignment(statement: SyntaxNode): SyntaxNode | null {
  const only = statement.type === 'expression_statement' ? namedChildren(statement)[0] : undefined
  const target = only?.type === 'assignment_expression' ? childByField(only, 'left') : null
  return target?.type === 'identifier' ? target : null
}

/** A declaration of plain names, or an assignment to a local one, whose values are total. */
function isTotalBinding(text: string, statement: SyntaxNode, bound: ReadonlySet<string>, scene: Scene): boolean {
  if (DECLARATIONS.has(statement.type))
    return namedChildren(statement).every((child) => {
      const value = childByField(child, 'value')
      return childByField(child, 'name')?.type === 'identifier' && (!value || isTotal(text, value, bound))
    })
  const target = plainAssignment(statement)
  const value = target?.parent && childByField(target.parent, 'right')
  if (!target || !value || !scene.own.has(text.slice(target.start, target.end))) return false
  return bound.has(text.slice(target.start, target.end)) && isTotal(text, value, bound)
}

/** Every name that might be bound or changed inside a statement. */
function writtenNames(text: string, statement: SyntaxNode): Set<string> {
  const names = new Set<string>(boundBy(text, statement))
  walkTree(statement, (node) => {
    const left =
      node.type === 'assignment_expression' || node.type === 'augmented_assignment_expression'
        ? childByField(node, 'left')
        : node.type === 'update_expression'
          ? childByField(node, 'argument')
          : null
    if (left && left.type !== 'member_expression' && left.type !== 'subscript_expression')
      for (const name of namesIn(text, left)) names.add(name)
  })
  return names
}

const NEVER_CROSSED: ReadonlySet<string> = new Set(['yield_expression', 'await_expression'])

/** An expression or declaration that control does not leave other than by an exception. */
function isSimple(statement: SyntaxNode): boolean {
  if (statement.type !== 'expression_statement' && !DECLARATIONS.has(statement.type)) return false
  if (statement.type === 'expression_statement' && namedChildren(statement)[0]?.type === 'string') return false
  let simple = true
  walkTree(statement, (node) => {
    if (NEVER_CROSSED.has(node.type)) simple = false
    return simple
  })
  return simple
}

/** How often each function or variable name is declared in a list. */
function declaredNames(text: string, list: SyntaxNode): Map<string, number> {
  const counts = new Map<string, number>()
  for (const child of namedChildren(list)) {
    const declaration = child.type === 'export_statement' ? (childByField(child, 'declaration') ?? child) : child
    const own = functionName(text, child)
    for (const name of own === null ? (boundBy(text, declaration) ?? []) : [own])
      counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** Name of a hoisted function or a plain method; null for anything else. */
function functionName(text: string, node: SyntaxNode): string | null {
  const inner = node.type === 'export_statement' ? childByField(node, 'declaration') : node
  const hoisted = inner?.type === 'function_declaration' || inner?.type === 'generator_function_declaration'
  if (!inner || !(hoisted || inner.type === 'method_definition')) return null
  const name = childByField(inner, 'name')
  if (!name || (name.type !== 'identifier' && name.type !== 'property_identifier')) return null
  const accessor = inner.children.some(
    (child) => child.type === 'get' || child.type === 'set' || child.type === 'decorator',
  )
  return accessor ? null : text.slice(name.start, name.end)
}

function functionNames(text: string, pair: Neighbours, counts: ReadonlyMap<string, number>): [string, string] | null {
  const [a, b] = [functionName(text, pair.first), functionName(text, pair.second)]
  if (a === null || b === null || counts.get(a) !== 1 || counts.get(b) !== 1) return null
  return [a, b]
}

/** False where leaving out semicolons could join statements that stood apart. */
function safeEnds(text: string, list: SyntaxNode, { first, second }: Neighbours): boolean {
  const ends = (node: SyntaxNode): boolean => /[;}]$/.test(text.slice(node.start, node.end))
  const block = (node: SyntaxNode): boolean => functionName(text, node) !== null
  if ((ends(first) || block(first)) && (ends(second) || block(second))) return true
  const siblings = namedChildren(list)
  const after = siblings[siblings.indexOf(second) + 1]
  return [first, second, after].every((node) => !node || !/^[([`/+-]/.test(text.slice(node.start, node.start + 1)))
}
