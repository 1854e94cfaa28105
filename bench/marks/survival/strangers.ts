import { seededDraw } from '@sigillo/fingerprint/simulate'
import type { Draw } from '@sigillo/fingerprint/simulate'
import { markdownTable } from '../../fingerprint/markdown.ts'
import { CORPORA, realFiles } from './corpus.ts'
import type { Corpus, RealFile } from './corpus.ts'
import { readText } from './measure.ts'
import type { Marked } from './measure.ts'

/** What was read of the files of one corpus from texts that derive from none of them: all of it is wrong. */
export interface StrangerRow {
  readonly id: string
  readonly corpus: string
  readonly texts:
    | 'other languages'
    | 'other languages, mixed by lines'
    | 'the same language'
    | 'the same, mixed by lines'
  readonly files: number
  /** Texts that all files were looked for in. */
  readonly samples: number
  /** Sites times texts. */
  readonly asked: number
  readonly read: number
}

/** Files one of which was once made from the other: a text of the one may well show what the other says. */
const RELATIVES: ReadonlySet<string> = new Set(['zgrep.sh', 'xzgrep.sh'])

/** Reads each file of a corpus from texts of others, under a name of its own language, as they are and with one in two blocks of lines from another text. */
export async function measureStrangers(
  corpus: Corpus,
  marked: readonly Marked[],
  most: number,
): Promise<StrangerRow[]> {
  const foreign = (Object.keys(CORPORA) as Corpus[])
    .filter((other) => other !== corpus)
    .flatMap((other) => realFiles(other, most))
  const draw = seededDraw(31)
  const rows: StrangerRow[] = []
  for (const mixed of [false, true]) {
    const others = mixed ? mixedTexts(foreign, draw) : foreign.map(({ text }) => text)
    rows.push(
      await readAll(corpus, marked, () => others, mixed ? 'other languages, mixed by lines' : 'other languages'),
    )
    const own = marked.map(({ file }) => ({ path: file.path, text: file.text }))
    const withoutOne = (path: string): string[] => {
      const rest = own.filter((other) => other.path !== path && !(RELATIVES.has(other.path) && RELATIVES.has(path)))
      return mixed ? mixedTexts(rest, draw) : rest.map(({ text }) => text)
    }
    rows.push(await readAll(corpus, marked, withoutOne, mixed ? 'the same, mixed by lines' : 'the same language'))
  }
  return rows
}

async function readAll(
  corpus: Corpus,
  marked: readonly Marked[],
  textsFor: (path: string) => readonly string[],
  texts: StrangerRow['texts'],
): Promise<StrangerRow> {
  let [samples, asked, read] = [0, 0, 0]
  for (const one of marked)
    for (const text of textsFor(one.file.path)) {
      const readings = await readText(one, text)
      samples++
      asked += readings.length
      read += readings.filter(({ variant }) => variant !== null).length
    }
  return { id: `${corpus}/${texts}`, corpus, texts, files: marked.length, samples, asked, read }
}

/** Each text with every other block of ten lines from the next one. */
function mixedTexts(files: readonly RealFile[], draw: Draw): string[] {
  return files.map(({ text }, at) => {
    const sources = [text, files[(at + 1) % files.length]?.text ?? ''].map((all) => all.split('\n'))
    const blocks = Math.ceil(sources[0]!.length / 10)
    return Array.from({ length: blocks }, (_, block) =>
      sources[Math.floor(draw() * 2)]!.slice(10 * block, 10 * block + 10),
    )
      .flat()
      .join('\n')
  })
}

/** A row for each corpus and sort of text. */
export function strangerTable(rows: readonly StrangerRow[]): string {
  return markdownTable(
    ['files of', 'looked for in', 'texts read', 'sites asked for', 'read'],
    rows.map(({ corpus, files, texts, samples, asked, read }) => [
      `${corpus} (${files})`,
      texts,
      `${samples}`,
      `${asked}`,
      `${read}`,
    ]),
  )
}

/**
 * At most one site in two thousand may be read from a text in another language. Files in the same language share code now and then, which is read as
 * what it is; these rows are for the eye.
 */
export function tooManyRead({ texts, read, asked }: StrangerRow): boolean {
  return texts.startsWith('other') && read > 0.0005 * asked
}
