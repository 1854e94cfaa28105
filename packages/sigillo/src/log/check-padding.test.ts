import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { LOG_KEY_FILE } from '@sigillo/hub/log/log-key'
import { startHub } from '@sigillo/hub/start-hub'
import { noteSigner, noteVerifier } from '@sigillo/seal/ed25519'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkHub } from './check-hub.ts'
import { type HubLog, withHubLog } from './hub-log.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'padding-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

beforeAll(async () => {
  const hub = await startHub({ dataDir, origin: 'hub.example/log', cadenceSeconds: 0.1 })
  const vendor = vendorClient(hub.url, hub.vendorToken ?? '')
  for (let i = 0; i < 3; i++)
    await vendor.commit([{ type: 'leak.reported', stream: 'case:a', subject: `s${String(i)}`, data: {} }])
  await hub.stop()
})

/** What the check finds after a change that is undone again. */
async function findingsAfter(change: (log: HubLog) => Promise<unknown>): Promise<readonly string[]> {
  const found: string[] = []
  const undo = new Error('undone')
  const key = noteVerifier(noteSigner(readFileSync(join(dataDir, LOG_KEY_FILE), 'utf8').trim()).vkey)
  await withHubLog(dataDir, undefined, async (log) => {
    await change(log)
    const { findings } = await checkHub(log, dataDir, [key], [], () => undefined)
    found.push(...findings.map(({ where, reason }) => `${where}: ${reason}`))
    throw undo
  }).catch((error: unknown) => {
    if (error !== undo) throw error
  })
  return found
}

describe('a check of a padded log', () => {
  test('tells leaves that stand for nothing from leaves that lost their event', async () => {
    expect(await findingsAfter(() => Promise.resolve())).toEqual([])
    const lost = await findingsAfter(({ tx }) => tx.deleteFrom('events').where('subject', '=', 's1').execute())
    expect(lost[0]).toMatch(/^leaf \d+: no event is stored for it$/)
    expect(lost[1]).toMatch(/^event \d+: it is event 2 of its stream where 1 must follow$/)
  })

  test('names leaves without event once the key of the padding is another, or how many there were', async () => {
    const otherKey = await findingsAfter(({ tx }) =>
      tx
        .updateTable('streams')
        .set({ key: new Uint8Array(32) })
        .where('stream', '=', 'padding')
        .execute(),
    )
    expect(otherKey[0]).toMatch(/no event is stored for it$/)
    const fewer = await findingsAfter(({ tx }) =>
      tx.updateTable('streams').set({ next_n: 1 }).where('stream', '=', 'padding').execute(),
    )
    expect(fewer).toEqual([expect.stringMatching(/^stream padding: it shall have 1 leaves, the log has \d+$/)])
  })
})
