import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { keepsLine } from './acceptance.ts'
import type { AcceptanceRow } from './acceptance.ts'
import { SECTIONS, allJobs, remaining, rowIds } from './runner/jobs.ts'
import type { Job, Row, SectionName } from './runner/jobs.ts'
import type { LevelRow } from './level.ts'
import { betweenMarkers } from './markdown.ts'
import type { MarksRow } from './marks-needed.ts'
import { marksTables } from './marks-tables.ts'
import { acceptanceTable, keepsLevel, levelTable, speedTable } from './other-tables.ts'
import { runAll } from './runner/pool.ts'
import { readResults, writeResults } from './runner/results.ts'
import { capacityTable } from './theory/capacity-table.ts'
import { uniformTable } from './theory/uniform-table.ts'
import type { SpeedRow } from './speed.ts'

// `npm run bench:fingerprint`: a look in a few minutes; nothing is kept. With --full: everything, kept in results/*.json as it comes, so that a
// run can be stopped and resumed. README.md says what the options do.

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    only: { type: 'string', default: SECTIONS.join(',') },
    match: { type: 'string', default: '' },
    fresh: { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
    'write-docs': { type: 'boolean', default: false },
  },
})

const wanted = SECTIONS.filter((section) => values.only.split(',').includes(section))
const keeping = values.full || values['write-docs']
const every = allJobs(keeping)
const kept = new Map(SECTIONS.map((section) => [section, keeping ? readResults(section) : []]))

if (values.full || !values['write-docs']) await measure()
for (const section of wanted) print(section, inOrder(section))
if (values['write-docs']) writeDocs()
process.exitCode = wanted.every((section) => passes(section, inOrder(section))) ? 0 : 1

async function measure(): Promise<void> {
  const jobs = every.flatMap((job) => open(job) ?? [])
  let done = 0
  await runAll(jobs, Number(values.workers), (job, rows) => {
    const ids = new Set(rows.map((row) => row.id))
    const before = (kept.get(job.section) ?? []).filter((row) => !ids.has(row.id))
    kept.set(job.section, [...before, ...rows])
    if (values.full) writeResults(job.section, inOrder(job.section))
    process.stderr.write(`${++done} of ${jobs.length}: ${rows.at(-1)?.id ?? ''}\n`)
  })
}

/** The part of a job that is asked for and not kept yet. */
function open(job: Job): Job | null {
  if (!wanted.includes(job.section)) return null
  const matching = (id: string): boolean => values.match.split(',').some((text) => id.includes(text))
  const skip = rowIds(job).filter((id) => !matching(id))
  const known = values.fresh ? [] : (kept.get(job.section) ?? []).map((row) => row.id)
  return remaining(job, new Set([...skip, ...known]))
}

/** The rows of a section in the order of its jobs, without those of settings no longer asked for. */
function inOrder(section: SectionName): Row[] {
  const byId = new Map((kept.get(section) ?? []).map((row) => [row.id, row]))
  return every
    .filter((job) => job.section === section)
    .flatMap((job) => rowIds(job).flatMap((id) => byId.get(id) ?? []))
}

function table(section: SectionName, rows: readonly Row[], asked: boolean): string {
  if (section === 'marks') return marksTables(rows as readonly MarksRow[], asked)
  if (section === 'acceptance') return acceptanceTable(rows as readonly AcceptanceRow[])
  if (section === 'level') return levelTable(rows as readonly LevelRow[])
  return speedTable(rows as readonly SpeedRow[])
}

function passes(section: SectionName, rows: readonly Row[]): boolean {
  if (section === 'acceptance') return (rows as readonly AcceptanceRow[]).every(keepsLine)
  if (section === 'level') return rows.length === 0 || keepsLevel(rows as readonly LevelRow[])
  if (section === 'speed') return (rows as readonly SpeedRow[]).every(({ first, most }) => first <= most)
  return true
}

function print(section: SectionName, rows: readonly Row[]): void {
  process.stdout.write(`\n## ${section}\n\n${table(section, rows, true)}\n`)
}

function writeDocs(): void {
  const file = new URL('../../docs/fingerprint-figures.md', import.meta.url)
  let document = readFileSync(file, 'utf8')
  for (const section of wanted) document = betweenMarkers(document, section, table(section, inOrder(section), false))
  document = betweenMarkers(document, 'capacity', capacityTable())
  document = betweenMarkers(document, 'uniform', uniformTable())
  writeFileSync(file, document)
}
