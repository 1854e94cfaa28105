/** What one damage leaves of marks in one language. */
export interface DamageRow {
  readonly language: string
  readonly scenario: string
  readonly leakers: number
  /** Correlations of losses, on the normal scale, and of authorship. */
  readonly lossSpread: number
  readonly leadSpread: number
  /** By kind, ` by name` behind it where only names tell a site from others, or by sort of kinds behind a star. */
  readonly kinds: Readonly<Record<string, KindShares>>
}

/** Shares read where copies agree (of an excerpt: of what lies wholly in it) and where they differ (partly); share that the first copy decides. */
export type KindShares = readonly [first: number, second: number, lead: number | null]

/** The row for a language, or that of all languages; undefined for damages that leave all marks. */
export function figuresFor(table: string, language: string, scenario: string, leakers: number): DamageRow | undefined {
  const rows = rowsOf(table)
  return rows.get(`${language} ${scenario} ${leakers}`) ?? rows.get(`any ${scenario} ${leakers}`)
}

const parsed = new Map<string, ReadonlyMap<string, DamageRow>>()

function rowsOf(table: string): ReadonlyMap<string, DamageRow> {
  const known = parsed.get(table)
  if (known !== undefined) return known
  const rows = table
    .split('\n')
    .filter((line) => line !== '')
    .map(rowFrom)
  const made = new Map(rows.map((row) => [`${row.language} ${row.scenario} ${row.leakers}`, row]))
  parsed.set(table, made)
  return made
}

function rowFrom(line: string): DamageRow {
  const [language = '', scenario = '', leakers = '', loss = '', lead = '', ...kinds] = line.split(' ')
  return {
    language,
    scenario,
    leakers: Number(leakers),
    lossSpread: Number(loss),
    leadSpread: Number(lead),
    kinds: Object.fromEntries(
      kinds.map((entry) => {
        const [kind = '', shares = ''] = entry.split('=')
        const [first, second, third = ''] = shares.split(',')
        return [kind.replaceAll('_', ' '), [Number(first), Number(second), third === '' ? null : Number(third)]]
      }),
    ),
  }
}
