import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import type { Engine } from '@sigillo/db/engine'
import { parseVerifierPolicy } from '@sigillo/dossier/policy'
import { verifyFile } from '@sigillo/dossier/verify-file'
import { verifyProof } from '@sigillo/dossier/verify-proof'
import { noteSigner } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { isKeyed } from '@sigillo/seal/manifest'
import { inspectPackage, openPackage } from '@sigillo/seal/package'
import { findServerBinaries } from '@sigillo/testkit/postgres-cluster'
import { equalBytes, fromHex, utf8 } from '@sigillo/tlog/encoding'
import { type Acknowledged, examine } from './acknowledged.ts'
import { findForms } from './canary-search.ts'
import type { Drill, Outcome, Size } from './drill.ts'
import type { EngineKind } from './engines.ts'
import { DUMP, type Place, RESTORE, startPlace } from './erasure-restore.ts'
import { type ErasureScene, eraseByTwo, startErasureScene } from './erasure-scene.ts'
import { clientOf, release } from './programme.ts'

/** Goal S5: what was erased does not come back with a backup of afterwards, and everything else is as it was. */
export const erasureDrills: readonly Drill[] = (['PostgreSQL', 'embedded'] as const).map((engine) => ({
  id: 'S5',
  title: `erased, then backed up and restored, ${engine}`,
  goal: 'none of 50 packages opens, none of 50 events can be read or found; the same number beside them can; proofs and an older dossier hold; a backup from before has it all',
  lacks: () => lacks(engine),
  run: (size, say) => run(engine, size, say),
}))

function lacks(engine: EngineKind): string | null {
  if (engine === 'embedded') return null
  if (findServerBinaries() === null) return 'no PostgreSQL server'
  const missing = [DUMP, RESTORE].filter((path) => !existsSync(path))
  return missing.length === 0 ? null : `${missing.join(', ')} missing (apt install postgresql-client)`
}

