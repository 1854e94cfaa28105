import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { openServer } from '@sigillo/db/engine-server'
import { type Engine } from '@sigillo/db/engine'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  drawRecipient,
  readNote,
  receiptOf,
  release,
  sealFor,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from './programme.fixture.ts'
import { startHub } from './start-hub.ts'

/** How often a package is asked for while nothing can be logged. */
const ATTEMPTS = process.env['SLOW'] === undefined ? 20 : 1000

let postgres: TemporaryPostgres | null
let recipient: TestRecipient
beforeAll(async () => {
  postgres = await startPostgres()
  recipient = await drawRecipient('partner-001')
})
afterAll(() => postgres?.stop())

/** A second connection to the database under a running hub, to break and mend it. */
async function withDatabase(url: string, work: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await openServer({ url })
  try {
    await work(engine)
  } finally {
    await engine.close()
  }
}

const rename = (url: string, from: string, to: string): Promise<void> =>
  withDatabase(url, async ({ db }) => db.schema.alterTable(from).renameTo(to).execute())

/** What everybody who could get something out of the hub gets: nothing but refusals. */
async function refusals(hub: TestHub, packageBytes: Uint8Array): Promise<readonly unknown[]> {
  const partner = hub.partner(recipient)
  const asked = [
    ...Array.from({ length: ATTEMPTS }, () => () => partner.fetchPackage('p-1')),
    () => partner.acknowledge('p-1', receiptOf(recipient, '0'.repeat(64))),
    () => hub.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: {} }]),
    () => hub.vendor.putPackage('p-2', packageBytes, release.vkey),
  ]
  return await Promise.all(
    asked.map((ask) =>
      ask().then(
        (answer) => answer,
        (error: unknown) => error,
      ),
    ),
  )
}

describe('a hub whose log cannot be written', () => {
  let hub: TestHub
  let url: string
  let second: Uint8Array
  const errors: unknown[] = []
  beforeEach(async ({ skip }) => {
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    url = await postgres.createDatabase()
    errors.length = 0
    hub = await startTestHub({ databaseUrl: url, log: (line) => errors.push(line.error) })
    await hub.vendor.enrol([recipient.entry])
    await hub.vendor.putPackage('p-1', await sealFor(recipient, 'p-1'), release.vkey)
    second = await sealFor(recipient, 'p-2')
  })
  afterEach(async () => {
    if (postgres === null) return
    await hub.stop()
    hub.remove()
  })

  test.each(['tiles', 'leaves', 'events', 'streams', 'log_state'])(
    'because table %s is gone gives out nothing, and recovers by itself',
    async (table) => {
      const note = await hub.vendor.checkpoint()
      await rename(url, table, 'hidden')
      for (const refusal of await refusals(hub, second)) {
        expect(refusal).toMatchObject({ name: 'ApiError', status: expect.any(Number) })
        expect(refusal).toMatchObject({ code: expect.stringMatching(/^(log-unavailable|internal|bad-receipt)$/) })
      }
      await rename(url, 'hidden', table)
      expect(await hub.vendor.checkpoint()).toBe(note)
      expect(await hub.vendor.packages()).toMatchObject([{ id: 'p-1', fetched: null }])
      const { index } = await hub.partner(recipient).fetchPackage('p-1')
      expect(readNote(await hub.vendor.checkpoint()).size).toBe(index + 1)
    },
  )

  test('because the signed trees cannot be remembered outside the database gives out nothing', async () => {
    const file = join(hub.dataDir, 'log.high-water')
    const kept = readFileSync(file)
    rmSync(file)
    mkdirSync(file)
    for (const refusal of await refusals(hub, second))
      expect(refusal).toMatchObject({ name: 'ApiError', status: expect.any(Number) })
    expect(errors.length).toBeGreaterThan(0)
    rmSync(file, { recursive: true })
    writeFileSync(file, kept)
    await hub.partner(recipient).fetchPackage('p-1')
  })

  test('because the signed state was set back under it refuses to sign a second history', async () => {
    const before = await hub.vendor.checkpoint()
    await withDatabase(url, async ({ db }) => {
      const state = await db.selectFrom('log_state').selectAll().executeTakeFirstOrThrow()
      await hub.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: {} }])
      await db.updateTable('log_state').set(state).execute()
    })
    for (const refusal of await refusals(hub, second))
      expect(refusal).toMatchObject({ name: 'ApiError', status: expect.any(Number) })
    expect(errors).toContainEqual(expect.objectContaining({ code: 'log-rolled-back' }))
    expect(await hub.vendor.checkpoint()).toBe(before)
    await expect(hub.restart()).rejects.toMatchObject({
      code: 'log-rolled-back',
      message: expect.stringContaining('restored backup'),
    })
  })

  test('because the database is gone answers 503 and comes back with it', async () => {
    await withDatabase(url, async ({ db }) => {
      await db.schema.alterTable('tokens').renameTo('hidden').execute()
    })
    await expect(hub.partner(recipient).fetchPackage('p-1')).rejects.toMatchObject({ status: 500 })
    await rename(url, 'hidden', 'tokens')
    await hub.partner(recipient).fetchPackage('p-1')
  })

  test('whose stored ciphertext was altered hands out nothing', async () => {
    await withDatabase(url, async ({ db }) => {
      await db
        .updateTable('blobs')
        .set({ bytes: new Uint8Array(10) })
        .execute()
    })
    await expect(hub.partner(recipient).fetchPackage('p-1')).rejects.toMatchObject({ code: 'internal', status: 500 })
    expect((await hub.vendor.packages())[0]?.fetched).toBeNull()
  })

  test('refuses to start on a log whose tiles were edited', async () => {
    await withDatabase(url, async ({ db }) => {
      const tile = await db.selectFrom('tiles').selectAll().executeTakeFirstOrThrow()
      await db
        .updateTable('tiles')
        .set({ hashes: tile.hashes.map((byte, i) => (i === 5 ? byte ^ 1 : byte)) })
        .execute()
    })
    await expect(hub.restart()).rejects.toMatchObject({
      code: 'log-damaged',
      message: expect.stringContaining('do not have the root'),
    })
  })
})

