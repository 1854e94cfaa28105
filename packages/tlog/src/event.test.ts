import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalBytes, canonicalJson, parseCanonicalJson } from './canonical-json.ts'
import { toBase64, toHex, utf8 } from './encoding.ts'
import { decodeEvent, encodeEvent, EVENT_TYPES, type LogEvent, validateEvent } from './event.ts'
import {
  decodeOpening,
  dummyLeaf,
  encodeOpening,
  eventCommitment,
  formatLeaf,
  LEAF_BYTES,
  leafOfOpening,
  padBatch,
  parseLeaf,
  streamLabel,
} from './leaf.ts'
import { emptyRoot } from './merkle.ts'
import {
  type CommittedEvent,
  commitEvent,
  type EventFields,
  findOwnLeaves,
  leafMatches,
  newStream,
  type StreamHead,
  verifyStream,
} from './stream.ts'

const bytesOf = (seed: string, count = 32): Uint8Array =>
  new Uint8Array(createHash('sha512').update(seed).digest().subarray(0, count))
const streamKey = bytesOf('stream key')
const fields: EventFields = {
  type: 'copy.issued',
  at: '2021-02-23T17:00:00.000Z',
  floor: { size: 0, root: toBase64(emptyRoot()) },
  actor: { id: 'staff-3', kind: 'staff' },
  subject: 'copy-9',
  data: { package: 'ab', parts: [1, 2] },
}

function streamOf(count: number, name = 'partner-017', key = streamKey): CommittedEvent[] {
  const made: CommittedEvent[] = []
  let head: StreamHead = newStream(name)
  for (let n = 0; n < count; n++) {
    const committed = commitEvent(
      head,
      { ...fields, subject: `copy-${n}` },
      { salt: bytesOf(`${name} ${n}`), streamKey: key },
    )
    made.push(committed)
    head = committed.head
  }
  return made
}

describe('canonical JSON', () => {
  it('sorts by UTF-16 code units and escapes as RFC 8785 says', () => {
    const value = { '\u20ac': 1, '\r': 2, '\uff01': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    const order = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\uff01']
    expect(Object.keys(JSON.parse(canonicalJson(value))).sort()).toEqual([...order].sort())
    expect([...canonicalJson(value).matchAll(/:([0-9])/g)].map((match) => match[1])).toEqual([
      '2',
      '4',
      '6',
      '7',
      '1',
      '5',
      '3',
    ])
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"')
    expect(canonicalJson([null, true, false, -1, 0, 9007199254740991, {}, []])).toBe(
      '[null,true,false,-1,0,9007199254740991,{},[]]',
    )
  })

  it('reads back every value that it writes, whatever the order of members', () => {
    const text = fc.string({ unit: 'grapheme' }).map((some) => some.normalize('NFC'))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger().map((n) => n + 0),
        text,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(value, (some) => {
        const bytes = canonicalBytes(some)
        expect(parseCanonicalJson(bytes)).toEqual(some)
        expect(canonicalBytes(parseCanonicalJson(bytes))).toEqual(bytes)
      }),
    )
  })

  it.each([
    ['a fraction', 0.5],
    ['2^53', 2 ** 53],
    ['NaN', Number.NaN],
    ['minus zero', -0],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['a string not in NFC', 'e\u0301'],
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    // oxlint-disable-next-line no-sparse-arrays -- the hole is the case
    ['a hole', [1, , 2]],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(1)],
    ['a bigint', 1n],
    ['a map', new Map()],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'bad-json' }))
  })

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"a":2}',
    '{"b":1,"a":2}',
    '{"a": 1}',
    ' 1',
    '1\n',
    '1.0',
    '1e2',
    '-0',
    '9007199254740993',
    '"\\u0041"',
    '"\\/"',
    '"\\ud800"',
    '"e\u0301"',
    '{"__proto__":1,"__proto__":1}',
    '{"a":1,}',
    "{'a':1}",
    'NaN',
    '',
    '\ufeff1',
  ])('does not parse %j', (text) => {
    expect(() => parseCanonicalJson(utf8(text))).toThrow(expect.objectContaining({ code: 'bad-json' }))
  })

  it('keeps __proto__ as a plain member and stops at deep nesting and large texts', () => {
    expect(canonicalJson(parseCanonicalJson(utf8('{"__proto__":{"x":1}}')))).toBe('{"__proto__":{"x":1}}')
    expect(() => parseCanonicalJson(utf8('['.repeat(200_000)))).toThrow(expect.objectContaining({ code: 'bad-json' }))
    expect(() => parseCanonicalJson(utf8('['.repeat(70) + ']'.repeat(70)))).toThrow(/nesting/)
    expect(() => parseCanonicalJson(utf8(`"${'x'.repeat(100)}"`), 50)).toThrow(/more than 50/)
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(() => canonicalJson(cycle)).toThrow(/nesting/)
  })
})

