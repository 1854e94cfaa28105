import { connectHub } from '@sigillo/desk/hub-log'
import { pushAll } from '@sigillo/desk/push-distribution'
import { readTextInput } from '@sigillo/desk/read-input'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { logKeyOption } from '../options.ts'
import { withDesk } from '../with-desk.ts'

interface ConnectOptions {
  readonly tokenFile: string
  readonly logKey: string
  readonly policy?: string
  readonly json?: boolean
}

/** `sigillo connect` and `sigillo push`: the desk's side of the hub. */
export function registerPush(program: Command, io: Io): void {
  program
    .command('connect')
    .description('remember a hub in the vault')
    .argument('<url>')
    .requiredOption('--token-file <file>', 'file with your token, or with the first one, which the hub wrote')
    .requiredOption('--log-key <vkey>', "verifier key of the hub's log, as the hub printed it")
    .option('--policy <file>', 'whom you trust to witness the log: the file that you would give to verify')
    .option('--json', 'print JSON')
    .action(async (url: string, options: ConnectOptions, command: Command) => {
      const token = (await readTextInput(options.tokenFile, 'the token')).trim()
      const policy = options.policy === undefined ? {} : { policy: await readTextInput(options.policy, 'the policy') }
      const logKey = logKeyOption(options.logKey)
      await withDesk(command, io, (desk) => connectHub(desk, { url, token, logKey, ...policy }))
      emit(io, options.json, { hub: url, logKey }, [`The vault now uses the hub ${url}.`])
    })
  program
    .command('push')
    .description('enrol recipients and upload sealed packages')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const result = await withDesk(command, io, pushAll)
      emit(io, options.json, result, [
        `Enrolled ${result.enrolled} recipients, issued ${result.packages} packages${result.unchanged === 0 ? '' : `, ${result.unchanged} were there already`}.`,
        ...result.embargoes.map((id) => `Planned the release of case ${id} at the hub; the lift happens by the clock.`),
        `Log: ${result.log.reason}.`,
        ...(result.notEnrolled.length === 0
          ? []
          : [`Not enrolled yet (no receipt key or token): ${result.notEnrolled.join(', ')}`]),
      ])
    })
}
