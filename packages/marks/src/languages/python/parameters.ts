import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { mentions, type PrivateFunction } from './private-functions.ts'
import { parameterNames } from './scope.ts'

/** Parameters of a function and of those inside it. */
export interface Parameters {
  /** Those that no caller can name and nothing else mentions, with the function that has them. */
  readonly open: ReadonlyMap<string, SyntaxNode>
  /** Those that must keep their names, and the names of the inner functions. */
  readonly closed: ReadonlySet<string>
}

/**
 * @param functions - those that nothing outside the file can call
 * @param outside - names that mean something outside the function
 */
export function parametersOf(
  text: string,
  fn: SyntaxNode,
  functions: ReadonlyMap<SyntaxNode, PrivateFunction>,
  outside: ReadonlySet<string>,
): Parameters {
  const open = new Map<string, SyntaxNode>()
  const closed = new Set<string>()
  walkTree(fn, (node) => {
    if (node.type !== 'function_definition' && node.type !== 'lambda') return
    const free = openParametersOf(text, node, functions)
    for (const name of parameterNames(text, node)) {
      if (free.has(name) && !outside.has(name) && !isSpokenOf(text, fn, name)) open.set(name, node)
      else closed.add(name)
    }
    const own = node === fn ? null : childByField(node, 'name')
    if (own) closed.add(text.slice(own.start, own.end))
  })
  for (const name of closed) open.delete(name)
  return { open, closed }
}

function openParametersOf(
  text: string,
  fn: SyntaxNode,
  functions: ReadonlyMap<SyntaxNode, PrivateFunction>,
): ReadonlySet<string> {
  const called = functions.get(fn)
  if (!called || called.calls.some(hasSplat)) return new Set()
  const keywords = new Set(called.calls.flatMap((call) => keywordsOf(text, call)))
  const heads = mentionedInHead(text, fn)
  const words = plainParameters(fn).map((name) => text.slice(name.start, name.end))
  return new Set(words.filter((word) => !keywords.has(word) && !heads.has(word)))
}

function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  return childByField(call, 'arguments')?.children ?? []
}

function hasSplat(call: SyntaxNode): boolean {
  return argumentsOf(call).some((argument) => argument.type === 'dictionary_splat')
}

function keywordsOf(text: string, call: SyntaxNode): string[] {
  return argumentsOf(call).flatMap((argument) => {
    const name = argument.type === 'keyword_argument' ? childByField(argument, 'name') : null
    return name ? [text.slice(name.start, name.end)] : []
  })
}

/** Names of parameters that are neither `*args` nor `**kwargs`. */
function plainParameters(fn: SyntaxNode): SyntaxNode[] {
  const list = childByField(fn, 'parameters')?.children ?? []
  return list.flatMap((child) => {
    if (child.type === 'identifier') return [child]
    const name = child.type === 'typed_parameter' ? child.children[0] : childByField(child, 'name')
    return name?.type === 'identifier' ? [name] : []
  })
}

/** Names in the defaults and annotations of a function, which are looked up outside of it. */
function mentionedInHead(text: string, fn: SyntaxNode): Set<string> {
  const own = new Set(plainParameters(fn))
  const names = new Set<string>()
  for (const part of [childByField(fn, 'parameters'), childByField(fn, 'return_type')])
    if (part)
      walkTree(part, (node) => {
        if (node.type === 'identifier' && !own.has(node)) names.add(text.slice(node.start, node.end))
      })
  return names
}

/** True when a string or comment of the function mentions the name, which would then speak of nothing. */
function isSpokenOf(text: string, fn: SyntaxNode, name: string): boolean {
  let written = 0
  walkTree(fn, (node) => {
    if (node.type === 'identifier' && text.slice(node.start, node.end) === name) written++
  })
  return mentions(text.slice(fn.start, fn.end), name) !== written
}