const random = (count: number): Uint8Array => bytesOf('pad', count)

const run = (secret: string, subject: string): Uint8Array[] => {
  let draws = 0
  const fresh = (count: number): Uint8Array => bytesOf(`${secret} ${draws++}`, count)
  let head = newStream(`stream ${subject}`)
  const key = fresh(32)
  const leaves = Array.from({ length: subject.length }, () => {
    const made = commitEvent(head, { ...fields, subject, data: { subject } }, { salt: fresh(32), streamKey: key })
    head = made.head
    return made.leaf
  })
  return padBatch(leaves, fresh)
}

describe('leaves', () => {
  const salt = bytesOf('salt')

  it('commit and label as the formats say', () => {
    const body = utf8('{"a":1}')
    const expected = createHash('sha256').update('sigillo/event/v1\n').update(salt).update(body).digest('hex')
    expect(toHex(eventCommitment(salt, body))).toBe(expected)
    const message = Buffer.concat([Buffer.from('sigillo/label/v1'), Buffer.from([0, 0, 0, 0, 0, 0, 1, 2])])
    expect(toHex(streamLabel(streamKey, 258))).toBe(
      createHmac('sha256', streamKey).update(message).digest('hex').slice(0, 32),
    )
    expect(() => eventCommitment(new Uint8Array(16), body)).toThrow(/salt has 32 bytes/)
    expect(() => streamLabel(new Uint8Array(16), 0)).toThrow(/stream key has 32 bytes/)
  })

  it('have 86 bytes, whatever they stand for, and read back', () => {
    const leaves = [...streamOf(3).map((made) => made.leaf), dummyLeaf((count) => bytesOf('dummy', count))]
    for (const leaf of leaves) {
      expect(leaf).toHaveLength(LEAF_BYTES)
      expect(formatLeaf(parseLeaf(leaf))).toEqual(leaf)
    }
  })

  it('are refused, or become another leaf, when any bit changes', () => {
    const { leaf, opening } = streamOf(1)[0] ?? unreachable()
    expect(leafMatches(leaf, opening)).toBe(true)
    for (let at = 0; at < leaf.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = leaf.slice()
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        expect(leafMatches(changed, opening)).toBe(false)
      }
    }
    for (const wrong of [leaf.subarray(0, 85), new Uint8Array([...leaf, 10]), new Uint8Array(86), new Uint8Array(0)]) {
      expect(() => parseLeaf(wrong)).toThrow(expect.objectContaining({ code: 'bad-leaf' }))
    }
  })

  it('open with label, salt and body, and with nothing changed', () => {
    const { leaf, opening } = streamOf(1)[0] ?? unreachable()
    const bytes = encodeOpening(opening)
    expect(decodeOpening(bytes)).toEqual(opening)
    expect(leafOfOpening(opening)).toEqual(leaf)
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(leafOfOpening(decodeOpening(changed))).not.toEqual(leaf)
    }
    expect(() => decodeOpening(bytes.subarray(0, 48))).toThrow(/cut off/)
  })

  it('are padded to full batches', () => {
    const one = formatLeaf({ label: random(16), commitment: random(32) })
    const lengths = [0, 1, 16, 17].map((count) => padBatch(Array(count).fill(one), random).length)
    expect(lengths).toEqual([16, 16, 16, 32])
  })

  it('of two runs with different cases differ only where both are random (goal L9)', () => {
    const [a, b] = [run('a', 'short'), run('b', 'much longer id')]
    expect(a).toHaveLength(b.length)
    const constant = utf8('sigillo/leaf/v1\n')
    for (const leaf of [...a, ...b]) {
      expect(leaf.subarray(0, constant.length)).toEqual(constant)
      expect([leaf[40], leaf[85], leaf[38], leaf[39], leaf[84]]).toEqual([10, 10, 61, 61, 61])
    }
    expect(new Set([...a, ...b].map(toHex)).size).toBe(32)
  })
})

