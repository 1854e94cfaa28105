import { type CaseFile, type ChronologyEvent, checkLinks, MAX_EVENTS } from './case-file.ts'
import { ChronologyError } from './errors.ts'
import { writeEvent } from './write-case-file.ts'

/** An incoming event whose id was taken by another event: it was kept beside it under a new id, linked by `conflictsWith`. */
export interface ImportConflict {
  readonly id: string
  readonly keptAs: string
}

/** What an import did. Nothing that was there before is ever changed. */
export interface ImportResult {
  readonly caseFile: CaseFile
  readonly added: readonly string[]
  readonly unchanged: readonly string[]
  readonly conflicts: readonly ImportConflict[]
}

/**
 * Adds events to a case. Same id and same content: no change. Same id and other content: the new event is kept side by side as `id~hash` (the hash of its content, so
 * that importing it again changes nothing) and reported. Links of incoming events follow the ids under which events were kept.
 * @throws ChronologyError `bad-case-file` when a link leads nowhere or the case would hold more than MAX_EVENTS events
 */
export function addEvents(caseFile: CaseFile, incoming: readonly ChronologyEvent[]): ImportResult {
  const byId = new Map(caseFile.events.map((event) => [event.id, event]))
  const result = { added: [] as string[], unchanged: [] as string[], conflicts: [] as ImportConflict[] }
  for (const event of incoming) {
    const present = byId.get(event.id)
    if (present === undefined) {
      byId.set(event.id, event)
      result.added.push(event.id)
    } else if (content(present) === content(event)) {
      result.unchanged.push(event.id)
    } else {
      keepBeside(byId, event, result)
    }
  }
  if (byId.size > MAX_EVENTS) {
    throw new ChronologyError('bad-case-file', `the case would hold ${byId.size} events; at most ${MAX_EVENTS} fit`)
  }
  const events = [...byId.values()]
  checkLinks(events)
  return { caseFile: { ...caseFile, events }, ...result }
}

/** The content of an event as text: the same for equal events, whatever the order of their fields; the id is left out. */
export function content(event: ChronologyEvent): string {
  const { id: _, ...fields } = writeEvent(event)
  return canonical(fields)
}

/** A short name for an event's content: equal for equal content, whatever the id. Not a seal. */
export function contentName(event: ChronologyEvent): string {
  return fnv64(content(event))
}

function keepBeside(
  byId: Map<string, ChronologyEvent>,
  event: ChronologyEvent,
  result: { added: string[]; unchanged: string[]; conflicts: ImportConflict[] },
): void {
  const conflictsWith = [...event.conflictsWith.filter((id) => id !== event.id), event.id]
  const base = `${event.id.slice(0, 80)}~${contentName(event)}`
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}.${n}`
    const kept = { ...event, id, conflictsWith }
    const present = byId.get(id)
    if (present !== undefined && content(present) !== content(kept)) continue
    if (present !== undefined) {
      result.unchanged.push(id)
      return
    }
    byId.set(id, kept)
    result.added.push(id)
    result.conflicts.push({ id: event.id, keptAs: id })
    return
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

/** FNV-1a, 64 bits: a short name for a content, not a seal. */
function fnv64(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(16).padStart(16, '0').slice(0, 8)
}
