/** Every reference against every sample. Paths are of text files; a path may stand in both lists. */
export interface Contest {
  readonly language: string
  readonly references: readonly string[]
  readonly samples: readonly string[]
  /** Public code that an engine may have seen, and from which it may learn what independent code scores. */
  readonly background: readonly string[]
  readonly cohort: readonly string[]
  /** How many neighbouring samples have nothing to do with each other, for peers that name one partner of a clone only. */
  readonly strangersInARow: number
}

/** Something that says how alike two files are. */
export interface Scorer {
  readonly name: string
  readonly version: string
  /** What to install when it is missing; null when it is there. */
  readonly missing: () => string | null
  /** False when it has no way to read the language. */
  readonly reads: (language: string) => boolean
  /** True when it looks at the background or the cohort of a contest. */
  readonly learns?: true
  /** Scores, higher is more alike, in rows of references: `scores[reference * samples.length + sample]`. */
  readonly score: (contest: Contest) => Float64Array | Promise<Float64Array>
  /** Scores of single pairs, each as if the two files were alone, for a tool that others in the run would disturb. */
  readonly scorePairs?: (pairs: readonly (readonly [string, string])[]) => readonly number[]
}

/** A place for pair scores by path, in which what is never said is 0. */
export class PairScores {
  readonly scores: Float64Array
  readonly #references: ReadonlyMap<string, readonly number[]>
  readonly #samples: ReadonlyMap<string, readonly number[]>
  readonly #width: number

  constructor(contest: Contest) {
    this.#width = contest.samples.length
    this.scores = new Float64Array(contest.references.length * this.#width)
    this.#references = placesOf(contest.references)
    this.#samples = placesOf(contest.samples)
  }

  /** Adds to the score of two files, in whichever order they were named. */
  add(a: string, b: string, score: number): void {
    this.#addOneWay(a, b, score)
    if (a !== b) this.#addOneWay(b, a, score)
  }

  #addOneWay(reference: string, sample: string, score: number): void {
    for (const row of this.#references.get(reference) ?? [])
      for (const column of this.#samples.get(sample) ?? []) this.scores[row * this.#width + column]! += score
  }
}

function placesOf(paths: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>()
  for (const [at, path] of paths.entries()) places.set(path, [...(places.get(path) ?? []), at])
  return places
}
