import type { SiteDraft } from '../../language.ts'
import type { Pool, Span } from '../../site.ts'
import { survivalOf } from '../../survival.ts'

/** Only the offsets: callers may pass syntax nodes. */
function bareSpan({ start, end }: Span): Span {
  return { start, end }
}

/** An order of two parts, original first. `shown` names each part in a few words. */
export function swapDraft(kind: string, parts: readonly [Span, Span], shown: readonly [string, string]): SiteDraft {
  const [first, second] = parts
  const sorted = shown[0] <= shown[1]
  return {
    kind,
    pool: 'structural',
    span: { start: first.start, end: second.end },
    parts: [bareSpan(first), bareSpan(second)],
    variants: [{ shown: `${shown[0]} before ${shown[1]}` }, { order: [1, 0], shown: `${shown[1]} before ${shown[0]}` }],
    anchor: { read: 'order', forms: sorted ? ['sorted', 'unsorted'] : ['unsorted', 'sorted'] },
    survival: survivalOf(kind),
  }
}

const MIRROR: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

/** `left < right` or `right > left`; the spans are those of both operands and the operator. */
export function comparisonDraft(text: string, left: Span, operator: Span, right: Span): SiteDraft {
  const sign = text.slice(operator.start, operator.end)
  const mirrored = MIRROR[sign] ?? sign
  const [a, b] = [text.slice(left.start, left.end), text.slice(right.start, right.end)]
  return {
    kind: 'comparison',
    pool: 'structural',
    span: { start: left.start, end: right.end },
    parts: [bareSpan(left), bareSpan(right)],
    variants: [
      { shown: oneLine(`${a} ${sign} ${b}`) },
      { order: [1, 0], edits: [{ span: bareSpan(operator), text: mirrored }], shown: oneLine(`${b} ${mirrored} ${a}`) },
    ],
    anchor: { read: 'comparison', forms: sign.startsWith('<') ? ['<', '>'] : ['>', '<'] },
    survival: survivalOf('comparison'),
  }
}

/** One name, all its uses; `words[0]` is the original. */
export function nameDraft(uses: readonly Span[], words: readonly string[]): SiteDraft {
  const first = uses[0]!
  const last = uses.at(-1)!
  return {
    kind: 'local-name',
    pool: 'name',
    span: { start: first.start, end: last.end },
    variants: words.map((word, at) =>
      at === 0 ? { shown: word } : { edits: uses.map((span) => ({ span, text: word })), shown: word },
    ),
    anchor: { read: 'name', values: words },
    survival: survivalOf('local-name'),
  }
}

/** One literal; `encoded[i]` is what stands in the text for `values[i]`. */
export function wireDraft(
  kind: string,
  span: Span,
  values: readonly string[],
  encoded: readonly string[],
  literal: 'string' | 'number',
): SiteDraft {
  const pool: Pool = kind === 'doc' ? 'doc' : 'wire'
  return {
    kind,
    pool,
    span,
    variants: encoded.map((text, at) =>
      at === 0 ? { shown: oneLine(text) } : { edits: [{ span, text }], shown: oneLine(text) },
    ),
    anchor: { read: 'wire', literal, values },
    survival: survivalOf(kind),
  }
}

/** A text on one line, at most 60 characters. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
