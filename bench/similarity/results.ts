import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'results')

/** Rows kept from earlier runs, by key; empty when there are none. */
export function keptRows<Row>(table: string): Record<string, Row> {
  const path = join(FOLDER, `${table}.json`)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Row>) : {}
}

/** Puts one row where a run that is cut off, or the page of figures, finds it. */
export function keepRow(table: string, key: string, row: unknown): void {
  mkdirSync(FOLDER, { recursive: true })
  const rows = { ...keptRows<unknown>(table), [key]: row }
  const sorted = Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(join(FOLDER, `${table}.json`), `${JSON.stringify(sorted, round, 1)}\n`)
}

function round(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value
}
