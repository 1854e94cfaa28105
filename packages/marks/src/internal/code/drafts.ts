import type { SiteDraft } from '../../language.ts'
import type { Edit, Pool, Span } from '../../site.ts'
import { survivalOf } from '../../survival.ts'
import type { Choice, Idiom } from './model.ts'

/** What is called by a name. */
export type NameKind = 'local-name' | 'parameter-name' | 'function-name'

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

/**
 * A choice as it is or turned round: branches exchanged, condition negated.
 *
 * @param negation - what turns the condition, as it is written, into its contrary
 */
export function branchDraft(text: string, choice: Choice, negation: Edit): SiteDraft {
  const [first, second] = choice.negated ? [choice.whenFalse, choice.whenTrue] : [choice.whenTrue, choice.whenFalse]
  const tested = text.slice(Math.min(choice.condition.start, negation.span.start), choice.condition.end)
  const contrary = applyWithin(tested, Math.min(choice.condition.start, negation.span.start), negation)
  const forms = ['plain', 'negated']
  return {
    kind: 'branch-order',
    pool: 'structural',
    span: { start: Math.min(negation.span.start, first.start), end: Math.max(negation.span.end, second.end) },
    parts: [bareSpan(first), bareSpan(second)],
    variants: [
      { shown: oneLine(`if ${tested}`) },
      {
        order: [1, 0],
        edits: [{ span: bareSpan(negation.span), text: negation.text }],
        shown: oneLine(`if ${contrary}`),
      },
    ],
    anchor: { read: 'choice', forms: choice.negated ? forms.toReversed() : forms },
    survival: survivalOf('branch-order'),
  }
}

function applyWithin(text: string, from: number, { span, text: put }: Edit): string {
  return text.slice(0, span.start - from) + put + text.slice(span.end - from)
}

/** One spelling of a construct or the other; the edits lead from the first form to the second. */
export function idiomDraft(
  kind: string,
  idiom: Idiom,
  other: { readonly form: string; readonly edits: readonly Edit[] },
): SiteDraft {
  const { edits } = other
  return {
    kind,
    pool: 'idiom',
    span: { start: idiom.node.start, end: Math.max(...edits.map((edit) => edit.span.end)) },
    variants: [{ shown: idiom.form }, { edits, shown: other.form }],
    anchor: { read: 'idiom', at: idiom.node.start, family: idiom.family, forms: [idiom.form, other.form] },
    survival: survivalOf(kind),
  }
}

/** One name, all its uses; `words[0]` is the original. */
export function nameDraft(uses: readonly Span[], words: readonly string[], kind: NameKind = 'local-name'): SiteDraft {
  const first = uses[0]!
  const last = uses.at(-1)!
  return {
    kind,
    pool: 'name',
    span: { start: first.start, end: last.end },
    variants: words.map((word, at) =>
      at === 0 ? { shown: word } : { edits: uses.map((span) => ({ span, text: word })), shown: word },
    ),
    anchor: { read: kind === 'function-name' ? 'function-name' : 'name', values: words },
    survival: survivalOf(kind),
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
