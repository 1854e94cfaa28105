import { type EndpointClient, endpointClient } from '@sigillo/api/client-clocks'
import type { EndpointsAnswer, SetEndpointRequest } from '@sigillo/api/contracts-clocks'
import { requireHub } from '@sigillo/desk/hub-log'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { readPartnerKey } from '../partner-key.ts'
import { withDesk } from '../with-desk.ts'

interface NotifyOptions {
  readonly webhook?: string
  readonly mail?: string
  readonly hub?: string
  readonly key?: string
  readonly json?: boolean
}

/** `sigillo notify`: where the vendor, or with `--hub` and `--key` a partner, hears that something is new. */
export function registerNotify(program: Command, io: Io): void {
  program
    .command('notify')
    .description('where you hear that something is new at the hub; without an option, show it')
    .option('--webhook <url>', 'an https address that takes signed messages, or "none"')
    .option('--mail <address>', 'a mailbox, or "none"; mail says only that there is something new')
    .option('--hub <url>', "for a partner: the hub's address")
    .option('--key <file>', 'for a partner: your partner key')
    .option('--json', 'print JSON')
    .action(async (options: NotifyOptions, command: Command) => {
      const answer = await withClient(options, command, io, async (client) => {
        for (const change of changesOf(options)) await client.setEndpoint(change)
        return await client.endpoints()
      })
      emit(io, options.json, answer, linesOf(answer))
    })
}

function changesOf({ webhook, mail }: NotifyOptions): readonly SetEndpointRequest[] {
  return [
    ...(webhook === undefined ? [] : [{ channel: 'webhook' as const, address: addressIn(webhook) }]),
    ...(mail === undefined ? [] : [{ channel: 'mail' as const, address: addressIn(mail) }]),
  ]
}

function addressIn(text: string): string | null {
  return text === 'none' ? null : text
}

async function withClient<T>(
  { hub, key }: NotifyOptions,
  command: Command,
  io: Io,
  work: (client: EndpointClient) => Promise<T>,
): Promise<T> {
  if (hub !== undefined && key !== undefined) return await work(endpointClient(hub, (await readPartnerKey(key)).token))
  return await withDesk(command, io, async (desk) => {
    const { hub: known } = await requireHub(desk)
    return await work(endpointClient(known.url, known.token))
  })
}

function linesOf({ endpoints, webhook }: EndpointsAnswer): readonly string[] {
  if (endpoints.length === 0) return ['Nobody is told anything: give --webhook or --mail.']
  return [
    ...endpoints.map(
      ({ channel, address, disabled }) =>
        `${channel.padEnd(8)} ${address}${disabled === null ? '' : ` (not used any more: ${disabled})`}`,
    ),
    ...(webhook.secret === null
      ? []
      : [
          `Check signatures with ${webhook.key} (v1a), or with ${webhook.secret} (v1) where your library knows only that.`,
        ]),
  ]
}
