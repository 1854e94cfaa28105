import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateIdentity, recipientOf } from '@sigillo/seal/identity'
import { decryptVaultFile, encryptVaultFile, lockIdentity, unlockIdentity } from '@sigillo/seal/vault-file'
import type { z } from 'zod'
import { writeDurably } from './durable-file.ts'
import { DeskError } from './errors.ts'
import { takeLock } from './process-lock.ts'
import { identityPath, parseJson, readHeader, type VaultHeader, writeHeader } from './vault-header.ts'
import { commitRekey, settleRekey, stageRekey } from './vault-rekey.ts'

/** What opens a vault: the passphrase of its own identity, or an age identity that it is encrypted to. */
export type VaultKey = { readonly passphrase: string } | { readonly identity: string }

/** The members that a vault is to have. */
export interface Members {
  /** age recipients; the one who opened the vault stays among them. */
  readonly recipients: readonly string[]
  /** The one of them whose identity is in the vault, under a passphrase. */
  readonly passphraseMember: string | null
  /** That identity under its passphrase, for a member who is new. */
  readonly identityFile?: Uint8Array
}

/** An open vault: JSON documents in named collections, each one age file. Only one process has it open. */
export interface Vault {
  readonly dir: string
  readonly header: VaultHeader
  /** Recipient of the member who opened it. */
  readonly member: string
  /** The document, checked against its schema, or null when there is none. @throws DeskError `vault-broken` */
  read<T>(collection: string, id: string, schema: z.ZodType<T>): Promise<T | null>
  /** Ids in a collection, sorted. */
  list(collection: string): Promise<readonly string[]>
  /** Atomic; the document is encrypted before it touches the disk. */
  write(collection: string, id: string, value: unknown): Promise<void>
  /** Names another release key in the header; the one before it is remembered there. Atomic. */
  setReleaseKey(vkey: string): Promise<void>
  /**
   * Encrypts all documents anew, for these members only. Atomic: after a crash the members are the old or the new ones, and the next opening clears up.
   * @returns how many documents
   * @throws DeskError `vault-broken`, `not-writable`; SealError `bad-recipient`
   */
  changeMembers(members: Members, progress: (line: string) => void): Promise<number>
  close(): void
}

/** Names of documents: 1 to 100 of `a-z 0-9 . - _`, no leading dot. They are file names, so they are not secret. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/

/** @throws DeskError `bad-name` */
export function checkName(name: string, what: string): string {
  if (!NAME.test(name)) {
    throw new DeskError(
      'bad-name',
      `${what} "${name}" must be 1 to 100 of a-z, 0-9, ".", "-", "_" and start with a letter or digit`,
    )
  }
  return name
}

/**
 * Makes a new vault folder.
 * @param key a passphrase (the vault then holds its own passphrase-protected identity) or the age recipients of those who may open it
 * @param releaseKey verifier key of the release key, whose secret is stored as document `keys/release`
 * @throws DeskError `exists` when the folder holds anything
 */
export async function createVault(
  dir: string,
  options: {
    programme: string
    key: { passphrase: string } | { recipients: readonly string[] }
    releaseKey: string
    releaseSecret: string
    created: Date
  },
): Promise<void> {
  if (existsSync(dir) && (await readdir(dir)).length > 0)
    throw new DeskError('exists', `${dir} is not empty; a new vault needs a new or empty folder`)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const recipients =
    'recipients' in options.key
      ? options.key.recipients
      : [await ownIdentity(dir, options.key.passphrase, options.created)]
  const content: VaultHeader = {
    schema: 'sigillo-vault/1',
    programme: options.programme,
    recipients: [...recipients],
    releaseKey: options.releaseKey,
  }
  await writeDocument(dir, content, 'keys', 'release', { secret: options.releaseSecret })
  await writeHeader(dir, content)
}

/**
 * Opens a vault and takes its lock.
 * @throws DeskError `not-a-vault`, `vault-broken`, `vault-locked`, `wrong-passphrase`, `no-key` for who is no member; SealError `bad-key`
 */
