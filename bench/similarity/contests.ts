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
  readonly mean: MeanFound
  /** The same when pairs that hold a clone count as unrelated. */
  readonly meanWithClones: MeanFound
  /** How many such pairs there are. */
  readonly clones: number
  readonly transformations: Readonly<Record<string, Figures>>
  readonly seconds: number
}

export interface MeanFound {
  readonly at1: number
  readonly at01: number
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

/**
 * Figures by transformation, with one threshold for the whole set: from every original against what derives from others and against strangers.
 *
 * @param clones - pairs, as of `relatedPairs`, that are neither derived here nor unrelated
 */
export function figuresBySet(
  set: RobustnessSet,
  scores: Float64Array,
  clones: ReadonlySet<string>,
): Omit<RobustnessRow, 'kind' | 'draw' | 'scorer' | 'version' | 'seconds'> {
  const unrelated: number[] = []
  const cloned: number[] = []
  const positives = new Map<string, number[]>()
  for (const [column, sample] of set.samples.entries())
    for (const row of set.originals.keys()) {
      const score = scores[row * set.samples.length + column]!
      if (sample.of === row)
        positives.set(sample.transformation!, [...(positives.get(sample.transformation!) ?? []), score])
      else if (clones.has(`${row}/${column}`)) cloned.push(score)
      else unrelated.push(score)
    }
  const by = (negatives: readonly number[]): Record<string, Figures> =>
    Object.fromEntries([...positives].map(([name, found]) => [name, figuresOf(found, negatives)]))
  const transformations = by(unrelated)
  return {
    all: figuresOf([...positives.values()].flat(), unrelated),
    mean: meanOf(transformations),
    meanWithClones: meanOf(by([...unrelated, ...cloned])),
    clones: cloned.length,
    transformations,
  }
}

function meanOf(transformations: Readonly<Record<string, Figures>>): MeanFound {
  const each = Object.values(transformations)
  const mean = (of: (figures: Figures) => number): number =>
    each.reduce((sum, figures) => sum + of(figures), 0) / each.length
  return { at1: mean((figures) => figures.at1), at01: mean((figures) => figures.at01) }
}
