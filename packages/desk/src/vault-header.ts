import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from './durable-file.ts'
import { DeskError } from './errors.ts'

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
  /** How often the members changed, counted from 2; absent until they do. It tells whether a change that was cut off had been decided. */
  generation: z.int().min(2).optional(),
  /** Of a vault with a generation: the recipient whose identity is in `identity.age`, under a passphrase. See `passphraseMember`. */
  passphraseMember: z.string().optional(),
})
export type VaultHeader = z.infer<typeof header>

/** The vault's own identity, under a passphrase. */
export const identityPath = (dir: string): string => join(dir, 'identity.age')

/** Replaces the header. @throws DeskError `not-writable` */
export async function writeHeader(dir: string, content: VaultHeader): Promise<void> {
  await writeDurably(join(dir, 'vault.json'), `${JSON.stringify(content, null, 2)}\n`)
}

/** @throws DeskError `not-a-vault`, `vault-broken` */
export async function readHeader(dir: string): Promise<VaultHeader> {
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

/** The member who opens the vault by a passphrase, or null. A vault whose members never changed has one member where it has a passphrase. */
export function passphraseMember(dir: string, content: VaultHeader): string | null {
  if (content.generation !== undefined) return content.passphraseMember ?? null
  return existsSync(identityPath(dir)) ? (content.recipients[0] ?? null) : null
}

/** The value, or undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
