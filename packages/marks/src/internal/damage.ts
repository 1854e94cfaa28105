import type { CodeModel } from './code/model.ts'
import type { Language } from '../language.ts'

/** For tests: a text without its comments; lines that held nothing else are gone. */
export async function withoutComments(language: Language, text: string): Promise<string> {
  const { comments = [] } = (await language.literals?.(text)) ?? {}
  let out = ''
  let at = 0
  for (const comment of comments) {
    if (comment.start === 0 && text.startsWith('#!')) continue
    const line = text.lastIndexOf('\n', comment.start - 1) + 1
    const alone = text.slice(line, comment.start).trim() === ''
    out += text.slice(at, alone ? Math.max(at, line) : comment.start)
    at = alone && text.charAt(comment.end) === '\n' ? comment.end + 1 : comment.end
  }
  return out + text.slice(at)
}

/** For tests: a text in which every name that its own code binds is called something else, in order of appearance; capitals stay capitals. */
export function renamed(model: CodeModel): string {
  const names = new Map([...model.bound].map((name, at) => [name, /^[A-Z]/.test(name) ? `Zz${at}` : `zz${at}`]))
  let out = ''
  let at = 0
  for (const token of model.tokens) {
    const name = token.kind === 'name' ? names.get(token.value) : undefined
    if (name === undefined || token.start < at) continue
    out += model.text.slice(at, token.start) + name
    at = token.end
  }
  return out + model.text.slice(at)
}
