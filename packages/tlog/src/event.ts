import { canonicalBytes, isPlainObject, type JsonObject, parseCanonicalJson } from './canonical-json.ts'
import { fromBase64Of, isCount } from './encoding.ts'
import { TlogError } from './errors.ts'

/** What can be logged. Closed: a new type is a new version of this list. */
export const EVENT_TYPES = [
  'key.enrolled',
  'key.revoked',
  'ticketbook.registered',
  'catalogue.committed',
  'codebook.committed',
  'embargo.set',
  'embargo.changed',
  'embargo.lifted',
  'copy.issued',
  'copy.delivered',
  'copy.acknowledged',
  'access.read',
  'access.denied',
  'escrow.deposited',
  'escrow.opened',
  'leak.reported',
  'sample.received',
  'match.computed',
  'dossier.sealed',
  'member.added',
  'member.removed',
  'policy.changed',
  'admin.action',
  'breakglass.used',
  'erasure.performed',
] as const

/** One of `EVENT_TYPES`. */
export type EventType = (typeof EVENT_TYPES)[number]

/** In what role somebody acted. `system`: the server by rule, without a person. */
export const ACTOR_KINDS = ['partner', 'staff', 'finder', 'trustee', 'system'] as const

/** One of `ACTOR_KINDS`. */
export type ActorKind = (typeof ACTOR_KINDS)[number]

/** An event of the log, in version 1. Identifiers are opaque: never a name, an address or a title. */
export interface LogEvent {
  readonly v: 1
  readonly type: EventType
  /** Stream of one partner, one case or the administration; 1 to 200 characters. */
  readonly stream: string
  /** Position in its stream, from 0. */
  readonly n: number
  /** Base64 commitment of the event before it in the stream; `null` exactly when n is 0. */
  readonly prev: string | null
  /** When, as the logger says: UTC with milliseconds, `2021-02-23T17:00:00.000Z`. */
  readonly at: string
  /** Newest witnessed checkpoint that the logger knew: the event is not older. Before the first one, size 0 and the empty root. */
  readonly floor: { readonly size: number; readonly root: string }
  readonly actor: {
    readonly id: string
    readonly kind: ActorKind
    /** Signature or assertion of an actor outside the server. */
    readonly proof?: string
  }
  /** What it is about: the opaque id of a copy, a case, a key. 1 to 200 characters. */
  readonly subject: string
  /** By type; any canonical JSON object. */
  readonly data: JsonObject
}

const maxIdLength = 200
const keys = ['v', 'type', 'stream', 'n', 'prev', 'at', 'floor', 'actor', 'subject', 'data']

/** Largest event, in bytes of canonical JSON. */
export const MAX_EVENT_BYTES: number = 256 * 1024

/** Canonical bytes of an event, which its commitment covers. Throws `bad-event`. */
export function encodeEvent(event: LogEvent): Uint8Array {
  const bytes = toBytes(validateEvent(event))
  if (bytes.length > MAX_EVENT_BYTES) throw new TlogError('bad-event', `an event has at most ${MAX_EVENT_BYTES} bytes`)
  return bytes
}

/** Inverse of `encodeEvent`, strict: no other bytes parse to the same event. Throws `bad-event`. */
export function decodeEvent(bytes: Uint8Array): LogEvent {
  let value: unknown
  try {
    value = parseCanonicalJson(bytes, MAX_EVENT_BYTES)
  } catch (error) {
    throw new TlogError('bad-event', error instanceof TlogError ? error.message : 'the event is unreadable')
  }
  return validateEvent(value)
}

/** Checks the shape of an event, member by member. Returns the same value. Throws `bad-event` with the name of the member. */
export function validateEvent(value: unknown): LogEvent {
  if (!conforms(value)) throw new TlogError('bad-event', 'the event does not conform')
  return value
}

/** True or throws. */
function conforms(value: unknown): value is LogEvent {
  const event = members(value, 'the event', keys)
  demand(event['v'] === 1, 'v', 'is not 1')
  demand(
    EVENT_TYPES.some((type) => type === event['type']),
    'type',
    'is not a known event type',
  )
  demandId(event['stream'], 'stream')
  demand(isCount(event['n']), 'n', 'is not an integer in 0..2^53-1')
  if (event['n'] === 0) demand(event['prev'] === null, 'prev', 'is not null at the start of a stream')
  else demandHash(event['prev'], 'prev')
  demand(isInstant(event['at']), 'at', 'is not a UTC instant with milliseconds')
  const floor = members(event['floor'], 'floor', ['size', 'root'])
  demand(isCount(floor['size']), 'floor.size', 'is not an integer in 0..2^53-1')
  demandHash(floor['root'], 'floor.root')
  validateActor(event['actor'])
  demandId(event['subject'], 'subject')
  demand(isPlainObject(event['data']), 'data', 'is not an object')
  toBytes(value)
  return true
}

function validateActor(value: unknown): void {
  const proof = isPlainObject(value) && Object.hasOwn(value, 'proof') ? ['proof'] : []
  const actor = members(value, 'actor', ['id', 'kind', ...proof])
  demandId(actor['id'], 'actor.id')
  demand(
    ACTOR_KINDS.some((kind) => kind === actor['kind']),
    'actor.kind',
    'is not a known kind',
  )
  if (proof.length > 0)
    demand(typeof actor['proof'] === 'string' && actor['proof'] !== '', 'actor.proof', 'is not a text')
}

/** Exactly these members, all present. */
function members(value: unknown, what: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isPlainObject(value)) throw new TlogError('bad-event', `${what} is not an object`)
  for (const name of names) demand(Object.hasOwn(value, name), `${what}: ${name}`, 'is missing')
  demand(Object.keys(value).length === names.length, what, 'has an unknown member')
  return value
}

function demandId(value: unknown, what: string): void {
  demand(
    typeof value === 'string' && value.length > 0 && value.length <= maxIdLength,
    what,
    `is not 1 to ${maxIdLength} characters`,
  )
}

function demandHash(value: unknown, what: string): void {
  try {
    fromBase64Of(typeof value === 'string' ? value : '', 32, what)
  } catch {
    throw new TlogError('bad-event', `${what} is not the base64 of 32 bytes`)
  }
}

/** Written exactly as Date.prototype.toISOString does, for the years 0 to 9999. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/.test(value))
    return false
  const time = Date.parse(value)
  return Number.isFinite(time) && new Date(time).toISOString() === value
}

function toBytes(value: unknown): Uint8Array {
  try {
    return canonicalBytes(value)
  } catch (error) {
    throw new TlogError('bad-event', error instanceof TlogError ? error.message : 'the event is not JSON')
  }
}

function demand(condition: boolean, what: string, wrong: string): void {
  if (!condition) throw new TlogError('bad-event', `${what} ${wrong}`)
}
