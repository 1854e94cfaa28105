import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { type ChronologyEvent, parseCaseFile, parseEvent } from '@sigillo/chronology/case-file'
import {
  EVENT_FORMATS,
  type EventFormat,
  guessFormat,
  readEvents,
  writeEvents,
} from '@sigillo/chronology/event-formats'
import { chronologyOf, importEvents, type Incoming, requireCase } from '@sigillo/desk/cases'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readJsonInput, readTextInput } from '@sigillo/desk/read-input'
import { requireTrace } from '@sigillo/desk/trace-record'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface ImportOptions {
  readonly format?: string
  readonly zone?: string
  readonly json?: boolean
}

interface ExportOptions {
  readonly output: string
  readonly format?: string
  readonly json?: boolean
}

interface AddOptions {
  readonly kind: string
  readonly at: string
  readonly actor: string
  readonly note: string
  readonly source: string
  readonly confidence: string
  readonly technique?: string
  readonly trace?: string
  readonly json?: boolean
}

/** `sigillo case event …`: the dated events of a case, in and out. */
export function registerCaseEvent(group: Command, io: Io): void {
  const event = group.command('event').description('events of a chronology')
  registerImport(event, io)
  registerExport(event, io)
  registerAdd(event, io)
}

function registerImport(event: Command, io: Io): void {
  event
    .command('import')
    .description('add the events of a file; what is there is never overwritten')
    .argument('<case>')
    .argument(
      '<file>',
      'case file (.json), table (.csv), JSON Lines as from Timesketch (.jsonl), STIX 2.1 bundle (.json)',
    )
    .option('--format <format>', `${EVENT_FORMATS.join(', ')}; told by the file’s name otherwise`)
    .option('--zone <zone>', 'time zone of times in a .csv or .jsonl file that name none: Z or ±hh:mm')
    .option('--json', 'print JSON')
    .action(async (id: string, file: string, options: ImportOptions, command: Command) => {
      const incoming = await readIncoming(file, options)
      const result = await withDesk(command, io, (desk) => importEvents(desk, id, incoming))
      emit(io, options.json, result, [
        `Imported ${result.added} events into ${id}; ${result.unchanged} were there already.`,
        ...result.conflicts,
      ])
    })
}

function registerExport(event: Command, io: Io): void {
  event
    .command('export')
    .description('write the events of a case to a file')
    .argument('<case>')
    .requiredOption('-o, --output <file>', 'where to write: .json, .csv, .jsonl or .stix')
    .option('--format <format>', `${EVENT_FORMATS.join(', ')}; told by the file’s name otherwise`)
    .option('--json', 'print JSON')
    .action(async (id: string, options: ExportOptions, command: Command) => {
      const format = formatOption(options.format) ?? guessFormat(options.output, '')
      if (format === null) {
        throw new CommandError(
          'bad-option',
          `-o "${options.output}" does not end in .json, .csv, .jsonl or .stix; name the format with --format`,
        )
      }
      const caseFile = await withDesk(command, io, async (desk) => chronologyOf(await requireCase(desk, id)))
      const text = writeEvents(format, caseFile, { createdAt: io.now().getTime(), uuid: randomUUID })
      await writeDurably(options.output, text, 0o600)
      const events = caseFile.events.length
      emit(io, options.json, { case: id, format, events, path: options.output }, [
        `Wrote ${events} events of ${id} to ${options.output} (${format}).`,
      ])
    })
}

function registerAdd(event: Command, io: Io): void {
  event
    .command('add')
    .description('add one event')
    .argument('<case>')
    .requiredOption('--kind <kind>', 'e.g. attack-observed, fix-released, shared-with-partners')
    .requiredOption('--at <time>', 'an instant, a day, or two of them with "/" between')
    .requiredOption('--note <text>', 'what happened, one sentence')
    .option('--actor <name>', 'who', 'unknown')
    .option('--source <text>', 'where this was read', 'own observation')
    .option('--confidence <level>', 'high, medium or low', 'medium')
    .option('--trace <id>', 'the trace of a sample that was found in this attack')
    .option('--technique <name>', 'what an attack did, e.g. T1190; waves can be told apart by it')
    .option('--json', 'print JSON')
    .action(async (id: string, options: AddOptions, command: Command) => {
      const result = await withDesk(command, io, async (desk) => {
        if (options.trace !== undefined) await requireTrace(desk, options.trace)
        const known = chronologyOf(await requireCase(desk, id)).events
        return importEvents(desk, id, { events: [oneEvent(options, freeId(known))] })
      })
      emit(io, options.json, result, [`Added one event to ${id}.`, ...result.conflicts])
    })
}

/** A case file brings its declared orders and clock errors along; the other formats hold events only. */
async function readIncoming(file: string, options: ImportOptions): Promise<Incoming> {
  const zone = zoneOption(options.zone)
  const text = await readTextInput(file, 'the chronology')
  const format = formatOption(options.format) ?? guessFormat(file, text) ?? 'json'
  if (format === 'json') return parseCaseFile(await readJsonInput(file, 'the chronology'))
  const source = basename(file)
  return { events: readEvents(format, text, zone === undefined ? { source } : { source, zone }) }
}

function formatOption(text: string | undefined): EventFormat | null {
  if (text === undefined) return null
  const format = EVENT_FORMATS.find((known) => known === text)
  if (format !== undefined) return format
  throw new CommandError('bad-option', `--format "${text}" must be one of ${EVENT_FORMATS.join(', ')}`)
}

function zoneOption(text: string | undefined): string | undefined {
  if (text === undefined || /^(Z|[+-]\d{2}:\d{2})$/.test(text)) return text
  throw new CommandError('bad-option', `--zone "${text}" must be Z or an offset such as +08:00`)
}

/** `own-1`, `own-2` and so on: the first that no event has, whatever was removed or imported before. */
function freeId(known: readonly ChronologyEvent[]): string {
  const taken = new Set(known.map((event) => event.id))
  for (let n = known.length + 1; ; n++) {
    if (!taken.has(`own-${n}`)) return `own-${n}`
  }
}

function oneEvent(options: AddOptions, id: string): ChronologyEvent {
  const { kind, actor, note, confidence, technique, trace } = options
  const source = { title: options.source, publisher: options.source, url: null, date: null }
  const extra = { ...(technique === undefined ? {} : { technique }), ...(trace === undefined ? {} : { trace }) }
  return parseEvent({ id, at: interval(options.at), kind, actor, note, source, confidence, ...extra }, 'the event')
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
