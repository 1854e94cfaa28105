import { join } from 'node:path'
import { readTextInput } from '@sigillo/desk/read-input'
import type { Hub, HubOptions as StartOptions } from '@sigillo/hub/start-hub'
import type { Command } from 'commander'
import { CommandError, lineOf } from '../errors.ts'
import { hearHangups } from '../hangups.ts'
import { emit, type Io, printable } from '../io.ts'
import { portOption, wholeOption } from '../options.ts'
import { untilStopped } from '../until-stopped.ts'

interface HubOptions {
  readonly data: string
  readonly host: string
  readonly port: string
  readonly origin: string
  readonly signer?: string
  readonly publicUrl?: string
  readonly witnesses?: string
  readonly cadence?: string
  readonly metricsPort?: string
  readonly mailFrom?: string
  readonly notifyAllow?: readonly string[]
  readonly breakFourEyes?: string
  readonly json?: boolean
}

/** `sigillo hub`: the server, until it is told to stop. SIGHUP lets it read keys and witnesses again. */
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
    .option('--signer <socket>', 'the log key is held by the `sigillo signer` behind this socket, not by the hub')
    .option(
      '--public-url <url>',
      'address that browsers find the hub at, such as https://hub.example; people sign in there',
    )
    .option('--witnesses <file>', 'policy: witnesses with their addresses, quorum, and whether release waits for it')
    .option(
      '--cadence <seconds>',
      'sign a checkpoint every so many seconds, padded, so that the log tells nothing by its rhythm',
    )
    .option('--metrics-port <number>', 'serve /metrics for Prometheus on this port of 127.0.0.1')
    .option(
      '--mail-from <address>',
      'send mail from this mailbox through the server in SIGILLO_SMTP (smtps://user:password@host)',
    )
    .option(
      '--notify-allow <networks...>',
      'networks that messages may go to although they are not public, such as 10.1.0.0/16',
    )
    .option('--break-four-eyes <reason>', 'let one person do everything again, for this reason; it is logged')
    .option('--json', 'print JSON')
    .action(async (options: HubOptions) => {
      if (!/^[^\s+]+$/.test(options.origin))
        throw new CommandError('bad-option', `--origin "${options.origin}" must hold no spaces and no "+"`)
      const databaseUrl = io.env['DATABASE_URL']
      const hangups = hearHangups()
      const witnesses = await witnessPolicy(options)
      const { startHub } = await import('@sigillo/hub/start-hub')
      const hub = await startHub({
        dataDir: options.data,
        ...(databaseUrl === undefined ? {} : { databaseUrl }),
        host: options.host,
        port: portOption(options.port),
        origin: options.origin,
        ...(options.signer === undefined ? {} : { signer: options.signer }),
        clock: io.now,
        time: 'system',
        ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
        ...ownTimers(options, io),
        ...(witnesses === undefined ? {} : { witnesses }),
        log: ({ level, message }) => tell(io, level, message),
      })
      const tokenFile = join(options.data, 'vendor.token')
      emit(io, options.json, { url: hub.url, logKey: hub.logKey, tokenFile }, [
        `The hub listens on ${hub.url}.`,
        `Key of its log: ${hub.logKey}`,
        `The vendor's token is in ${tokenFile}. Connect a desk with: sigillo connect ${hub.url} --token-file ${tokenFile} --log-key '${hub.logKey}'`,
      ])
      hangups.each(() => readAgain(hub, options, io))
      await untilStopped()
      hangups.end()
      await hub.stop()
    })
}

function tell(io: Io, level: string, message: string): void {
  io.stderr.write(`${io.now().toISOString()} ${level}: ${printable(message)}\n`)
}

async function witnessPolicy({ witnesses }: HubOptions): Promise<string | undefined> {
  return witnesses === undefined ? undefined : await readTextInput(witnesses, 'the witness policy')
}

/** Keys of the log and witnesses as they are in their files now; one line says what came of it. Never throws. */
async function readAgain(hub: Hub, options: HubOptions, io: Io): Promise<void> {
  try {
    const { logKeys, witnesses } = await hub.reload(await witnessPolicy(options))
    tell(io, 'info', `read again: the log is signed with ${logKeys.join(' and ')}; witnesses: ${witnesses}`)
  } catch (error) {
    tell(io, 'error', `nothing was read again, all stays as it was: ${lineOf(error)}`)
  }
}

/** What the hub does by itself: its rhythm, metrics, and messages. */
function ownTimers(options: HubOptions, io: Io): Partial<StartOptions> {
  const { cadence, metricsPort, mailFrom, notifyAllow, breakFourEyes } = options
  const smtp = io.env['SIGILLO_SMTP']
  if (mailFrom !== undefined && smtp === undefined)
    throw new CommandError(
      'bad-option',
      '--mail-from needs the mail server in SIGILLO_SMTP, such as smtps://user:password@host',
    )
  return {
    ...(breakFourEyes === undefined ? {} : { breakFourEyes }),
    ...(cadence === undefined ? {} : { cadenceSeconds: wholeOption('--cadence', cadence, 3600) }),
    ...(metricsPort === undefined ? {} : { metricsPort: portOption(metricsPort) }),
    messages: {
      ...(notifyAllow === undefined ? {} : { allow: notifyAllow }),
      ...(mailFrom === undefined || smtp === undefined ? {} : { mail: { smtp, from: mailFrom } }),
    },
  }
}
