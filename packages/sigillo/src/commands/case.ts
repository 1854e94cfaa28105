import { chronologyOf, newCase, requireCase, stateHandOvers } from '@sigillo/desk/cases'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'
import { registerCaseEvent } from './case-event.ts'
import { registerCaseSilent } from './case-silent.ts'

/** `sigillo case …`: what is under embargo until when, and its chronology. */
export function registerCase(program: Command, io: Io): void {
  const group = program.command('case').description('cases: what is under embargo, until when, and what happened when')
  group
    .command('new')
    .description('begin a case, under embargo until a release')
    .argument('<id>')
    .requiredOption('--release <instant>', 'planned release with hour and zone, e.g. 2021-03-09T18:00:00Z')
    .option('--title <title>')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { release: string; title?: string; json?: boolean }, command: Command) => {
      const made = await withDesk(command, io, (desk) => newCase(desk, id, options.title ?? id, options.release))
      emit(io, options.json, { case: made.id, embargo: made.embargo }, [
        `Case ${id} is under embargo until ${options.release}.`,
      ])
    })
  group
    .command('show')
    .description('one case: its embargo and how many events it has')
    .argument('<id>')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }, command: Command) => {
      const found = await withDesk(command, io, (desk) => requireCase(desk, id))
      const { events } = chronologyOf(found)
      emit(io, options.json, found, [
        `${found.id}: ${found.title}`,
        `embargo ${found.embargo.state}, release ${found.embargo.releaseAt}`,
        `${events.length} events; see: sigillo chronology ${id}`,
      ])
    })
  group
    .command('list')
    .description('all cases')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const found = await withDesk(command, io, async (desk) =>
        Promise.all((await desk.vault.list('cases')).map((id) => requireCase(desk, id))),
      )
      const lines = found.map(
        ({ id, embargo, title }) => `${id.padEnd(24)} ${embargo.state.padEnd(9)} until ${embargo.releaseAt}  ${title}`,
      )
      emit(
        io,
        options.json,
        { cases: found.map(({ id, title, embargo }) => ({ id, title, embargo })) },
        lines.length === 0 ? ['No cases yet.'] : lines,
      )
    })
  registerHandOvers(group, io)
  registerCaseEvent(group, io)
  registerCaseSilent(group, io)
}

/** `sigillo case hand-overs CASE complete|incomplete`: a statement that the investigator answers for. */
function registerHandOvers(group: Command, io: Io): void {
  group
    .command('hand-overs')
    .description('state whether every hand-over of a case is on record, those outside Sigillo included')
    .argument('<case>')
    .argument('<statement>', 'complete or incomplete')
    .option('--json', 'print JSON')
    .action(async (id: string, statement: string, options: { json?: boolean }, command: Command) => {
      if (statement !== 'complete' && statement !== 'incomplete')
        throw new CommandError('bad-option', `"${statement}" must be complete or incomplete`)
      const complete = statement === 'complete'
      await withDesk(command, io, (desk) => stateHandOvers(desk, id, complete))
      emit(io, options.json, { case: id, handOversComplete: complete }, [
        complete
          ? `Stated: all hand-overs of ${id} are on record; one that is not did not happen.`
          : `Stated: hand-overs of ${id} may be missing; one that is not on record may have happened.`,
      ])
    })
}
