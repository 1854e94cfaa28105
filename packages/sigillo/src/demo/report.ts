/** One sample of the replay and what the trace said of it. */
export interface LeakOutcome {
  readonly name: string
  readonly how: string
  readonly expected: readonly string[]
  readonly accused: readonly string[]
  /** Largest p of those accused; when nobody is, the smallest p of any lead, else null. */
  readonly pValue: number | null
  /** Chernoff bound beside it. */
  readonly bound: number | null
  readonly readableMarks: number
  readonly verdict: string
}

/** What `sigillo demo --once --json` prints. */
export interface DemoReport {
  readonly seed: string
  readonly partners: number
  readonly recipients: number
  readonly copies: number
  /** Recipients that get the description at release and nothing before it. */
  readonly descriptionOnly: number
  readonly sites: { readonly total: number; readonly byPool: Readonly<Record<string, number>> }
  readonly log: { readonly size: number; readonly root: string }
  readonly leaks: readonly LeakOutcome[]
  readonly waves: readonly unknown[]
  readonly dossier: { readonly path: string; readonly verified: boolean; readonly failsWhenChanged: string }
  readonly skipped: readonly string[]
  readonly folder: string
  readonly seconds: number
}
