import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Draw } from '@sigillo/fingerprint/simulate'
import type { Corpus } from './corpus.ts'
import { modelOf } from './edits.ts'
import { functionsOf, joined } from './functions.ts'

/** A way of making one text of several copies. Whatever it leaves was in one of them. */
export interface Merge {
  readonly name: string
  readonly copies: number
  /** `original`: the text that was marked, which the leakers do not have but a common ancestor of their repositories may be. */
  readonly run: (corpus: Corpus, copies: readonly string[], original: string, draw: Draw) => string | Promise<string>
}

/** How 2 and 3 copies are merged. */
export const MERGES: readonly Merge[] = [
  { name: 'merged by lines', copies: 2, run: (_, copies, __, draw) => byLines(copies, draw) },
  { name: 'merged by lines', copies: 3, run: (_, copies, __, draw) => byLines(copies, draw) },
  { name: 'merged by functions', copies: 2, run: (corpus, copies, _, draw) => byFunctions(corpus, copies, draw) },
  { name: 'merged by functions', copies: 3, run: (corpus, copies, _, draw) => byFunctions(corpus, copies, draw) },
  { name: 'git merge-file --union', copies: 2, run: (_, copies, original) => byGit(copies, original, '--union') },
  { name: 'git merge-file --ours', copies: 2, run: (_, copies, original) => byGit(copies, original, '--ours') },
  { name: 'git merge-file --ours', copies: 3, run: (_, [a = '', b = '', c = '']) => byGit([a, b], c, '--ours') },
]

/** Blocks of ten lines, each from a copy drawn by lot. */
function byLines(copies: readonly string[], draw: Draw): string {
  const lines = copies.map((copy) => copy.split('\n'))
  const blocks = Math.ceil(Math.max(...lines.map((all) => all.length)) / 10)
  const taken = Array.from({ length: blocks }, (_, at) => any(lines, draw)?.slice(10 * at, 10 * at + 10) ?? [])
  return taken.flat().join('\n')
}

/** The first copy, each of whose functions comes from a copy drawn by lot; functions are matched by name. */
async function byFunctions(corpus: Corpus, copies: readonly string[], draw: Draw): Promise<string> {
  const functions = await Promise.all(
    copies.map(async (copy) => functionsOf(copy, (await modelOf(corpus, copy)).regions).flat()),
  )
  const [base = ''] = copies
  const changes = (functions[0] ?? []).flatMap((slot) => {
    const from = Math.floor(draw() * copies.length)
    const same = (functions[from] ?? []).filter(({ name }) => name !== '' && name === slot.name)
    return same.length === 1 ? [{ slot, put: copies[from]!.slice(same[0]!.start, same[0]!.end) }] : []
  })
  return joined(base, changes)
}

function byGit([ours = '', theirs = '']: readonly string[], base: string, option: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'merge-'))
  try {
    const paths = [ours, base, theirs].map((text, at) => {
      const path = join(folder, String(at))
      writeFileSync(path, text)
      return path
    })
    const { stdout, status } = spawnSync('git', ['merge-file', '-p', option, ...paths], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    })
    if (status === null || status > 127) throw new Error('git merge-file failed (install git)')
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function any<T>(items: readonly T[], draw: Draw): T | undefined {
  return items[Math.floor(draw() * items.length)]
}
