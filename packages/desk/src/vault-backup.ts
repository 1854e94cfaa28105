import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import type { BackupStatus } from '@sigillo/api/contracts'
import { openLoggedEvent } from '@sigillo/dossier/logged-event'
import { parseVerifierPolicy } from '@sigillo/dossier/policy'
import { type ArchiveFile, packArchive, readArchive } from '@sigillo/seal/archive'
import { decryptVaultFile, encryptVaultFile } from '@sigillo/seal/vault-file'
import { z } from 'zod'
import type { Desk } from './context.ts'
import { writeDurably } from './durable-file.ts'
import { DeskError } from './errors.ts'
import { requireHub } from './hub-log.ts'

/** The newest backup that this vault made or was restored from. */
const backupDocument = z.strictObject({ version: z.number() })

/**
 * Sends the whole vault to the hub, encrypted to every member of the vault; the hub logs its hash. Where another desk backed up since, nothing is sent.
 * @throws DeskError `no-hub`; ApiError `conflict` when the hub has a version that this vault does not know
 */
export async function backUpVault(desk: Desk): Promise<BackupStatus> {
  const { client } = await requireHub(desk)
  const after = (await desk.vault.read('programme', 'backup', backupDocument))?.version ?? 0
  // What is restored knows its own version, so that its next backup follows.
  await desk.vault.write('programme', 'backup', { version: after + 1 })
  try {
    const sealed = await encryptVaultFile(packArchive(await filesOf(desk.vault.dir)), desk.vault.header.recipients)
    return await client.putBackup(sealed, after)
  } catch (error) {
    await desk.vault.write('programme', 'backup', { version: after })
    throw error
  }
}

/** Where a vault is restored from, and whom the restorer trusts. */
export interface RestoreOptions {
  readonly url: string
  readonly token: string
  /** Verifier key of the hub's log. */
  readonly logKey: string
  /** Any member's age identity. */
  readonly identity: string
}

/**
 * Restores the newest backup into a new folder. The hub must prove by its log that it is the newest one: an older one is a rollback and refused.
 * @throws DeskError `exists`, `bad-log`, `nothing-to-do` without a backup; SealError `wrong-identity`; ApiError
 */
export async function restoreVault(dir: string, options: RestoreOptions): Promise<BackupStatus> {
  if (existsSync(dir) && (await readdir(dir)).length > 0)
    throw new DeskError('exists', `${dir} is not empty; restore into a new or empty folder`)
  const client = vendorClient(options.url, options.token)
  const newest = (await client.backups()).at(-1)
  if (newest === undefined) throw new DeskError('nothing-to-do', `the hub ${options.url} has no backup of a vault`)
  const bytes = await client.fetchBackup(newest.version)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const logged = await newestInLog(client, options.logKey)
  if (logged.version !== newest.version || logged.sha256 !== sha256)
    throw new DeskError(
      'bad-log',
      `the hub gives version ${newest.version} of the vault, but its log says that the newest is ${logged.version} with another hash; nothing was restored`,
    )
  const files = readArchive(await decryptVaultFile(bytes, [options.identity]))
  // Cut off before the header, a restored folder is no vault; after it, a whole one.
  for (const { path, bytes: content } of headerLast(files)) await writeDurably(join(dir, path), content)
  return newest
}

function headerLast(files: readonly ArchiveFile[]): readonly ArchiveFile[] {
  return files.toSorted((a, b) => Number(a.path === 'vault.json') - Number(b.path === 'vault.json'))
}

const backupEvent = z.looseObject({ change: z.literal('vault-backup'), version: z.number(), sha256: z.string() })

/** The newest backup that the log proves. */
async function newestInLog(
  client: ReturnType<typeof vendorClient>,
  logKey: string,
): Promise<{ readonly version: number; readonly sha256: string }> {
  const policy = parseVerifierPolicy(new TextEncoder().encode(`log ${logKey}\nquorum none\n`))
  const about = (await client.events({ stream: 'admin' })).filter(
    ({ type, subject }) => type === 'admin.action' && subject === 'vault',
  )
  const last = about.at(-1)
  if (last === undefined)
    throw new DeskError('bad-log', 'the log knows of no backup of the vault; nothing was restored')
  const opened = openLoggedEvent(new TextEncoder().encode((await client.prove(last.index)).proof), policy)
  if ('reason' in opened) throw new DeskError('bad-log', `the log does not prove the backup: ${opened.reason}`)
  const data = backupEvent.safeParse(opened.event.data)
  if (!data.success) throw new DeskError('bad-log', 'the log proves something else than a backup; nothing was restored')
  return data.data
}

/** Everything that a vault is made of: all of it is ciphertext or not secret. Its lock and files half written stay behind. */
async function filesOf(dir: string): Promise<readonly ArchiveFile[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && entry.name !== 'lock')
    .map((entry) => join(entry.parentPath, entry.name))
  return await Promise.all(
    paths.map(async (path) => ({ path: relative(dir, path).split(sep).join('/'), bytes: await readFile(path) })),
  )
}
