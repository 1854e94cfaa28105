import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { scopedNames } from '../../internal/code/scoped-names.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { methodScene } from './scene.ts'
import { outermostMethod } from './scope.ts'

/** Words that are no names in Java, and names every class has. */
const RESERVED =
  'abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto ' +
  'if implements import instanceof int interface long native new package private protected public return short static strictfp super ' +
  'switch synchronized this throw throws transient try void volatile while true false null var record yield sealed permits when length'

/** Local variables and parameters of methods that have natural synonyms. Nothing at run time looks them up by name. */
export function localNames(text: string, root: SyntaxNode): SiteDraft[] {
  const words = takenWords(text)
  const drafts: SiteDraft[] = []
  walkTree(root, (node) => {
    if (outermostMethod(node) !== node) return true
    const found = scopedNames(text, sceneOf(text, node), words, 'camel')
    for (const draft of found) for (const { shown } of draft.variants) words.add(shown)
    drafts.push(...found)
    return false
  })
  return drafts
}

/** Every word of the file, and those of the language. */
export function takenWords(text: string): Set<string> {
  return new Set([...RESERVED.split(' '), ...(text.match(/\w+/g) ?? [])])
}

function sceneOf(text: string, method: SyntaxNode): Parameters<typeof scopedNames>[1] {
  const uses: SyntaxNode[] = []
  const fixed = new Set<string>()
  const comments: Span[] = commentsAbove(text, method)
  const { bindings } = methodScene(text, method)
  walkTree(method, (node) => {
    if (node.type === 'comment') comments.push(node)
    if (node.type !== 'identifier') return
    if (keepsName(node)) fixed.add(text.slice(node.start, node.end))
    if (isVariable(node)) uses.push(node)
  })
  return { fn: method, bindings, uses, fixed, comments }
}

/** Fields of classes inside the method, variables of patterns, annotated parameters, names in code that did not parse. */
function keepsName(node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent || parent.type === 'ERROR' || parent.type === 'scoped_identifier') return true
  if (parent.type === 'variable_declarator') return parent.parent?.type === 'field_declaration'
  if (parent.type === 'instanceof_expression' || parent.type.endsWith('_pattern')) return node.field === 'name'
  if (parent.type !== 'formal_parameter') return false
  const modifiers = parent.children.find((child) => child.type === 'modifiers')
  return modifiers?.children.some((child) => child.type.endsWith('annotation')) ?? false
}

const NO_VARIABLE: ReadonlySet<string> = new Set([
  'marker_annotation',
  'annotation',
  'element_value_pair',
  'labeled_statement',
  'break_statement',
  'continue_statement',
  'method_declaration',
  'class_declaration',
  'enum_constant',
])

/** True for identifiers that could be a variable: no method, field of another object, label or annotation. */
function isVariable(node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent || NO_VARIABLE.has(parent.type)) return false
  if (parent.type === 'method_invocation') return node.field !== 'name'
  if (parent.type === 'field_access') return node.field !== 'field'
  return parent.type !== 'method_reference' || parent.children[0] === node
}

/** The comment right above a declaration, which may speak of its parameters. */
function commentsAbove(text: string, node: SyntaxNode): Span[] {
  const siblings = node.parent?.children ?? []
  const above = siblings[siblings.indexOf(node) - 1]
  return above?.type === 'comment' && text.slice(above.end, node.start).trim() === '' ? [above] : []
}

/** What a declaration is called, or an empty text. */
export function nameOf(text: string, node: SyntaxNode): string {
  const name = childByField(node, 'name')
  return name ? text.slice(name.start, name.end) : ''
}
