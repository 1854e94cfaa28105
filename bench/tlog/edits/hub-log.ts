import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { attempt } from '@sigillo/db/attempt'
import type { Tx } from '@sigillo/db/schema'
import { startHub } from '@sigillo/hub/start-hub'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { checkHub, type HubReport } from 'sigillo/log/check-hub'
import { readHubLog, withHubLog } from 'sigillo/log/hub-log'
import { DATABASE_EDITS } from './of-database.ts'

/** A stopped hub with a small log of three streams in its embedded database. */
export interface StoppedHub {
  readonly dataDir: string
  readonly logKey: string
  readonly size: number
  remove(): void
}

/** Runs a hub, logs `size` events in batches of five, and stops it. */
export async function makeStoppedHub(size: number): Promise<StoppedHub> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hub-log-'))
  const hub = await startHub({ dataDir, origin: 'hub.example/log' })
  const vendor = vendorClient(hub.url, hub.vendorToken ?? '')
  for (let from = 0; from < size; from += 5) {
    await vendor.commit(
      Array.from({ length: Math.min(5, size - from) }, (_, at) => ({
        type: 'leak.reported' as const,
        stream: `case:${(from + at) % 3}`,
        subject: `subject ${from + at}`,
        data: {},
      })),
    )
  }
  await hub.stop()
  return { dataDir, logKey: hub.logKey, size, remove: () => rmSync(dataDir, { recursive: true }) }
}

/** Checks the hub's log once for each edit of its database; each edit is undone before the next. */
export async function checkEdited(
  hub: StoppedHub,
  edits: readonly ((tx: Tx) => Promise<unknown>)[],
): Promise<HubReport[]> {
  const keys = [noteVerifier(hub.logKey)]
  return await withHubLog(hub.dataDir, undefined, async ({ tx }) => {
    const reports: HubReport[] = []
    for (const edit of edits) {
      const undone = await attempt(tx, async () => {
        await edit(tx)
        reports.push(await checkHub(await readHubLog(tx), hub.dataDir, keys, [], () => undefined))
        throw new Undo()
      })
      if (!undone.ok && !(undone.error instanceof Undo)) throw undone.error
    }
    return reports
  })
}

class Undo extends Error {}

/** What the check said about one falsified database. */
export interface DatabaseRow {
  readonly id: string
  readonly of: 'events' | 'tree'
  readonly what: string
  readonly found: boolean
  readonly where: string | null
  readonly reason: string
}

/** Makes a hub, falsifies its database in every way, and says what was found. */
export async function runDatabaseEdits(): Promise<DatabaseRow[]> {
  const hub = await makeStoppedHub(30)
  try {
    const reports = await checkEdited(
      hub,
      DATABASE_EDITS.map(({ edit }) => edit),
    )
    return DATABASE_EDITS.map(({ of, what, where }, at) => {
      const first = reports[at]?.findings[0]
      const found = first?.where === where
      return { id: `${of}: ${what}`, of, what, found, where: first?.where ?? null, reason: first?.reason ?? '' }
    })
  } finally {
    hub.remove()
  }
}
