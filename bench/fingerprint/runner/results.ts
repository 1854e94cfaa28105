import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Row, SectionName } from './jobs.ts'

const folder = new URL('../results/', import.meta.url)

/** The rows kept from earlier full runs. */
export function readResults(section: SectionName): Row[] {
  const file = new URL(`${section}.json`, folder)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row[]) : []
}

/** Replaces the file of a section, one row a line. */
export function writeResults(section: SectionName, rows: readonly Row[]): void {
  mkdirSync(folder, { recursive: true })
  const draft = new URL(`${section}.json.draft`, folder)
  writeFileSync(draft, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
  renameSync(draft, new URL(`${section}.json`, folder))
}
