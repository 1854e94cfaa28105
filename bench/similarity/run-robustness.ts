import { contestOf, figuresBySet } from './contests.ts'
import type { RobustnessRow } from './contests.ts'
import { keepRow, keptRows } from './results.ts'
import type { Scorer } from './scorer.ts'
import { relatedPairs } from './sets/clones.ts'
import type { DrawName } from './sets/draw.ts'
import { robustnessSet } from './sets/robustness.ts'
import type { Kind, RobustnessSet } from './sets/robustness.ts'

export interface RobustnessRun {
  readonly kinds: readonly Kind[]
  readonly draws: readonly DrawName[]
  /** Originals per kind and draw. */
  readonly each: number
  readonly scorers: readonly Scorer[]
  /** False for a quick look: nothing is written. */
  readonly keep: boolean
}

/** Scores all sets; what peers made of a set in an earlier run is not made again. */
export async function runRobustness(run: RobustnessRun): Promise<RobustnessRow[]> {
  const rows: RobustnessRow[] = []
  const kept = run.keep ? keptRows<RobustnessRow>('robustness') : {}
  for (const [kind, draw] of run.kinds.flatMap((kind) => run.draws.map((draw) => [kind, draw] as const))) {
    const set = await robustnessSet(kind, draw, run.each)
    for (const name of set.missing) console.log(`MISSING for ${kind}: ${name}`)
    for (const [name, times] of Object.entries(set.refused))
      console.log(`${kind}: ${name} refused ${times} of ${set.originals.length}`)
    const clones = relatedPairs(set)
    for (const scorer of run.scorers.filter((each) => each.reads(kind))) {
      const key = `${kind} ${draw} ${scorer.name}`
      const before = scorer.learns === true ? undefined : kept[key]
      const row = before?.clones === clones.size ? before : await rowOf(set, scorer, clones)
      if (run.keep) keepRow('robustness', key, row)
      rows.push(row)
      console.log(`${key}: ${row.mean.at1.toFixed(3)} / ${row.mean.at01.toFixed(3)} (${row.seconds} s)`)
    }
  }
  return rows
}

async function rowOf(set: RobustnessSet, scorer: Scorer, clones: ReadonlySet<string>): Promise<RobustnessRow> {
  const from = performance.now()
  const scores = await scorer.score(contestOf(set))
  const seconds = Math.round((performance.now() - from) / 100) / 10
  const { kind, draw } = set
  return { kind, draw, scorer: scorer.name, version: scorer.version, ...figuresBySet(set, scores, clones), seconds }
}
