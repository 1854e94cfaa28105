import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readInput } from '@sigillo/desk/read-input'
import { LOG_KEY_FILE } from '@sigillo/hub/log/log-key'
import { noteSigner, noteVerifier } from '@sigillo/seal/ed25519'
import { formatFork, parseFork, verifyFork } from '@sigillo/tlog/fork'
import type { Verifier } from '@sigillo/tlog/note'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io, progressOn } from '../io.ts'
import { checkHub } from '../log/check-hub.ts'
import { checkTree } from '../log/check-log.ts'
import { type Checked, fsckJson, fsckLines } from '../log/fsck-report.ts'
import { withHubLog } from '../log/hub-log.ts'
import { showHubLog, showTileFolder } from '../log/show-log.ts'
import { openTileFolder } from '../log/tile-folder.ts'
import { wholeOption } from '../options.ts'
import type { Finish } from '../run.ts'

interface Source {
  readonly data?: string
  readonly tiles?: string
}

interface FsckOptions extends Source {
  readonly logKey?: readonly string[]
  readonly against?: readonly string[]
  readonly evidence?: string
  readonly json?: boolean
}

/** `sigillo log fsck|show|fork`: whether a stored log is what it says, what it holds, and whether evidence against one holds. */
export function registerLog(program: Command, io: Io, finish: Finish): void {
  const log = program.command('log').description("check a log as it is stored: a hub's, or a folder of tiles")
  withSource(log.command('fsck'))
    .description('check every signature, tile, leaf and event; names what is wrong and where')
    .option('--log-key <vkeys...>', "verifier keys of the log; for a hub's data, otherwise the key in its folder")
    .option('--against <files...>', 'checkpoints of this log that you kept: it must extend each')
    .option('--evidence <file>', 'where the evidence goes if the log signed two histories')
    .option('--json', 'print JSON')
    .action(async (options: FsckOptions) => {
      const checked = await check(options, io)
      const { report } = checked
      if (report.fork !== null && options.evidence !== undefined)
        await writeDurably(options.evidence, formatFork(report.fork), 0o644)
      emit(io, options.json, fsckJson(report), fsckLines(checked, options.evidence))
      finish(report.findings.length === 0 ? 0 : 1)
    })
  withSource(log.command('show'))
    .description('print the checkpoint and the newest leaves, unchecked')
    .option('--last <number>', 'how many leaves', '20')
    .option('--json', 'print JSON')
    .action(async (options: Source & { last: string; json?: boolean }) => {
      const count = wholeOption('--last', options.last, 100_000)
      const shown = await fromSource(options, {
        data: (dir) => withHubLog(dir, io.env['DATABASE_URL'], (hub) => showHubLog(hub, count)),
        tiles: async (dir) => showTileFolder(await openTileFolder(dir), count),
      })
      emit(io, options.json, shown.value, [...shown.lines, 'Nothing of this was checked: sigillo log fsck does that.'])
    })
  log
    .command('fork')
    .description('judge evidence that a log signed two histories, as fsck --evidence writes it')
    .argument('<file>')
    .requiredOption('--log-key <vkeys...>', 'verifier keys of the log')
    .option('--json', 'print JSON')
    .action(async (path: string, options: { logKey: readonly string[]; json?: boolean }) => {
      const evidence = parseFork(await readInput(path, 'the evidence'))
      const verdict = verifyFork(evidence, options.logKey.map(noteVerifier))
      const value = verdict.ok ? { ok: true, origin: verdict.first.origin } : verdict
      emit(io, options.json, value, [
        verdict.ok
          ? `PROVEN: ${verdict.first.origin} signed a tree of ${verdict.first.size} leaves and one of ${verdict.second.size} that does not begin with it.`
          : `NOT PROVEN: ${verdict.reason}`,
      ])
      finish(verdict.ok ? 0 : 1)
    })
}

function withSource(command: Command): Command {
  return command
    .option('--data <dir>', "a stopped hub's data folder; with DATABASE_URL its database there, running or not")
    .option('--tiles <dir>', 'a folder with checkpoint and tile/… (c2sp.org/tlog-tiles)')
}

function fromSource<T>(
  source: Source,
  open: { readonly data: (dir: string) => Promise<T>; readonly tiles: (dir: string) => Promise<T> },
): Promise<T> {
  if (source.data !== undefined && source.tiles === undefined) return open.data(source.data)
  if (source.tiles !== undefined && source.data === undefined) return open.tiles(source.tiles)
  throw new CommandError('bad-option', 'give either --data or --tiles')
}

async function check(options: FsckOptions, io: Io): Promise<Checked> {
  const given = (options.logKey ?? []).map(noteVerifier)
  const kept = await Promise.all((options.against ?? []).map((path) => readInput(path, 'the kept checkpoint')))
  const { say, done } = progressOn(io)
  try {
    return await fromSource<Checked>(options, {
      data: async (dir) => {
        const keys = given.length > 0 ? given : await keyInFolder(dir)
        const report = await withHubLog(dir, io.env['DATABASE_URL'], (hub) => checkHub(hub, dir, keys, kept, say))
        return { report, ownKey: given.length === 0 }
      },
      tiles: async (dir) => {
        if (given.length === 0) throw new CommandError('bad-option', 'a folder of tiles needs --log-key')
        return { report: await checkTree(await openTileFolder(dir), given, kept, say), ownKey: false }
      },
    })
  } finally {
    done()
  }
}

async function keyInFolder(dir: string): Promise<Verifier[]> {
  const path = join(dir, LOG_KEY_FILE)
  if (!existsSync(path)) throw new CommandError('no-log', `there is no ${path}; give --log-key`)
  return [noteVerifier(noteSigner((await readFile(path, 'utf8')).trim()).vkey)]
}