describe('a hub on the embedded engine', () => {
  test('that was restored from a backup refuses to sign', async () => {
    const hub = await startTestHub()
    await hub.vendor.enrol([recipient.entry])
    await hub.stop()
    const backup = `${hub.dataDir}-backup`
    await cp(join(hub.dataDir, 'db'), backup, { recursive: true })
    const later = await hub.restart()
    await later.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject: 's', data: {} }])
    await later.stop()
    rmSync(join(hub.dataDir, 'db'), { recursive: true })
    await cp(backup, join(hub.dataDir, 'db'), { recursive: true })
    await expect(hub.restart()).rejects.toMatchObject({
      code: 'log-rolled-back',
      message: expect.stringMatching(/^[^\n]+$/),
    })
    // Nothing else was lost by the refusal: the lock is free and the database opens.
    await (await openEmbedded({ dataDir: hub.dataDir })).close()
    rmSync(backup, { recursive: true })
    hub.remove()
  })

  test('cannot be started twice on one folder', async () => {
    const hub = await startTestHub()
    await expect(startTestHub({ dataDir: hub.dataDir })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/already in use by process \d+; stop it first[^\n]*$/),
    })
    expect(await hub.vendor.packages()).toEqual([])
    await hub.stop()
    hub.remove()
  })

  test('says in one line why it does not start', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const hub = await startTestHub()
    await hub.stop()
    const { dataDir } = hub
    const start = (options: object) => startHub({ dataDir, origin: 'hub.example/log', ...options })
    await expect(start({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(String(port)),
    })
    await expect(start({ origin: 'other.example' })).rejects.toMatchObject({
      code: 'bad-key-file',
      message: expect.stringContaining('hub.example/log'),
    })
    writeFileSync(join(dataDir, 'log.key'), 'garbage')
    await expect(start({})).rejects.toMatchObject({
      code: 'bad-key-file',
      message: expect.stringMatching(/log\.key is damaged[^\n]*$/),
    })
    writeFileSync(join(dataDir, 'log.high-water'), 'garbage')
    rmSync(join(dataDir, 'log.key'))
    await expect(start({})).rejects.toMatchObject({ code: 'bad-key-file' })
    rmSync(join(dataDir, 'log.high-water'))
    // A new key for an old log: its checkpoint is not ours.
    await expect(start({})).rejects.toMatchObject({ code: 'log-damaged' })
    await expect(startHub({ dataDir: `${dataDir}-2`, origin: 'two words' })).rejects.toMatchObject({
      code: 'bad-options',
    })
    rmSync(`${dataDir}-2`, { recursive: true })
    taken.close()
    hub.remove()
  })
})
