import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClusterServer, findServerBinaries, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openServer } from './engine-server.ts'

const bin = findServerBinaries()

describe.skipIf(bin === null)('a server that is not ready yet', () => {
  // A standby that lets nobody in: it answers as a server does that recovers from a crash, for as long as it is left so.
  const folder = mkdtempSync(join(tmpdir(), 'not-ready-'))
  const data = join(folder, 'data')
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`
  let starting: Promise<ClusterServer>
  beforeAll(async () => {
    makeCluster(bin ?? '', folder)
    writeFileSync(join(data, 'standby.signal'), '')
    starting = startCluster(bin ?? '', folder, ['hot_standby=off'])
    starting.catch(() => undefined)
    await vi.waitFor(() => expect(existsSync(join(folder, '.s.PGSQL.5432'))).toBe(true), { timeout: 20_000 })
  }, 30_000)
  afterAll(async () => {
    await (await starting).stop()
    rmSync(folder, { recursive: true })
  })

  test('is named after the patience has run out', async () => {
    await expect(openServer({ url, patienceMs: 300 })).rejects.toThrow(
      /^no PostgreSQL at \S+: the database system is .*; check DATABASE_URL$/,
    )
  })

  test('is waited for', async () => {
    const opening = openServer({ url })
    await new Promise((resolve) => setTimeout(resolve, 500))
    writeFileSync(join(data, 'promote'), '')
    process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGUSR1')
    const engine = await opening
    expect(engine.kind).toBe('server')
    await engine.close()
  })
})
