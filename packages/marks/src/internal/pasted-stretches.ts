import type { PlanFile } from '../site.ts'
import { rareIn } from './rare-words.ts'

/** Lines of a sample that seem to have been copied from a file. */
export interface PastedStretch {
  readonly text: string
  /** Lines of the sample before it. */
  readonly before: number
}

/** Lines of a copy in a row that say where it was pasted, less those between them that are not of the file. */
const MIN_SCORE = 5
/** A line that holds words of the file which ordinary code does not use, and one that holds such words of another program. */
const AKIN = 0.5
const STRANGE = -0.5
/** Stretches that are looked for in one sample. */
const MOST = 8
/** A sample that is a copy nearly throughout is not pasted into anything. */
const MOST_SHARE = 0.8
/** Letters and digits that make a line worth comparing. */
const MIN_LETTERS = 6

/**
 * The stretches of a sample whose lines are mostly those of a file, longest first: code that was pasted into a program of somebody else's, whose own
 * lines only stand in the way of reading. None for a sample that is all copy, or has none of the file's lines as they were.
 *
 * Each is the best row of lines by their sum of scores (Bentley 1984, Kadane's algorithm), then the best of what is left.
 */
export function pastedStretches(file: PlanFile, sample: string): PastedStretch[] {
  const known = new Set(file.text.split('\n').map(keyOf).filter(isTelling))
  const words = new Set(rareIn(allVariants(file)))
  const lines = sample.split('\n')
  const scores = lines.map((line): number => {
    if (known.has(keyOf(line))) return 1
    const own = rareIn(line)
    return own.length === 0 ? 0 : own.some((word) => words.has(word)) ? AKIN : STRANGE
  })
  const found: PastedStretch[] = []
  while (found.length < MOST) {
    const { from, to, sum } = bestRow(scores)
    if (sum < MIN_SCORE) break
    if (to - from > MOST_SHARE * lines.length) return []
    found.push({ text: lines.slice(from, to).join('\n'), before: from })
    scores.fill(-Infinity, from, to)
  }
  return found
}

/** Every text that some copy may show. */
function allVariants({ text, sites }: PlanFile): string {
  const edits = sites.flatMap(({ variants }) => variants.flatMap((variant) => variant.edits ?? []))
  return [text, ...edits.map((edit) => edit.text)].join('\n')
}

/** A line as formatters leave it. */
function keyOf(line: string): string {
  return line.replaceAll(/[\s'"`;,]/g, '')
}

function isTelling(key: string): boolean {
  return (key.match(/\w/g) ?? []).length >= MIN_LETTERS
}

/** The row of neighbours with the highest sum; `to` is the first behind it. */
function bestRow(scores: readonly number[]): { readonly from: number; readonly to: number; readonly sum: number } {
  let best = { from: 0, to: 0, sum: 0 }
  let from = 0
  let sum = 0
  for (const [at, score] of scores.entries()) {
    if (sum <= 0) {
      from = at
      sum = 0
    }
    sum += score
    if (sum > best.sum) best = { from, to: at + 1, sum }
  }
  return best
}
