import type { EventRow } from '@sigillo/db/events'
import { toBase64, utf8 } from '@sigillo/tlog/encoding'
import { TlogError } from '@sigillo/tlog/errors'
import { decodeEvent, type LogEvent } from '@sigillo/tlog/event'
import { isPlainObject } from '@sigillo/tlog/canonical-json'
import type { Finding } from './check-log.ts'

/** Compares what is gone from a hub's events with what its log says was erased. */
export interface ErasureRecords {
  /** To be shown every event. */
  readonly event: (row: EventRow) => void
  /** Events that are gone without a record, or under another commitment than the record names; to be asked after all events. */
  readonly findings: () => readonly Finding[]
  /** Places of the events whose body and salt are gone. */
  readonly erased: readonly number[]
}

/** Starts the comparison. Without it, whoever can write to the database could make any event unreadable and call it an erasure. */
export function startErasureRecords(): ErasureRecords {
  const erased: number[] = []
  const gone = new Map<number, string>()
  const named = new Map<number, string>()
  return {
    erased,
    event: (row) => {
      if (row.body === null && row.salt === null) {
        erased.push(row.idx)
        gone.set(row.idx, toBase64(row.commitment))
      }
      if (row.type === 'erasure.performed' && row.body !== null)
        for (const [index, commitment] of namedIn(row.body)) named.set(index, commitment)
    },
    findings: () =>
      [...gone].flatMap(([index, commitment]) => {
        const record = named.get(index)
        if (record === commitment) return []
        const reason =
          record === undefined
            ? 'its body and salt are gone, and no erasure in the log names it'
            : 'the erasure in the log names it with another commitment'
        return [{ where: `event ${index}`, reason }]
      }),
  }
}

/** What a record of an erasure names. An unreadable one names nothing; the audit of the events tells of it. */
function namedIn(body: string): readonly (readonly [number, string])[] {
  const events = readEvent(body)?.data['events']
  if (!Array.isArray(events)) return []
  return events.flatMap((one: unknown) => {
    if (!isPlainObject(one)) return []
    const { index, commitment } = one
    return typeof index === 'number' && typeof commitment === 'string' ? [[index, commitment] as const] : []
  })
}

function readEvent(body: string): LogEvent | null {
  try {
    return decodeEvent(utf8(body))
  } catch (error) {
    if (error instanceof TlogError) return null
    throw error
  }
}
