import { createHash } from 'node:crypto'
import type { BackupStatus } from '@sigillo/api/contracts'
import { getBlob, putBlob } from '@sigillo/db/packages'
import { insertBackup, listBackups, newestBackup, type VaultBackup } from '@sigillo/db/vault-backups'
import { fromHex, toHex } from '@sigillo/tlog/encoding'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { actorOf, type Principal } from '../people/principal.ts'

/** What age files start with; a backup in the clear is refused at the door. */
const AGE = 'age-encryption.org/v1\n'

/**
 * Keeps the next version of the desk's vault, which is ciphertext, and logs its hash. Versions are only ever added. `after` is the version that the
 * sender knows as the newest: a desk that is behind is a `conflict` and overwrites nobody. The newest bytes again change nothing.
 */
export async function addBackup(
  hub: HubContext,
  by: Principal,
  given: { readonly sha256: string; readonly after: number; readonly bytes: Uint8Array },
): Promise<BackupStatus> {
  const { sha256, after, bytes } = given
  const hash = createHash('sha256').update(bytes).digest()
  if (hash.toString('hex') !== sha256)
    throw new HubError('bad-request', 'the backup did not arrive whole: its hash differs; send it again')
  if (Buffer.from(bytes.subarray(0, AGE.length)).toString('latin1') !== AGE)
    throw new HubError('bad-request', 'the backup is not an age file; a vault is never kept in the clear')
  await putBlob(hub.engine.db, hash, bytes)
  const { value } = await hub.sequencer.run(async (tx, log) => {
    const newest = await newestBackup(tx)
    if (newest !== null && toHex(newest.sha256) === sha256) return newest
    const version = (newest?.version ?? 0) + 1
    if (after !== version - 1)
      throw new HubError(
        'conflict',
        `the newest backup is version ${version - 1}, not ${after}; look at it before another`,
      )
    const data = { change: 'vault-backup', version, sha256, size: bytes.length }
    const [logged] = await log([{ type: 'admin.action', stream: 'admin', subject: 'vault', actor: actorOf(by), data }])
    if (logged === undefined) throw new HubError('internal', 'the backup was not logged')
    const row = { version, sha256: hash, size: bytes.length, event_index: logged.index, at: logged.at }
    await insertBackup(tx, row)
    return row
  })
  return present(value)
}

/** All versions, oldest first. */
export async function backups(hub: HubContext): Promise<BackupStatus[]> {
  return (await listBackups(hub.engine.db)).map(present)
}

/** The ciphertext of one version. Throws {@link HubError} `not-found`. */
export async function backupBytes(hub: HubContext, version: number): Promise<Uint8Array> {
  const row = (await listBackups(hub.engine.db)).find((each) => each.version === version)
  if (row === undefined) throw new HubError('not-found', `there is no version ${version} of the vault`)
  const bytes = await getBlob(hub.engine.db, fromHex(toHex(row.sha256)))
  if (bytes === null) throw new HubError('internal', 'the bytes of a backup are missing')
  return bytes
}

function present({ version, sha256, size, event_index: index, at }: VaultBackup): BackupStatus {
  return { version, sha256: toHex(sha256), size, logged: { index, at: at.toISOString() } }
}
