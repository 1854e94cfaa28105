import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer, type Spelling } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import { functionName } from './declarators.ts'
import { type FileScene, isMacroLike } from './scene.ts'

/** Types that are no names themselves, so that the function's name is the first in its definition. */
const PLAIN_TYPES: ReadonlySet<string> = new Set(['primitive_type', 'sized_type_specifier'])

/**
 * Names of `static` functions, which no other file sees: declared and defined in this one, and otherwise only called. A name that stands
 * anywhere else, in a macro, a string or a comment, stays.
 */
export function functionNames(
  root: SyntaxNode,
  file: FileScene,
  taken: Iterable<string>,
  spelling: Spelling,
): SiteDraft[] {
  const { text, cpp } = file
  // Overloads share a name without sharing a function.
  if (cpp) return []
  const namer = createNamer(taken, spelling, 'action')
  return [...usesByName(text, root)].flatMap(([name, uses]) => {
    const spoken = text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0
    const words = spoken === uses.length && isPrivate(uses, file) ? namer(name) : null
    return words
      ? [
          nameDraft(
            uses.map(({ start, end }) => ({ start, end })),
            words,
            'function-name',
          ),
        ]
      : []
  })
}

function usesByName(text: string, root: SyntaxNode): Map<string, SyntaxNode[]> {
  const uses = new Map<string, SyntaxNode[]>()
  walkTree(root, (node) => {
    if (node.type !== 'identifier') return
    const name = text.slice(node.start, node.end)
    uses.set(name, [...(uses.get(name) ?? []), node])
  })
  return uses
}

/** One definition, prototypes, and calls that are no argument of a macro. */
function isPrivate(uses: readonly SyntaxNode[], file: FileScene): boolean {
  const owners = uses.map(declarationOf)
  const definitions = owners.filter((owner) => owner?.type === 'function_definition')
  const [only] = definitions
  if (!only || definitions.length > 1 || uses.length < 2 || !PLAIN_TYPES.has(childByField(only, 'type')?.type ?? ''))
    return false
  return uses.every((use, at) => (owners[at] ? isStatic(owners[at], file) : isCall(use, file)))
}

/** The definition or prototype that this name is the name of. */
function declarationOf(use: SyntaxNode): SyntaxNode | null {
  for (let at = use.parent; at; at = at.parent) {
    if (at.type === 'function_definition' || at.type === 'declaration') return functionName(at) === use ? at : null
    if (at.type === 'compound_statement') return null
  }
  return null
}

function isStatic(declaration: SyntaxNode, { text }: FileScene): boolean {
  const type = childByField(declaration, 'type')
  return /\bstatic\b/.test(text.slice(declaration.start, type?.start ?? declaration.start))
}

function isCall(use: SyntaxNode, { text, macros }: FileScene): boolean {
  if (use.field !== 'function' || use.parent?.type !== 'call_expression') return false
  for (let at = use.parent.parent; at; at = at.parent) {
    const callee = at.type === 'call_expression' ? childByField(at, 'function') : null
    if (callee?.type === 'identifier' && isMacroLike(text.slice(callee.start, callee.end), macros)) return false
  }
  return true
}
