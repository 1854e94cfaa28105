import { join } from 'node:path'
import { contestsOf, figuresOfPairs, labelledSets } from './labelled.ts'
import type { LabelledRow, LabelledSet, Pair } from './labelled.ts'
import { keepRow, keptRows } from './results.ts'
import type { Scorer } from './scorer.ts'
import { jdkFiles } from './sets/jdk.ts'

/** Scores the labelled sets of a folder; what peers made of them in an earlier run is not made again. */
export async function runLabelled(folder: string, scorers: readonly Scorer[], fresh: boolean): Promise<LabelledRow[]> {
  const rows: LabelledRow[] = []
  const kept = fresh ? {} : keptRows<LabelledRow>('labelled')
  if (jdkFiles().length === 0) console.log('MISSING: Debian package openjdk-17-source, the public code for Java')
  for (const set of labelledSets(folder))
    for (const scorer of scorers.filter((each) => each.reads(set.language))) {
      const key = `${set.name} ${scorer.name}`
      const row = (scorer.learns === true ? undefined : kept[key]) ?? (await rowOf(set, scorer))
      keepRow('labelled', key, row)
      rows.push(row)
      console.log(
        `${key}: AUC ${row.all.auc.toFixed(3)}, ${row.all.at1.toFixed(2)} / ${row.all.at01.toFixed(2)} (${row.seconds} s)`,
      )
    }
  return rows
}

async function rowOf(set: LabelledSet, scorer: Scorer): Promise<LabelledRow> {
  const from = performance.now()
  const { pairs, scores } = await scoresOf(set, scorer, () => true)
  const seconds = Math.round((performance.now() - from) / 1000)
  return { set: set.name, scorer: scorer.name, version: scorer.version, ...figuresOfPairs(pairs, scores), seconds }
}

interface Scored {
  readonly pairs: readonly Pair[]
  readonly scores: readonly number[]
}

/** Scores of the pairs of a set that are asked for. */
export async function scoresOf(set: LabelledSet, scorer: Scorer, takes: (pair: Pair) => boolean): Promise<Scored> {
  if (scorer.learns === true) return byReference(set, scorer, takes)
  const pairs = set.pairs.filter(takes)
  if (scorer.scorePairs === undefined) return atOnce({ ...set, pairs }, scorer)
  const paths = pairs.map(({ a, b }) => [join(set.folder, a), join(set.folder, b)] as const)
  return { pairs, scores: scorer.scorePairs(paths) }
}

async function byReference(set: LabelledSet, scorer: Scorer, takes: (pair: Pair) => boolean): Promise<Scored> {
  const pairs: Pair[] = []
  const scores: number[] = []
  for (const { contest, pairs: those } of contestsOf(set, jdkFiles())) {
    const found = await scorer.score(contest)
    for (const [at, pair] of those.entries()) {
      if (!takes(pair)) continue
      pairs.push(pair)
      scores.push(found[at]!)
    }
  }
  return { pairs, scores }
}

async function atOnce({ pairs, folder, language }: LabelledSet, scorer: Scorer): Promise<Scored> {
  const references = [...new Set(pairs.map((pair) => pair.a))]
  const samples = [...new Set(pairs.map((pair) => pair.b))]
  const paths = (names: readonly string[]): string[] => names.map((name) => join(folder, name))
  const contest = {
    language,
    references: paths(references),
    samples: paths(samples),
    background: [],
    cohort: [],
    strangersInARow: 1,
  }
  const scores = await scorer.score(contest)
  const rowOf = new Map(references.map((name, at) => [name, at]))
  const columnOf = new Map(samples.map((name, at) => [name, at]))
  return { pairs, scores: pairs.map(({ a, b }) => scores[rowOf.get(a)! * samples.length + columnOf.get(b)!]!) }
}
