import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { vendorClient } from '@sigillo/api/client'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import {
  type ClusterServer,
  findServerBinaries,
  makeCluster,
  startCluster,
  withClient,
} from '@sigillo/testkit/postgres-cluster'
import { bytesBelow, findCanaries } from './canary-search.ts'
import type { Drill } from './drill.ts'
import { dumpMemory } from './process-memory.ts'
import { acknowledge, clientOf, enrolPartners, issueTo } from './programme.ts'

const DUMP = '/usr/bin/pg_dump'

/** Goal S4: after a whole programme ran through the hub, nothing of what was shared can be found at it. */
export const canaryScan: Drill = {
  id: 'S4',
  title: 'canaries in everything that the hub keeps',
  goal: '0 found in the dump, data folder with its log, backups, files and memory of the hub; a planted one is found everywhere',
  lacks: () => {
    if (findServerBinaries() === null) return 'no PostgreSQL server'
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return "reading the hub's memory needs root on Linux"
    return existsSync(DUMP) ? null : `${DUMP} missing (apt install postgresql-client)`
  },
  run: async (size) => {
    const bin = findServerBinaries() ?? ''
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    makeCluster(bin, folder)
    const server = await startCluster(bin, folder, [])
    const hub = await spawnHub(join(folder, 'hub'), server.url('postgres'))
    try {
      const canaries = await runProgramme(hub, join(folder, 'hub'), size === 'full' ? 50 : 12)
      const kept = collect(folder, server, hub, 'kept')
      const hits = kept.flatMap((path) => findCanaries(path, canaries))
      const planted = await plant(server, hub, join(folder, 'hub'))
      const control = collect(folder, server, hub, 'control')
      const places = control.filter((path) => findCanaries(path, [planted]).length > 0).length
      return {
        passed: hits.length === 0 && places === control.length,
        figures: {
          canaries: canaries.length,
          'MiB searched': Math.round(kept.reduce((sum, path) => sum + bytesBelow(path), 0) / 2 ** 20),
          found: hits.length,
          'planted one found in': `${String(places)} of ${String(control.length)} places`,
        },
      }
    } finally {
      await hub.kill()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Enrolment, issue, fetching and receipts; the canaries that were in the copies. */
async function runProgramme(hub: HubProcess, dataDir: string, count: number): Promise<readonly string[]> {
  const vendor = vendorClient(hub.url, tokenIn(dataDir))
  const partners = await enrolPartners(vendor, count)
  const canaries = partners.map(() => `canary ${randomBytes(16).toString('base64url')} end`)
  for (const [i, partner] of partners.entries()) {
    const id = `p-${String(i)}`
    await issueTo(vendor, partner, id, new TextEncoder().encode(`# Guidance\n${String(canaries[i])}\n`))
    const client = clientOf(hub.url, partner)
    const { sha256 } = await client.fetchPackage(id)
    await acknowledge(client, partner, id, sha256)
  }
  return canaries
}

/** Everything at the hub: dump, packed dump, cluster with its write-ahead log, own files, memory. The server is made to write all pages first. */
function collect(folder: string, server: ClusterServer, hub: HubProcess, name: string): readonly string[] {
  const place = join(folder, name)
  mkdirSync(place)
  const dump = execFileSync(DUMP, ['--dbname', server.url('postgres')], { maxBuffer: 2 ** 30 })
  const paths = { dump: join(place, 'dump.sql'), backup: join(place, 'dump.sql.gz'), memory: join(place, 'memory') }
  writeFileSync(paths.dump, dump)
  writeFileSync(paths.backup, gzipSync(dump))
  dumpMemory(hub.child.pid ?? 0, paths.memory)
  return [paths.dump, paths.backup, join(folder, 'data'), join(folder, 'hub'), paths.memory]
}

/** Puts a canary wherever a careless hub would: into a row, into the hub's memory through a request, into its folder. */
async function plant(server: ClusterServer, hub: HubProcess, dataDir: string): Promise<string> {
  const canary = `planted ${randomBytes(16).toString('base64url')} end`
  await vendorClient(hub.url, tokenIn(dataDir)).commit([
    { type: 'leak.reported', stream: 'admin', subject: 'control', data: { note: canary } },
  ])
  await withClient(server.url('postgres'), (client) => client.query('checkpoint'))
  writeFileSync(join(dataDir, 'hub.log'), `a careless line: ${canary}\n`)
  return canary
}

function tokenIn(dataDir: string): string {
  return readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim()
}
