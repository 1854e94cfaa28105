import { decryptAge, encryptAge, encryptAgeWithPassphrase } from './age-file.ts'
import { SealError } from './errors.ts'
import { type AgeIdentity, checkRecipients, formatIdentityFile, parseIdentity } from './identity.ts'

/**
 * scrypt work factor of a new passphrase-protected identity: N = 2^18, age's own default. About a second of one core and 256 MiB for each guess.
 * Files with more than 2^20 are refused when opened.
 */
export const DEFAULT_WORK_FACTOR = 18

/** Lowest work factor that `lockIdentity` accepts: below it a guess costs an attacker next to nothing. */
const MIN_WORK_FACTOR = 10

/**
 * Encrypts one file of a vault to every member's recipient; any one of their identities opens it, and so does `age -d -i`.
 *
 * @throws SealError 'bad-recipient', see `checkRecipients`.
 */
export async function encryptVaultFile(
  plaintext: Uint8Array,
  recipients: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  await checkRecipients(recipients)
  return encryptAge(plaintext, recipients)
}

/**
 * Opens what `encryptVaultFile` wrote.
 *
 * @throws SealError 'wrong-identity' when the file was encrypted to others; 'bad-age-file' when it is damaged: a vault file is never repaired or
 * partly used; 'bad-key'.
 */
export async function decryptVaultFile(
  file: Uint8Array,
  identities: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  return decryptAge(file, { identities })
}

/**
 * Protects an identity with a passphrase (an age scrypt file holding an `age-keygen` file); `age -d` asks for the same passphrase.
 *
 * @param created RFC 3339 instant noted inside.
 * @throws SealError 'wrong-passphrase' when the passphrase is empty or the work factor is not 10 to 20.
 */
export async function lockIdentity(
  identity: AgeIdentity,
  passphrase: string,
  created: string,
  workFactor: number = DEFAULT_WORK_FACTOR,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!Number.isInteger(workFactor) || workFactor < MIN_WORK_FACTOR || workFactor > 20) {
    throw new SealError(
      'wrong-passphrase',
      `the scrypt work factor must be ${MIN_WORK_FACTOR} to 20, not ${workFactor}`,
    )
  }
  return encryptAgeWithPassphrase(
    new TextEncoder().encode(formatIdentityFile(identity, created)),
    passphrase,
    workFactor,
  )
}

/**
 * Opens a passphrase-protected identity.
 *
 * @throws SealError 'wrong-passphrase'; 'bad-age-file' when the file is damaged or asks for more work than 2^20; 'bad-key' when it holds no identity.
 */
export async function unlockIdentity(file: Uint8Array, passphrase: string): Promise<AgeIdentity> {
  const plaintext = await decryptAge(file, { passphrases: [passphrase] })
  return parseIdentity(new TextDecoder().decode(plaintext))
}
