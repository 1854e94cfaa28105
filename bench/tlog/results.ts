import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Rows kept from an earlier full run; none when there was none. */
export function readResults<Row>(section: string): Row[] {
  const file = fileOf(section)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row[]) : []
}

/** Keeps rows, one a line, so that a change shows in a diff. */
export function writeResults(section: string, rows: readonly object[]): void {
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  writeFileSync(fileOf(section), `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
}

function fileOf(section: string): URL {
  return new URL(`results/${section}.json`, import.meta.url)
}
