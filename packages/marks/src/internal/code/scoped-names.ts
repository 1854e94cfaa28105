import type { SyntaxNode } from '@sigillo/syntax/tree'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { nameDraft } from './drafts.ts'
import { createNamer, type Spelling } from './synonyms.ts'

/** A name that a declaration makes, and where it can be seen: inside `scope`, from offset `from` on. */
export interface Binding {
  readonly name: SyntaxNode
  readonly scope: Span
  readonly from: number
  readonly parameter?: boolean
}

/** What one outermost function says about names, as its language sees them. */
export interface NameScene {
  readonly fn: SyntaxNode
  readonly bindings: readonly Binding[]
  /** Every identifier that could be a variable, in text order. */
  readonly uses: readonly SyntaxNode[]
  /** Names that must stay as they are. */
  readonly fixed: ReadonlySet<string>
  /** Comments in the function and right above it: a name they speak of stays, or they would speak of nothing. */
  readonly comments: readonly Span[]
}

/**
 * Name sites of a function in a language with block scopes: names whose every use is resolved by a declaration in the function, so that no
 * global, field or macro of the same spelling is touched, and whose alternatives are in nobody's use.
 *
 * @param taken - words that no alternative may be: keywords, and every word of the file
 */
export function scopedNames(text: string, scene: NameScene, taken: Iterable<string>, spelling: Spelling): SiteDraft[] {
  const word = (node: Span): string => text.slice(node.start, node.end)
  const uses = groupBy(scene.uses, word)
  const bindings = groupBy(scene.bindings, (binding) => word(binding.name))
  const spoken = new Set(scene.comments.flatMap((comment) => word(comment).match(/\w+/g) ?? []))
  const namer = createNamer(taken, spelling)
  const drafts: SiteDraft[] = []
  for (const [name, bound] of bindings) {
    const spans = uses.get(name) ?? []
    if (spans.length < 2 || scene.fixed.has(name) || spoken.has(name)) continue
    if (!spans.every((use) => resolves(use, bound))) continue
    const words = namer(name)
    const kind = bound.some(({ parameter }) => parameter) ? 'parameter-name' : 'local-name'
    if (words) drafts.push(nameDraft(spans.map(bare), words, kind))
  }
  return drafts
}

/** True when the use is a declaration itself or stands where one is seen. */
function resolves(use: Span, bindings: readonly Binding[]): boolean {
  return bindings.some(
    ({ name, scope, from }) =>
      name.start === use.start || (use.start >= from && use.start >= scope.start && use.end <= scope.end),
  )
}

function bare({ start, end }: Span): Span {
  return { start, end }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const out = new Map<string, T[]>()
  for (const item of items) {
    const known = out.get(key(item))
    if (known) known.push(item)
    else out.set(key(item), [item])
  }
  return out
}
