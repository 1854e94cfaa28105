import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateIdentity } from '@sigillo/seal/identity'
import { decryptVaultFile, encryptVaultFile, lockIdentity, unlockIdentity } from '@sigillo/seal/vault-file'
import { z } from 'zod'
import { writeDurably } from './durable-file.ts'
import { DeskError } from './errors.ts'
import { takeLock } from './process-lock.ts'

/** What opens a vault: the passphrase of its own identity, or an age identity that it is encrypted to. */
export type VaultKey = { readonly passphrase: string } | { readonly identity: string }

/** The plain part of a vault, `vault.json`: nothing in it is secret. */
const header = z.strictObject({
  schema: z.literal('sigillo-vault/1'),
  programme: z.string(),
  /** Every document is encrypted to all of these. */
  recipients: z.array(z.string()).min(1),
  /** C2SP verifier key that signs packages and dossiers. */
  releaseKey: z.string(),
  /** Keys that did so before it, the newest first. */
  formerReleaseKeys: z.array(z.string()).optional(),
})
export type VaultHeader = z.infer<typeof header>

/** An open vault: JSON documents in named collections, each one age file. Only one process has it open. */
export interface Vault {
  readonly dir: string
  readonly header: VaultHeader
  /** The document, checked against its schema, or null when there is none. @throws DeskError `vault-broken` */
  read<T>(collection: string, id: string, schema: z.ZodType<T>): Promise<T | null>
  /** Ids in a collection, sorted. */
  list(collection: string): Promise<readonly string[]>
  /** Atomic; the document is encrypted before it touches the disk. */
  write(collection: string, id: string, value: unknown): Promise<void>
  /** Names another release key in the header; the one before it is remembered there. Atomic. */
  setReleaseKey(vkey: string): Promise<void>
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
 * @throws DeskError `not-a-vault`, `vault-broken`, `vault-locked`, `wrong-passphrase`
 */
export async function openVault(dir: string, key: VaultKey): Promise<Vault> {
  const content = await readHeader(dir)
  const unlock = takeLock(join(dir, 'lock'))
  try {
    const identity = 'identity' in key ? key.identity : await unlockOwnIdentity(dir, key.passphrase)
    return vaultOver(dir, content, identity, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function writeHeader(dir: string, content: VaultHeader): Promise<void> {
  await writeDurably(join(dir, 'vault.json'), `${JSON.stringify(content, null, 2)}\n`)
}

async function readHeader(dir: string): Promise<VaultHeader> {
  const path = join(dir, 'vault.json')
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null)
    throw new DeskError(
      'not-a-vault',
      `${dir} is not a vault (it has no vault.json); make one with: sigillo init ${dir}`,
    )
  const parsed = header.safeParse(parseJson(text))
  if (!parsed.success)
    throw new DeskError('vault-broken', `${path} is broken; restore it from a backup. Nothing was changed`)
  return parsed.data
}

function vaultOver(dir: string, opened: VaultHeader, identity: string, unlock: () => void): Vault {
  let content = opened
  return {
    dir,
    get header() {
      return content
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
    write: (collection, id, value) => writeDocument(dir, content, collection, id, value),
    async setReleaseKey(vkey) {
      const formerReleaseKeys = [content.releaseKey, ...(content.formerReleaseKeys ?? [])]
      const next = { ...content, releaseKey: vkey, formerReleaseKeys }
      await writeHeader(dir, next)
      content = next
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
  await writeDurably(join(dir, 'identity.age'), await lockIdentity(identity, passphrase, created.toISOString()))
  return identity.recipient
}

async function unlockOwnIdentity(dir: string, passphrase: string): Promise<string> {
  const bytes = await readFile(join(dir, 'identity.age')).catch(() => null)
  if (bytes === null)
    throw new DeskError('no-key', `the vault ${dir} has no identity of its own; open it with --identity FILE`)
  const { identity } = await unlockIdentity(bytes, passphrase).catch((cause: unknown) => {
    throw new DeskError('wrong-passphrase', `the passphrase does not open the vault ${dir}`, { cause })
  })
  return identity
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
