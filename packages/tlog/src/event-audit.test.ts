import { describe, expect, it } from 'vitest'
import { toBase64, utf8 } from './encoding.ts'
import { type StoredEvent, startEventAudit } from './event-audit.ts'
import { emptyRoot } from './merkle.ts'
import { commitEvent, newStream, type StreamHead } from './stream.ts'

const streamKey = new Uint8Array(32).fill(1)
const at = '2021-02-23T17:00:00.000Z'

/** Events of one stream as a server stores them, with their leaves. */
function storedStream(count: number): { stored: StoredEvent; leaf: Uint8Array }[] {
  let head: StreamHead = newStream('case:1')
  return Array.from({ length: count }, (_, n) => {
    const salt = new Uint8Array(32).fill(n)
    const subject = `subject ${n}`
    const fields = { ...fieldsOf(), subject }
    const made = commitEvent(head, fields, { salt, streamKey })
    head = made.head
    const { body } = made.opening
    const { commitment, leaf } = made
    return {
      stored: { index: n, stream: 'case:1', n, type: fields.type, at, subject, body, salt, commitment },
      leaf,
    }
  })
}

const all = storedStream(3)

/** What the audit says about each event when the one in the middle was changed. */
function audit(
  change: Partial<StoredEvent>,
  leaf?: Uint8Array | null,
  key: Uint8Array | null = streamKey,
): (string | null)[] {
  const { event } = startEventAudit()
  return all.map((one, place) =>
    place === 1
      ? event({ ...one.stored, ...change }, leaf === undefined ? one.leaf : leaf, key)
      : event(one.stored, one.leaf, key),
  )
}

describe('an audit of stored events', () => {
  it('passes what was stored, also once body and salt are erased together or the key is destroyed', () => {
    expect(audit({})).toEqual([null, null, null])
    expect(audit({ body: null, salt: null })).toEqual([null, null, null])
    expect(audit({}, undefined, null)).toEqual([null, null, null])
  })

  it.each<[string, Partial<StoredEvent>, string]>([
    ['another body', { body: utf8('{}') }, 'body and salt are not those'],
    ['another salt', { salt: new Uint8Array(32) }, 'body and salt are not those'],
    ['a salt of another length', { salt: new Uint8Array(5) }, 'a salt has 32 bytes'],
    ['no body', { body: null }, 'its body is gone'],
    ['no salt', { salt: null }, 'its salt is gone'],
    ['another commitment', { commitment: new Uint8Array(32) }, 'its commitment is not the one in the leaf'],
    ['another type', { type: 'access.read' }, 'its type reads otherwise'],
    ['another time', { at: '2022-02-23T17:00:00.000Z' }, 'its at reads otherwise'],
    ['another subject', { subject: 'x' }, 'its subject reads otherwise'],
    ['another place', { n: 2 }, 'it is event 2 of its stream where 1 must follow'],
    ['another stream', { stream: 'case:2', n: 0 }, 'the leaf carries the label of another event'],
  ])('says what is wrong with %s', (_, change, reason) => {
    expect(audit(change)[1]).toContain(reason)
  })

  it('says when the leaf is gone, broken, or of another event', () => {
    expect(audit({}, null)[1]).toBe('the log has no leaf for it')
    expect(audit({}, new Uint8Array(3))[1]).toContain('86 bytes')
    expect(audit({}, all[2]?.leaf)[1]).toContain('commitment')
    expect(audit({}, undefined, new Uint8Array(32))[1]).toContain('label')
  })

  it('says when an event does not follow the one before it, under a destroyed key too', () => {
    const { event } = startEventAudit()
    const [first, second] = storedStream(2)
    if (first === undefined || second === undefined) throw new Error('no events')
    const salt = new Uint8Array(32).fill(99)
    const replaced = commitEvent(newStream('case:1'), { ...fieldsOf(), subject: 'replaced' }, { salt, streamKey })
    const stored = {
      ...first.stored,
      subject: 'replaced',
      salt,
      body: replaced.opening.body,
      commitment: replaced.commitment,
    }
    expect(event(stored, replaced.leaf, null)).toBeNull()
    expect(event(second.stored, second.leaf, null)).toBe('it does not follow the event before it')
  })

  it('holds streams against their events', () => {
    const judged = startEventAudit()
    for (const { stored, leaf } of all) judged.event(stored, leaf, streamKey)
    const head = all[2]?.stored.commitment ?? null
    const stream = { stream: 'case:1', key: streamKey, count: 3, head }
    expect(judged.stream(stream)).toBeNull()
    expect(judged.stream({ ...stream, count: 4 })).toBe('it shall have 4 events, the log has 3')
    expect(judged.stream({ ...stream, head: emptyRoot() })).toBe('its head is not its last event')
    expect(judged.stream({ ...stream, head: null })).toBe('its head is not its last event')
    expect(judged.stream({ ...stream, stream: 'case:9', count: 0, head: null })).toBeNull()
  })
})

function fieldsOf(): Omit<Parameters<typeof commitEvent>[1], 'subject'> {
  return {
    type: 'leak.reported',
    at,
    floor: { size: 0, root: toBase64(emptyRoot()) },
    actor: { id: 'vendor', kind: 'staff' },
    data: {},
  }
}