async function run(engine: EngineKind, size: Size, say: (line: string) => void): Promise<Outcome> {
  const count = size === 'full' ? 50 : 10
  const folder = mkdtempSync('/tmp/sigillo-soak-')
  // Servers run as another user below it.
  chmodSync(folder, 0o755)
  const places: Place[] = []
  try {
    const place = await startPlace(engine, join(folder, 'first'))
    places.push(place)
    const scene = await startErasureScene(place.hub.url, place.token, place.hub.logKey, count)
    say('a backup from before, restored')
    const before = await place.restoreIn(join(folder, 'before'))
    places.push(before)
    const control = await lookFor(scene, before)
    const { index, destroyed } = await eraseByTwo(place.hub.url, place.token, scene)
    say(`erased by event ${String(index)}; a backup from after, restored`)
    const after = await place.restoreIn(join(folder, 'after'))
    places.push(after)
    const left = await lookFor(scene, after)
    const whole = await checkRest(scene, after)
    const all = { opened: count, read: count, found: count * 3, othersOpened: count, othersRead: count }
    const none = { ...all, opened: 0, read: 0, found: 0 }
    const isAs = (found: Found, wanted: Found): boolean => JSON.stringify(found) === JSON.stringify(wanted)
    return {
      passed: destroyed !== null && isAs(control, all) && isAs(left, none) && whole.holds,
      figures: {
        'packages and events erased': `${String(count)} + ${String(count)}`,
        'of them opened, read': `${String(left.opened)}, ${String(left.read)}`,
        'their texts, salts and ciphertexts found': left.found,
        'others opened, read': `${String(left.othersOpened)}, ${String(left.othersRead)}`,
        'proofs that hold, from before and anew': `${String(whole.old)}, ${String(whole.anew)}`,
        'claims of an older dossier that hold': whole.claims,
        'in the backup from before opened, read, found': `${String(control.opened)}, ${String(control.read)}, ${String(control.found)}`,
      },
    }
  } finally {
    for (const place of places) await place.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What can be got at a hub, in this order. */
interface Found {
  readonly opened: number
  readonly read: number
  readonly found: number
  readonly othersOpened: number
  readonly othersRead: number
}

/** Opens packages with the keys of those they were sealed to, from the hub and from its database; reads events; searches every file. */
async function lookFor(scene: ErasureScene, place: Place): Promise<Found> {
  const events = new Map(
    (await vendorClient(place.hub.url, place.token).events()).map((one) => [one.index, one.event !== null]),
  )
  const hits = place.everything().flatMap((path) => findForms(path, scene.traces))
  const served = await servedAt(scene, place.hub.url)
  const stored = await place.inDatabase((engine) => openStored(scene, engine))
  const opened = new Set([...served, ...stored])
  const those = (start: string): number => [...opened].filter((id) => id.startsWith(start)).length
  return {
    opened: those('gone-'),
    read: scene.erased.filter((index) => events.get(index) === true).length,
    found: new Set(hits.map(({ canary }) => canary)).size,
    othersOpened: those('kept-'),
    othersRead: scene.kept.filter((index) => events.get(index) === true).length,
  }
}

const vendorKey = noteSigner(release.secret).vkey

/** Ids of the packages that the hub hands out and their partner opens. */
async function servedAt({ partners }: ErasureScene, url: string): Promise<readonly string[]> {
  const opened: string[] = []
  for (const [i, partner] of partners.entries()) {
    const client = clientOf(url, partner)
    for (const id of [`gone-${String(i)}`, `kept-${String(i)}`]) {
      const got = await Promise.allSettled([client.fetchPackage(id), client.fetchBody(id)])
      const [keyed, body] = got
      if (keyed.status === 'rejected' || body.status === 'rejected') continue
      await openPackage({ bytes: keyed.value.bytes, body: body.value, identity: partner.age.identity, vendorKey })
      opened.push(id)
    }
  }
  return opened
}

/** Ids of the packages that open from what lies in the database, whatever the hub says of them. */
async function openStored({ partners }: ErasureScene, { db }: Engine): Promise<readonly string[]> {
  const blobs = (await db.selectFrom('blobs').select(['sha256', 'bytes']).execute()).flatMap(({ sha256, bytes }) =>
    bytes === null ? [] : [{ sha256, bytes }],
  )
  const opened: string[] = []
  for (const { bytes } of blobs) {
    try {
      const { manifest } = inspectPackage(bytes)
      const hash = isKeyed(manifest) ? fromHex(manifest.body.sha256) : null
      const body = hash === null ? null : (blobs.find(({ sha256 }) => equalBytes(sha256, hash))?.bytes ?? null)
      const identity = partners.find(({ id }) => id === manifest.recipient)?.age.identity ?? ''
      await openPackage({ bytes, body, identity, vendorKey })
      opened.push(manifest.package)
    } catch (error) {
      // A body, or a package without one.
      if (!(error instanceof SealError)) throw error
    }
  }
  return opened
}

/** Whether what was not erased is as it was: the log's content, proofs made before and proofs made now, and a dossier from before. */
async function checkRest(scene: ErasureScene, place: Place) {
  const { hub, token } = place
  const policy = parseVerifierPolicy(utf8(`log ${hub.logKey}\nvendor ${vendorKey}\nquorum none\n`))
  const isProven = (proof: Uint8Array): boolean =>
    verifyProof(proof, { policy }).claims.every(({ verdict }) => verdict === 'proven' || verdict === 'unwitnessed')
  const { events } = await vendorClient(hub.url, token).proveAll(scene.kept)
  const old = scene.proofs.filter(isProven).length
  const anew = events.filter(({ proof }) => isProven(utf8(proof))).length
  const { claims } = await verifyFile(scene.dossier, {
    policy: `log ${hub.logKey}\nvendor ${vendorKey}\nquorum none\n`,
  })
  const failed = claims.filter(({ verdict }) => verdict === 'failed').length
  const acknowledged: Acknowledged = new Map([...scene.kept, ...scene.erased].map((index) => [index, 's']))
  const loss = await examine({ url: hub.url, token }, hub.logKey, acknowledged)
  const count = scene.kept.length
  const isWhole = loss.lost === 0 && loss.consistent
  return {
    old,
    anew,
    claims: claims.length - failed,
    holds: isWhole && old === count && anew === count && failed === 0 && claims.length >= 2 * count,
  }
}
