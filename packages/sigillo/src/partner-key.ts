import { generateToken, hashToken } from '@sigillo/api/token'
import { readTextInput } from '@sigillo/desk/read-input'
import { formatSecretKey, noteSigner, parseSecretKey, signingKeyFromSeed, vkeyOf } from '@sigillo/seal/ed25519'
import { type AgeIdentity, formatIdentityFile, generateIdentity, parseIdentity } from '@sigillo/seal/identity'
import { CommandError } from './errors.ts'

/** What a partner holds: it opens packages, signs receipts and shows itself to the hub. All of it stays at the partner. */
export interface PartnerKey {
  readonly id: string
  readonly age: AgeIdentity
  /** Secret text form of the Ed25519 key that signs receipts. */
  readonly receiptSecret: string
  readonly token: string
}

/** What the partner gives to the vendor: nothing secret. Field names are those of `sigillo partner import`. */
export interface Enrolment {
  readonly id: string
  readonly ageRecipient: string
  readonly receiptKey: string
  readonly tokenHash: string
}

/** Draws a new partner key; `kind` is that of the age key that packages are sealed to. */
export async function generatePartnerKey(
  id: string,
  random: (length: number) => Uint8Array,
  kind: 'x25519' | 'hybrid' = 'x25519',
): Promise<PartnerKey> {
  const secret = formatSecretKey(id, signingKeyFromSeed(random(32)))
  return { id, age: await generateIdentity(kind), receiptSecret: secret, token: generateToken(random) }
}

/** The public half. */
export function enrolmentOf(key: PartnerKey): Enrolment {
  const parsed = parseSecretKey(key.receiptSecret)
  return {
    id: key.id,
    ageRecipient: key.age.recipient,
    receiptKey: vkeyOf(parsed.name, parsed.key),
    tokenHash: Buffer.from(hashToken(key.token)).toString('hex'),
  }
}

/** A key file that age's own command line opens too: everything but the age secret stands in comment lines. */
export function formatPartnerKey(key: PartnerKey, created: string): string {
  return [
    `# Sigillo partner key of ${key.id}. Keep it secret; packages open with it, also with: age -d -i THISFILE keys.age`,
    `# id: ${key.id}`,
    `# receipt-secret: ${key.receiptSecret}`,
    `# hub-token: ${key.token}`,
    formatIdentityFile(key.age, created),
  ].join('\n')
}

/**
 * Reads a key file written by `sigillo keygen`.
 * @throws DeskError for an unreadable file; CommandError `bad-key-file` when a part is missing; SealError `bad-key`
 */
export async function readPartnerKey(path: string): Promise<PartnerKey> {
  const text = await readTextInput(path, 'the key file')
  const field = (name: string): string => {
    const value = new RegExp(`^# ${name}: (.+)$`, 'm').exec(text)?.[1]
    if (value === undefined)
      throw new CommandError(
        'bad-key-file',
        `${path} is not a partner key (it has no line "# ${name}: …"); make one with: sigillo keygen`,
      )
    return value.trim()
  }
  return {
    id: field('id'),
    age: await parseIdentity(text),
    receiptSecret: field('receipt-secret'),
    token: field('hub-token'),
  }
}

/** Signs receipts under the partner's name. */
export function receiptSigner(key: PartnerKey): ReturnType<typeof noteSigner> {
  return noteSigner(key.receiptSecret)
}
