import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { type Binding, scopedNames } from '../../internal/code/scoped-names.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { enclosingFunction, FUNCTIONS, parametersOf, usesReflection, variableName, variablesIn } from './scope.ts'

/** Variables that mean something to the language. */
const KNOWN =
  'this GLOBALS _SERVER _GET _POST _FILES _COOKIE _SESSION _REQUEST _ENV argv argc php_errormsg http_response_header'

/** Variables of outermost functions and methods that have natural synonyms; parameters stay, as callers may name them. */
export function localNames(text: string, root: SyntaxNode): SiteDraft[] {
  const taken = new Set([...KNOWN.split(' '), ...(text.match(/\w+/g) ?? [])])
  const drafts: SiteDraft[] = []
  walkTree(root, (node) => {
    if (!FUNCTIONS.has(node.type)) return true
    if (!enclosingFunction(node.parent ?? node) && !usesReflection(text, node)) {
      const found = scopedNames(text, sceneOf(text, node), taken, spellingOf(text))
      for (const draft of found) for (const { shown } of draft.variants) taken.add(shown)
      drafts.push(...found)
    }
    return false
  })
  return drafts
}

/** How most variables of several words are spelled in the file. */
function spellingOf(text: string): 'snake' | 'camel' {
  const snake = text.match(/\$[a-z]+_[a-z]/g)?.length ?? 0
  const camel = text.match(/\$[a-z]+[A-Z]/g)?.length ?? 0
  return snake > camel ? 'snake' : 'camel'
}

function sceneOf(text: string, fn: SyntaxNode): Parameters<typeof scopedNames>[1] {
  const uses: SyntaxNode[] = []
  const fixed = new Set(KNOWN.split(' '))
  const comments: Span[] = commentsAbove(text, fn)
  walkTree(fn, (node) => {
    if (node.type === 'comment') comments.push(node)
    for (const name of givenBy(text, node, fn)) fixed.add(name)
    if (node.type === 'name' && node.parent?.type === 'variable_name') uses.push(node)
  })
  const bindings = uses.map((name): Binding => ({ name, scope: fn, from: fn.start }))
  return { fn, bindings, uses, fixed, comments }
}

/** Names in this node that come from outside the function or are seen there: globals, parameters, static properties, what it takes over. */
function givenBy(text: string, node: SyntaxNode, fn: SyntaxNode): Iterable<string> {
  switch (node.type) {
    case 'global_declaration':
    case 'property_element':
    case 'scoped_property_access_expression':
      return variablesIn(text, node)
    case 'anonymous_function_use_clause':
      return node.parent === fn ? variablesIn(text, node) : []
    default:
      return parametersOf(text, node)
  }
}

/** The comment right above a declaration, which may speak of what is in it. */
function commentsAbove(text: string, node: SyntaxNode): Span[] {
  const siblings = node.parent?.children ?? []
  const above = siblings[siblings.indexOf(node) - 1]
  return above?.type === 'comment' && text.slice(above.end, node.start).trim() === '' ? [above] : []
}

/**
 * Names of private methods that are declared once in the file and otherwise only called on `$this`, `self` or `static`, in classes that inherit
 * nothing and answer no unknown calls. A name that stands anywhere else, in a string or a comment, stays.
 */
export function privateMethodNames(text: string, root: SyntaxNode): SiteDraft[] {
  const namer = createNamer(text.match(/\w+/g) ?? [], 'camel', 'action')
  const drafts: SiteDraft[] = []
  walkTree(root, (node) => {
    const name = node.type === 'method_declaration' && isPrivate(text, node) ? childByField(node, 'name') : null
    const uses = name && callsOf(text, root, text.slice(name.start, name.end))
    const words = name && uses && uses.length > 1 ? namer(text.slice(name.start, name.end)) : null
    if (uses && words)
      drafts.push(
        nameDraft(
          uses.map(({ start, end }) => ({ start, end })),
          words,
          'function-name',
        ),
      )
  })
  return drafts
}

function isPrivate(text: string, method: SyntaxNode): boolean {
  const owner = method.parent?.parent
  if (owner?.type !== 'class_declaration' || owner.children.some((child) => child.type === 'base_clause')) return false
  if (method.parent?.children.some((child) => child.type === 'use_declaration')) return false
  if (/\bfunction\s+__call\b|\bfunction\s+__callStatic\b/i.test(text)) return false
  return method.children.some(
    (child) => child.type === 'visibility_modifier' && text.slice(child.start, child.end).toLowerCase() === 'private',
  )
}

/** Declaration and calls, when these are all that the text says of the name; else null. */
function callsOf(text: string, root: SyntaxNode, name: string): SyntaxNode[] | null {
  const uses: SyntaxNode[] = []
  let declared = 0
  let plain = true
  walkTree(root, (node) => {
    if (node.type !== 'name' || text.slice(node.start, node.end) !== name) return
    uses.push(node)
    if (node.parent?.type === 'method_declaration') declared++
    else plain &&= isOwnCall(text, node)
  })
  const mentions = text.match(new RegExp(`\\b${name}\\b`, 'gi'))?.length ?? 0
  return plain && declared === 1 && mentions === uses.length ? uses : null
}

function isOwnCall(text: string, node: SyntaxNode): boolean {
  const call = node.parent
  if (!call || node.field !== 'name') return false
  if (call.type === 'member_call_expression') return variableName(text, childByField(call, 'object')) === 'this'
  return call.type === 'scoped_call_expression' && childByField(call, 'scope')?.type === 'relative_scope'
}
