import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { declaratorsOf, functionName } from './declarators.ts'
import { type FileScene, hasErrors } from './scene.ts'

/** Adjacent functions, and adjacent prototypes, that may change places: neither needs the other to stand before it. */
export function functionSwaps(list: SyntaxNode, file: FileScene): SiteDraft[] {
  const { text } = file
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const kind = kindOf(pair, list, file)
    const parts = kind ? partsOf(text, pair, true) : null
    if (!kind || !parts || !text.slice(parts[0].end, parts[1].start).includes('\n')) continue
    drafts.push(swapDraft(kind, parts, [shownName(text, pair.first), shownName(text, pair.second)]))
  }
  return drafts
}

function kindOf(pair: Neighbours, list: SyntaxNode, file: FileScene): string | null {
  const { first, second } = pair
  const names = [first, second].map((node) => bareName(shownName(file.text, node)))
  const both = (passes: (node: SyntaxNode) => boolean): boolean => passes(first) && passes(second)
  if (first.type !== second.type || names[0] === names[1] || !both((node) => !hasErrors(node))) return null
  if (first.type === 'declaration') return both((node) => isPrototype(file.text, node)) ? 'statement-order' : null
  if (first.type !== 'function_definition' || !both((node) => isPlain(file, node))) return null
  return list.type === 'field_declaration_list' || areStrangers(first, second, file) ? 'function-order' : null
}

function areStrangers(first: SyntaxNode, second: SyntaxNode, file: FileScene): boolean {
  return !needs(first, second, file) && !needs(second, first, file)
}

/** Name with its scope, as written. */
function shownName(text: string, node: SyntaxNode): string {
  const name = functionName(node)
  return name ? text.slice(name.start, name.end) : ''
}

function bareName(name: string): string {
  return name.split('::').at(-1) ?? name
}

/** What gives the place of a function a meaning: run by its place, part of a table, its type known from its body only. */
const PLACED =
  /\b(?:constructor|destructor|section|init_priority|alias|weakref|virtual|friend|constexpr|consteval|operator|decltype|concept|requires)\b|__COUNTER__/

function isPlain({ text, cpp }: FileScene, fn: SyntaxNode): boolean {
  const name = functionName(fn)
  const body = childByField(fn, 'body')
  if (!name || !body || PLACED.test(text.slice(fn.start, body.start))) return false
  const type = childByField(fn, 'type')?.type
  const unnamed = cpp && UNNAMED.test(text.slice(name.start, name.end))
  // A constructor has no type; people put it first.
  return type !== 'placeholder_type_specifier' && !unnamed && (type !== undefined || !cpp)
}

/** Functions that C++ calls without naming them. */
const UNNAMED = /^(?:begin|end|get|swap)$/

/** True when `user` mentions `used`, itself or through a macro, and nothing before has told it of it. */
function needs(user: SyntaxNode, used: SyntaxNode, file: FileScene): boolean {
  const name = bareName(shownName(file.text, used))
  const declared = file.prototypes.get(name)
  if (functionName(used)?.type === 'qualified_identifier') return false
  if (declared !== undefined && declared < Math.min(user.start, used.start)) return false
  return mentioned(user, file).has(name)
}

/** Every word of a node, and of the macros among them. */
function mentioned(node: SyntaxNode, { text, macros }: FileScene): Set<string> {
  const words = new Set<string>()
  const open = [...(text.slice(node.start, node.end).match(/\w+/g) ?? [])]
  for (let word = open.pop(); word !== undefined; word = open.pop()) {
    if (words.has(word)) continue
    words.add(word)
    open.push(...(macros.get(word) ?? []))
  }
  return words
}

/** One function, of types that something before has declared. */
function isPrototype(text: string, node: SyntaxNode): boolean {
  const declarators = declaratorsOf(node)
  const source = text.slice(node.start, node.end)
  if (declarators.length !== 1 || !functionName(node) || /\b(?:struct|union|enum|class|asm|__asm__)\b|\{/.test(source))
    return false
  return namedChildren(node).every((child) => child.type !== 'attribute_declaration')
}
