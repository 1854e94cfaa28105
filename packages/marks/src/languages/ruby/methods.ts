import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { methodName } from './expressions.ts'
import { listsDefinitions } from './scope.ts'

/** Adjacent methods of a class, module or script that may change places: a definition runs nothing of its own. */
export function methodSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  if (list.type !== 'program' && !isClassBody(list)) return []
  if (listsDefinitions(text, list)) return []
  const counts = definedNames(text, list)
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const names = [pair.first, pair.second].map((node) => definitionName(text, node))
    const [a, b] = names
    if (!a || !b || counts.get(a) !== 1 || counts.get(b) !== 1 || isDecorated(text, list, pair)) continue
    const parts = partsOf(text, pair, true)
    if (parts && standAlone(text, parts)) drafts.push(swapDraft('function-order', parts, [a, b]))
  }
  return drafts
}

function isClassBody(list: SyntaxNode): boolean {
  return list.type === 'body_statement' && /^(?:class|module|singleton_class)$/.test(list.parent?.type ?? '')
}

/** Name of a plain definition, with the object of `def self.name`. */
function definitionName(text: string, node: SyntaxNode): string | null {
  if (node.type !== 'method' && node.type !== 'singleton_method') return null
  const name = childByField(node, 'name')
  const object = childByField(node, 'object')
  if (!name || (object && object.type !== 'self')) return null
  return `${object ? 'self.' : ''}${text.slice(name.start, name.end)}`
}

function definedNames(text: string, list: SyntaxNode): Map<string, number> {
  const counts = new Map<string, number>()
  for (const child of list.children) {
    const name = definitionName(text, child)
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** Calls after which a definition is still like any other; `desc 'x'` or `memoize` before a method speak of that method. */
const HARMLESS =
  /^(?:require|require_relative|include|extend|prepend|attr_reader|attr_writer|attr_accessor|private|public|protected|module_function|private_constant|alias_method|autoload|private_class_method|public_class_method|private_attr_reader)$/
const QUIET: ReadonlySet<string> = new Set([
  'method',
  'singleton_method',
  'class',
  'module',
  'assignment',
  'alias',
  'comment',
])

function isDecorated(text: string, list: SyntaxNode, { first }: Neighbours): boolean {
  const siblings = list.children.filter((child) => child.named && child.type !== 'comment')
  for (let at = siblings.indexOf(first) - 1; at >= 0; at--) {
    const before = siblings[at]!
    if (before.type === 'method' || before.type === 'singleton_method') continue
    if (QUIET.has(before.type)) return false
    const name =
      before.type === 'call' && !childByField(before, 'receiver')
        ? methodName(text, before)
        : text.slice(before.start, before.end)
    return !HARMLESS.test(name)
  }
  return false
}

/** Comments that mean something to Ruby or a tool by where they stand. */
const PLACED =
  /^\s*#.*(?:coding:|frozen_string_literal:|warn_indent:|shareable_constant_value:|rubocop:|:\w+:)|^#!|^=begin/m

/** Both on lines of their own, the bodies of all heredocs inside, no comment that must stay. */
function standAlone(text: string, parts: readonly [Span, Span]): boolean {
  const [first, second] = parts.map((part) => text.slice(part.start, part.end))
  return text.slice(parts[0].end, parts[1].start).includes('\n') && !PLACED.test(first!) && !PLACED.test(second!)
}

/** True when a node starts a heredoc whose text stands outside the node. */
export function opensHeredoc(node: SyntaxNode): boolean {
  let opened = 0
  walkTree(node, (inner) => {
    if (inner.type === 'heredoc_beginning') opened++
    else if (inner.type === 'heredoc_body') opened--
  })
  return opened > 0
}
