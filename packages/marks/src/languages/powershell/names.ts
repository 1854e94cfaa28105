import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { assignmentOf, functionAround, isAutomatic, textOf } from './scope.ts'

interface Use extends Span {
  readonly word: string
  /** In lower case: PowerShell does not care for capitals. */
  readonly name: string
  readonly fn: SyntaxNode | null
  readonly binds: boolean
}

/**
 * Local variables of functions, and of scripts without functions, that have natural synonyms. A function sees the variables of who calls it: a
 * name is left alone when any function uses it without setting it first.
 */
export function localNames(text: string, root: SyntaxNode): SiteDraft[] {
  const { uses, fixed } = mentions(text, root)
  const taken = new Set([...text.matchAll(/\w+/g)].map(([word]) => word.toLowerCase()))
  const namers = new Map<SyntaxNode | null, ReturnType<typeof createNamer>>()
  const drafts: SiteDraft[] = []
  for (const [name, own] of Map.groupBy(uses, (use) => use.name)) {
    const groups = [...Map.groupBy(own, (use) => use.fn)]
    if (fixed.has(name) || isAutomatic(name) || !groups.every(([, mine]) => mine[0]?.binds)) continue
    if (groups.some(([fn]) => fn === null) && groups.length > 1) continue
    for (const [fn, mine] of groups) {
      const namer = namers.get(fn) ?? createNamer(taken, 'camel')
      namers.set(fn, namer)
      const words =
        mine.length > 1 && mine.every((use) => use.word === mine[0]!.word) ? named(mine[0]!.word, namer, taken) : null
      if (words)
        drafts.push(
          nameDraft(
            mine.map(({ start, end }) => ({ start, end })),
            words,
          ),
        )
    }
  }
  return drafts
}

/** Synonyms in the name's own style: `$Response` and `$response` are both usual. */
function named(word: string, namer: ReturnType<typeof createNamer>, taken: ReadonlySet<string>): string[] | null {
  const words = namer(word.charAt(0).toLowerCase() + word.slice(1))
  if (!words || words.slice(1).some((other) => taken.has(other.toLowerCase()))) return null
  return words.map((other) => (/^[A-Z]/.test(word) ? other.charAt(0).toUpperCase() + other.slice(1) : other))
}

function mentions(text: string, root: SyntaxNode): { uses: Use[]; fixed: Set<string> } {
  const uses: Use[] = []
  const fixed = new Set<string>()
  walkTree(root, (node) => {
    const word = textOf(text, node)
    if (node.type === 'variable_name') {
      if (isParameter(node)) fixed.add(word.toLowerCase())
      const { start, end } = node
      uses.push({ word, name: word.toLowerCase(), start, end, fn: functionAround(node), binds: isBound(node) })
    } else if (isWhole(node)) fixed.add(word.replace(/^[$@]\{?(?:\w+:)?|\}$/g, '').toLowerCase())
  })
  return { uses, fixed }
}

/** A variable in braces or of another scope. */
function isWhole(node: SyntaxNode): boolean {
  return node.type === 'braced_variable' || (node.type === 'variable' && node.children.length === 0)
}

/** Callers name the parameters of functions and scripts. */
function isParameter(node: SyntaxNode): boolean {
  const holder = node.parent?.parent
  return (
    holder?.type === 'script_parameter' ||
    holder?.type === 'parameter_list' ||
    holder?.type === 'class_method_parameter'
  )
}

/** `$x = …` and `foreach ($x in …)`. */
function isBound(node: SyntaxNode): boolean {
  const variable = node.parent
  const holder = variable?.parent
  if (!variable || !holder) return false
  if (holder.type === 'foreach_statement')
    return holder.children.find((child) => child.type === 'variable') === variable
  return assignmentOf(holder)?.target === variable
}
