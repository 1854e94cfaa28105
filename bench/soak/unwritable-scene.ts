import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type PartnerClient, type VendorClient, vendorClient } from '@sigillo/api/client'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import { type ClusterServer, findServerBinaries, makeCluster, startCluster } from '@sigillo/testkit/postgres-cluster'
import { type SignerProcess, spawnSigner } from '@sigillo/testkit/signer-process'
import type { SmallDisk } from '@sigillo/testkit/small-disk'
import type { EngineKind } from './engines.ts'
import { clientOf, enrolPartners, issueTo } from './programme.ts'

/** A hub in a process of its own, with all that its log needs in other processes, which can fail and come back. */
export interface Scene {
  readonly hub: HubProcess
  readonly vendor: VendorClient
  /** Who may fetch package `p-1`. */
  readonly partner: PartnerClient
  /** Connection URI of the database, null for the embedded one. */
  readonly databaseUrl: string | null
  readonly disk: SmallDisk | null
  /** PostgreSQL's immediate shutdown. */
  stopServer(): Promise<void>
  startServer(): Promise<void>
  killSigner(): Promise<void>
  startSigner(): Promise<void>
  remove(): Promise<void>
}

/** Starts a hub, its signer and its server; the cluster is on `disk` if there is one. */
export async function startScene(engine: EngineKind, disk: SmallDisk | null): Promise<Scene> {
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  const place = disk?.path ?? mkdtempSync('/tmp/sigillo-soak-')
  const socket = join(folder, 'run', 'socket')
  let server: ClusterServer | null = null
  let signer: SignerProcess | null = null
  let hub: HubProcess | null = null
  const startServer = async (): Promise<void> => {
    server = await startCluster(findServerBinaries() ?? '', place, [])
  }
  const startSigner = async (): Promise<void> => {
    signer = await spawnSigner(join(folder, 'signer'), socket)
  }
  const remove = async (): Promise<void> => {
    await hub?.kill()
    await signer?.kill()
    await server?.kill()
    disk?.remove()
    for (const path of [folder, place]) rmSync(path, { recursive: true, force: true })
  }
  try {
    if (engine === 'PostgreSQL') makeCluster(findServerBinaries() ?? '', place)
    if (engine === 'PostgreSQL') await startServer()
    const databaseUrl = (server as ClusterServer | null)?.url('postgres') ?? null
    await startSigner()
    hub = await spawnHub(join(folder, 'hub'), databaseUrl, [], socket)
    const vendor = vendorClient(hub.url, readFileSync(join(folder, 'hub', 'vendor.token'), 'utf8').trim())
    const [partner] = await enrolPartners(vendor, 1)
    if (partner === undefined) throw new Error('no partner was enrolled')
    await issueTo(vendor, partner, 'p-1')
    return {
      hub,
      vendor,
      partner: clientOf(hub.url, partner),
      databaseUrl,
      disk,
      startServer,
      startSigner,
      stopServer: async () => await server?.stopNow(),
      killSigner: async () => await signer?.kill(),
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}
