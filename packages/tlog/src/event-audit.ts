import { equalBytes, toBase64 } from './encoding.ts'
import { TlogError } from './errors.ts'
import { decodeEvent, type LogEvent } from './event.ts'
import { eventCommitment, type Leaf, parseLeaf, streamLabel } from './leaf.ts'

/** An event as a server keeps it beside its leaf. Body and salt are both `null` once they were erased. */
export interface StoredEvent {
  /** Place in the log. */
  readonly index: number
  readonly stream: string
  /** Place in its stream. */
  readonly n: number
  readonly type: string
  /** As in the event: UTC with milliseconds. */
  readonly at: string
  readonly subject: string
  readonly body: Uint8Array | null
  readonly salt: Uint8Array | null
  /** 32 bytes. */
  readonly commitment: Uint8Array
}

/** A stream as a server keeps it. The key is `null` once it was destroyed. */
export interface StoredStream {
  readonly stream: string
  readonly key: Uint8Array | null
  /** Events so far. */
  readonly count: number
  /** Commitment of the last one; `null` before the first. */
  readonly head: Uint8Array | null
}

/** Judges the events of a log in the order of their indices, then its streams. Answers one line, or `null` when nothing is wrong. */
export interface EventAudit {
  /** @param leaf the leaf at the event's index, `null` when the log has none; `streamKey` is that of its stream */
  readonly event: (stored: StoredEvent, leaf: Uint8Array | null, streamKey: Uint8Array | null) => string | null
  /** To be asked after all events. */
  readonly stream: (stored: StoredStream) => string | null
}

/**
 * Starts an audit of what a server keeps beside the leaves of a verified log: that every body and salt is what its leaf commits to, under
 * its own label, with the columns that are read instead of it, and in an unbroken stream.
 */
export function startEventAudit(): EventAudit {
  const heads = new Map<string, { n: number; head: Uint8Array }>()
  return {
    event: (stored, leaf, streamKey) => {
      const before = heads.get(stored.stream) ?? null
      heads.set(stored.stream, { n: stored.n, head: stored.commitment })
      return asReason(() => {
        if (leaf === null) return 'the log has no leaf for it'
        const expected = before === null ? 0 : before.n + 1
        if (stored.n !== expected) return `it is event ${stored.n} of its stream where ${expected} must follow`
        return wrongLeaf(stored, parseLeaf(leaf), streamKey) ?? wrongBody(stored, before?.head ?? null)
      })
    },
    stream: ({ stream, count, head }) => {
      const last = heads.get(stream) ?? null
      const found = last === null ? 0 : last.n + 1
      if (count !== found) return `it shall have ${count} events, the log has ${found}`
      const same = last === null ? head === null : head !== null && equalBytes(head, last.head)
      return same ? null : 'its head is not its last event'
    },
  }
}

function wrongLeaf(stored: StoredEvent, leaf: Leaf, streamKey: Uint8Array | null): string | null {
  if (!equalBytes(stored.commitment, leaf.commitment)) return 'its commitment is not the one in the leaf'
  if (streamKey === null) return null
  return equalBytes(streamLabel(streamKey, stored.n), leaf.label)
    ? null
    : 'the leaf carries the label of another event, or the key of the stream is another'
}

function wrongBody(stored: StoredEvent, before: Uint8Array | null): string | null {
  const { body, salt } = stored
  if (body === null && salt === null) return null
  if (body === null || salt === null) return `its ${body === null ? 'body' : 'salt'} is gone, but not the other half`
  if (!equalBytes(eventCommitment(salt, body), stored.commitment))
    return 'body and salt are not those that were committed to'
  const event = decodeEvent(body)
  return wrongColumn(stored, event) ?? wrongPrev(event, before)
}

function wrongColumn(stored: StoredEvent, event: LogEvent): string | null {
  for (const name of ['stream', 'n', 'type', 'at', 'subject'] as const)
    if (stored[name] !== event[name]) return `its ${name} reads otherwise than in the event that was committed to`
  return null
}

function wrongPrev(event: LogEvent, before: Uint8Array | null): string | null {
  return event.prev === (before === null ? null : toBase64(before)) ? null : 'it does not follow the event before it'
}

function asReason(judge: () => string | null): string | null {
  try {
    return judge()
  } catch (error) {
    if (error instanceof TlogError) return error.message
    throw error
  }
}
