import { join } from 'node:path'
import { toHex } from '@sigillo/tlog/encoding'
import { HubError } from '../errors.ts'
import { readIfThere, writeDurably } from '@sigillo/seal/durable-file'

/** Name of the file in the data folder. All processes of one hub need the same. */
export const SIGN_IN_KEY_FILE = 'sign-in.key'

/**
 * The key of sign-in, 64 hexadecimal digits, made at the first start and kept in `dataDir` with mode 0600. It signs the cookie of a
 * running ceremony and encrypts the secrets of one-time codes. Throws {@link HubError} `bad-key-file`.
 */
export async function loadSignInKey(dataDir: string, random: (length: number) => Uint8Array): Promise<string> {
  const path = join(dataDir, SIGN_IN_KEY_FILE)
  const stored = (await readIfThere(path))?.trim() ?? null
  if (stored !== null && !/^[0-9a-f]{64}$/.test(stored))
    throw new HubError(
      'bad-key-file',
      `${path} is damaged; restore it, or delete it and have one-time codes set up anew`,
    )
  if (stored !== null) return stored
  const key = toHex(random(32))
  await writeDurably(path, `${key}\n`)
  return key
}
