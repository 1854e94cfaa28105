import { formatSecretKey, noteSigner, type NoteSigner, signingKeyFromSeed } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { signIntroduction } from '@sigillo/seal/key-introduction'
import { readManifest } from '@sigillo/seal/package'
import type { Desk } from './context.ts'
import { keyDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import type { Vault } from './vault.ts'

/** What became of the release key. */
export interface ReleaseKeyRotation {
  readonly oldKey: string
  readonly newKey: string
  /** Signed note in which the old key introduces the new one: partners who trust the old one need it. */
  readonly introduction: string
}

/** The signer of packages and dossiers. @throws DeskError `vault-broken` when its secret is not in the vault */
export async function releaseSigner(vault: Vault): Promise<NoteSigner> {
  const { releaseKey } = vault.header
  const found =
    (await vault.read('keys', documentOf(releaseKey), keyDocument)) ??
    (await vault.read('keys', 'release', keyDocument))
  if (found !== null) {
    const signer = noteSigner(found.secret)
    if (signer.vkey === releaseKey) return signer
  }
  throw new DeskError('vault-broken', `the vault ${vault.dir} holds no release key; restore it from a backup`)
}

/**
 * Makes a new release key, which signs everything from now on; what the old one signed stays good. The secret is stored before the vault
 * names the key, so a crash between them changes nothing. @throws DeskError `vault-broken`
 */
export async function rotateReleaseKey(desk: Desk): Promise<ReleaseKeyRotation> {
  const { vault } = desk
  const old = await releaseSigner(vault)
  const secret = formatSecretKey(old.name, signingKeyFromSeed(desk.random(32)))
  const next = noteSigner(secret)
  await vault.write('keys', documentOf(next.vkey), { secret })
  await vault.setReleaseKey(next.vkey)
  return { oldKey: old.vkey, newKey: next.vkey, introduction: signIntroduction('release', old, next) }
}

/** Which of the vault's release keys signed a package.; the newest when none did, which the hub then refuses */
export function releaseKeyOf(vault: Vault, bytes: Uint8Array): string {
  const { releaseKey, formerReleaseKeys = [] } = vault.header
  const signed = formerReleaseKeys.find((key) => isSignedBy(bytes, key))
  return signed ?? releaseKey
}

function isSignedBy(bytes: Uint8Array, vkey: string): boolean {
  try {
    readManifest(bytes, vkey)
    return true
  } catch (error) {
    if (error instanceof SealError) return false
    throw error
  }
}

/** The document of a key's secret is named by its key id. */
function documentOf(vkey: string): string {
  return `release-${vkey.split('+')[1] ?? ''}`
}
