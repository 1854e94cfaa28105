import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { FUNCTIONS } from './scope.ts'

/** Ways to reach a function by the spelling of its name; one that is only ever called shows it to nobody. */
const LOOKS_NAMES_UP = /\b(?:eval|Function)\s*\(|\bwith\s*\(|\barguments\.callee\b/
/** A file that is a module: what it does not export, nobody else sees. */
const MODULE = /^[ \t]*(?:import\b|export\b)|\brequire\s*\(|\bmodule\.exports\b|^[ \t]*exports\./m

/**
 * Names of functions that are declared once in a module or another function, not exported, and otherwise only called. A name that stands
 * anywhere else, in a string, a comment or as a property, stays.
 */
export function functionNames(text: string, root: SyntaxNode): SiteDraft[] {
  if (!MODULE.test(text) || LOOKS_NAMES_UP.test(text)) return []
  const namer = createNamer(text.match(/[\w$]+/g) ?? [], 'camel', 'action')
  return [...identifierUses(text, root)].flatMap(([name, uses]) => {
    const words = isPrivate(uses) && mentions(text, name) === uses.length ? namer(name) : null
    return words ? [nameDraft(uses.map(bareSpan), words, 'function-name')] : []
  })
}

function bareSpan({ start, end }: SyntaxNode): Span {
  return { start, end }
}

function identifierUses(text: string, root: SyntaxNode): Map<string, SyntaxNode[]> {
  const uses = new Map<string, SyntaxNode[]>()
  walkTree(root, (node) => {
    if (node.type !== 'identifier') return
    const name = text.slice(node.start, node.end)
    uses.set(name, [...(uses.get(name) ?? []), node])
  })
  return uses
}

/** True when the uses are one declaration, seen from everywhere it is called, and calls. */
function isPrivate(uses: readonly SyntaxNode[]): boolean {
  const declarations = uses.filter(isDeclared)
  const [name] = declarations
  const scope = name?.parent && scopeOf(name.parent)
  if (!name || declarations.length > 1 || uses.length < 2 || !scope) return false
  return uses.every((use) => use === name || (isCalled(use) && use.start >= scope.start && use.end <= scope.end))
}

function isCalled(use: SyntaxNode): boolean {
  return use.field === 'function' && use.parent?.type === 'call_expression'
}

function isDeclared(use: SyntaxNode): boolean {
  const declaration = use.parent
  const plain = declaration?.type === 'function_declaration' || declaration?.type === 'generator_function_declaration'
  return plain && use.field === 'name' && declaration.parent?.type !== 'export_statement'
}

/** The module, or the function whose own block holds the declaration; null inside other blocks, where hoisting depends on the mode. */
function scopeOf(declaration: SyntaxNode): SyntaxNode | null {
  const parent = declaration.parent
  if (parent?.type === 'program') return parent
  return parent?.type === 'statement_block' && parent.parent && FUNCTIONS.has(parent.parent.type) ? parent.parent : null
}

function mentions(text: string, word: string): number {
  return text.match(new RegExp(`(?<![\\w$])${word.replaceAll('$', '\\$')}(?![\\w$])`, 'g'))?.length ?? 0
}