export async function openVault(dir: string, key: VaultKey): Promise<Vault> {
  await readHeader(dir)
  const unlock = takeLock(join(dir, 'lock'))
  try {
    // Read again: who had the lock until now may have changed it.
    const content = await readHeader(dir)
    await settleRekey(dir, content)
    const identity = 'identity' in key ? key.identity : await unlockOwnIdentity(dir, key.passphrase)
    const member = await recipientOf(identity)
    if (!content.recipients.includes(member))
      throw new DeskError('no-key', `this identity is none of the ${content.recipients.length} members of ${dir}`)
    return vaultOver(dir, content, { identity, member }, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

interface Opener {
  readonly identity: string
  readonly member: string
}

function vaultOver(dir: string, opened: VaultHeader, { identity, member }: Opener, unlock: () => void): Vault {
  let content = opened
  /** From the decision for other members on, until all documents are in place: what is written meanwhile would be lost. */
  let changing = false
  const current = (): VaultHeader => {
    if (changing)
      throw new DeskError('vault-broken', `a change of members of ${dir} was cut off; open it again to finish it`)
    return content
  }
  return {
    dir,
    member,
    get header() {
      return current()
    },
    async read(collection, id, schema) {
      const path = documentPath(dir, collection, id)
      if (!existsSync(path)) return null
      const bytes = await readFile(path)
      const broken = (cause: unknown): DeskError =>
        new DeskError(
          'vault-broken',
          `${path} cannot be opened (${reason(cause)}); restore it from a backup. Nothing was changed`,
          { cause },
        )
      const plain = await decryptVaultFile(bytes, [identity]).catch((cause: unknown) => {
        throw broken(cause)
      })
      const parsed = schema.safeParse(parseJson(new TextDecoder().decode(plain)))
      if (!parsed.success) throw broken(parsed.error.issues[0]?.message ?? 'not the expected document')
      return parsed.data
    },
    async list(collection) {
      const names = await readdir(join(dir, 'store', collection)).catch(() => [])
      return names
        .filter((name) => name.endsWith('.json.age'))
        .map((name) => name.slice(0, -'.json.age'.length))
        .sort()
    },
    write: async (collection, id, value) => writeDocument(dir, current(), collection, id, value),
    async setReleaseKey(vkey) {
      const { releaseKey, formerReleaseKeys = [] } = current()
      const next = { ...content, releaseKey: vkey, formerReleaseKeys: [releaseKey, ...formerReleaseKeys] }
      await writeHeader(dir, next)
      content = next
    },
    async changeMembers({ recipients, passphraseMember: byPassphrase, identityFile }, progress) {
      const { passphraseMember: _, ...kept } = current()
      const next = {
        ...kept,
        recipients: [...recipients],
        generation: (kept.generation ?? 1) + 1,
        ...(byPassphrase === null ? {} : { passphraseMember: byPassphrase }),
      }
      const count = await stageRekey(dir, next, {
        decrypt: (file) => decryptVaultFile(file, [identity]),
        progress,
        ...(identityFile === undefined ? {} : { identityFile }),
      })
      changing = true
      await commitRekey(dir, next)
      changing = false
      content = next
      return count
    },
    close: unlock,
  }
}

async function writeDocument(
  dir: string,
  content: VaultHeader,
  collection: string,
  id: string,
  value: unknown,
): Promise<void> {
  const plain = new TextEncoder().encode(JSON.stringify(value))
  await writeDurably(documentPath(dir, collection, id), await encryptVaultFile(plain, content.recipients))
}

function documentPath(dir: string, collection: string, id: string): string {
  return join(dir, 'store', collection, `${checkName(id, 'the name')}.json.age`)
}

async function ownIdentity(dir: string, passphrase: string, created: Date): Promise<string> {
  const identity = await generateIdentity()
  await writeDurably(identityPath(dir), await lockIdentity(identity, passphrase, created.toISOString()))
  return identity.recipient
}

async function unlockOwnIdentity(dir: string, passphrase: string): Promise<string> {
  const bytes = await readFile(identityPath(dir)).catch(() => null)
  if (bytes === null)
    throw new DeskError('no-key', `the vault ${dir} has no identity of its own; open it with --identity FILE`)
  const { identity } = await unlockIdentity(bytes, passphrase).catch((cause: unknown) => {
    throw new DeskError('wrong-passphrase', `the passphrase does not open the vault ${dir}`, { cause })
  })
  return identity
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
