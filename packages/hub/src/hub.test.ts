import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiError } from '@sigillo/api/errors'
import { noteVerifier, verifyEd25519 } from '@sigillo/seal/ed25519'
import { openPackage } from '@sigillo/seal/package'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { utf8 } from '@sigillo/tlog/encoding'
import { decodeEvent } from '@sigillo/tlog/event'
import { fsck } from '@sigillo/tlog/fsck'
import { decodeOpening, leafOfOpening, parseLeaf } from '@sigillo/tlog/leaf'
import { leafHash } from '@sigillo/tlog/merkle'
import { parsePolicy } from '@sigillo/tlog/policy'
import { parseProofFile, verifyProofFile } from '@sigillo/tlog/proof-file'
import { verifyStream } from '@sigillo/tlog/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  drawRecipient,
  flip,
  ORIGIN,
  readNote,
  receiptOf,
  release,
  sealFor,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from './programme.fixture.ts'

let postgres: TemporaryPostgres | null
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

const engines: { engine: string; start: () => Promise<TestHub | null> }[] = [
  { engine: 'embedded', start: () => startTestHub() },
  {
    engine: 'server',
    start: async () => (postgres === null ? null : startTestHub({ databaseUrl: await postgres.createDatabase() })),
  },
]

/** What a proof file proves, recomputed from itself alone with nothing but the log's key. */
function opened(proof: string, logKey: string) {
  const file = parseProofFile(utf8(proof))
  const opening = decodeOpening(file.extra ?? new Uint8Array())
  const policy = parsePolicy(utf8(`log ${logKey}\nquorum none\n`))
  const verdict = verifyProofFile(file, leafHash(leafOfOpening(opening)), policy, verifyEd25519)
  return { verdict, event: decodeEvent(opening.body) }
}

const told = ({ code, status, message }: ApiError): object => ({ code, status, message })

/** How a question about a foreign package and about a missing one is answered. */
function askBoth(ask: (id: string) => Promise<unknown>): Promise<readonly unknown[]> {
  return Promise.all(['p-1', 'p-none'].map((id) => ask(id).then(() => 'answered', told)))
}

async function writeTo(hub: TestHub, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await hub.vendor.commit([{ type: 'leak.reported', stream: 'case:shared', subject: 's', data: { i } }])
  }
}

const entry = (bytes: Uint8Array): string | null => (parseLeaf(bytes).label.length === 16 ? null : 'no label')

async function checkLog(hub: TestHub, recipient: TestRecipient) {
  const client = hub.partner(recipient)
  const reader = { checkpoint: async () => utf8(await client.checkpoint()), tile: (path: string) => client.tile(path) }
  return await fsck(reader, [noteVerifier(hub.hub.logKey)], { entry })
}

