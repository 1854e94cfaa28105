import { type CaseFile, type ChronologyEvent, parseCaseFile } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { eventsFromCsv, eventsFromJsonl, eventsToCsv, eventsToJsonl, type FlatOptions } from './flat-events.ts'
import { eventsFromStix, stixBundle, type StixOptions } from './stix.ts'
import { writeCaseFile } from './write-case-file.ts'

/** The formats in which events are read and written: a case file, a table, JSON Lines with the columns of Timesketch, a STIX 2.1 bundle. */
export const EVENT_FORMATS = ['json', 'csv', 'jsonl', 'stix'] as const

/** One of the formats above. */
export type EventFormat = (typeof EVENT_FORMATS)[number]

/**
 * The format of a file, by the end of its name; a JSON file is looked into, for both case files and STIX bundles end in `.json`.
 * @returns `null` when neither tells
 */
export function guessFormat(name: string, text: string): EventFormat | null {
  const end = name.toLowerCase().slice(name.lastIndexOf('.') + 1)
  if (end === 'csv') return 'csv'
  if (end === 'jsonl' || end === 'ndjson') return 'jsonl'
  if (end === 'stix') return 'stix'
  if (end !== 'json') return null
  return /"type"\s*:\s*"bundle"/.test(text.slice(0, 4096)) ? 'stix' : 'json'
}

/**
 * Reads events from text.
 * @throws ChronologyError `bad-event` or `bad-case-file`, one line that names the place
 */
export function readEvents(format: EventFormat, text: string, options: FlatOptions = {}): readonly ChronologyEvent[] {
  if (format === 'csv') return eventsFromCsv(text, options)
  if (format === 'jsonl') return eventsFromJsonl(text, options)
  const value = jsonOf(text)
  return format === 'stix' ? eventsFromStix(value) : parseCaseFile(value).events
}

/** Writes a case's events as text that readEvents reads back to equal events; `json` is the whole case file. */
export function writeEvents(format: EventFormat, caseFile: CaseFile, options: StixOptions): string {
  if (format === 'csv') return eventsToCsv(caseFile.events)
  if (format === 'jsonl') return eventsToJsonl(caseFile.events)
  const value = format === 'stix' ? stixBundle(caseFile, options) : writeCaseFile(caseFile)
  return `${JSON.stringify(value, null, 1)}\n`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ChronologyError('bad-case-file', `the file is not JSON (${why.replaceAll(/\s+/g, ' ')})`)
  }
}
