import { chronologyOf, importEvents, newCase, requireCase } from '@sigillo/desk/cases'
import { readJsonInput } from '@sigillo/desk/read-input'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface EventOptions {
  readonly kind: string
  readonly at: string
  readonly actor: string
  readonly note: string
  readonly source: string
  readonly confidence: string
  readonly json?: boolean
}

/** `sigillo case …`: what is under embargo until when, and its chronology. */
export function registerCase(program: Command, io: Io): void {
  const group = program.command('case').description('cases: what is under embargo, until when, and what happened when')
  group
    .command('new')
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
  registerEvents(group, io)
}

function registerEvents(group: Command, io: Io): void {
  const event = group.command('event').description('events of a chronology')
  event
    .command('import')
    .argument('<case>')
    .argument('<file>', 'case file (JSON, sigillo-case/1)')
    .option('--json', 'print JSON')
    .action(async (id: string, file: string, options: { json?: boolean }, command: Command) => {
      const value = await readJsonInput(file, 'the chronology')
      const result = await withDesk(command, io, (desk) => importEvents(desk, id, value))
      emit(io, options.json, result, [
        `Imported ${result.added} events into ${id}; ${result.unchanged} were there already.`,
        ...result.conflicts,
      ])
    })
  event
    .command('add')
    .argument('<case>')
    .requiredOption('--kind <kind>', 'e.g. attack-observed, fix-released, shared-with-partners')
    .requiredOption('--at <time>', 'an instant, a day, or two of them with "/" between')
    .requiredOption('--note <text>', 'what happened, one sentence')
    .option('--actor <name>', 'who', 'unknown')
    .option('--source <text>', 'where this was read', 'own observation')
    .option('--confidence <level>', 'high, medium or low', 'medium')
    .option('--json', 'print JSON')
    .action(async (id: string, options: EventOptions, command: Command) => {
      const result = await withDesk(command, io, async (desk) =>
        importEvents(desk, id, oneEvent(id, options, chronologyOf(await requireCase(desk, id)).events.length)),
      )
      emit(io, options.json, result, [`Added one event to ${id}.`, ...result.conflicts])
    })
}

function oneEvent(id: string, options: EventOptions, known: number): unknown {
  const { kind, actor, note, confidence } = options
  const source = { title: options.source, publisher: options.source, url: null, date: null }
  return {
    schema: 'sigillo-case/1',
    id,
    title: id,
    events: [{ id: `own-${known + 1}`, at: interval(options.at), kind, actor, note, source, confidence }],
  }
}

/** An instant stays one; a day is the whole UTC day; `a/b` runs from the start of a to the end of b. */
function interval(text: string): { earliest: string; latest: string } {
  const [from = '', to = from, ...rest] = text.split('/')
  const day = /^\d{4}-\d{2}-\d{2}$/
  const earliest = day.test(from) ? `${from}T00:00:00Z` : from
  const latest = day.test(to) ? `${to}T23:59:59Z` : to
  if (rest.length > 0 || Number.isNaN(Date.parse(earliest)) || Number.isNaN(Date.parse(latest))) {
    throw new CommandError(
      'bad-option',
      `--at "${text}" is not an instant (2021-03-02T17:00:00Z), a day (2021-03-02) or two of them with "/" between`,
    )
  }
  return { earliest, latest }
}
