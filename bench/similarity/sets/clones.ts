import { readFileSync } from 'node:fs'
import type { RobustnessSet } from './robustness.ts'

/** Lines of the smallest clone: the minimum of Bellon's benchmark of clone detectors (Bellon et al., IEEE TSE 33(9), 2007). */
const CLONE_LINES = 6

/**
 * Pairs that are called unrelated because nobody of this bench copied one into the other, but that hold a clone all the same: public code
 * is copied. Of two texts it is told by equal lines alone, which no scorer decides. Keys are `row/column`, as of scores.
 */
export function relatedPairs({
  originals,
  samples,
}: Pick<RobustnessSet, 'originals' | 'samples'>): ReadonlySet<string> {
  const texts = originals.map((path) => windowsOf(readFileSync(path, 'utf8')))
  const related = new Set<string>()
  for (const [column, { path, of }] of samples.entries()) {
    const sample = windowsOf(readFileSync(path, 'utf8'))
    for (const [row, own] of texts.entries()) {
      if (of === row) continue
      const origin = of === undefined ? undefined : texts[of]
      if (meet(own, sample) || (origin !== undefined && meet(own, origin))) related.add(`${row}/${column}`)
    }
  }
  return related
}

/** Whether two texts hold the same six lines in a row; white space, comments and lines without a letter or digit do not count. */
export function shareClone(a: string, b: string): boolean {
  return meet(windowsOf(a), windowsOf(b))
}

function windowsOf(text: string): ReadonlySet<string> {
  const lines = text
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line) && !/^(#|\/\/|\/\*|\*|--|;)/.test(line))
  const windows = new Set<string>()
  for (let at = 0; at + CLONE_LINES <= lines.length; at++) windows.add(lines.slice(at, at + CLONE_LINES).join('\n'))
  return windows
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return !a.isDisjointFrom(b)
}
