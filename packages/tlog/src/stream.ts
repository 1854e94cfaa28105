import { equalBytes, toBase64 } from './encoding.ts'
import type { Refusal } from './errors.ts'
import { encodeEvent, type LogEvent } from './event.ts'
import { eventCommitment, formatLeaf, type Leaf, type Opening, parseLeaf, streamLabel } from './leaf.ts'

/** Where a stream stands: what its next event must say. */
export interface StreamHead {
  readonly stream: string
  /** Position of the next event. */
  readonly n: number
  /** Base64 commitment of the last event; `null` before the first. */
  readonly prev: string | null
}

/** What an event says beside its place in the stream. */
export type EventFields = Omit<LogEvent, 'v' | 'stream' | 'n' | 'prev'>

/** An event ready for the log: store `opening` (erasable) and append `leaf`. */
export interface CommittedEvent {
  readonly event: LogEvent
  readonly opening: Opening
  /** 32 bytes. */
  readonly commitment: Uint8Array
  /** 86 bytes. */
  readonly leaf: Uint8Array
  /** The stream after this event. */
  readonly head: StreamHead
}

/** Head of a stream without events. */
export function newStream(stream: string): StreamHead {
  return { stream, n: 0, prev: null }
}

/**
 * Puts the next event on a stream and blinds it. `salt` is 32 fresh random bytes, `streamKey` the 32 bytes of this stream. Throws
 * `bad-event` and `bad-argument`.
 */
export function commitEvent(
  head: StreamHead,
  fields: EventFields,
  secrets: { readonly salt: Uint8Array; readonly streamKey: Uint8Array },
): CommittedEvent {
  const event: LogEvent = { v: 1, ...fields, stream: head.stream, n: head.n, prev: head.prev }
  const body = encodeEvent(event)
  const commitment = eventCommitment(secrets.salt, body)
  const label = streamLabel(secrets.streamKey, head.n)
  return {
    event,
    opening: { label, salt: secrets.salt, body },
    commitment,
    leaf: formatLeaf({ label, commitment }),
    head: { stream: head.stream, n: head.n + 1, prev: toBase64(commitment) },
  }
}

/** An event with its commitment, as opened from a leaf. */
export interface ChainLink {
  readonly event: LogEvent
  /** 32 bytes, recomputed from salt and body. */
  readonly commitment: Uint8Array
}

/**
 * Checks that the links are consecutive events of one stream, from its start or from `head`: positions without gap, each `prev` the
 * commitment before it. Returns where the stream stands after them. Never throws.
 */
export function verifyStream(
  links: readonly ChainLink[],
  head: StreamHead,
): { readonly ok: true; readonly head: StreamHead } | Refusal {
  let { n, prev } = head
  for (const { event, commitment } of links) {
    const where = `event ${n} of stream ${head.stream}`
    if (event.stream !== head.stream) return { ok: false, reason: `${where}: belongs to another stream` }
    if (event.n !== n) return { ok: false, reason: `${where}: has position ${event.n}` }
    if (event.prev !== prev) return { ok: false, reason: `${where}: does not follow the event before it` }
    n++
    prev = toBase64(commitment)
  }
  return { ok: true, head: { stream: head.stream, n, prev } }
}

/** What the owner of a stream finds among the leaves of a log. */
export interface OwnLeaves {
  /** Log index of each event of the stream found, by position; `null` where a position before the last found one is missing. */
  readonly indices: readonly (number | null)[]
  /** Log indices of leaves that carry a label of the stream a second time. */
  readonly repeated: readonly number[]
}

/**
 * Finds the leaves of one stream by its key, in log order: gaps and repeated labels show. `most` is the highest number of events that
 * the stream can have, for instance what its owner has seen plus some. Leaves that do not parse are passed over.
 */
export function findOwnLeaves(streamKey: Uint8Array, leaves: Iterable<Uint8Array>, most: number): OwnLeaves {
  const positions = new Map<string, number>()
  for (let n = 0; n < most; n++) positions.set(toBase64(streamLabel(streamKey, n)), n)
  const found: (number | null)[] = []
  const repeated: number[] = []
  let index = 0
  for (const bytes of leaves) {
    const leaf = tryParseLeaf(bytes)
    const n = leaf === null ? undefined : positions.get(toBase64(leaf.label))
    if (n !== undefined) {
      while (found.length <= n) found.push(null)
      if (found[n] === null) found[n] = index
      else repeated.push(index)
    }
    index++
  }
  return { indices: found, repeated }
}

/** Whether a leaf of the log is the one that an opening opens. Never throws on hostile leaves. */
export function leafMatches(leaf: Uint8Array, opening: Opening): boolean {
  const parsed = tryParseLeaf(leaf)
  if (parsed === null) return false
  const commitment = eventCommitment(opening.salt, opening.body)
  return equalBytes(parsed.label, opening.label) && equalBytes(parsed.commitment, commitment)
}

function tryParseLeaf(bytes: Uint8Array): Leaf | null {
  try {
    return parseLeaf(bytes)
  } catch {
    return null
  }
}
