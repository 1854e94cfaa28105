import type { Language } from '../language.ts'
import type { CodeModel } from './code/model.ts'

/** For tests: a text without its comments. */
export async function withoutComments(text: string, language: Language): Promise<string> {
  const { comments } = (await language.literals?.(text)) ?? { comments: [] }
  return replaced(
    text,
    comments.map((span) => ({ ...span, put: '' })),
  )
}

/**
 * For tests: a text in which every name that it declares is another one.
 *
 * @param sigil - what stands before names that is no part of them for a reader, as `$` in PHP
 */
export function withOtherNames(model: CodeModel, sigil: string = ''): string {
  const names = new Map<string, string>()
  const edits = model.tokens
    .filter((token) => token.kind === 'name' && model.bound.has(token.value))
    .map(({ value, start, end }) => {
      const put = names.get(value) ?? `${sigil}other${names.size}`
      names.set(value, put)
      return { start, end, put }
    })
  return replaced(model.text, edits)
}

function replaced(text: string, edits: readonly { start: number; end: number; put: string }[]): string {
  let out = ''
  let at = 0
  for (const { start, end, put } of edits) {
    if (start < at) continue
    out += text.slice(at, start) + put
    at = end
  }
  return out + text.slice(at)
}