describe.each(engines)('a hub on the $engine engine', ({ start }) => {
  let hub: TestHub
  let alice: TestRecipient
  let bob: TestRecipient
  let skipped = false
  beforeAll(async () => {
    const started = await start()
    skipped = started === null
    if (started === null) return
    hub = started
    alice = await drawRecipient('partner-001')
    bob = await drawRecipient('partner-002')
    await hub.vendor.enrol([alice.entry, bob.entry])
  })
  afterAll(async () => {
    if (skipped) return
    await hub.stop()
    hub.remove()
  })
  const check = (name: string, body: () => Promise<void>): void =>
    test(name, async ({ skip }) => {
      if (skipped) skip('no PostgreSQL server')
      await body()
    })

  check('made its secrets for nobody else to read', async () => {
    for (const name of ['log.key', 'vendor.token', 'log.high-water']) {
      expect(statSync(join(hub.dataDir, name)).mode & 0o777).toBe(0o600)
    }
    expect(readFileSync(join(hub.dataDir, 'vendor.token'), 'utf8').trim()).toBe(hub.vendorToken)
    expect(hub.hub.logKey).toMatch(new RegExp(`^${ORIGIN}\\+[0-9a-f]{8}\\+`))
  })

  check(
    'enrols once; the same again is unchanged, other keys are a conflict, and nothing of the batch is kept',
    async () => {
      const [again] = await hub.vendor.enrol([alice.entry])
      expect(again).toEqual({ id: alice.id, index: 0, state: 'unchanged' })
      const carol = await drawRecipient('partner-003')
      const before = await hub.vendor.events()
      const other = { ...alice.entry, receiptKey: carol.entry.receiptKey }
      await expect(hub.vendor.enrol([carol.entry, other])).rejects.toMatchObject({
        code: 'conflict',
        status: 409,
        message: expect.stringContaining('partner-001'),
      })
      const stolen = { ...carol.entry, tokenHash: alice.entry.tokenHash }
      await expect(hub.vendor.enrol([stolen])).rejects.toMatchObject({ code: 'conflict' })
      expect(await hub.vendor.events()).toEqual(before)
      await expect(hub.partner(carol).me()).rejects.toMatchObject({ code: 'unauthorized', status: 401 })
    },
  )

  check('tells a recipient what is on file about it', async () => {
    const { id, age, entry } = alice
    expect(await hub.partner(alice).me()).toEqual({
      id,
      name: entry.name,
      kind: 'partner',
      ageRecipient: age.recipient,
      receiptKey: entry.receiptKey,
      log: { origin: ORIGIN, key: hub.hub.logKey },
    })
  })

  check('commits events of the desk, each with a proof that stands alone', async () => {
    const events = ['catalogue.committed', 'codebook.committed'] as const
    const answer = await hub.vendor.commit(
      events.map((type) => ({
        type,
        stream: 'case:case-1',
        subject: 'dist-1',
        data: { sites: 12, plan: 'ab', list: [1, 'é'] },
      })),
    )
    expect(answer.map((event) => event.type)).toEqual(events)
    for (const proven of answer) {
      const { verdict, event } = opened(proven.proof, hub.hub.logKey)
      expect(verdict).toMatchObject({ ok: true, index: proven.index })
      expect(event).toMatchObject({
        type: proven.type,
        at: '2026-01-02T00:00:00.000Z',
        actor: { id: 'vendor', kind: 'staff' },
        data: { list: [1, 'é'], plan: 'ab', sites: 12 },
      })
    }
    const tampered = (answer[0]?.proof ?? '').replace(/^index (\d+)$/m, (_, index) => `index ${Number(index) + 1}`)
    expect(opened(tampered, hub.hub.logKey).verdict.ok).toBe(false)
  })

  check('refuses event types that are the hub’s own, and data without a canonical form', async () => {
    const base = { type: 'leak.reported', stream: 'case:c', subject: 's' }
    const bad = [
      { ...base, type: 'copy.delivered', data: {} },
      { ...base, stream: 'partner:partner-001', data: {} },
      { ...base, data: { fraction: 0.5 } },
      { ...base, data: { text: 'e\u0301' } },
      { ...base, data: {}, extra: 1 },
      { ...base, data: JSON.parse(`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`) },
    ]
    for (const event of bad) {
      const response = await fetch(`${hub.hub.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hub.vendorToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events: [event] }),
      })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ type: 'urn:sigillo:problem:bad-request' })
    }
  })

  check('delivers a package from the desk to its recipient and takes the receipt', async () => {
    const bytes = await sealFor(alice, 'p-1', { bytes: 60_000 })
    const issued = await hub.vendor.putPackage('p-1', bytes, release.vkey)
    expect(issued.state).toBe('issued')
    expect(await hub.vendor.putPackage('p-1', bytes, release.vkey)).toEqual({ ...issued, state: 'unchanged' })

    const partner = hub.partner(alice)
    expect(await partner.packages()).toMatchObject([
      { id: 'p-1', recipient: alice.id, fetched: null, acknowledged: null },
    ])
    const fetched = await partner.fetchPackage('p-1')
    expect(fetched).toMatchObject({ sha256: issued.sha256 })
    const copy = await openPackage({
      bytes: fetched.bytes,
      body: await partner.fetchBody('p-1'),
      identity: alice.age.identity,
      vendorKey: release.vkey,
    })
    expect(copy.files[0]?.bytes).toHaveLength(60_000)

    const receipt = receiptOf(alice, fetched.sha256)
    const proven = await partner.acknowledge('p-1', receipt)
    expect(opened(proven.proof, hub.hub.logKey)).toMatchObject({
      verdict: { ok: true },
      event: { type: 'copy.acknowledged', subject: 'p-1', actor: { id: alice.id, kind: 'partner' }, data: { receipt } },
    })
    expect((await partner.acknowledge('p-1', receipt)).index).toBe(proven.index)
    expect(await hub.vendor.packages()).toMatchObject([
      {
        id: 'p-1',
        fetched: { index: fetched.index },
        acknowledged: { index: proven.index },
        issued: { index: issued.issued.index },
      },
    ])
  })

  check('logs every hand-over, not only the first', async () => {
    const partner = hub.partner(alice)
    const first = (await hub.vendor.packages())[0]?.fetched
    const again = await partner.fetchPackage('p-1')
    expect(readNote(await partner.checkpoint()).size).toBe(again.index + 1)
    expect((await hub.vendor.packages())[0]?.fetched).toEqual(first)
    const delivered = (await hub.vendor.events()).filter((event) => event.type === 'copy.delivered')
    expect(delivered.map((event) => event.subject)).toEqual(['p-1', 'p-1'])
  })

  check('answers about a foreign package exactly as about one that does not exist', async () => {
    const stranger = hub.partner(bob)
    for (const ask of [
      (id: string) => stranger.fetchPackage(id),
      (id: string) => stranger.acknowledge(id, receiptOf(bob, '0'.repeat(64))),
    ]) {
      const [foreign, missing] = await askBoth(ask)
      expect(foreign).toEqual(missing)
      expect(foreign).toMatchObject({ code: 'not-found', status: 404 })
    }
    expect(await stranger.packages()).toEqual([])
  })

  check(
    'keeps a package under embargo to the millisecond, and leaves no event of the refusal that could be taken for a delivery',
    async () => {
      const notBefore = '2026-03-02T18:00:00.000Z'
      await hub.vendor.putPackage('p-embargo', await sealFor(bob, 'p-embargo', { notBefore }), release.vkey)
      const partner = hub.partner(bob)
      hub.now = new Date(Date.parse(notBefore) - 1)
      await expect(partner.fetchPackage('p-embargo')).rejects.toMatchObject({
        code: 'not-yet',
        status: 403,
        message: expect.stringContaining(notBefore),
      })
      hub.now = new Date(notBefore)
      const { index } = await partner.fetchPackage('p-embargo')
      const about = (await hub.vendor.events()).filter((event) => event.subject === 'p-embargo')
      expect(about.map((event) => event.type)).toEqual(['copy.issued', 'copy.delivered'])
      expect(about[1]).toMatchObject({ index, at: notBefore })
    },
  )

  check('refuses packages that are not what they claim', async () => {
    const bytes = await sealFor(alice, 'p-2')
    const put = (id: string, content: Uint8Array, key = release.vkey) => hub.vendor.putPackage(id, content, key)
    const unknown = await drawRecipient('partner-999')
    const wrong: [string, () => Promise<unknown>, string, string][] = [
      ['a changed byte', () => put('p-2', flip(bytes)), 'bad-package', ''],
      ['a cut-off file', () => put('p-2', bytes.subarray(0, 1000)), 'bad-package', 'truncated'],
      ['another file', () => put('p-2', utf8('hello')), 'bad-package', 'not a sealed package'],
      ['an empty file', () => put('p-2', new Uint8Array()), 'bad-package', ''],
      ['another id', () => put('p-3', bytes), 'bad-package', 'is for package p-2'],
      ['another signer', () => put('p-2', bytes, alice.entry.receiptKey), 'bad-package', ''],
      [
        'other bytes for an issued id',
        async () => put('p-1', await sealFor(alice, 'p-1')),
        'conflict',
        'p-1 is issued already',
      ],
      [
        'an unknown recipient',
        async () => put('p-4', await sealFor(unknown, 'p-4')),
        'conflict',
        'partner-999 is not enrolled',
      ],
    ]
    for (const [what, send, code, message] of wrong) {
      await expect(send(), what).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
    }
    expect((await hub.vendor.packages()).map(({ id }) => id)).toEqual(['p-1', 'p-embargo'])
  })

  check('refuses receipts that are not genuine or are about something else', async () => {
    const bytes = await sealFor(alice, 'p-5')
    const { sha256 } = await hub.vendor.putPackage('p-5', bytes, release.vkey)
    const partner = hub.partner(alice)
    const genuine = receiptOf(alice, sha256)
    const wrong = [
      receiptOf({ ...alice, receiptSecret: bob.receiptSecret }, sha256),
      receiptOf(alice, 'f'.repeat(64)),
      receiptOf(alice, sha256, 'dist-2'),
      receiptOf({ ...alice, id: bob.id }, sha256),
      `${genuine}\n`,
      'not a note',
    ]
    for (const receipt of wrong) {
      await expect(partner.acknowledge('p-5', receipt)).rejects.toMatchObject({ code: 'bad-receipt', status: 422 })
    }
    await partner.acknowledge('p-5', genuine)
  })

  check('gives proofs of many events under one checkpoint', async () => {
    const events = await hub.vendor.events()
    const { events: proven, checkpoint } = await hub.vendor.proveAll(events.map((event) => event.index))
    for (const event of proven) {
      expect(event.proof.endsWith(checkpoint)).toBe(true)
      expect(opened(event.proof, hub.hub.logKey).verdict).toMatchObject({ ok: true, index: event.index })
    }
    expect(await hub.vendor.prove(0)).toEqual(proven[0])
    await expect(hub.vendor.prove(events.length)).rejects.toMatchObject({ code: 'not-found' })
  })

  check('keeps one unbroken chain per stream', async () => {
    const events = await hub.vendor.events()
    const streams = new Map<string, string[]>()
    for (const { stream, event } of events) streams.set(stream, [...(streams.get(stream) ?? []), event ?? ''])
    expect([...streams.keys()].sort()).toEqual(['case:case-1', 'partner:partner-001', 'partner:partner-002'])
    for (const [stream, bodies] of streams) {
      const links = bodies.map((body, n) => {
        const found = events.filter((event) => event.stream === stream)[n]
        return { event: decodeEvent(utf8(body)), commitment: Buffer.from(found?.commitment ?? '', 'base64') }
      })
      expect(verifyStream(links, { stream, n: 0, prev: null })).toMatchObject({ ok: true })
    }
  })

  check('serves a log that is whole, with leaves that say nothing', async () => {
    const events = await hub.vendor.events()
    expect(await checkLog(hub, alice)).toMatchObject({ ok: true, size: events.length })
    const tiles = await Promise.all(['tile/0/000.p/3', 'tile/entries/000.p/3'].map((path) => hub.vendor.tile(path)))
    expect(tiles.map((tile) => tile?.length)).toEqual([96, 3 * 88])
    for (const path of [
      'tile/0/000',
      `tile/0/000.p/${String(events.length + 1)}`,
      'tile/7/000',
      'tile/0/../checkpoint',
      'tile/x',
    ]) {
      expect(await hub.vendor.tile(path)).toBeNull()
    }
  })

  check('takes many writers at once without a gap, and pages through what they wrote', async () => {
    const before = (await hub.vendor.events()).length
    const writers = Array.from({ length: 8 }, (_, writer) =>
      (async () => {
        const indices: number[] = []
        for (let i = 0; i < 10; i++) {
          const [event] = await hub.vendor.commit([
            { type: 'sample.received', stream: `case:w${String(writer % 3)}`, subject: 's', data: { i, writer } },
          ])
          indices.push(event?.index ?? -1)
        }
        return indices
      })(),
    )
    const all = (await Promise.all(writers)).flat().sort((a, b) => a - b)
    expect(all).toEqual(Array.from({ length: 80 }, (_, i) => before + i))
    expect(await checkLog(hub, alice)).toMatchObject({ ok: true, size: before + 80 })
    expect((await hub.vendor.events({ stream: 'case:w1' })).length).toBe(30)
    expect((await hub.vendor.events({ after: before + 79 })).length).toBe(0)
  })

  check('goes on after a restart with the same key, token and tree', async () => {
    const note = await hub.vendor.checkpoint()
    const { logKey } = hub.hub
    hub = await hub.restart()
    expect(hub.hub.vendorToken).toBeNull()
    expect(hub.hub.logKey).toBe(logKey)
    expect(await hub.vendor.checkpoint()).toBe(note)
    await hub.partner(alice).fetchPackage('p-1')
    expect(await checkLog(hub, alice)).toMatchObject({ ok: true })
  })
})

describe('several hubs on one PostgreSQL', () => {
  test('write one log between them', async ({ skip }) => {
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    const databaseUrl = await postgres.createDatabase()
    const first = await startTestHub({ databaseUrl })
    const second = await startTestHub({ databaseUrl, dataDir: first.dataDir }, first.vendorToken)
    await Promise.all([writeTo(first, 25), writeTo(second, 25), writeTo(first, 10), writeTo(second, 10)])
    const reader = await drawRecipient('partner-001')
    await second.vendor.enrol([reader.entry])
    expect(await checkLog(first, reader)).toMatchObject({ ok: true, size: 71 })
    const events = await first.vendor.events({ stream: 'case:shared' })
    expect(events.map((event) => event.n)).toEqual(Array.from({ length: 70 }, (_, n) => n))
    await first.stop()
    await second.stop()
    first.remove()
  })
})
