import { requireCase } from '@sigillo/desk/cases'
import type { SilentPackage } from '@sigillo/api/contracts-clocks'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'
import { clocksOf } from './embargo.ts'

/** `sigillo case silent CASE`: who could have something and has not fetched, opened or answered it. */
export function registerCaseSilent(group: Command, io: Io): void {
  group
    .command('silent')
    .description('partners that never fetched, never opened or never answered, longest silence first')
    .argument('<case>')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }, command: Command) => {
      const silent = await withDesk(command, io, async (desk) => {
        await requireCase(desk, id)
        return (await clocksOf(desk)).silent(id)
      })
      const lines = silent.length === 0 ? ['Everybody who could has answered.'] : silent.map(line)
      emit(io, options.json, { silent }, lines)
    })
}

function line({ recipient, silence, since, package: id }: SilentPackage): string {
  return `${recipient.padEnd(24)} ${silence.padEnd(14)} since ${since}  ${id}`
}
