import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { noteSigner } from '@sigillo/seal/ed25519'
import { openPackage } from '@sigillo/seal/package'
import { spawnHub } from '@sigillo/testkit/hub-process'
import { findServerBinaries, makeCluster, startCluster, withClient } from '@sigillo/testkit/postgres-cluster'
import { type Acknowledged, examine } from './acknowledged.ts'
import type { Drill } from './drill.ts'
import { clientOf, type DrillPartner, enrolPartners, issueTo, release } from './programme.ts'

const DUMP = '/usr/bin/pg_dump'
const RESTORE = '/usr/bin/pg_restore'

/** The way of docs/operate.md: dump and data folder of a running hub, brought back on another server. */
export const restoreDrill: Drill = {
  id: 'restore',
  title: 'backup of a running hub, restored elsewhere',
  goal: 'every event, package and token is there; the log goes on',
  lacks: () => {
    if (findServerBinaries() === null) return 'no PostgreSQL server'
    const missing = [DUMP, RESTORE].filter((path) => !existsSync(path))
    return missing.length === 0 ? null : `${missing.join(', ')} missing (apt install postgresql-client)`
  },
  run: async (size) => {
    const bin = findServerBinaries() ?? ''
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    const dataDir = join(folder, 'hub')
    makeCluster(bin, folder)
    const server = await startCluster(bin, folder, [])
    const acknowledged: Acknowledged = new Map()
    try {
      const hub = await spawnHub(dataDir, server.url('postgres'))
      const token = readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim()
      const vendor = vendorClient(hub.url, token)
      const partners = await enrolPartners(vendor, size === 'full' ? 50 : 5)
      for (const [i, partner] of partners.entries()) await issueTo(vendor, partner, `p-${String(i)}`)
      for (let i = 0; i < 20; i++) {
        const [event] = await vendor.commit([
          { type: 'leak.reported', stream: 'admin', subject: `s-${String(i)}`, data: {} },
        ])
        acknowledged.set(event?.index ?? -1, `s-${String(i)}`)
      }
      const from = performance.now()
      // The folder first: a high-water mark that is older than the dump is harmless, a newer one refuses it.
      cpSync(dataDir, join(folder, 'backup'), { recursive: true })
      execFileSync(DUMP, ['-Fc', '-f', join(folder, 'backup.dump'), '--dbname', server.url('postgres')])
      await hub.kill()
      await withClient(server.url('postgres'), (client) => client.query('create database elsewhere'))
      execFileSync(RESTORE, ['--no-owner', '--dbname', server.url('elsewhere'), join(folder, 'backup.dump')])
      const again = await spawnHub(join(folder, 'backup'), server.url('elsewhere'))
      const seconds = (performance.now() - from) / 1000
      const address = { url: again.url, token }
      const loss = await examine(address, again.logKey, acknowledged)
      const opened = await openAll(again.url, partners)
      const went = await vendorClient(again.url, token).commit([
        { type: 'leak.reported', stream: 'admin', subject: 'after', data: {} },
      ])
      await again.kill()
      return {
        passed: loss.lost === 0 && loss.consistent && opened === partners.length && went.length === 1,
        figures: {
          events: loss.events,
          lost: loss.lost,
          packages: partners.length,
          opened,
          'backup and restore, s': Number(seconds.toFixed(1)),
        },
      }
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function openAll(url: string, partners: readonly DrillPartner[]): Promise<number> {
  const vendorKey = noteSigner(release.secret).vkey
  let opened = 0
  for (const [i, partner] of partners.entries()) {
    const client = clientOf(url, partner)
    const body = await client.fetchBody(`p-${String(i)}`)
    const { bytes } = await client.fetchPackage(`p-${String(i)}`)
    const { files } = await openPackage({ bytes, body, identity: partner.age.identity, vendorKey })
    opened += files.length
  }
  return opened
}
