import { type CommentGuard, commentGuard } from '../../internal/comment-guard.ts'
import { type OrderKind, looksSorted, orderDrafts } from '../../internal/piece-order.ts'
import type { SiteDraft } from '../../language.ts'
import type { Damage } from '../../site.ts'
import { type SigmaContainer, documentContainers } from './containers.ts'
import { fieldsTrade, identifiersTrade, keysTrade, operandsTrade, tagsTrade } from './customs.ts'
import { type Node, commentsOf, isMovable } from './tree.ts'
import { documentsIn } from './excerpts.ts'
import { parseYaml } from './tree.ts'

/** Estimates: rules are passed on whole, converted by tools that keep order, or rewritten. */
const SURVIVAL: Readonly<Record<Damage, number>> = { verbatim: 1, format: 1, minify: 1, refactor: 0.6, rewrite: 0.1 }

/**
 * Sites of a Sigma file: order of values, of fields of a selection, of selections of one family, of tags, references and false positives, of
 * logsource fields, of operands of the condition. No sites in YAML that is not Sigma, or where anchors or tags make order matter.
 */
export function findSites(text: string): readonly SiteDraft[] {
  if (!parseYaml(text, false).ok) return []
  const guard = commentGuard(text, commentsOf(text))
  const drafts: SiteDraft[] = []
  let base = 0
  for (const document of documentsIn(text)) {
    const containers = documentContainers(text, document)
    const isSigma = document.entries.some(
      (entry) => entry.key === 'detection' || entry.key === 'correlation' || entry.key === 'filter',
    )
    if (isSigma && document.plain) {
      for (const [i, container] of containers.entries())
        drafts.push(...containerSites(text, guard, container, base + i))
    }
    base += containers.length
  }
  return drafts
}

type Trade = (a: number, b: number) => boolean

function containerSites(
  text: string,
  guard: CommentGuard,
  container: SigmaContainer,
  index: number,
): readonly SiteDraft[] {
  const name = siteKind(container)
  if (name === null) return []
  const { node } = container
  const pieces =
    node === null ? container.pieces : container.pieces.map((piece) => ({ ...piece, span: guard.extend(piece.span) }))
  const wide = { ...container, pieces }
  const may = tradeOf(name, container)
  const whole: Trade = (a, b) =>
    [a, b].every((i) => pieceMoves(node, i) && (pieces[i]?.span.start ?? 0) < (pieces[i]?.span.end ?? 0))
  const apart: Trade = (a, b) => b - a > 1 || guard.mayTrade(pieces[a]?.span ?? NOWHERE, pieces[b]?.span ?? NOWHERE)
  const kind: OrderKind = { kind: name, pool: 'structural', survival: SURVIVAL }
  return orderDrafts(text, wide, index, kind, (a, b) => may(a, b) && whole(a, b) && apart(a, b))
}

const NOWHERE = { start: 0, end: 0 }

function pieceMoves(node: Node | null, i: number): boolean {
  if (node === null) return true
  const child = node.kind === 'map' ? node.entries[i]?.value : node.kind === 'list' ? node.items[i] : undefined
  return child !== undefined && isMovable(child)
}

const LISTS: Readonly<Record<string, string>> = {
  tags: 'tag-order',
  references: 'reference-order',
  falsepositives: 'item-order',
}

/** Which kind of site a container makes, or null for one whose order is not ours to change. */
function siteKind(container: SigmaContainer): string | null {
  const steps = container.path.split('/')
  if (container.kind === 'condition') return 'operand-order'
  if (container.kind === 'list' && steps.length === 1) return LISTS[container.path] ?? null
  if (container.kind === 'map' && (container.path === '' || container.path === 'logsource')) return 'key-order'
  const inDetection = steps[0] === 'detection' && steps[1] !== 'condition'
  if (!inDetection) return null
  if (container.kind === 'list') return 'value-order'
  return steps.length === 1 ? 'selection-order' : 'field-order'
}

function tradeOf(kind: string, container: SigmaContainer): Trade {
  const keys = container.pieces.map((piece) => piece.key)
  const by =
    (test: (a: string, b: string) => boolean): Trade =>
    (a, b) =>
      test(keys[a] ?? '', keys[b] ?? '')
  if (container.kind === 'list' && looksSorted(keys)) return () => false
  if (kind === 'key-order') return by((a, b) => keysTrade(container.path, a, b))
  if (kind === 'field-order') return by(fieldsTrade)
  if (kind === 'selection-order') return by(identifiersTrade)
  if (kind === 'tag-order') return by(tagsTrade)
  if (kind === 'operand-order') return (a, b) => operandsTrade(container.words[a] ?? [], container.words[b] ?? [])
  return () => true
}
