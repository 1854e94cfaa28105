import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findServerBinaries } from '@sigillo/testkit/postgres-cluster'
import type { Drill, Outcome } from './drill.ts'

const ROOT = new URL('../..', import.meta.url).pathname

interface FullTest {
  readonly id: string
  readonly title: string
  readonly goal: string
  readonly file: string
  /** What makes it run at full size. */
  readonly env: Readonly<Record<string, string>>
  /** What the table says of the size. */
  readonly size: Readonly<Record<string, number>>
}

/** Tests that CI runs small, with all other tests, and that are kept as drills at full size. */
export const fullTests: readonly Drill[] = [
  drillOf({
    id: 'A3',
    title: 'one identity races for what two must do',
    goal: 'in 1,000 races on each engine, on PostgreSQL over two hubs: never done by one identity, never twice',
    file: 'packages/hub/src/people/four-eyes-race.test.ts',
    env: { SLOW: '1' },
    size: { 'races on each engine': 1000 },
  }),
  drillOf({
    id: 'T3',
    title: 'plans, cancellations and lifts at the same time',
    goal: '5,000 interleavings on each engine, on PostgreSQL over two hubs: one order explains every answer, nothing is lifted twice',
    file: 'packages/hub/src/lift/lift-race.test.ts',
    env: { SIGILLO_RACES: '5000' },
    size: { 'interleavings on each engine': 5000 },
  }),
]

function drillOf(test: FullTest): Drill {
  const { id, title, goal } = test
  return {
    id,
    title,
    goal,
    onlyFull: true,
    lacks: () => (findServerBinaries() === null ? 'no PostgreSQL server' : null),
    run: async () => await runTest(test),
  }
}

async function runTest({ file, env, size }: FullTest): Promise<Outcome> {
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  const report = join(folder, 'report.json')
  try {
    const child = spawn('npx', ['vitest', 'run', file, '--reporter=json', `--outputFile=${report}`], {
      cwd: ROOT,
      env: { ...process.env, ...env, SIGILLO_REQUIRE_ALL: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const status = await new Promise<number | null>((resolve) => child.once('exit', resolve))
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Readonly<
      Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests', number>
    >
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = counts
    return {
      passed: status === 0 && passed > 0 && failed + skipped === 0,
      figures: { ...size, 'tests passed': passed, failed, skipped },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
