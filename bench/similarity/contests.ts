import { figuresOf } from './metrics.ts'
import type { Figures } from './metrics.ts'
import type { Contest } from './scorer.ts'
import type { RobustnessSet } from './sets/robustness.ts'

/** What one scorer made of one robustness set. */
export interface RobustnessRow {
  readonly kind: string
  readonly draw: string
  readonly scorer: string
  readonly version: string
  readonly all: Figures
  /** Mean over the transformations of what is found at 1 % and 0.1 %. */
  readonly mean: { readonly at1: number; readonly at01: number }
  readonly transformations: Readonly<Record<string, Figures>>
  readonly seconds: number
}

/** The contest of a set: every original against every text. */
export function contestOf(set: RobustnessSet): Contest {
  return {
    language: set.kind,
    references: set.originals,
    samples: set.samples.map((sample) => sample.path),
    background: set.background,
    cohort: set.cohort,
    strangersInARow: set.originals.length,
  }
}

/** Figures by transformation, with one threshold for the whole set: from every original against what derives from others and against strangers. */
export function figuresBySet(
  set: RobustnessSet,
  scores: Float64Array,
): Pick<RobustnessRow, 'all' | 'mean' | 'transformations'> {
  const negatives: number[] = []
  const positives = new Map<string, number[]>()
  for (const [column, sample] of set.samples.entries())
    for (const row of set.originals.keys()) {
      const score = scores[row * set.samples.length + column]!
      if (sample.of !== row) negatives.push(score)
      else positives.set(sample.transformation!, [...(positives.get(sample.transformation!) ?? []), score])
    }
  const transformations = Object.fromEntries([...positives].map(([name, found]) => [name, figuresOf(found, negatives)]))
  const each = Object.values(transformations)
  const mean = (of: (figures: Figures) => number): number =>
    each.reduce((sum, figures) => sum + of(figures), 0) / each.length
  return {
    all: figuresOf([...positives.values()].flat(), negatives),
    mean: { at1: mean((figures) => figures.at1), at01: mean((figures) => figures.at01) },
    transformations,
  }
}
