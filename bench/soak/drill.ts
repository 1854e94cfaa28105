/** How much a drill does. */
export type Size = 'small' | 'full'

/** One figure of a drill. */
export type Figure = string | number

/** What a drill found. */
export interface Outcome {
  /** Whether the goal was reached. */
  readonly passed: boolean
  /** What was counted, by name. */
  readonly figures: Readonly<Record<string, Figure>>
}

/** A drill: something is broken on purpose, and what must hold is counted. */
export interface Drill {
  /** Goal of `security.md` section 5 that it shows, such as `L3`, and what it is about. */
  readonly id: string
  readonly title: string
  /** The goal in one line. */
  readonly goal: string
  /** True when CI runs its small size with the tests. */
  readonly onlyFull?: boolean
  /** Why it cannot run on this machine, or null. */
  readonly lacks: () => string | null
  readonly run: (size: Size, say: (line: string) => void) => Promise<Outcome>
}

/** What is kept of a drill that ran. */
export interface DrillRow extends Outcome {
  readonly id: string
  readonly title: string
  readonly goal: string
  readonly seconds: number
}
