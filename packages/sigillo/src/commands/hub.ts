import { join } from 'node:path'
import { readTextInput } from '@sigillo/desk/read-input'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io, printable } from '../io.ts'
import { portOption } from '../options.ts'
import { untilStopped } from '../until-stopped.ts'

interface HubOptions {
  readonly data: string
  readonly host: string
  readonly port: string
  readonly origin: string
  readonly witnesses?: string
  readonly json?: boolean
}

/** `sigillo hub`: the server, until it is told to stop. */
export function registerHub(program: Command, io: Io): void {
  program
    .command('hub')
    .description('run the server: ciphertext, receipts and the log')
    .requiredOption('--data <dir>', 'where the hub keeps its data; DATABASE_URL moves the database to PostgreSQL')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port, 0 for any free one', '8470')
    .option(
      '--origin <name>',
      'name of the log: an address without scheme, such as hub.example/log',
      'sigillo.invalid/log',
    )
    .option('--witnesses <file>', 'policy: witnesses with their addresses, quorum, and whether release waits for it')
    .option('--json', 'print JSON')
    .action(async (options: HubOptions) => {
      if (!/^[^\s+]+$/.test(options.origin))
        throw new CommandError('bad-option', `--origin "${options.origin}" must hold no spaces and no "+"`)
      const databaseUrl = io.env['DATABASE_URL']
      const witnesses =
        options.witnesses === undefined ? undefined : await readTextInput(options.witnesses, 'the witness policy')
      const { startHub } = await import('@sigillo/hub/start-hub')
      const hub = await startHub({
        dataDir: options.data,
        ...(databaseUrl === undefined ? {} : { databaseUrl }),
        host: options.host,
        port: portOption(options.port),
        origin: options.origin,
        clock: io.now,
        ...(witnesses === undefined ? {} : { witnesses }),
        log: ({ level, message }) => io.stderr.write(`${io.now().toISOString()} ${level}: ${printable(message)}\n`),
      })
      const tokenFile = join(options.data, 'vendor.token')
      emit(io, options.json, { url: hub.url, logKey: hub.logKey, tokenFile }, [
        `The hub listens on ${hub.url}.`,
        `Key of its log: ${hub.logKey}`,
        `The vendor's token is in ${tokenFile}. Connect a desk with: sigillo connect ${hub.url} --token-file ${tokenFile} --log-key '${hub.logKey}'`,
      ])
      await untilStopped()
      await hub.stop()
    })
}
