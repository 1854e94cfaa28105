import { writeDurably } from '@sigillo/desk/durable-file'
import type { Witness } from '@sigillo/witness/start-witness'
import type { Command } from 'commander'
import { lineOf } from '../errors.ts'
import { hearHangups } from '../hangups.ts'
import { emit, type Io, printable } from '../io.ts'
import { portOption } from '../options.ts'
import { untilStopped } from '../until-stopped.ts'

interface InitOptions {
  readonly name: string
  readonly log?: readonly string[]
  readonly json?: boolean
}

interface RunOptions {
  readonly host: string
  readonly port: string
  readonly json?: boolean
}

/** `sigillo witness init|run`: cosigns a log's checkpoints, on a machine that is not the vendor's. */
export function registerWitness(program: Command, io: Io): void {
  const witness = program.command('witness').description("cosign a log's checkpoints for those who rely on it")
  witness
    .command('init')
    .description('make a key, an empty state and the list of logs to follow')
    .argument('<dir>', 'a new or empty folder')
    .requiredOption(
      '--name <name>',
      'name of the key: an address of yours without scheme, such as cert.example/witness-1',
    )
    .option('--log <vkeys...>', "verifier keys of the logs, or add them to the folder's logs.txt later")
    .option('--json', 'print JSON')
    .action(async (dir: string, options: InitOptions) => {
      const { initWitness, LOGS_FILE } = await import('@sigillo/witness/witness-folder')
      const vkey = await initWitness(dir, { name: options.name, logs: options.log ?? [], random: io.random })
      emit(io, options.json, { dir, vkey }, [
        `Made a witness in ${dir}; the logs that it follows are in ${dir}/${LOGS_FILE}.`,
        `Its key, for the log and for everybody who verifies: ${vkey}`,
        'Never restore its folder from a backup: a witness that forgot what it cosigned must be replaced by a new one.',
      ])
    })
  registerRotation(witness, io)
  witness
    .command('run')
    .description('answer submissions until it is told to stop')
    .argument('<dir>', 'folder that init made')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port, 0 for any free one', '8471')
    .option('--json', 'print JSON')
    .action(async (dir: string, options: RunOptions) => {
      const hangups = hearHangups()
      const { startWitness } = await import('@sigillo/witness/start-witness')
      const log = (line: string): void =>
        void io.stderr.write(`${io.now().toISOString()} ${line.split('\n').map(printable).join('\n  ')}\n`)
      const host = { host: options.host, port: portOption(options.port) }
      const running = await startWitness({ dir, ...host, clock: io.now, log })
      emit(io, options.json, { url: running.url, vkey: running.vkey }, [
        `The witness listens on ${running.url}.`,
        ...running.vkeys.map((vkey) => `Its key: ${vkey}`),
      ])
      hangups.each(() => readAgain(running, log))
      await untilStopped()
      hangups.end()
      await running.stop()
    })
}

/** Keys and logs as they are in their files now; one line says what came of it. Never throws. */
async function readAgain(running: Witness, log: (line: string) => void): Promise<void> {
  try {
    await running.reload()
    log(`read again: cosigning with ${running.vkeys.join(' and ')}`)
  } catch (error) {
    log(`nothing was read again, all stays as it was: ${lineOf(error)}`)
  }
}

function registerRotation(witness: Command, io: Io): void {
  witness
    .command('rotate')
    .description('make the key that follows; once it is read, both cosign')
    .argument('<dir>', 'folder that init made')
    .requiredOption('-o, --output <file>', 'where the introduction of the new key by the old one goes')
    .option('--json', 'print JSON')
    .action(async (dir: string, options: { output: string; json?: boolean }) => {
      const { rotateWitnessKey } = await import('@sigillo/witness/rotate-key')
      const { oldKey, newKey, introduction } = await rotateWitnessKey(dir, io.random)
      await writeDurably(options.output, introduction, 0o644)
      emit(io, options.json, { oldKey, newKey, introduction: options.output }, [
        `New key of the witness: ${newKey}`,
        `Its introduction, signed by both keys, is in ${options.output}. Send SIGHUP to the witness: both keys cosign from then on.`,
        'Policies list both, in one group: group NAME any OLD NEW. They count once.',
      ])
    })
  witness
    .command('retire')
    .description('destroy the old key of a stopped witness')
    .argument('<dir>', 'folder that init made')
    .requiredOption('--old <vkey>', 'the old key, so that no other is lost')
    .option('--json', 'print JSON')
    .action(async (dir: string, options: { old: string; json?: boolean }) => {
      const { retireWitnessKey } = await import('@sigillo/witness/rotate-key')
      const { newKey } = await retireWitnessKey(dir, options.old)
      emit(io, options.json, { newKey }, [`The witness cosigns with ${newKey} alone from its next start.`])
    })
}
