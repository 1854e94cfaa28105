import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { type NameScene, scopedNames } from '../../internal/code/scoped-names.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { isMacroCall } from './comparisons.ts'
import { bindingsIn, declaratorsOf, declaredNames, functionDeclarator, functionName } from './declarators.ts'
import { type FileScene, hasErrors, isMacroLike } from './scene.ts'
import { functionNames } from './static-functions.ts'

/** Words of C and C++, and those that common headers and compilers define as macros. */
const RESERVED =
  'alignas alignof and asm auto bitand bitor bool break case catch char class compl concept const constexpr continue decltype default delete ' +
  'do double dynamic_cast else enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not ' +
  'nullptr operator or private protected public register reinterpret_cast requires restrict return short signed sizeof static static_assert ' +
  'static_cast struct switch template this throw true try typedef typeid typename typeof union unsigned using virtual void volatile wchar_t ' +
  'while xor main errno stdin stdout stderr assert linux unix complex imaginary noreturn thread_local environ optarg optind signals slots emit ' +
  'interface near far small min max minor major offsetof index'

/** Local variables, parameters and static functions that have natural synonyms and that no macro can know of. */
export function localNames(root: SyntaxNode, file: FileScene): SiteDraft[] {
  const { text } = file
  const words = new Set(RESERVED.split(' '))
  for (const match of text.matchAll(/\w+/g)) words.add(match[0])
  const inMacros = new Set([...file.macros.values()].flat())
  const spelling = prefersCamel(text) ? 'camel' : 'snake'
  const drafts: SiteDraft[] = []
  walkTree(root, (node) => {
    if (node.type !== 'function_definition') return true
    if (hasErrors(node) || MAY_HIDE.test(text.slice(node.start, node.end)) || usesForeignMacros(node, file))
      return false
    const found = scopedNames(text, sceneOf(node, file, inMacros), words, spelling)
    for (const draft of found) for (const { shown } of draft.variants) words.add(shown)
    drafts.push(...found)
    return false
  })
  return [...drafts, ...functionNames(root, file, words, spelling)]
}

/** Names in assembly are text. */
const MAY_HIDE = /\b(?:__asm__|asm)\b/

/** Names of two words decide how others are written. */
function prefersCamel(text: string): boolean {
  const camel = text.match(/\b[a-z]+[A-Z]\w*\b/g)?.length ?? 0
  const snake = text.match(/\b[a-z]+_[a-z]\w*\b/g)?.length ?? 0
  return camel > snake
}

/** A macro that a header of the project defines may use the names around it. */
function usesForeignMacros(fn: SyntaxNode, file: FileScene): boolean {
  const { text, macros } = file
  if (!/^\s*#\s*include\s*"/m.test(text)) return false
  let found = false
  walkTree(fn, (node) => {
    const callee = node.type === 'call_expression' ? childByField(node, 'function') : null
    if (callee?.type !== 'identifier') return !found
    const name = text.slice(callee.start, callee.end)
    found ||= isMacroLike(name, macros) && !macros.has(name) && name !== 'assert'
    return !found
  })
  return found
}

function sceneOf(fn: SyntaxNode, file: FileScene, inMacros: ReadonlySet<string>): NameScene {
  const { text } = file
  const uses: SyntaxNode[] = []
  const fixed = new Set<string>(inMacros)
  const comments: Span[] = commentsAbove(text, fn)
  const keep = (node: SyntaxNode): void => {
    fixed.add(text.slice(node.start, node.end))
  }
  walkTree(fn, (node) => {
    if (node.type === 'comment') comments.push(node)
    if (node.type === 'identifier') uses.push(node)
    if (KEPT.has(node.type) || node.parent?.type.startsWith('preproc_') || isMember(node)) keep(node)
    if (node.type === 'declaration') for (const declarator of declaratorsOf(node)) keepFunctions(declarator, keep)
    if (node.type === 'call_expression' && isMacroCall(node, file)) walkTree(node, keep)
  })
  for (const name of prototypeParameters(fn, file)) keep(name)
  return { fn, bindings: bindingsIn(fn), uses, fixed, comments }
}

const KEPT: ReadonlySet<string> = new Set(['type_identifier', 'namespace_identifier', 'field_designator'])

/** A field that a class inside the function declares: its methods use it like a variable. */
function isMember(node: SyntaxNode): boolean {
  return node.type === 'field_identifier' && node.parent?.type !== 'field_expression'
}

function keepFunctions(declarator: SyntaxNode, keep: (node: SyntaxNode) => void): void {
  if (functionDeclarator(declarator)) declaredNames(declarator).forEach(keep)
}

/** A prototype in the same file names the parameters as the definition does. */
function prototypeParameters(fn: SyntaxNode, { text, prototypes }: FileScene): SyntaxNode[] {
  const name = functionName(fn)
  if (!name || !prototypes.has(text.slice(name.start, name.end))) return []
  const own = declaratorsOf(fn)
    .map(functionDeclarator)
    .find((declarator) => declarator !== null)
  const list = own ? childByField(own, 'parameters') : null
  return list ? namedChildren(list).flatMap(declaratorsOf).flatMap(declaredNames) : []
}

function commentsAbove(text: string, fn: SyntaxNode): Span[] {
  const siblings = fn.parent?.children ?? []
  const out: Span[] = []
  let start = fn.start
  for (let at = siblings.indexOf(fn) - 1; at >= 0; at--) {
    const above = siblings[at]!
    if (above.type !== 'comment' || text.slice(above.end, start).trim() !== '') break
    out.push(above)
    start = above.start
  }
  return out
}
