import { findEmbargo } from '@sigillo/db/embargoes'
import { findPackage, getBlob } from '@sigillo/db/packages'
import { inspectManifest, isKeyed } from '@sigillo/seal/manifest'
import { fromHex } from '@sigillo/tlog/encoding'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { requireNotErased } from '../erasures/erased.ts'
import { releaseOfPackage } from './package-release.ts'

/**
 * The body of a recipient's package, which may leave before its time and without an event: nothing in it opens without the package, whose hand-over is
 * timed and logged. Nothing of a case leaves once its embargo broke. Foreign and missing packages, and packages with their body in them, are the
 * same `not-found`; an erased one is `erased`.
 */
export async function handOverBody(hub: HubContext, recipientId: string, id: string): Promise<Uint8Array> {
  const { db } = hub.engine
  const row = await findPackage(db, id, recipientId)
  // It was checked before it was stored.
  const manifest = row === null ? null : inspectManifest(row.manifest).manifest
  if (row === null || manifest === null || !isKeyed(manifest))
    throw new HubError('not-found', 'there is no such package for this token, or its body is in it')
  requireNotErased(row)
  if (releaseOfPackage(row, await findEmbargo(db, row.case_id)).kind === 'frozen')
    throw new HubError('frozen', `the embargo of package ${id} broke; nothing is handed over until the vendor says how`)
  const bytes = await getBlob(db, fromHex(manifest.body.sha256))
  if (bytes === null) throw new HubError('internal', 'the body of a package is missing')
  return bytes
}
