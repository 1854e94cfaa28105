import { clockClient, type ClockClient } from '@sigillo/api/client-clocks'
import type { BreakRequest, EmbargoStatus } from '@sigillo/api/contracts-clocks'
import { requireCase } from '@sigillo/desk/cases'
import type { Desk } from '@sigillo/desk/context'
import { requireHub } from '@sigillo/desk/hub-log'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface JsonOption {
  readonly json?: boolean
}

/** `sigillo embargo …`: the hub's embargo of a case: planned, moved, lifted, broken. */
export function registerEmbargo(program: Command, io: Io): void {
  const group = program.command('embargo').description('embargoes at the hub: planned, moved, lifted, broken')
  registerPlans(group, io)
  registerEnds(group, io)
  group
    .command('list')
    .description('all embargoes at the hub')
    .option('--json', 'print JSON')
    .action(async (options: JsonOption, command: Command) => {
      const embargoes = await withDesk(command, io, async (desk) => (await clocksOf(desk)).embargoes())
      emit(io, options.json, { embargoes }, embargoes.length === 0 ? ['No embargoes yet.'] : embargoes.map(line))
    })
}

function registerPlans(group: Command, io: Io): void {
  group
    .command('schedule')
    .description('agree on a release with the hub, or move it; the lift then happens by the clock')
    .argument('<case>')
    .option('--release <instant>', "date, hour and zone; otherwise the case's own release")
    .option('--draft', 'only propose it: nothing is lifted by it')
    .option('--json', 'print JSON')
    .action(async (id: string, options: JsonOption & { release?: string; draft?: boolean }, command: Command) => {
      const status = await withDesk(command, io, async (desk) => {
        const document = await requireCase(desk, id)
        const release = options.release ?? document.embargo.releaseAt
        const set = await (await clocksOf(desk)).setEmbargo(id, { release, draft: options.draft === true })
        await desk.vault.write('cases', id, { ...document, embargo: { state: set.embargo, releaseAt: set.release } })
        return set
      })
      emit(io, options.json, status, [line(status)])
    })
  simple(group, io, 'cancel', 'withdraw the planned release; the embargo stays in force', (clocks, id) =>
    clocks.cancelEmbargo(id),
  )
  group
    .command('state')
    .description('tell that the fix is ready, or deployed')
    .argument('<case>')
    .argument('<state>', 'fix-ready or fix-deployed')
    .option('--json', 'print JSON')
    .action(async (id: string, state: string, options: JsonOption, command: Command) => {
      if (state !== 'fix-ready' && state !== 'fix-deployed')
        throw new CommandError('bad-option', `"${state}" must be fix-ready or fix-deployed`)
      const status = await withDesk(command, io, async (desk) =>
        (await clocksOf(desk)).tellCase(id, state === 'fix-ready' ? 'F' : 'D'),
      )
      emit(io, options.json, status, [line(status)])
    })
}

const REASONS: readonly BreakRequest['reason'][] = ['public', 'exploit', 'attacks', 'leak']

function registerEnds(group: Command, io: Io): void {
  simple(group, io, 'lift', 'lift it now', (clocks, id) => clocks.liftEmbargo(id))
  group
    .command('break')
    .description('the embargo broke: from now on nothing of the case is handed over, and everyone who may know is told')
    .argument('<case>')
    .requiredOption('--because <reason>', REASONS.join(', '))
    .option('--json', 'print JSON')
    .action(async (id: string, options: JsonOption & { because: string }, command: Command) => {
      const reason = REASONS.find((known) => known === options.because)
      if (reason === undefined)
        throw new CommandError('bad-option', `--because "${options.because}" must be one of ${REASONS.join(', ')}`)
      const status = await withDesk(command, io, async (desk) => (await clocksOf(desk)).breakEmbargo(id, reason))
      emit(io, options.json, status, [line(status), nextSteps(status)])
    })
}

/** A command that takes a case and nothing else. */
function simple(
  group: Command,
  io: Io,
  name: string,
  description: string,
  ask: (clocks: ClockClient, id: string) => Promise<EmbargoStatus>,
): void {
  group
    .command(name)
    .description(description)
    .argument('<case>')
    .option('--json', 'print JSON')
    .action(async (id: string, options: JsonOption, command: Command) => {
      const status = await withDesk(command, io, async (desk) => ask(await clocksOf(desk), id))
      emit(io, options.json, status, [line(status)])
    })
}

/** The client for the hub that the vault remembers. */
export async function clocksOf(desk: Desk): Promise<ClockClient> {
  const { hub } = await requireHub(desk)
  return clockClient(hub.url, hub.token)
}

function line({ case: id, lift, release, state, frozen, held, lifted }: EmbargoStatus): string {
  const when =
    lifted === null ? `release ${release}` : `lifted ${lifted.at} (${lifted.how}), event ${String(lifted.index)}`
  const notes = [...(frozen ? ['FROZEN: nothing is handed over'] : []), ...(held === null ? [] : [`HELD: ${held}`])]
  return [`${id.padEnd(24)} ${lift.padEnd(9)} ${state}  ${when}`, ...notes].join('; ')
}

function nextSteps({ case: id, rule }: EmbargoStatus): string {
  const other = rule === 'shall-end' ? '' : `, or plan anew with: sigillo embargo schedule ${id} --release INSTANT`
  return `Lift it with: sigillo embargo lift ${id}${other}.`
}