describe('events', () => {
  const event: LogEvent = { v: 1, stream: 'partner-017', n: 0, prev: null, ...fields }

  it('have one spelling and read back', () => {
    const bytes = encodeEvent(event)
    expect(decodeEvent(bytes)).toEqual(event)
    expect(new TextDecoder().decode(bytes)).toMatch(
      /^\{"actor":\{"id":"staff-3","kind":"staff"\},"at":"2021-02-23T17:00:00\.000Z","data":/,
    )
    expect(EVENT_TYPES).toHaveLength(25)
    expect(validateEvent({ ...event, actor: { ...event.actor, proof: 'AA==' } })).toBeDefined()
  })

  it.each([
    ['v', { v: 2 }],
    ['type', { type: 'copy.lost' }],
    ['stream', { stream: '' }],
    ['stream', { stream: 'x'.repeat(201) }],
    ['n', { n: -1 }],
    ['n', { n: 1.5 }],
    ['prev', { n: 1, prev: null }],
    ['prev', { n: 0, prev: toBase64(new Uint8Array(32)) }],
    ['prev', { n: 1, prev: 'AAAA' }],
    ['at', { at: '2021-02-23T17:00:00Z' }],
    ['at', { at: '2021-02-30T17:00:00.000Z' }],
    ['at', { at: '2021-02-23T17:00:00.000+01:00' }],
    ['floor', { floor: { size: 1 } }],
    ['floor.root', { floor: { size: 1, root: 'x' } }],
    ['actor.kind', { actor: { id: 'a', kind: 'spy' } }],
    ['actor', { actor: { id: 'a', kind: 'staff', name: 'x' } }],
    ['actor.proof', { actor: { id: 'a', kind: 'staff', proof: '' } }],
    ['subject', { subject: 7 }],
    ['data', { data: [] }],
    ['data', { data: { x: 0.5 } }],
    ['unknown member', { extra: 1 }],
  ])('are refused for a bad %s: %j', (what, change) => {
    expect(() => validateEvent({ ...event, ...change })).toThrow(
      expect.objectContaining({ code: 'bad-event', message: expect.stringContaining(what) }),
    )
  })

  it('are refused when not an object or with a member missing', () => {
    for (const value of [null, 1, 'x', [], new Date(0)]) expect(() => validateEvent(value)).toThrow(/not an object/)
    for (const key of Object.keys(event)) {
      const rest = Object.fromEntries(Object.entries(event).filter(([other]) => other !== key))
      expect(() => validateEvent(rest)).toThrow(/missing/)
    }
    expect(() => decodeEvent(utf8(JSON.stringify(event)))).toThrow(/canonical/)
    expect(() => encodeEvent({ ...event, data: { x: 'x'.repeat(300_000) } })).toThrow(/at most/)
  })
})

describe('streams', () => {
  const made = streamOf(6)
  const start = newStream('partner-017')

  it('verify from the start and from the middle', () => {
    expect(verifyStream(made, start)).toEqual({ ok: true, head: made.at(-1)?.head })
    expect(verifyStream(made.slice(3), made[2]?.head ?? start).ok).toBe(true)
    expect(verifyStream([], start)).toEqual({ ok: true, head: start })
  })

  it('fail on a gap, a swap, a repetition, an edit and a foreign event', () => {
    const swapped = made.with(1, made[2] ?? unreachable()).with(2, made[1] ?? unreachable())
    const edited = commitEvent(
      made[1]?.head ?? start,
      { ...fields, subject: 'other' },
      { salt: bytesOf('x'), streamKey },
    )
    for (const links of [
      made.toSpliced(2, 1),
      made.slice(1),
      swapped,
      made.toSpliced(2, 0, made[1] ?? unreachable()),
      made.with(2, edited),
      streamOf(3, 'partner-018'),
    ]) {
      expect(verifyStream(links, start)).toMatchObject({ ok: false, reason: expect.stringContaining('event') })
    }
  })

  it('let their owner, and only the owner, find its leaves, with gaps and repetitions', () => {
    const noise = streamOf(4, 'partner-018', bytesOf('other key')).map((other) => other.leaf)
    const own = made.map((one) => one.leaf)
    const all = [...noise, ...own.toSpliced(2, 1), own[0] ?? unreachable(), new Uint8Array(3)]
    expect(findOwnLeaves(streamKey, all, 20)).toEqual({ indices: [4, 5, null, 6, 7, 8], repeated: [9] })
    expect(findOwnLeaves(bytesOf('a third key'), all, 20)).toEqual({ indices: [], repeated: [] })
  })
})

function unreachable(): never {
  throw new Error('unreachable')
}
