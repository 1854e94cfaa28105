import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { type NameScene, scopedNames } from '../../internal/code/scoped-names.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { bindingsOf } from './bindings.ts'
import { isFieldKey } from './model.ts'

/** Words of the language, and names that every package sees. */
const RESERVED =
  'break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select ' +
  'struct switch type var any append bool byte cap clear close comparable complex complex64 complex128 copy delete error false float32 ' +
  'float64 imag int int8 int16 int32 int64 iota len make max min new nil panic print println real recover rune string true uint uint8 ' +
  'uint16 uint32 uint64 uintptr init main'

/** Local variables, parameters and results of functions and methods that have natural synonyms. Nothing can look them up by name. */
export function localNames(text: string, root: SyntaxNode): SiteDraft[] {
  const words = new Set(RESERVED.split(' '))
  for (const match of text.matchAll(/\w+/g)) words.add(match[0])
  return namedChildren(root)
    .filter((node) => node.type === 'function_declaration' || node.type === 'method_declaration')
    .flatMap((fn) => {
      const scene = sceneOf(text, fn)
      const drafts = scopedNames(text, scene, words, 'camel')
      for (const draft of drafts) for (const { shown } of draft.variants) words.add(shown)
      return drafts
    })
}

function sceneOf(text: string, fn: SyntaxNode): NameScene {
  const uses: SyntaxNode[] = []
  const fixed = new Set<string>()
  const comments: Span[] = commentsAbove(text, fn)
  const keep = (node: SyntaxNode | null): void => {
    if (node) fixed.add(text.slice(node.start, node.end))
  }
  walkTree(fn, (node) => {
    if (node.type === 'comment') comments.push(node)
    if (node.type === 'type_identifier' || isFieldKey(node) || node.parent?.type === 'ERROR' || isAligned(text, node))
      keep(node)
    if (node.type === 'identifier') uses.push(node)
  })
  const receiver = childByField(fn, 'receiver')
  if (receiver) for (const parameter of namedChildren(receiver)) keep(childByField(parameter, 'name'))
  keep(childByField(fn, 'name'))
  const bindings = [...declarations(fn)]
  return { fn, bindings, uses, fixed, comments }
}

function* declarations(fn: SyntaxNode): Iterable<ReturnType<typeof bindingsOf>[number]> {
  const nodes: SyntaxNode[] = []
  walkTree(fn, (node) => {
    nodes.push(node)
  })
  for (const node of nodes) yield* bindingsOf(node)
}

function commentsAbove(text: string, fn: SyntaxNode): Span[] {
  const siblings = fn.parent?.children ?? []
  const out: Span[] = []
  let start = fn.start
  for (let at = siblings.indexOf(fn) - 1; at >= 0; at--) {
    const above = siblings[at]!
    if (above.type === '\n') continue
    if (above.type !== 'comment' || text.slice(above.end, start).trim() !== '') break
    out.push(above)
    start = above.start
  }
  return out
}

/** gofmt lines up what follows a name in groups of declarations and before comments: a longer name would leave its line out of step. */
function isAligned(text: string, node: SyntaxNode): boolean {
  if (node.type !== 'identifier') return false
  const lineEnd = text.indexOf('\n', node.end)
  const rest = text.slice(node.end, lineEnd < 0 ? text.length : lineEnd)
  return /\/\/|\/\*/.test(rest) || isInGroup(node)
}

function isInGroup(name: SyntaxNode): boolean {
  const spec = name.parent
  if (spec?.type !== 'var_spec' && spec?.type !== 'const_spec') return false
  return spec.parent?.children.some((child) => child.type === '(') ?? false
}
