import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { boundIdentifiers } from './binding.ts'

/** Calls through which a program sees its own local names. */
const REFLECTION: ReadonlySet<string> = new Set([
  'locals',
  'vars',
  'eval',
  'exec',
  'globals',
  'dir',
  'compile',
  'getsource',
  'currentframe',
  '_getframe',
  '__code__',
  'f_locals',
])

/** True when a text inside this node could look local names up by their spelling. */
export function usesReflection(text: string, node: SyntaxNode): boolean {
  let found = false
  walkTree(node, (inner) => {
    if (inner.type === 'identifier' && REFLECTION.has(text.slice(inner.start, inner.end))) found = true
    return !found
  })
  return found
}

/** The innermost function or lambda around a node, or null at module or class level. */
export function enclosingFunction(node: SyntaxNode): SyntaxNode | null {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'function_definition' || at.type === 'lambda') return at
    if (at.type === 'class_definition') return null
  }
  return null
}

/** Names of a function's parameters. */
export function parameterNames(text: string, fn: SyntaxNode): Set<string> {
  const parameters = childByField(fn, 'parameters')
  return new Set(parameters ? boundIdentifiers(parameters).map((name) => text.slice(name.start, name.end)) : [])
}

const DEFERRED: ReadonlySet<string> = new Set([
  'function_definition',
  'lambda',
  'class_definition',
  'generator_expression',
])

/** Names mentioned in code inside `fn` that may run later than where it stands. */
export function capturedNames(text: string, fn: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(fn, (node) => {
    if (node === fn || !DEFERRED.has(node.type)) return
    walkTree(node, (inner) => {
      if (inner.type === 'identifier') names.add(text.slice(inner.start, inner.end))
    })
  })
  return names
}

/** Names declared `global` or `nonlocal` anywhere in a node. */
export function outerNames(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (inner.type !== 'global_statement' && inner.type !== 'nonlocal_statement') return
    for (const name of namedChildren(inner)) names.add(text.slice(name.start, name.end))
  })
  return names
}

/** True when an exception raised at `node` may be handled, or seen, before it leaves `fn`. */
export function insideTry(node: SyntaxNode, fn: SyntaxNode): boolean {
  for (let at = node.parent; at && at !== fn; at = at.parent)
    if (at.type === 'try_statement' || at.type === 'with_statement') return true
  return false
}
