import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Rows kept from an earlier run; none when there was none. */
export function readResults<Row>(section: string): Row[] {
  const file = fileOf(section)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row[]) : []
}

/** Keeps rows, one a line, so that a change shows in a diff. */
export function writeResults(section: string, rows: readonly object[]): void {
  writeFileSync(fileOf(section), `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`)
}

/** Puts a row in the place of an earlier one of the same id and keeps all sorted by id. */
export function keepRow(section: string, row: { readonly id: string }): void {
  const others = readResults<typeof row>(section).filter(({ id }) => id !== row.id)
  writeResults(
    section,
    [...others, row].sort((a, b) => (a.id < b.id ? -1 : 1)),
  )
}

function fileOf(section: string): URL {
  return new URL(`results/${section}.json`, import.meta.url)
}
