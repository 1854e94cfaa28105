import { markdownTable } from '../fingerprint/markdown.ts'

/** Code that nobody here wrote whose own tests were run on copies. */
export interface EquivalenceRow {
  readonly id: string
  readonly language: string
  readonly project: string
  readonly sites: number
  /** How many copies were tried: all first variants, all last, the rest random. */
  readonly copies: number
  readonly passed: number
  /** Which tests. */
  readonly tests: string
}

/** One line for each project. */
export function equivalenceTable(rows: readonly EquivalenceRow[]): string {
  return markdownTable(
    ['language', 'code', 'sites', 'its tests', 'copies that pass'],
    rows.map(({ language, project, sites, tests, copies, passed }) => [
      language,
      project,
      String(sites),
      tests,
      `${passed} of ${copies}`,
    ]),
  )
}
