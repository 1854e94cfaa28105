import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { betweenMarkers } from '../fingerprint/markdown.ts'
import { type DatabaseRow, runDatabaseEdits } from './edits/hub-log.ts'
import { ALL_EDITS, type EditRow, runEdit } from './edits/run.ts'
import { goVersion, verifyWithGo } from './go-sumdb.ts'
import { compareWithNaive, type NaiveRow } from './naive-cases.ts'
import { readResults, writeResults } from './results.ts'
import { writeSampleLog } from './sample-log.ts'
import { measureSpeed, type SpeedRow } from './speed.ts'
import { databaseTable, editsTable, type GoRow, goTable, naiveTable, speedTable } from './tables.ts'

// `npm run bench:tlog`: a look in a minute; nothing is kept. With --full: a log of 70,000 entries and 100,000 cases, kept in results/*.json.
// --only go,speed: these sections. --write-docs: puts what is kept into docs/log-figures.md. Ends with status 1 when a goal is missed.

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string', default: 'go,naive,edits,database,speed' },
    'write-docs': { type: 'boolean', default: false },
  },
})
const size = values.full ? 70_000 : 3000

interface Section {
  readonly measure: () => Promise<readonly object[]>
  readonly table: (rows: readonly never[]) => string
  readonly passes: (rows: readonly never[]) => boolean
}

const sections: Readonly<Record<string, Section>> = {
  go: {
    measure: measureGo,
    table: goTable,
    passes: (rows: readonly GoRow[]) => rows.some((row) => row.entries >= size && row.inclusion >= 1000),
  },
  naive: {
    measure: async () => [
      await (values.full ? compareWithNaive(2000, 2 ** 20, 100_000) : compareWithNaive(300, 70_000, 1500)),
    ],
    table: naiveTable,
    passes: (rows: readonly NaiveRow[]) => rows.every((row) => row.differences === 0 && row.accepted === 0),
  },
  edits: {
    measure: measureEdits,
    table: editsTable,
    passes: (rows: readonly EditRow[]) => rows.every((row) => row.found),
  },
  database: {
    measure: runDatabaseEdits,
    table: databaseTable,
    passes: (rows: readonly DatabaseRow[]) => rows.every((row) => row.found),
  },
  speed: {
    measure: async () => measureSpeed(writeSampleLog(size)),
    table: speedTable,
    passes: (rows: readonly SpeedRow[]) => rows.length > 0,
  },
}

const wanted = Object.entries(sections).filter(([name]) => values.only.split(',').includes(name))
const missed: string[] = []
for (const [name, section] of wanted) {
  const rows = values.full || !values['write-docs'] ? await section.measure() : readResults<object>(name)
  if (values.full) writeResults(name, rows)
  // Each section reads back only the rows that it measured.
  const own = rows as readonly never[]
  process.stdout.write(`\n## ${name}\n\n${section.table(own)}\n`)
  if (!section.passes(own)) missed.push(name)
  if (values['write-docs']) writeDocs(name, section.table(own))
}
if (missed.length > 0) process.stderr.write(`missed: ${missed.join(', ')}\n`)
process.exitCode = missed.length > 0 ? 1 : 0

async function measureGo(): Promise<GoRow[]> {
  const go = goVersion()
  if (go === null) {
    process.stderr.write('Go is missing: apt install golang-go golang-golang-x-mod-dev\n')
    return []
  }
  const counts = await verifyWithGo(writeSampleLog(size), { inclusion: 1000, consistency: 200 })
  const debian = /^Version: (.+)$/m.exec(
    execFileSync('dpkg', ['-s', 'golang-golang-x-mod-dev'], { encoding: 'utf8' }),
  )?.[1]
  return [{ id: `${size} entries`, go, debian: debian ?? 'unknown', ...counts }]
}

async function measureEdits(): Promise<EditRow[]> {
  const log = writeSampleLog(size)
  const rows: EditRow[] = []
  for (const edit of ALL_EDITS) rows.push(await runEdit(log, edit))
  return rows
}

function writeDocs(name: string, table: string): void {
  const file = new URL('../../docs/log-figures.md', import.meta.url)
  writeFileSync(file, betweenMarkers(readFileSync(file, 'utf8'), name, table))
}
