import { createHash, createPublicKey, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inTransaction, type Engine } from '@sigillo/db/engine'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { openServer } from '@sigillo/db/engine-server'
import { createLogState } from '@sigillo/db/log-store'
import { migrate } from '@sigillo/db/migrations'
import { claimMessages, insertMessages, replaceEndpoint, reportAttempt } from '@sigillo/db/outbox'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { Webhook } from 'standardwebhooks'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messageId } from './outbox-notices.ts'
import { type OutboxParts, RETRY_PAUSES, sendDue } from './outbox-worker.ts'
import { toldTime } from '../lift/time-sources.ts'
import { addressRule } from './webhook-address.ts'
import { webhookKeyOf } from './webhook-key.ts'

// Goal T4.

interface Arrived {
  readonly id: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A receiver whose answers the test decides. */
interface Receiver {
  readonly url: string
  readonly arrived: Arrived[]
  /** Status to answer with, or `crash` to break the connection before or after the message was read. */
  answer: number | 'crash-before' | 'crash-after'
  readonly headers: Record<string, string>
  close(): Promise<void>
}

async function startReceiver(): Promise<Receiver> {
  const state: { answer: Receiver['answer']; headers: Record<string, string> } = { answer: 204, headers: {} }
  const arrived: Arrived[] = []
  const server: Server = createServer((request, response) => {
    if (state.answer === 'crash-before') {
      request.socket.destroy()
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { headers } = request
      arrived.push({ id: String(headers['webhook-id']), headers, body: Buffer.concat(chunks).toString() })
      if (typeof state.answer === 'number') response.writeHead(state.answer, state.headers).end()
      else request.socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}/hook`,
    arrived,
    get answer() {
      return state.answer
    },
    set answer(value) {
      state.answer = value
    },
    headers: state.headers,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  }
}

let postgres: TemporaryPostgres | null
let receiver: Receiver
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

const key = webhookKeyOf(new Uint8Array(32).fill(7))
const START = new Date('2026-03-09T18:00:00.000Z')

const engines: { engine: string; open: () => Promise<Engine | null> }[] = [
  {
    engine: 'embedded',
    open: async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'outbox-'))
      const engine = await openEmbedded({ dataDir })
      const close = engine.close.bind(engine)
      return { ...engine, close: async () => (await close(), rmSync(dataDir, { recursive: true, force: true })) }
    },
  },
  {
    engine: 'server',
    open: async () => (postgres === null ? null : openServer({ url: await postgres.createDatabase() })),
  },
]

describe.each(engines)('messages on the $engine engine', ({ open }) => {
  let engine: Engine
  let isSkipped = false
  const clock = { now: START }
  beforeAll(async () => {
    const opened = await open()
    isSkipped = opened === null
    if (opened === null) return
    engine = opened
    await migrate(engine.db)
    const root = new Uint8Array(32)
    await createLogState(engine.db, { origin: 'log.example', size: 1_000, root, checkpoint: '', at: START })
  })
  afterAll(async () => {
    if (!isSkipped) await engine.close()
  })
  beforeEach(async ({ skip }) => {
    if (isSkipped) {
      skip('no PostgreSQL server')
      return
    }
    clock.now = START
    await engine.db.deleteFrom('outbox').execute()
    await engine.db.deleteFrom('endpoints').execute()
    await addEndpoint('endpoint-1', receiver.url)
  })

  const addEndpoint = (id: string, address: string): Promise<void> =>
    replaceEndpoint(engine.db, { id, owner: id, channel: 'webhook', address, created_at: START, disabled: null })
  const put = async (count: number, endpoint = 'endpoint-1'): Promise<readonly string[]> => {
    const rows = Array.from({ length: count }, (_, at) => ({
      id: messageId('embargo.lifted', at, endpoint),
      endpoint_id: endpoint,
      kind: 'embargo.lifted',
      event_index: at,
      at: START,
      state: 'pending',
      attempts: 0,
      next_at: START,
      fence: 0,
      lease_until: null,
      last_error: null,
      sent_at: null,
    }))
    await insertMessages(engine.db, rows)
    return rows.map(({ id }) => id)
  }
  const parts = (allow: readonly string[] = ['127.0.0.1/32']): OutboxParts => ({
    engine,
    time: toldTime(() => clock.now),
    webhooks: { key, rule: addressRule(allow), timeoutMs: 2_000 },
    mailer: null,
    say: () => undefined,
  })
  const rows = () => engine.db.selectFrom('outbox').selectAll().orderBy('id').execute()

  test('wait until their event is in the signed tree', async () => {
    await put(2)
    await engine.db.updateTable('log_state').set({ size: 1 }).execute()
    await sendDue(parts())
    expect(receiver.arrived).toHaveLength(1)
    await engine.db.updateTable('log_state').set({ size: 1_000 }).execute()
    await sendDue(parts())
    expect(receiver.arrived).toHaveLength(2)
  })

  test('are signed so that the published library and plain Ed25519 both verify them, and say nothing of what it is about', async () => {
    const [id = ''] = await put(1)
    // The library looks at its own clock.
    clock.now = new Date()
    await sendDue(parts())
    const [first] = receiver.arrived
    if (first === undefined) throw new Error('nothing arrived')
    const { headers, body } = first
    const signed = {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    }
    expect(signed['webhook-id']).toBe(id)
    expect(JSON.parse(body)).toEqual({ type: 'embargo.lifted', timestamp: START.toISOString(), data: { event: 0 } })
    expect(new Webhook(key.secretOf('endpoint-1')).verify(body, signed)).toEqual(JSON.parse(body))
    expect(() => new Webhook(key.secretOf('endpoint-2')).verify(body, signed)).toThrow('No matching signature')
    const v1a = signed['webhook-signature'].split(' ').find((one) => one.startsWith('v1a,')) ?? ''
    const raw = Buffer.from(key.publicKey.replace(/^whpk_/, ''), 'base64')
    const publicKey = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    })
    const text = (content: string): Buffer => Buffer.from(`${id}.${signed['webhook-timestamp']}.${content}`)
    const signature = Buffer.from(v1a.slice(4), 'base64')
    expect(verify(null, text(body), publicKey, signature)).toBe(true)
    expect(verify(null, text(`${body} `), publicKey, signature)).toBe(false)
  })

  test('are sent once to a receiver that takes them, however many processes send', async () => {
    const ids = await put(40)
    for (let round = 0; round < 4; round++) await Promise.all([sendDue(parts()), sendDue(parts()), sendDue(parts())])
    expect(receiver.arrived.map(({ id }) => id).sort()).toEqual([...ids].sort())
    expect((await rows()).every(({ state, attempts }) => state === 'sent' && attempts === 1)).toBe(true)
  })

  test('are repeated under the same id by the published schedule, and then given up', async () => {
    const [id] = await put(1)
    receiver.answer = 503
    await sendDue(parts())
    for (const pause of RETRY_PAUSES) {
      clock.now = new Date(clock.now.getTime() + pause - 1)
      expect(await sendDue(parts())).toBe(0)
      clock.now = new Date(clock.now.getTime() + 1)
      expect(await sendDue(parts())).toBe(1)
    }
    expect(RETRY_PAUSES.map((ms) => ms / 1000)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
    expect(receiver.arrived.map((one) => one.id)).toEqual(Array(10).fill(id))
    expect(await rows()).toMatchObject([{ state: 'dead', attempts: 10, last_error: 'it answered 503' }])
    clock.now = new Date(clock.now.getTime() + 10 * 86_400_000)
    expect(await sendDue(parts())).toBe(0)
  })

  test.each([301, 302, 307, 308])('an answer %i is a failure and is not followed', async (status) => {
    const other = await startReceiver()
    Object.assign(receiver.headers, { location: other.url })
    receiver.answer = status
    await put(1)
    await sendDue(parts())
    expect(other.arrived).toEqual([])
    expect(await rows()).toMatchObject([{ state: 'pending', last_error: expect.stringContaining('not followed') }])
    await other.close()
  })

  test('stop for good at 410, for everything that waits', async () => {
    await put(3)
    receiver.answer = 410
    await sendDue({ ...parts() })
    expect((await rows()).every(({ state }) => state === 'dead')).toBe(true)
    const endpoint = await engine.db.selectFrom('endpoints').selectAll().executeTakeFirstOrThrow()
    expect(endpoint.disabled).toBe('it answered 410 Gone')
  })

  test('reach a receiver that crashes at any point, which can tell each repetition by its id', async () => {
    const ids = await put(6)
    const processed = new Set<string>()
    for (const crash of ['crash-before', 'crash-after', 204] as const) {
      receiver.answer = crash
      await sendDue(parts())
      clock.now = new Date(clock.now.getTime() + 3_600_000)
    }
    for (const { id } of receiver.arrived) processed.add(id)
    expect([...processed].sort()).toEqual([...ids].sort())
    expect(receiver.arrived.length).toBeGreaterThanOrEqual(12)
    expect((await rows()).every(({ state }) => state === 'sent')).toBe(true)
  })

  test('of a sender that died are taken over once its lease ends, and it cannot report any more', async () => {
    await put(1)
    const claim = (now: Date) => inTransaction(engine, (tx) => claimMessages(tx, { now, limit: 10, leaseMs: 60_000 }))
    const [dead] = await claim(START)
    expect(await claim(new Date(START.getTime() + 59_999))).toEqual([])
    clock.now = new Date(START.getTime() + 60_000)
    const [heir] = await claim(clock.now)
    if (dead === undefined || heir === undefined) throw new Error('nothing was claimed')
    expect(heir.fence).toBe(dead.fence + 1)
    const nextAt = new Date(START.getTime() + 90_000)
    expect(await reportAttempt(engine.db, dead, { state: 'pending', nextAt, error: 'late' })).toBe(false)
    expect(await reportAttempt(engine.db, heir, { state: 'sent', at: clock.now })).toBe(true)
    expect(await reportAttempt(engine.db, dead, { state: 'dead', error: 'late' })).toBe(false)
    expect(await rows()).toMatchObject([{ state: 'sent', last_error: null }])
  })

  test('never go to an address that is not public, whatever its name resolves to', async () => {
    await addEndpoint('endpoint-2', receiver.url.replace('127.0.0.1', 'localhost'))
    await put(1)
    await put(1, 'endpoint-2')
    await sendDue(parts([]))
    expect(receiver.arrived).toEqual([])
    expect((await rows()).map((row) => row.last_error)).toEqual([
      expect.stringContaining('not public'),
      expect.stringContaining('not public'),
    ])
  })
})

test('the id of a message follows from event, endpoint and kind', () => {
  const ids = [
    messageId('embargo.lifted', 1, 'a'),
    messageId('embargo.lifted', 2, 'a'),
    messageId('embargo.lifted', 1, 'b'),
    messageId('embargo.broken', 1, 'a'),
  ]
  expect(new Set(ids).size).toBe(4)
  expect(messageId('embargo.lifted', 1, 'a')).toBe(ids[0])
  const text = '["sigillo/notice/v1","embargo.lifted",1,"a"]'
  expect(ids[0]).toBe(`msg_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`)
})
