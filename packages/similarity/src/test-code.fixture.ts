import { mix } from './internal/hashing.ts'
import type { Document, SourceFile } from './document.ts'

/** Reproducible numbers from 0 to 1, independent from seed to seed. */
function randomOf(seed: number): () => number {
  let count = 0
  return () => (mix(mix(seed * 2654435761 + 1) + Math.imul(++count, 0x9e3779b1)) >>> 0) / 2 ** 32
}

const SYLLABLES = 'ka lo mi ter san dor vel pra quo zin bur tes hal wex yor nim'.split(' ')

/** Made-up JavaScript: same seed, same program; another seed shares nothing with it but the language. */
export function program(seed: number, functions = 12): string {
  const random = randomOf(seed)
  const pick = (list: readonly string[]): string => list.at(Math.floor(random() * list.length)) ?? ''
  const name = (): string => Array.from({ length: 3 }, () => pick(SYLLABLES)).join('') + Math.floor(random() * 90)
  const lines: string[] = [`const ${name()} = require('node:${name()}')`]
  for (let index = 0; index < functions; index++) {
    const [first, second, local] = [name(), name(), name()]
    lines.push(
      `function ${name()}(${first}, ${second}) {`,
      `  // ${name()} before ${name()}`,
      `  const ${local} = ${first}.${name()}('${name()} ${name()}')`,
      `  if (${local}.${name()} ${pick(['>', '<', '==='])} ${second}.${name()}) return ${second}[0x${(70_000 + Math.floor(random() * 1e6)).toString(16)}]`,
      `  for (const one of ${local}.${name()}) ${first}.${name()} ${pick(['+=', '-=', '*='])} one.${name()} ${pick(['+', '*'])} ${Math.floor(random() * 9)}`,
      `  return { ${name()}: ${local}, ${name()}: '/${name()}/${name()}.aspx' }`,
      `}`,
    )
  }
  return `${lines.join('\n')}\n`
}

export function file(text: string, name = 'a.js'): SourceFile {
  return { name, bytes: new TextEncoder().encode(text) }
}

export function document(id: string, text: string, name?: string): Document {
  return { id, files: [file(text, name)] }
}

/** Programs with seeds `from` to `to`, `to` not included. */
export function programs(from: number, to: number): Document[] {
  return Array.from({ length: to - from }, (_, at) => document(`public ${from + at}`, program(from + at)))
}

/** Every name that is no property renamed, comments and line ends gone: what a minifier does to it. */
export function minified(text: string): string {
  const names = new Map<string, string>()
  return text
    .replace(/\/\/.*$/gm, '')
    .replace(
      /('[^']*')|(?<![.\w'])(?!function|const|return|require|if|for|of|one\b)([a-z]{4,}\d+)\b(?!:)/g,
      (all, string: string, name: string) => {
        if (string !== undefined) return string
        if (!names.has(name)) names.set(name, `v${names.size}`)
        return names.get(name) ?? all
      },
    )
    .replace(/\n\s*/g, ' ')
}
