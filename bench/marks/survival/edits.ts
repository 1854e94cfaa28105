import { parseTree } from '@sigillo/syntax/tree'
import { languageById } from '@sigillo/marks/languages'
import { bashModel } from '@sigillo/marks/languages/bash/model'
import { parseBash } from '@sigillo/marks/languages/bash/parse'
import { cModel } from '@sigillo/marks/languages/c/model'
import { parseC } from '@sigillo/marks/languages/c/parse'
import { goModel } from '@sigillo/marks/languages/go/model'
import { javaModel } from '@sigillo/marks/languages/java/model'
import { javascriptModel } from '@sigillo/marks/languages/javascript/model'
import { phpModel } from '@sigillo/marks/languages/php/model'
import { pythonModel } from '@sigillo/marks/languages/python/model'
import { rubyModel } from '@sigillo/marks/languages/ruby/model'
import type { Draw } from '@sigillo/fingerprint/simulate'
import type { Corpus } from './corpus.ts'
import { functionsOf, joined } from './functions.ts'

// What a person with an editor does to a copy. Comments, names and functions are told apart by the grammars, as no tool does it in all languages.

type Model = ReturnType<typeof pythonModel>

/** What the language makes of a text. TypeScript is cut by the grammar of JavaScript's model, types and all. */
export async function modelOf(corpus: Corpus, text: string): Promise<Model> {
  if (corpus === 'bash') return bashModel(await parseBash(text))
  if (corpus === 'c' || corpus === 'cpp') return cModel(await parseC(corpus, text))
  const tree = await parseTree(corpus, text)
  const models = { python: pythonModel, javascript: javascriptModel, typescript: javascriptModel } as const
  const others = { go: goModel, java: javaModel, php: phpModel, ruby: rubyModel } as const
  return { ...models, ...others }[corpus](tree)
}

/** A text without its comments; lines that held nothing else are gone. */
export async function withoutComments(corpus: Corpus, text: string): Promise<string> {
  const { comments = [] } = (await languageById(corpus)?.literals?.(text)) ?? {}
  let out = ''
  let at = 0
  for (const comment of comments) {
    if (text.startsWith('#!') && comment.start === 0) continue
    const line = text.lastIndexOf('\n', comment.start - 1) + 1
    const alone = text.slice(line, comment.start).trim() === '' && text.charAt(comment.end) === '\n'
    out += text.slice(at, alone ? Math.max(at, line) : comment.start)
    at = alone ? comment.end + 1 : comment.end
  }
  return out + text.slice(at)
}

/** A text in which every name that it binds itself is called something else; what others could look up keeps its name. */
export async function renamed(corpus: Corpus, text: string): Promise<string> {
  const { tokens, bound } = await modelOf(corpus, text)
  const sigil = corpus === 'php' ? '$' : ''
  const names = new Map([...bound].map((name, at) => [name, `${sigil}${/^\$?[A-Z]/.test(name) ? 'Zz' : 'zz'}${at}`]))
  let out = ''
  let at = 0
  for (const token of tokens) {
    const name = token.kind === 'name' ? names.get(token.value) : undefined
    if (name === undefined || token.start < at) continue
    out += text.slice(at, token.start) + name
    at = token.end
  }
  return out + text.slice(at)
}

/** A text whose functions, as far as they stand next to each other, are in an order drawn by lot. */
export async function shuffled(corpus: Corpus, text: string, draw: Draw): Promise<string> {
  const runs = functionsOf(text, (await modelOf(corpus, text)).regions)
  return joined(
    text,
    runs.flatMap((run) => {
      const order = run.map((one) => ({ one, key: draw() })).sort((a, b) => a.key - b.key)
      return run.map((slot, at) => ({ slot, put: text.slice(order[at]!.one.start, order[at]!.one.end) }))
    }),
  )
}

/** Three tenths of the lines of a text, wherever they begin, in the middle of another one. */
export function excerpt(text: string, host: string, draw: Draw): string {
  const lines = text.split('\n')
  const length = Math.ceil(0.3 * lines.length)
  const from = Math.floor(draw() * (lines.length - length + 1))
  const around = host.split('\n')
  const middle = Math.floor(around.length / 2)
  return [...around.slice(0, middle), ...lines.slice(from, from + length), ...around.slice(middle)].join('\n')
}
