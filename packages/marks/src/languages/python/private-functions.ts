import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import { enclosingFunction } from './scope.ts'

/** A function that nothing outside this file can know of, and that is only ever called, never handed on. */
export interface PrivateFunction {
  readonly node: SyntaxNode
  readonly name: SyntaxNode
  readonly calls: readonly SyntaxNode[]
  /** True when the name is spelled nowhere else: no string, comment, attribute or keyword mentions it. */
  readonly unmentioned: boolean
}

/** Ways to reach a function by the spelling of its name; `getattr` is none as long as a program cannot get hold of its own module. */
const LOOKS_NAMES_UP =
  /\b(?:sys\.modules|__import__|importlib|inspect|f_locals|f_globals|_getframe|currentframe|pickle)\b|(?<!\.)\b(?:eval|exec|compile|globals|locals|vars|dir)\s*\(|__main__\b(?!['"]\s*:)/

/**
 * Functions inside functions, and those of a file that is a program: it has a main guard, names no exports and uses every function it
 * defines. What is decorated, defined twice, imported, assigned or handed on is left out, and everything where names are looked up by spelling.
 */
export function privateFunctions(text: string, root: SyntaxNode): PrivateFunction[] {
  if (LOOKS_NAMES_UP.test(text)) return []
  const uses = identifierUses(text, root)
  const defined = [...uses].flatMap(([name, nodes]) => {
    const found = privateFunction(nodes)
    return found ? [{ ...found, unmentioned: mentions(text, name) === nodes.length }] : []
  })
  const program = isProgram(text, root, uses)
  return defined.filter(({ node }) => program || enclosingFunction(node) !== null)
}

/** Sites for the names of private functions that have natural synonyms. */
export function functionNames(text: string, functions: readonly PrivateFunction[]): SiteDraft[] {
  const namer = createNamer(text.match(/[A-Za-z0-9]\w*/g) ?? [], 'snake', 'action')
  return functions.flatMap(({ name, calls, unmentioned }) => {
    const [, sign = '', rest = ''] = /^(_*)(\w*)$/.exec(text.slice(name.start, name.end)) ?? []
    const words = unmentioned ? namer(rest)?.map((word) => sign + word) : null
    if (!words) return []
    const spans = [name, ...calls.map((call) => childByField(call, 'function')!)]
    spans.sort((a, b) => a.start - b.start)
    return [
      nameDraft(
        spans.map(({ start, end }) => ({ start, end })),
        words,
        'function-name',
      ),
    ]
  })
}

/** Identifiers that are variables, by name. */
function identifierUses(text: string, root: SyntaxNode): Map<string, SyntaxNode[]> {
  const uses = new Map<string, SyntaxNode[]>()
  walkTree(root, (node) => {
    if (node.type !== 'identifier' || node.field === 'attribute') return
    if (node.field === 'name' && node.parent?.type === 'keyword_argument') return
    const name = text.slice(node.start, node.end)
    uses.set(name, [...(uses.get(name) ?? []), node])
  })
  return uses
}

/** The function these uses are about: defined once, plainly, and otherwise called from where it can be seen. */
function privateFunction(uses: readonly SyntaxNode[]): Omit<PrivateFunction, 'unmentioned'> | null {
  const [name, ...more] = uses.filter(isDefinition)
  const node = name?.parent
  const scope = node ? scopeOf(node) : null
  if (!name || !node || !scope || more.length > 0 || node.parent?.type === 'decorated_definition') return null
  const calls = uses.filter((use) => use !== name).map(callOf)
  const seen = calls.filter((call) => call !== null && scope.start <= call.start && call.end <= scope.end)
  return calls.length > 0 && seen.length === calls.length
    ? { node, name, calls: seen.filter((call) => call !== null) }
    : null
}

/** The call that a name is called by; null where it is handed on. */
function callOf(use: SyntaxNode): SyntaxNode | null {
  return use.field === 'function' && use.parent?.type === 'call' ? use.parent : null
}

function isDefinition(node: SyntaxNode): boolean {
  return node.field === 'name' && node.parent?.type === 'function_definition'
}

/** The module or function in which a function's name is bound; null for methods. */
function scopeOf(node: SyntaxNode): SyntaxNode | null {
  for (let at = node.parent; at; at = at.parent) {
    if (at.type === 'class_definition') return null
    if (at.type === 'function_definition' || at.type === 'module') return at
  }
  return null
}

function isProgram(text: string, root: SyntaxNode, uses: ReadonlyMap<string, readonly SyntaxNode[]>): boolean {
  if (!/^if __name__ == ['"]__main__['"]/m.test(text) || /\b__all__\b/.test(text)) return false
  return root.children.every((child) => {
    const inner = child.type === 'decorated_definition' ? childByField(child, 'definition') : child
    if (inner?.type !== 'function_definition' && inner?.type !== 'class_definition') return true
    const name = childByField(inner, 'name')
    const all = name ? (uses.get(text.slice(name.start, name.end)) ?? []) : []
    return all.some((use) => use.start < inner.start || use.end > inner.end)
  })
}

/** How often a word stands in the text, whatever it means there. */
export function mentions(text: string, word: string): number {
  return text.match(new RegExp(`(?<!\\w)${word}(?!\\w)`, 'g'))?.length ?? 0
}
