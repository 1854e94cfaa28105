import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openServer } from '@sigillo/db/engine-server'
import { type Engine } from '@sigillo/db/engine'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { generateNoteKey, noteVerifier } from '@sigillo/seal/ed25519'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { type SignerProcess, spawnSigner } from '@sigillo/testkit/signer-process'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'
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

  test('because the table of tokens is gone lets nobody in, and comes back with it', async () => {
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

describe.each(['embedded', 'server'] as const)(
  'a hub whose signer is a process of its own, on the %s engine,',
  (engine) => {
    const folders: string[] = []
    let hub: TestHub
    let signer: SignerProcess
    let place: { readonly dir: string; readonly socket: string }
    let second: Uint8Array
    beforeEach(async ({ skip }) => {
      if (engine === 'server' && postgres === null) {
        skip('no PostgreSQL server')
        return
      }
      const folder = mkdtempSync(join(tmpdir(), 'hub-signer-'))
      folders.push(folder)
      place = { dir: join(folder, 'signer'), socket: join(folder, 'run', 'socket') }
      signer = await spawnSigner(place.dir, place.socket)
      const databaseUrl = engine === 'server' ? await postgres?.createDatabase() : undefined
      hub = await startTestHub({
        dataDir: join(folder, 'hub'),
        signer: place.socket,
        ...(databaseUrl === undefined ? {} : { databaseUrl }),
      })
      await hub.vendor.enrol([recipient.entry])
      await hub.vendor.putPackage('p-1', await sealFor(recipient, 'p-1'), release.vkey)
      second = await sealFor(recipient, 'p-2')
    })
    afterEach(async () => {
      await hub?.stop()
      await signer?.kill()
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
    })

    /** Asks until something is handed out; how long that took, in milliseconds. */
    const recovery = async (): Promise<number> => {
      const from = performance.now()
      for (;;) {
        try {
          await hub.partner(recipient).fetchPackage('p-1')
          return performance.now() - from
        } catch (error) {
          if (performance.now() - from > 10_000) throw error
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }
    }

    test('gives out nothing while that is dead, and recovers within 10 s by itself when it is back', async () => {
      const before = await hub.vendor.checkpoint()
      await signer.kill()
      for (const refusal of await refusals(hub, second)) {
        expect(refusal).toMatchObject({ name: 'ApiError', status: expect.any(Number) })
        expect(refusal).toMatchObject({ code: expect.stringMatching(/^(log-unavailable|bad-receipt)$/) })
      }
      // What was committed in the last batch shows nowhere before it is signed.
      expect(await hub.vendor.checkpoint()).toBe(before)
      const { size } = readNote(before)
      expect(await hub.vendor.events()).toHaveLength(size)
      expect(await hub.vendor.tile(`tile/0/000.p/${String(size + 1)}`)).toBeNull()
      signer = await spawnSigner(place.dir, place.socket)
      expect(await recovery()).toBeLessThan(10_000)
      const keys = signer.keys.map(noteVerifier)
      const reader = {
        checkpoint: async () => utf8(await hub.vendor.checkpoint()),
        tile: (path: string) => hub.vendor.tile(path),
      }
      expect(await fsck(reader, keys, { kept: [utf8(before)] })).toMatchObject({ ok: true })
    })

    test('says of what was stored unsigned that it was, and signs it when it starts again', async () => {
      const { size } = readNote(await hub.vendor.checkpoint())
      await signer.kill()
      const event = (subject: string) =>
        hub.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject, data: {} }])
      await expect(event('first')).rejects.toMatchObject({ message: expect.stringContaining('was stored') })
      await expect(event('second')).rejects.toMatchObject({ message: expect.stringContaining('nothing was done') })
      signer = await spawnSigner(place.dir, place.socket)
      hub = await hub.restart()
      expect((await hub.vendor.events()).slice(size)).toMatchObject([{ index: size, subject: 'first' }])
      expect(readNote(await hub.vendor.checkpoint()).size).toBe(size + 1)
    })

    // What follows does not touch the database.
    if (engine === 'embedded') return

    test('has no key of the log, and its checkpoints are signed with that of the signer', async () => {
      expect(existsSync(join(hub.dataDir, 'log.key'))).toBe(false)
      expect(hub.hub.logKey).toBe(signer.keys[0])
      expect(openCheckpoint(utf8(await hub.vendor.checkpoint()), signer.keys.map(noteVerifier)).ok).toBe(true)
    })

    test('gives out nothing while that hangs', async () => {
      signer.child.kill('SIGSTOP')
      const asked = hub.partner(recipient).fetchPackage('p-1')
      await expect(asked).rejects.toMatchObject({ code: 'log-unavailable', status: 503 })
      signer.child.kill('SIGCONT')
      expect(await recovery()).toBeLessThan(10_000)
    })

    test('does not sign on from a database that is older than what the signer signed', async () => {
      await hub.stop()
      await signer.kill()
      const mark = JSON.stringify({ size: 1_000, root: Buffer.alloc(32, 1).toString('base64') })
      writeFileSync(join(place.dir, 'log.high-water'), mark)
      signer = await spawnSigner(place.dir, place.socket)
      await expect(hub.restart()).rejects.toMatchObject({ code: 'log-rolled-back' })
    })

    test('refuses to start beside a key of its own', async () => {
      await hub.stop()
      writeFileSync(join(hub.dataDir, 'log.key'), generateNoteKey('hub.example/log').secret)
      await expect(hub.restart()).rejects.toMatchObject({
        code: 'bad-key-file',
        message: expect.stringContaining('sigillo signer adopt'),
      })
    })
  },
)

describe('two hubs on one database and one signer', () => {
  test('take turns, and make one history', async ({ skip }) => {
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    const folder = mkdtempSync(join(tmpdir(), 'hub-pair-'))
    const socket = join(folder, 'run', 'socket')
    const signer = await spawnSigner(join(folder, 'signer'), socket)
    const databaseUrl = await postgres.createDatabase()
    const first = await startTestHub({ databaseUrl, signer: socket, dataDir: join(folder, 'a') })
    const other = await startTestHub({ databaseUrl, signer: socket, dataDir: join(folder, 'b') }, first.vendorToken)
    const event = (vendor: TestHub['vendor'], subject: string) =>
      vendor.commit([{ type: 'leak.reported', stream: 'admin', subject, data: {} }])
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, 5 * i))
        await event((i % 2 === 0 ? first : other).vendor, String(i))
      }),
    )
    const reader = {
      checkpoint: async () => utf8(await other.vendor.checkpoint()),
      tile: (path: string) => first.vendor.tile(path),
    }
    const { length } = await first.vendor.events()
    expect(length).toBeGreaterThanOrEqual(60)
    expect(await fsck(reader, signer.keys.map(noteVerifier))).toMatchObject({ ok: true, size: length })
    await first.stop()
    await other.stop()
    await signer.kill()
    rmSync(folder, { recursive: true })
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
    // No new key is made for an old log.
    await expect(start({})).rejects.toMatchObject({
      code: 'bad-key-file',
      message: expect.stringMatching(/log\.key is missing, but the log exists[^\n]*$/),
    })
    writeFileSync(join(dataDir, 'log.key'), generateNoteKey('hub.example/log').secret)
    await expect(start({})).rejects.toMatchObject({ code: 'log-damaged' })
    await expect(startHub({ dataDir: `${dataDir}-2`, origin: 'two words' })).rejects.toMatchObject({
      code: 'bad-options',
    })
    rmSync(`${dataDir}-2`, { recursive: true })
    taken.close()
    hub.remove()
  })
})
