import { createHash } from 'node:crypto'
import type { PutPackageAnswer } from '@sigillo/api/contracts'
import { issueWish } from '@sigillo/api/wishes'
import { findEmbargo } from '@sigillo/db/embargoes'
import { findPackage, hasBlob, insertPackage, putBlob } from '@sigillo/db/packages'
import { findRecipients } from '@sigillo/db/recipients'
import type { Tx } from '@sigillo/db/schema'
import { readArchive } from '@sigillo/seal/archive'
import { SealError } from '@sigillo/seal/errors'
import { contentsHash, isKeyed, type PackageManifest } from '@sigillo/seal/manifest'
import { readManifest } from '@sigillo/seal/package'
import { splitPackage } from '@sigillo/seal/package-parts'
import { fromHex, toHex } from '@sigillo/tlog/encoding'
import { type HubContext, streamOf } from '../context.ts'
import { HubError } from '../errors.ts'
import { requireNotErased } from '../erasures/erased.ts'
import { enqueueNotices } from '../messages/outbox-notices.ts'
import { actorOf, type Principal } from '../people/principal.ts'
import { requireApproval } from '../people/require-approval.ts'
import type { LogEvents } from '../log/sequencer.ts'

/** An uploaded package; everything here came in a request. */
export interface Upload {
  readonly id: string
  readonly bytes: Uint8Array
  /** Lower-case hex, what the sender says it sent. */
  readonly sha256: string
  /** vkey that the sender says signed the manifest. */
  readonly releaseKey: string
}

/**
 * Stores a sealed package and logs its issue. The manifest is what counts: recipient, case, distribution and embargo are read from
 * it after its signature and the hashes of all sealed parts were checked. A body is kept apart from the package, once for all that share
 * it: it comes with the package, or came with another. The same package again changes nothing; another under the id of an issued
 * package is a `conflict`, and one that was erased is `erased`. Throws {@link HubError} `bad-package` for anything that is not what it claims.
 */
export async function issuePackage(hub: HubContext, by: Principal, upload: Upload): Promise<PutPackageAnswer> {
  if (toHex(digest(upload.bytes)) !== upload.sha256) {
    throw new HubError('bad-package', `package ${upload.id} did not arrive whole: its hash differs; send it again`)
  }
  const manifest = readChecked(upload)
  const parts = splitPackage(upload.bytes)
  const bytes = parts?.keyed ?? upload.bytes
  const hash = digest(bytes)
  // The ciphertext goes in before and outside the batch: without a package row nobody can reach it, and batches stay short.
  if (parts !== null) await putBlob(hub.engine.db, digest(parts.body), parts.body)
  else await requireBody(hub, upload.id, manifest)
  await putBlob(hub.engine.db, hash, bytes)
  const { value } = await hub.sequencer.run((tx, log) =>
    issue(tx, log, { upload: { ...upload, bytes, sha256: toHex(hash) }, hash, manifest, by, now: hub.clock() }),
  )
  return value
}

/** A package whose body is missing would be handed over and open nothing. */
async function requireBody(hub: HubContext, id: string, manifest: PackageManifest): Promise<void> {
  if (!isKeyed(manifest) || (await hasBlob(hub.engine.db, fromHex(manifest.body.sha256)))) return
  throw new HubError('conflict', `package ${id} came without its body, which is not here; send it with its body`)
}

interface Checked {
  readonly upload: Upload
  readonly hash: Uint8Array
  readonly manifest: PackageManifest
  readonly by: Principal
  readonly now: Date
}

async function issue(tx: Tx, log: LogEvents, checked: Checked): Promise<PutPackageAnswer> {
  const { upload, hash, manifest, by, now } = checked
  const { id, sha256 } = upload
  const size = upload.bytes.length
  const existing = await findPackage(tx, id)
  if (existing !== null) {
    requireNotErased(existing)
    if (toHex(existing.sha256) !== sha256)
      throw new HubError('conflict', `package ${id} is issued already, with other bytes`)
    const issued = { index: existing.issued_index, at: existing.issued_at.toISOString() }
    return { id, sha256, size, issued, state: 'unchanged' }
  }
  const [recipient] = await findRecipients(tx, [manifest.recipient])
  if (recipient === undefined)
    throw new HubError('conflict', `recipient ${manifest.recipient} is not enrolled; enrol it before its packages`)
  if (recipient.revoked_index !== null)
    throw new HubError('conflict', `the keys of recipient ${manifest.recipient} were revoked; seal to its new ones`)
  // Its ciphertext was stored before this batch; an erasure may have taken it since.
  const needed = [hash, ...(isKeyed(manifest) ? [fromHex(manifest.body.sha256)] : [])]
  for (const blob of needed)
    if (!(await hasBlob(tx, blob)))
      throw new HubError('erased', `what package ${id} consists of was erased here, for good; seal it anew`)
  const approval = await requireApproval(tx, by, issueWish({ ...pick(manifest), package: id, sha256 }), now)
  const [logged] = await log([
    {
      type: 'copy.issued',
      stream: streamOf(manifest.recipient),
      subject: id,
      actor: actorOf(by),
      data: {
        package: id,
        case: manifest.case,
        distribution: manifest.distribution,
        recipient: manifest.recipient,
        tier: manifest.tier,
        notBefore: manifest.notBefore,
        sha256,
        size,
        contents: contentsHash(manifest),
        releaseKey: upload.releaseKey,
        ...approval,
      },
    },
  ])
  if (logged === undefined) throw new HubError('internal', 'the issue was not logged')
  const notBefore = manifest.notBefore === null ? null : new Date(manifest.notBefore)
  await insertPackage(tx, {
    id,
    recipient_id: manifest.recipient,
    case_id: manifest.case,
    distribution: manifest.distribution,
    not_before: notBefore,
    lead_ms: await leadOf(tx, manifest.case, notBefore),
    sha256: hash,
    size,
    manifest: noteOf(upload.bytes),
    issued_index: logged.index,
    issued_at: logged.at,
    fetched_index: null,
    fetched_at: null,
  })
  await enqueueNotices(tx, { kind: 'package.issued', logged, owners: [manifest.recipient] })
  return { id, sha256, size, issued: { index: logged.index, at: logged.at.toISOString() }, state: 'issued' }
}

function pick({ distribution, recipient, notBefore }: PackageManifest) {
  return { distribution, recipient, notBefore }
}

/** How long before the release that is on file it is to leave; null when none is. */
async function leadOf(tx: Tx, caseId: string, notBefore: Date | null): Promise<number | null> {
  const embargo = await findEmbargo(tx, caseId)
  if (embargo === null || notBefore === null) return null
  return Math.max(0, embargo.release_at.getTime() - notBefore.getTime())
}

function readChecked(upload: Upload): PackageManifest {
  let manifest: PackageManifest
  try {
    manifest = readManifest(upload.bytes, upload.releaseKey)
  } catch (error) {
    if (error instanceof SealError)
      throw new HubError('bad-package', `package ${upload.id}: ${error.message}`, { cause: error })
    throw error
  }
  if (manifest.package !== upload.id) {
    throw new HubError('bad-package', `the manifest is for package ${manifest.package}, not ${upload.id}`)
  }
  return manifest
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

function noteOf(bytes: Uint8Array): Uint8Array {
  const note = readArchive(bytes).find((file) => file.path === 'manifest.note')
  if (note === undefined) throw new HubError('bad-package', 'the package has no manifest')
  return note.bytes
}
