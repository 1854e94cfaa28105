import { writeDurably } from '@sigillo/desk/durable-file'
import type { RunningSigner } from '@sigillo/hub/signer/serve-signer'
import type { Command } from 'commander'
import { lineOf } from '../errors.ts'
import { hearHangups } from '../hangups.ts'
import { emit, type Io, printable } from '../io.ts'
import { untilStopped } from '../until-stopped.ts'

interface RunOptions {
  readonly data: string
  readonly socket: string
  readonly origin: string
  readonly json?: boolean
}

/** `sigillo signer`: holds a log's key in a process of its own, which signs no second history whoever asks. */
export function registerSigner(program: Command, io: Io): void {
  const signer = program
    .command('signer')
    .description("hold a log's key apart from the hub, and sign only trees that extend the last")
  signer
    .command('run', { isDefault: true })
    .description('answer the hub until it is told to stop')
    .requiredOption('--data <dir>', "folder for the key and the newest signed tree: this signer's alone")
    .requiredOption('--socket <path>', 'where the hub finds it; its folder must be closed to others')
    .option('--origin <name>', 'name of the log: an address without scheme', 'sigillo.invalid/log')
    .option('--json', 'print JSON')
    .action(async (options: RunOptions) => {
      const hangups = hearHangups()
      const { serveSigner } = await import('@sigillo/hub/signer/serve-signer')
      const running = await serveSigner({
        dataDir: options.data,
        socket: options.socket,
        origin: options.origin,
        random: io.random,
        log: (line) => io.stderr.write(`${io.now().toISOString()} REFUSED ${printable(line)}\n`),
      })
      emit(io, options.json, { socket: options.socket, keys: running.keys }, [
        `The signer of ${options.origin} listens on ${options.socket}.`,
        ...running.keys.map((key) => `Key of the log: ${key}`),
      ])
      hangups.each(() => readAgain(running, io))
      await untilStopped()
      hangups.end()
      await running.stop()
    })
  registerRotation(signer, io)
  signer
    .command('adopt')
    .description('move the log key, and what it signed last, out of the folder of a stopped hub')
    .requiredOption('--data <dir>', 'a new folder for the signer')
    .requiredOption('--hub <dir>', "the hub's data folder")
    .option('--json', 'print JSON')
    .action(async (options: { data: string; hub: string; json?: boolean }) => {
      const { moveKeyToSigner } = await import('@sigillo/hub/signer/signer-folder')
      await moveKeyToSigner(options.hub, options.data)
      emit(io, options.json, { data: options.data }, [
        `The log key is now in ${options.data}, and nowhere else. Start the signer, then the hub with --signer.`,
        'A backup of the hub that still holds log.key can still sign: destroy that file in it.',
      ])
    })
}

/** The keys as they are in their files now; one line says what came of it. Never throws. */
async function readAgain(running: RunningSigner, io: Io): Promise<void> {
  const say = (line: string): void => void io.stderr.write(`${io.now().toISOString()} ${printable(line)}\n`)
  try {
    await running.reload()
    say(`read again: the log is signed with ${running.keys.join(' and ')}`)
  } catch (error) {
    say(`nothing was read again, all stays as it was: ${lineOf(error)}`)
  }
}

/** Both work on the folder of a hub that keeps its own key, too. */
function registerRotation(signer: Command, io: Io): void {
  signer
    .command('rotate')
    .description('make the key that follows; once it is read, both sign')
    .requiredOption('--data <dir>', 'folder that holds the log key')
    .requiredOption('-o, --output <file>', 'where the introduction of the new key by the old one goes')
    .option('--json', 'print JSON')
    .action(async (options: { data: string; output: string; json?: boolean }) => {
      const { rotateLogKey } = await import('@sigillo/hub/signer/rotate-key')
      const { oldKey, newKey, introduction } = await rotateLogKey(options.data, io.random)
      await writeDurably(options.output, introduction, 0o644)
      emit(io, options.json, { oldKey, newKey, introduction: options.output }, [
        `New key of the log: ${newKey}`,
        `Its introduction, signed by both keys, is in ${options.output}. Send SIGHUP to the signer, then to the hub: both keys sign from then on.`,
        'Give everybody who verifies a second log line; put the introduction into the log with: sigillo key announce',
      ])
    })
  signer
    .command('retire')
    .description('destroy the old key; once that is read, the new one signs alone')
    .requiredOption('--data <dir>', 'folder that holds the log key')
    .requiredOption('--old <vkey>', 'the old key, so that no other is lost')
    .option('--json', 'print JSON')
    .action(async (options: { data: string; old: string; json?: boolean }) => {
      const { retireLogKey } = await import('@sigillo/hub/signer/rotate-key')
      const { newKey } = await retireLogKey(options.data, options.old)
      emit(io, options.json, { newKey }, [
        `The log is signed with ${newKey} alone once the signer, then the hub, were sent SIGHUP.`,
        'Keep the old log line in every policy that has to verify older dossiers.',
      ])
    })
}
