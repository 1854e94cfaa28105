import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { figuresOf } from './metrics.ts'
import type { Figures } from './metrics.ts'
import type { Contest } from './scorer.ts'

/** A pair that people labelled. */
export interface Pair {
  readonly a: string
  readonly b: string
  readonly derived: boolean
  readonly level: string
}

/** A labelled set in a folder of somebody else's work, of which only figures are kept. */
export interface LabelledSet {
  readonly name: string
  readonly language: string
  readonly folder: string
  readonly pairs: readonly Pair[]
}

/** What one scorer made of one labelled set. */
export interface LabelledRow {
  readonly set: string
  readonly scorer: string
  readonly version: string
  readonly all: Figures
  readonly levels: Readonly<Record<string, Figures>>
  readonly seconds: number
}

const NAMES = ['hjc-java', 'irplag-java'] as const

/** The known sets of a folder. What is absent is simply not there: the caller says so. */
export function labelledSets(folder: string): LabelledSet[] {
  return NAMES.filter((name) => existsSync(join(folder, name, 'pairs.csv'))).map((name) => ({
    name,
    language: 'java',
    folder: join(folder, name, 'files'),
    pairs: pairsOf(readFileSync(join(folder, name, 'pairs.csv'), 'utf8')),
  }))
}

/** The names of the known sets. */
export const LABELLED: readonly string[] = NAMES

/**
 * One contest for each reference and the samples it is paired with.
 *
 * A reference's cohort are files that have no ancestor in common with it; half of them are left out, so that no pair is judged by itself:
 * with `fold` 0 the samples at even places are scored, with 1 those at odd places, and the cohort comes from the other half.
 */
export function contestsOf(
  set: LabelledSet,
  background: readonly string[],
): { contest: Contest; pairs: readonly Pair[] }[] {
  const path = (name: string): string => join(set.folder, name)
  const everybody = [...new Set(set.pairs.flatMap((pair) => [pair.a, pair.b]))].sort()
  const related = relatives(set.pairs)
  return [...Map.groupBy(set.pairs, (pair) => pair.a)].flatMap(([reference, all]) => {
    const independent = everybody.filter((name) => related(name) !== related(reference))
    return [0, 1].flatMap((fold) => {
      const pairs = all.filter((pair) => parity(pair.b) === fold)
      if (pairs.length === 0) return []
      const cohort = independent.filter((name) => parity(name) !== fold).slice(0, 300)
      const contest: Contest = {
        language: set.language,
        references: [path(reference)],
        samples: pairs.map((pair) => path(pair.b)),
        background,
        cohort: cohort.map(path),
        strangersInARow: 1,
      }
      return [{ contest, pairs }]
    })
  })
}

/** Figures over all pairs and by level; the negatives are those of the whole set. */
export function figuresOfPairs(pairs: readonly Pair[], scores: readonly number[]): Pick<LabelledRow, 'all' | 'levels'> {
  const scored = pairs.map((pair, at) => ({ pair, score: scores[at]! }))
  const negatives = scored.filter(({ pair }) => !pair.derived).map(({ score }) => score)
  const positives = scored.filter(({ pair }) => pair.derived)
  const levels = Map.groupBy(positives, ({ pair }) => pair.level)
  return {
    all: figuresOf(
      positives.map(({ score }) => score),
      negatives,
    ),
    levels: Object.fromEntries(
      [...levels]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([level, found]) => [
          level,
          figuresOf(
            found.map(({ score }) => score),
            negatives,
          ),
        ]),
    ),
  }
}

function pairsOf(csv: string): Pair[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [a = '', b = '', label, level = ''] = line.trim().split(',')
      return { a, b, derived: label === '1', level }
    })
}

/** Names what a file derives from in the end, by all pairs labelled as derived. */
function relatives(pairs: readonly Pair[]): (name: string) => string {
  const parent = new Map(pairs.filter((pair) => pair.derived).map((pair) => [pair.b, pair.a]))
  return (name) => {
    let root = name
    for (let above = parent.get(root); above !== undefined && above !== root; above = parent.get(root)) root = above
    return root
  }
}

/** An even split that does not follow the order of names. */
function parity(name: string): number {
  let sum = 0
  for (const letter of name) sum = (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0
  return (sum >>> 7) & 1
}
