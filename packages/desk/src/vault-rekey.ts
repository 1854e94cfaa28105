import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { removeDurably, renameDurably } from '@sigillo/seal/durable-file'
import { encryptVaultFile } from '@sigillo/seal/vault-file'
import { writeDurably } from './durable-file.ts'
import { DeskError } from './errors.ts'
import { identityPath, type VaultHeader, writeHeader } from './vault-header.ts'

/*
 * All documents are encrypted anew beside the old ones, in `.rekey-N`, for generation N. Writing a header that says N is the one step that decides:
 * before it the vault is the old one, after it the new one, and `settleRekey` clears up at the next opening, for which it needs no key.
 */

/** What a change of members needs beside the next header. */
export interface Rekeying {
  readonly decrypt: (file: Uint8Array) => Promise<Uint8Array>
  /** The identity of a new passphrase member, under its passphrase. */
  readonly identityFile?: Uint8Array
  readonly progress: (line: string) => void
}

const isStaging = (name: string): boolean => /^\.rekey-\d+$/.test(name)
const stagingOf = (dir: string, generation: number): string => join(dir, `.rekey-${generation}`)

/**
 * Encrypts every document for the recipients of `next`, which decides nothing yet. After an error there is nothing left of it.
 * @returns how many documents
 * @throws DeskError `vault-broken` for a document that does not open or a file that is none, `not-writable`
 */
export async function stageRekey(
  dir: string,
  next: VaultHeader & { readonly generation: number },
  { decrypt, identityFile, progress }: Rekeying,
): Promise<number> {
  const staging = stagingOf(dir, next.generation)
  const store = join(dir, 'store')
  const files = await documentsIn(store)
  try {
    for (const [at, path] of files.entries()) {
      progress(`encrypting document ${at + 1} of ${files.length} for ${next.recipients.length} members`)
      const plain = await decrypt(await readFile(join(store, path))).catch((cause: unknown) => {
        throw broken(join(store, path), cause instanceof Error ? cause.message : String(cause))
      })
      await writeDurably(join(staging, 'store', path), await encryptVaultFile(plain, next.recipients))
    }
    if (identityFile !== undefined) await writeDurably(identityPath(staging), identityFile)
    return files.length
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    throw error
  }
}

/** Decides for what `stageRekey` made, and puts it in its place. @throws DeskError `not-writable`; the vault has to be opened anew then */
export async function commitRekey(dir: string, next: VaultHeader): Promise<void> {
  await writeHeader(dir, next)
  await settleRekey(dir, next)
}

/**
 * Brings a change of members to its end after a crash: what the header decided for takes its place, anything else goes.
 * @throws DeskError `vault-broken` when documents are missing from what was decided for: then both are left as they are; `not-writable`
 */
export async function settleRekey(dir: string, header: VaultHeader): Promise<void> {
  const left = (await readdir(dir)).filter(isStaging)
  if (left.length === 0) return
  try {
    const decided = stagingOf(dir, header.generation ?? 1)
    if (existsSync(decided)) await takePlace(dir, decided, header)
    for (const name of left) {
      await rm(join(dir, name), { recursive: true })
    }
  } catch (cause) {
    if (cause instanceof DeskError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DeskError('not-writable', `the change of members of ${dir} cannot be finished: ${reason}`, { cause })
  }
}

async function takePlace(dir: string, staging: string, header: VaultHeader): Promise<void> {
  const [store, next] = [join(dir, 'store'), join(staging, 'store')]
  if (existsSync(next)) {
    // A crash may have left a part of the old documents, never one that the new ones lack.
    const made = new Set(await documentsIn(next))
    const lacking = (await documentsIn(store)).find((path) => !made.has(path))
    if (lacking !== undefined) throw broken(join(next, lacking), 'it is missing')
    await rm(store, { recursive: true, force: true })
    await renameDurably(next, store)
  }
  if (existsSync(identityPath(staging))) await renameDurably(identityPath(staging), identityPath(dir))
  if (header.passphraseMember === undefined && existsSync(identityPath(dir))) await removeDurably(identityPath(dir))
}

/** Paths of all documents within a store. Drafts of a process that was killed are left out. @throws DeskError `vault-broken` for any other file */
async function documentsIn(store: string): Promise<readonly string[]> {
  const entries = existsSync(store) ? await readdir(store, { recursive: true, withFileTypes: true }) : []
  const files = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
  return files
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !entry.name.endsWith('.json.age')) throw broken(path, 'it is no document of a vault')
      return relative(store, path)
    })
    .sort()
}

function broken(path: string, reason: string): DeskError {
  return new DeskError(
    'vault-broken',
    `${path} cannot be encrypted anew (${reason}); restore it from a backup, or move it away. Nothing was changed`,
  )
}
