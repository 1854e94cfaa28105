import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { collectBound } from './binding.ts'
import { FUNCTIONS, usesReflection } from './scope.ts'

/**
 * Local variables and parameters of outermost functions and methods that have natural synonyms.
 *
 * @param reserved - words that other sites of the file may show
 */
export function localNames(text: string, root: SyntaxNode, reserved: Iterable<string>): SiteDraft[] {
  const functions: SyntaxNode[] = []
  const outside = new Set<string>(reserved)
  walkTree(root, (node) => {
    if (FUNCTIONS.has(node.type)) {
      functions.push(node)
      const name = childByField(node, 'name')
      if (name) outside.add(text.slice(name.start, name.end))
      return false
    }
    if (node.type.includes('identifier')) outside.add(text.slice(node.start, node.end))
    return true
  })
  return functions.flatMap((fn) => namesOfFunction(text, fn, outside))
}

function namesOfFunction(text: string, fn: SyntaxNode, outside: ReadonlySet<string>): SiteDraft[] {
  if (usesReflection(text, fn)) return []
  const uses = new Map<string, Span[]>()
  const fixed = new Set<string>()
  const bound = new Map<string, SyntaxNode[]>()
  const parameters = new Set<string>()
  const bind = (name: SyntaxNode, scope: SyntaxNode): void => {
    const word = text.slice(name.start, name.end)
    bound.set(word, [...(bound.get(word) ?? []), scope])
  }
  walkTree(fn, (node) => {
    if (node.type === 'identifier') addUse(uses, text.slice(node.start, node.end), node)
    if (node.type.startsWith('shorthand_property') || node.parent?.type === 'ERROR')
      fixed.add(text.slice(node.start, node.end))
    if (node.type === 'class_declaration' || node.type === 'jsx_element') fixed.add(nameOf(text, node))
    collectBound(node, (name) => {
      bind(name, scopeOf(node, fn))
      if (FUNCTIONS.has(node.type)) parameters.add(text.slice(name.start, name.end))
    })
  })
  const own = nameOf(text, fn)
  const namer = createNamer([...uses.keys(), ...outside, ...fixed], 'camel')
  const drafts: SiteDraft[] = []
  for (const [name, scopes] of bound) {
    const spans = uses.get(name)
    if (!spans || spans.length < 2 || fixed.has(name) || name === own || outside.has(name)) continue
    if (GLOBALS.has(name) || !covered(spans, scopes)) continue
    const words = namer(name)
    if (words) drafts.push(nameDraft(spans, words, parameters.has(name) ? 'parameter-name' : 'local-name'))
  }
  return drafts
}

/** Names that browsers and Node give every script: a use outside the block that binds one means the global. */
const GLOBALS: ReadonlySet<string> = new Set(
  'name status event parent top self origin location history screen closed document process module source target'.split(
    ' ',
  ),
)

/** True when every use lies in a function that binds the name. */
function covered(spans: readonly Span[], scopes: readonly SyntaxNode[]): boolean {
  return spans.every((use) => scopes.some((scope) => scope.start <= use.start && use.end <= scope.end))
}

/** The function that a binding node's names belong to; a function's own parameters are its own. */
function scopeOf(node: SyntaxNode, fn: SyntaxNode): SyntaxNode {
  for (let at: SyntaxNode | null = node; at && at !== fn; at = at.parent) if (FUNCTIONS.has(at.type)) return at
  return fn
}

function addUse(uses: Map<string, Span[]>, name: string, node: SyntaxNode): void {
  const known = uses.get(name)
  if (known) known.push({ start: node.start, end: node.end })
  else uses.set(name, [{ start: node.start, end: node.end }])
}

function nameOf(text: string, node: SyntaxNode): string {
  const name = childByField(node, 'name')
  return name ? text.slice(name.start, name.end) : ''
}
