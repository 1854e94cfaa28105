import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { DemoReport } from '../demo/report.ts'
import { CommandError } from '../errors.ts'
import { emit, type Io, progressOn } from '../io.ts'
import type { Finish } from '../run.ts'

interface DemoOptions {
  readonly once?: boolean
  readonly seed: string
  readonly out?: string
  readonly json?: boolean
}

/** `sigillo demo`: share, leak, trace, explain, prove, on real input. */
export function registerDemo(program: Command, io: Io, finish: Finish): void {
  program
    .command('demo')
    .description('the whole story on real input: share, leak, trace, explain, prove')
    .option('--once', 'print the story and exit (what it does today in any case)')
    .option('--seed <text>', 'other seeds, other keys, other leakers', '1')
    .option('--out <dir>', 'a new or empty folder for everything it makes; a temporary one otherwise')
    .option('--json', 'print one JSON document instead')
    .action(async (options: DemoOptions) => {
      const folder = emptyFolder(options.out)
      const progress = progressOn(io)
      const tell = (line: string): void => {
        progress.done()
        if (options.json !== true) io.stdout.write(`${line}\n`)
      }
      const { replay } = await import('../demo/replay.ts')
      const report = await replay(io, { folder, seed: options.seed, say: progress.say, tell })
      progress.done()
      emit(io, options.json, report, summary(report))
      finish(isRight(report) ? 0 : 1)
    })
}

/** Named are exactly the copies that leaked, and the dossier verifies. */
function isRight(report: DemoReport): boolean {
  return report.dossier.verified && report.leaks.every(({ expected, accused }) => expected.join() === accused.join())
}

function summary(report: DemoReport): readonly string[] {
  const right = report.leaks.filter(({ expected, accused }) => expected.join() === accused.join()).length
  return [
    '',
    `${right} of ${report.leaks.length} samples answered rightly in ${report.seconds} s; log of ${report.log.size} entries, root ${report.log.root.slice(0, 16)}…`,
    'Marks name a copy, never a person: its holder may have passed it on or been broken into.',
    `Look at   ${join(report.folder, 'samples')} (what was found), ${join(report.folder, 'timeline.svg')}, ${report.dossier.path}`,
    `Check     sigillo verify ${report.dossier.path} --policy ${join(report.folder, 'policy.txt')}`,
  ]
}

function emptyFolder(wanted: string | undefined): string {
  if (wanted === undefined) return mkdtempSync(join(tmpdir(), 'sigillo-demo-'))
  mkdirSync(wanted, { recursive: true })
  if (readdirSync(wanted).length > 0)
    throw new CommandError('bad-option', `--out ${wanted} is not empty; give a new folder`)
  return wanted
}
