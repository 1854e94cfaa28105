import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Row, SectionName } from './jobs.ts'

const folder = new URL('../results/', import.meta.url)

/** The rows kept from earlier full runs. */
export function readResults(section: SectionName): Row[] {
  const file = new URL(`${section}.json`, folder)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row[]) : []
}

/** Replaces the file of a section, one row a line, in the order of `ids`; rows not named there are dropped. */
export function writeResults(section: SectionName, rows: readonly Row[], ids: readonly string[]): void {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const lines = ids.flatMap((id) => byId.get(id) ?? []).map((row) => JSON.stringify(row))
  mkdirSync(folder, { recursive: true })
  const file = new URL(`${section}.json`, folder)
  const draft = new URL(`${section}.json.draft`, folder)
  writeFileSync(draft, `[\n${lines.join(',\n')}\n]\n`)
  renameSync(draft, file)
}
