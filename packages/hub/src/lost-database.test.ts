import { mkdtempSync, rmSync } from 'node:fs'
import {
  type ClusterServer,
  findServerBinaries,
  makeCluster,
  startCluster,
  withClient,
} from '@sigillo/testkit/postgres-cluster'
import { lacksSmallDisk, makeSmallDisk, type SmallDisk } from '@sigillo/testkit/small-disk'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { afterEach, describe, expect, test } from 'vitest'
import { drawRecipient, release, sealFor, startTestHub, type TestHub, type TestRecipient } from './programme.fixture.ts'

// Goal A1: the hub lives on while its PostgreSQL server is gone, drops it, or has no room.

/** How often a package is asked for during each failure. */
const ATTEMPTS = process.env['SLOW'] === undefined ? 20 : 1000
/** As many at once as partners who all try again. */
const AT_ONCE = 20
const MOST_RECOVERY_MS = 10_000
const DATABASE = 'postgres'
/** A new cluster has about 40 MB, and its write-ahead log comes in pieces of 16 MB. */
const DISK_MB = 96

/** PostgreSQL's `disk_full`. */
const NO_ROOM = /^53100 /

const bin = findServerBinaries()
const lacksDisk = lacksSmallDisk()
if (lacksDisk !== null) console.error(`SKIPPED: a full disk: ${lacksDisk}`)

let folder = ''
let server: ClusterServer | null = null
let disk: SmallDisk | null = null
let hub: TestHub | null = null
let recipient: TestRecipient
const errors: unknown[] = []

/** A server of our own with a hub on it, and one package that can be fetched. */
async function startScene(onDisk: SmallDisk | null = null): Promise<{ hub: TestHub; server: ClusterServer }> {
  disk = onDisk
  folder = onDisk?.path ?? mkdtempSync('/tmp/pgtest-')
  makeCluster(bin ?? '', folder)
  await startServer()
  hub = await startTestHub({ databaseUrl: url(), log: (line) => errors.push(line.error) })
  recipient = await drawRecipient('partner-001')
  await hub.vendor.enrol([recipient.entry])
  await hub.vendor.putPackage('p-1', await sealFor(recipient, 'p-1'), release.vkey)
  await hub.partner(recipient).fetchPackage('p-1')
  if (server === null) throw new Error('no server')
  return { hub, server }
}

async function startServer(): Promise<void> {
  server = await startCluster(bin ?? '', folder, ['fsync=off'])
}

const url = (): string => server?.url(DATABASE) ?? ''

afterEach(async () => {
  await hub?.stop()
  hub?.remove()
  await server?.kill()
  disk?.remove()
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
  ;[hub, server, disk, folder] = [null, null, null, '']
  errors.length = 0
})

/** Asks `ATTEMPTS` times for a package; how many were handed out. Each refusal must be the one that says to come back later. */
async function handedOut(from: TestHub): Promise<number> {
  let given = 0
  for (let asked = 0; asked < ATTEMPTS; asked += AT_ONCE) {
    const answers = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, () => from.partner(recipient).fetchPackage('p-1')),
    )
    for (const answer of answers) {
      if (answer.status === 'fulfilled') given++
      else expect(answer.reason).toMatchObject({ name: 'ApiError', code: 'log-unavailable', status: 503 })
    }
  }
  return given
}

/** Asks until something is handed out; how long that took, in milliseconds. */
async function recovery(of: TestHub): Promise<number> {
  const from = performance.now()
  for (;;) {
    try {
      await of.partner(recipient).fetchPackage('p-1')
      return performance.now() - from
    } catch (error) {
      if (performance.now() - from > 2 * MOST_RECOVERY_MS) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** The log is whole, and tells of at least as many hand-overs as there were; a hand-over may be logged and then fail. */
async function expectAllLogged(from: TestHub, given: number): Promise<void> {
  const reader = {
    checkpoint: async () => utf8(await from.vendor.checkpoint()),
    tile: (path: string) => from.vendor.tile(path),
  }
  expect(await fsck(reader, [noteVerifier(from.hub.logKey)])).toMatchObject({ ok: true })
  const delivered = (await from.vendor.events()).filter(({ type }) => type === 'copy.delivered')
  expect(delivered.length).toBeGreaterThanOrEqual(given)
}

describe.skipIf(bin === null)('a hub that lives on', { timeout: 120_000 }, () => {
  test('while its server is stopped gives out nothing, answers 503, and comes back with it by itself', async () => {
    const scene = await startScene()
    await scene.server.stopNow()
    expect(await handedOut(scene.hub)).toBe(0)
    expect(errors.length).toBeGreaterThan(0)
    await startServer()
    expect(await recovery(scene.hub)).toBeLessThan(MOST_RECOVERY_MS)
    await expectAllLogged(scene.hub, 2)
  })

  test('while its server drops every connection, the one that waits for the log too, gives out nothing', async () => {
    const scene = await startScene()
    // Holding the log makes the hub's writer wait in the middle of its transaction, where it is then cut off.
    await withClient(url(), async (holder) => {
      const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid')
      await holder.query('begin')
      await holder.query('select 1 from log_state for update')
      const dropping = setInterval(() => void dropConnections(rows[0]?.pid ?? 0).catch(() => undefined), 50)
      expect(await handedOut(scene.hub).finally(() => clearInterval(dropping))).toBe(0)
    })
    expect(errors.length).toBeGreaterThan(0)
    expect(await recovery(scene.hub)).toBeLessThan(MOST_RECOVERY_MS)
    await expectAllLogged(scene.hub, 2)
    // Now the hub's writer holds the log itself whenever it is cut off, and some hand-overs get through in between.
    const dropping = setInterval(() => void dropConnections(0).catch(() => undefined), 20)
    const given = await handedOut(scene.hub).finally(() => clearInterval(dropping))
    expect(await recovery(scene.hub)).toBeLessThan(MOST_RECOVERY_MS)
    await expectAllLogged(scene.hub, given + 3)
  })

  test.skipIf(lacksDisk !== null)('while its server has no room gives out nothing that is not logged', async () => {
    const scene = await startScene(makeSmallDisk(DISK_MB))
    disk?.fill()
    // What the server had reserved is used up first: until then the log can be written, and may be.
    let given = 1
    for (let round = 0, last = ATTEMPTS; last > 0; round++) {
      last = await handedOut(scene.hub)
      given += last
      expect(round).toBeLessThan(2_000)
    }
    expect(errors.length).toBeGreaterThan(0)
    expect(errors.map(sourceOf)).toContainEqual(expect.stringMatching(NO_ROOM))
    disk?.makeRoom()
    if (server?.child.exitCode !== null || server.child.signalCode !== null) await startServer()
    expect(await recovery(scene.hub)).toBeLessThan(MOST_RECOVERY_MS)
    await expectAllLogged(scene.hub, given + 1)
  })
})

/** What an error of the hub says was at the bottom of it: its code and message. */
function sourceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return sourceOf(error.cause)
  return `${'code' in error ? String(error.code) : ''} ${error.message}`
}

/** Ends every connection but the one of the backend `except`. */
async function dropConnections(except: number): Promise<void> {
  await withClient(url(), (client) =>
    client.query(
      `select pg_terminate_backend(a.pid) from pg_stat_activity a
       where a.backend_type = 'client backend' and a.pid <> pg_backend_pid() and a.pid <> $1`,
      [except],
    ),
  )
}
