import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { partnerClient, vendorClient } from '@sigillo/api/client'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { openPackage } from '@sigillo/seal/package'
import { spawnHub } from '@sigillo/testkit/hub-process'
import { findServerBinaries, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'
import { consistencyFromTiles } from '@sigillo/tlog/tile-reader'
import { verifyConsistency } from '@sigillo/tlog/merkle'
import type { Drill, Figure } from './drill.ts'

const OLD = fileURLToPath(new URL('../../vectors/hub/schema-0003/', import.meta.url))
const PSQL = '/usr/bin/psql'

/** What others had kept of the old hub: `kept.json`. */
interface Kept {
  readonly vendorToken: string
  readonly logKey: string
  readonly releaseKey: string
  readonly checkpoint: string
  readonly proofIndex: number
  readonly partners: readonly { readonly id: string; readonly identity: string; readonly token: string }[]
}

/** Today's hub on the database and the files of an old one: everything opens, and the log goes on from what others had kept of it. */
export const upgradeDrill: Drill = {
  id: 'upgrade',
  title: 'upgrade from schema 0003',
  goal: 'every package opens, every token works, the old checkpoint is a prefix of the new log',
  lacks: () => {
    if (findServerBinaries() === null) return 'no PostgreSQL server'
    return existsSync(PSQL) ? null : `${PSQL} missing (apt install postgresql-client)`
  },
  run: async () => {
    const bin = findServerBinaries() ?? ''
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    const dataDir = join(folder, 'hub')
    makeCluster(bin, folder)
    const server = await startCluster(bin, folder, [])
    try {
      execFileSync(PSQL, ['-q', '-v', 'ON_ERROR_STOP=1', '-f', join(OLD, 'database.sql'), server.url('postgres')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const kept = JSON.parse(readFileSync(join(OLD, 'kept.json'), 'utf8')) as Kept
      mkdirSync(dataDir)
      for (const file of ['log.key', 'log.high-water']) cpSync(join(OLD, file), join(dataDir, file))
      writeFileSync(join(dataDir, 'vendor.token'), `${kept.vendorToken}\n`, { mode: 0o600 })
      const from = performance.now()
      const hub = await spawnHub(dataDir, server.url('postgres'))
      const seconds = (performance.now() - from) / 1000
      try {
        const found = await examine(hub.url, kept)
        const passed = found.opened === kept.partners.length && found.extends === 'yes' && found.consistent === 'yes'
        return { passed, figures: { ...found, 'start with the upgrade, s': Number(seconds.toFixed(1)) } }
      } finally {
        await hub.kill()
      }
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function examine(
  url: string,
  kept: Kept,
): Promise<{ opened: number; events: number; extends: Figure; consistent: Figure }> {
  const vendor = vendorClient(url, kept.vendorToken)
  let opened = 0
  for (const [i, { identity, token }] of kept.partners.entries()) {
    const client = partnerClient(url, token)
    const body = await client.fetchBody(`p-${String(i)}`)
    const { bytes } = await client.fetchPackage(`p-${String(i)}`)
    const { files } = await openPackage({ bytes, body, identity, vendorKey: kept.releaseKey })
    opened += files.length
  }
  await vendor.prove(kept.proofIndex)
  const verifier = noteVerifier(kept.logKey)
  const reader = { checkpoint: async () => utf8(await vendor.checkpoint()), tile: (path: string) => vendor.tile(path) }
  const report = await fsck(reader, [verifier])
  const [before, now] = [utf8(kept.checkpoint), await reader.checkpoint()].map((note) =>
    openCheckpoint(note, [verifier]),
  )
  const events = (await vendor.events()).length
  const consistent = report.ok ? 'yes' : 'no'
  if (before?.ok !== true || now?.ok !== true) return { opened, events, extends: 'no', consistent }
  const [old, next] = [before.checkpoint, now.checkpoint]
  const proof = await consistencyFromTiles(old.size, next.size, reader.tile)
  const verdict = verifyConsistency({
    oldSize: old.size,
    newSize: next.size,
    oldRoot: old.root,
    newRoot: next.root,
    proof,
  })
  return { opened, events, extends: verdict.ok ? 'yes' : 'no', consistent }
}
