import { parseTree } from '@sigillo/syntax/tree'
import type { Draw } from '@sigillo/fingerprint/simulate'
import type { CodeModel } from '../internal/code/model.ts'
import { languageById } from '../languages.ts'
import { bashModel } from '../languages/bash/model.ts'
import { parseBash } from '../languages/bash/parse.ts'
import { cModel } from '../languages/c/model.ts'
import { parseC } from '../languages/c/parse.ts'
import { goModel } from '../languages/go/model.ts'
import { javaModel } from '../languages/java/model.ts'
import { javascriptModel } from '../languages/javascript/model.ts'
import { phpModel } from '../languages/php/model.ts'
import { powershellModel } from '../languages/powershell/model.ts'
import { parsePowershell } from '../languages/powershell/parse.ts'
import { pythonModel } from '../languages/python/model.ts'
import { rubyModel } from '../languages/ruby/model.ts'
import { functionsOf, joined } from './functions.ts'

// What a person with an editor does to a copy. Comments, names and functions are told apart by the grammars, as no tool does it in all languages.

/** TypeScript is cut by the grammar of JavaScript's model, types and all. */
const MODELS: Readonly<Record<string, (text: string) => Promise<CodeModel>>> = {
  bash: async (text) => bashModel(await parseBash(text)),
  c: async (text) => cModel(await parseC('c', text)),
  cpp: async (text) => cModel(await parseC('cpp', text)),
  go: async (text) => goModel(await parseTree('go', text)),
  java: async (text) => javaModel(await parseTree('java', text)),
  javascript: async (text) => javascriptModel(await parseTree('javascript', text)),
  php: async (text) => phpModel(await parseTree('php', text)),
  powershell: async (text) => powershellModel(await parsePowershell(text)),
  python: async (text) => pythonModel(await parseTree('python', text)),
  ruby: async (text) => rubyModel(await parseTree('ruby', text)),
  typescript: async (text) => javascriptModel(await parseTree('typescript', text)),
}

/** True for the programming languages, whose texts `modelOf` takes apart. */
export function isCode(language: string): boolean {
  return Object.hasOwn(MODELS, language)
}

/** What a programming language makes of a text. For other languages throws a `TypeError`: ask `isCode` first. */
export async function modelOf(language: string, text: string): Promise<CodeModel> {
  return await MODELS[language]!(text)
}

/** A text without its comments; lines that held nothing else are gone, a `#!` line stays. */
export async function withoutComments(language: string, text: string): Promise<string> {
  const { comments = [] } = (await languageById(language)?.literals?.(text)) ?? {}
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
export async function renamed(language: string, text: string): Promise<string> {
  const { tokens, bound } = await modelOf(language, text)
  const sigil = language === 'php' ? '$' : ''
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
export async function shuffled(language: string, text: string, draw: Draw): Promise<string> {
  const runs = functionsOf(text, (await modelOf(language, text)).regions)
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
