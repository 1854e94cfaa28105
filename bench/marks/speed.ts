import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { randomBytes } from 'node:crypto'
import { openCodebook } from '@sigillo/desk/codebook'
import { renderCopy } from '@sigillo/desk/copies'
import { findSites, readFile } from '@sigillo/marks/find-sites'
import { createPlan, type MarkPlan } from '@sigillo/marks/plan'
import { renderFile } from '@sigillo/marks/render'

// How long marking takes: one 400-line file planned, rendered and read; a ten-file bundle rendered and checked for many recipients, as `seal` does it.
// Times are processor time of this process, which on an idle machine is what a person waits; the wall clock is shown beside it. Status 1 when a goal is missed.

const GOALS = { plan: 1000, render: 300, read: 1000, copies: 60_000 } as const
const examples = join(import.meta.dirname, '../../examples')

const { values } = parseArgs({
  options: { copies: { type: 'string', default: '500' }, trials: { type: 'string', default: '5' } },
})
const copies = Number(values.copies)
const trials = Number(values.trials)

/** Ten files as a vendor would share them: Posta's bundle with three more tools. */
const bundle = [
  ...readdirSync(join(examples, 'posta/bundle'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(examples, join(entry.parentPath, entry.name))),
  'leaks/host/netprobe.py',
  'leaks/independent/posta_probe.py',
  'posta/request.ts',
].sort()

let missed = 0

interface Time {
  /** Milliseconds. */
  readonly cpu: number
  readonly wall: number
}

function report(what: string, { cpu, wall }: Time, goal: number): void {
  const late = cpu > goal
  if (late) missed += 1
  const figures = `${cpu.toFixed(0).padStart(7)} ms  (wall ${wall.toFixed(0)} ms, goal ${goal} ms)`
  process.stdout.write(`${what.padEnd(32)} ${figures}${late ? '  MISSED' : ''}\n`)
}

async function timed(work: () => unknown): Promise<Time> {
  const before = process.cpuUsage()
  const started = performance.now()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1000, wall: performance.now() - started }
}

async function median(work: () => unknown): Promise<Time> {
  const times: Time[] = []
  for (let trial = 0; trial < trials; trial += 1) times.push(await timed(work))
  return times.sort((a, b) => a.cpu - b.cpu)[Math.floor(trials / 2)] ?? { cpu: 0, wall: 0 }
}

async function measureFile(path: string): Promise<void> {
  const source = readFileSync(join(examples, path), 'utf8')
  const { file } = await findSites(path, source)
  const word = new Map(file.sites.map((site, at) => [site.id, (at * 7) % site.variants.length]))
  const variantOf = (id: string): number => word.get(id) ?? 0
  const copy = renderFile(file, variantOf)
  const name = `${path} (${file.text.split('\n').length} lines, ${file.sites.length} sites)`
  process.stdout.write(`${name}\n`)
  report('  plan', await median(() => findSites(path, source)), GOALS.plan)
  report('  render', await median(() => renderFile(file, variantOf)), GOALS.render)
  // A plan opened from its JSON has no memory of earlier readings.
  const cold = (): MarkPlan => createPlan('a', [file])
  report(
    '  read, plan just opened',
    await median(() => readFile(cold().files[0] ?? file, { path, text: `${copy}\n` })),
    GOALS.read,
  )
}

async function measureBundle(): Promise<void> {
  const files = await Promise.all(
    bundle.map(async (path) => (await findSites(path, readFileSync(join(examples, path), 'utf8'))).file),
  )
  const plan = createPlan('bundle', files)
  const book = openCodebook(plan, randomBytes(32), 'bench.d1', 'HALF')
  process.stdout.write(`bundle of ${files.length} files, ${book.sites.length} sites, ${copies} copies\n`)
  const time = await timed(async () => {
    for (let done = 0; done < copies; done += 1) {
      await renderCopy(plan, book, `recipient-${done}`, bundle)
      if (process.stderr.isTTY) process.stderr.write(`\r${done + 1} of ${copies} copies`)
    }
  })
  if (process.stderr.isTTY) process.stderr.write('\r\u{1b}[2K')
  report('  render and check all copies', time, (GOALS.copies * copies) / 500)
}

await measureFile('posta/bundle/poc/posta_handoff.py')
await measureFile('posta/bundle/poc/posta_handoff.mjs')
await measureBundle()
process.exitCode = missed > 0 ? 1 : 0
