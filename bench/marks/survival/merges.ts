import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Draw } from '@sigillo/fingerprint/simulate'
import { mergedByFunctions, mergedByLines } from '@sigillo/marks/leak/merges'
import type { Corpus } from './corpus.ts'

/** A way of making one text of several copies. Whatever it leaves was in one of them. */
export interface Merge {
  readonly name: string
  readonly copies: number
  /** `original`: the text that was marked, which the leakers do not have but a common ancestor of their repositories may be. */
  readonly run: (corpus: Corpus, copies: readonly string[], original: string, draw: Draw) => string | Promise<string>
}

/** How 2 and 3 copies are merged. */
export const MERGES: readonly Merge[] = [
  { name: 'merged by lines', copies: 2, run: (_, copies, __, draw) => mergedByLines(copies, draw) },
  { name: 'merged by lines', copies: 3, run: (_, copies, __, draw) => mergedByLines(copies, draw) },
  { name: 'merged by functions', copies: 2, run: (corpus, copies, _, draw) => mergedByFunctions(corpus, copies, draw) },
  { name: 'merged by functions', copies: 3, run: (corpus, copies, _, draw) => mergedByFunctions(corpus, copies, draw) },
  { name: 'git merge-file --union', copies: 2, run: (_, copies, original) => byGit(copies, original, '--union') },
  { name: 'git merge-file --ours', copies: 2, run: (_, copies, original) => byGit(copies, original, '--ours') },
  { name: 'git merge-file --ours', copies: 3, run: (_, [a = '', b = '', c = '']) => byGit([a, b], c, '--ours') },
]

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
