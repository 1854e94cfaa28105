import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { betweenMarkers } from '../fingerprint/markdown.ts'
import type { Drill, DrillRow, Size } from './drill.ts'
import { drills } from './drills.ts'

// `npm run soak`: every drill at full size, some hours; kept in results/drills.json drill by drill. --small: minutes, nothing is kept.
// --only L3,L4: these goals. --write-docs: the table of docs/soak-figures.md from what is kept.
// Ends with one line "N passed, N failed, N skipped", and with status 1 when a goal was missed, or a drill could not run and --all-parts was given.

const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    'all-parts': { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
  },
})

const RESULTS = new URL('./results/drills.json', import.meta.url)
const DOCS = new URL('../../docs/soak-figures.md', import.meta.url)
const size: Size = values.small ? 'small' : 'full'

if (values['write-docs']) {
  const text = readFileSync(DOCS, 'utf8')
  writeFileSync(DOCS, betweenMarkers(text, 'soak', table(kept())))
} else {
  await runAll(drills.filter(isWanted))
}

function isWanted(drill: Drill): boolean {
  if (size === 'small' && drill.onlyFull === true) return false
  return values.only === '' || values.only.split(',').includes(drill.id)
}

async function runAll(wanted: readonly Drill[]): Promise<void> {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const drill of wanted) {
    const name = `${drill.id} ${drill.title}`
    const lacks = drill.lacks()
    if (lacks !== null) {
      counts.skipped++
      process.stderr.write(`SKIPPED ${name}: ${lacks}\n`)
      continue
    }
    const row = await runOne(drill)
    counts[row.passed ? 'passed' : 'failed']++
    process.stdout.write(`${row.passed ? 'ok  ' : 'FAIL'} ${name} (${String(row.seconds)} s): ${figuresOf(row)}\n`)
    if (size === 'full') keep(row)
  }
  process.stdout.write(
    `${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(counts.skipped)} skipped\n`,
  )
  const lackingCounts = values['all-parts'] ? counts.skipped : 0
  process.exitCode = counts.failed + lackingCounts > 0 ? 1 : 0
}

async function runOne(drill: Drill): Promise<DrillRow> {
  const from = performance.now()
  const { id, title, goal } = drill
  const say = (line: string): void => void process.stderr.write(`     ${id}: ${line}\n`)
  const outcome = await drill.run(size, say).catch((error: unknown) => ({
    passed: false,
    figures: { error: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) },
  }))
  return { id, title, goal, ...outcome, seconds: Math.round((performance.now() - from) / 100) / 10 }
}

function kept(): readonly DrillRow[] {
  return existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, 'utf8')) as readonly DrillRow[]) : []
}

function keep(row: DrillRow): void {
  const others = kept().filter(({ id, title }) => id !== row.id || title !== row.title)
  const order = drills.map(({ id, title }) => `${id} ${title}`)
  const rows = [...others, row].sort(
    (a, b) => order.indexOf(`${a.id} ${a.title}`) - order.indexOf(`${b.id} ${b.title}`),
  )
  mkdirSync(new URL('.', RESULTS), { recursive: true })
  writeFileSync(RESULTS, `[\n${rows.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`)
}

function figuresOf(row: Pick<DrillRow, 'figures'>): string {
  return Object.entries(row.figures)
    .map(([name, figure]) => `${name} ${String(figure)}`)
    .join('; ')
}

function table(rows: readonly DrillRow[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.id} | ${row.title} | ${row.goal} | ${figuresOf(row)} | ${row.passed ? 'reached' : 'missed'} | ${String(Math.round(row.seconds))} |`,
  )
  return ['| goal | drill | asked | measured | | s |', '| --- | --- | --- | --- | --- | --- |', ...lines].join('\n')
}
