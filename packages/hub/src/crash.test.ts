import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { startPostgres } from '@sigillo/testkit/postgres'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'
import { describe, expect, test } from 'vitest'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Eight writers until the hub dies; every acknowledgement is remembered here, outside. */
async function writeUntilKilled(
  hub: HubProcess,
  token: string,
  round: number,
  acknowledged: Map<number, string>,
): Promise<void> {
  const vendor = vendorClient(hub.url, token)
  const writer = async (id: number): Promise<void> => {
    for (let i = 0; ; i++) {
      const subject = `r${String(round)}-w${String(id)}-${String(i)}`
      const [event] = await vendor.commit([{ type: 'leak.reported', stream: `case:w${String(id)}`, subject, data: {} }])
      acknowledged.set(event?.index ?? -1, subject)
    }
  }
  const outcomes = Promise.allSettled(Array.from({ length: 8 }, (_, id) => writer(id)))
  const enough = acknowledged.size + 10
  while (acknowledged.size < enough) await later(20)
  await later(100 + 250 * round)
  await hub.kill()
  for (const result of await outcomes) expect(result.status).toBe('rejected')
}

async function killRounds(databaseUrl: string | null): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'crash-'))
  const acknowledged = new Map<number, string>()
  let token = ''
  for (let round = 0; round < 3; round++) {
    const hub = await spawnHub(dataDir, databaseUrl)
    token = readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim()
    await writeUntilKilled(hub, token, round, acknowledged)
  }
  const hub = await spawnHub(dataDir, databaseUrl)
  const vendor = vendorClient(hub.url, token)
  const events = await vendor.events()
  expect(acknowledged.size).toBeGreaterThan(20)
  for (const [index, subject] of acknowledged) expect(events[index]).toMatchObject({ index, subject })
  expect(new Set(events.map((event) => event.subject)).size).toBe(events.length)
  const reader = { checkpoint: async () => utf8(await vendor.checkpoint()), tile: (path: string) => vendor.tile(path) }
  expect(await fsck(reader, [noteVerifier(hub.logKey)])).toMatchObject({ ok: true, size: events.length })
  await hub.kill()
  rmSync(dataDir, { recursive: true })
}

describe('a hub killed under load, three times in a row', () => {
  test('loses nothing that it acknowledged and doubles nothing, on the embedded engine', () => killRounds(null))

  test('loses nothing that it acknowledged and doubles nothing, on a server', async ({ skip }) => {
    const postgres = await startPostgres()
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    await killRounds(await postgres.createDatabase())
    await postgres.stop()
  })
})
