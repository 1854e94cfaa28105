/** What one damage leaves of marks in one language. */
export interface DamageRow {
  readonly language: string
  readonly scenario: string
  readonly leakers: number
  /** For files of so many sites or more. */
  readonly from: number
  /** Correlations of losses, on the normal scale, and of authorship. */
  readonly lossSpread: number
  readonly leadSpread: number
  /** By kind, ` by name` behind it where only names tell a site from others, or by sort of kinds behind a star. */
  readonly kinds: Readonly<Record<string, KindShares>>
}

/** Shares read where copies agree (of an excerpt: of what lies wholly in it) and where they differ (partly); share that the first copy decides. */
export type KindShares = readonly [first: number, second: number, lead: number | null]

/** The row for a language, or that of all languages, and for a file of so many sites; undefined for damages that leave all marks. */
export function figuresFor(
  table: string,
  language: string,
  { name, leakers }: { readonly name: string; readonly leakers: number },
  sites: number,
): DamageRow | undefined {
  const rows = rowsOf(table)
  const own = rows.get(`${language} ${name} ${leakers}`) ?? rows.get(`any ${name} ${leakers}`)
  return own?.findLast(({ from }) => from <= sites)
}

const parsed = new Map<string, ReadonlyMap<string, readonly DamageRow[]>>()

/** The rows of each language, scenario and number of leakers, small files first. */
function rowsOf(table: string): ReadonlyMap<string, readonly DamageRow[]> {
  const known = parsed.get(table)
  if (known !== undefined) return known
  const rows = table
    .split('\n')
    .filter((line) => line !== '')
    .map(rowFrom)
    .sort((a, b) => a.from - b.from)
  const made = Map.groupBy(rows, (row) => `${row.language} ${row.scenario} ${row.leakers}`)
  parsed.set(table, made)
  return made
}

function rowFrom(line: string): DamageRow {
  const [language = '', scenario = '', leakers = '', from = '', loss = '', lead = '', ...kinds] = line.split(' ')
  return {
    language,
    scenario,
    leakers: Number(leakers),
    from: Number(from),
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
