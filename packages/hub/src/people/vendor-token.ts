import { join } from 'node:path'
import { generateToken, hashToken, isToken } from '@sigillo/api/token'
import { type Engine, inTransaction } from '@sigillo/db/engine'
import { hasVendorToken, insertTokens } from '@sigillo/db/tokens'
import { HubError } from '../errors.ts'
import { readIfThere, writeDurably } from '@sigillo/seal/durable-file'

/** Name of the file in the data folder. */
export const VENDOR_TOKEN_FILE = 'vendor.token'

/**
 * Makes the vendor's token at the first start: written to `dataDir` with mode 0600, its hash stored. Returns the token when this
 * start made it, null when one exists already. A start that was interrupted in between finishes with the token of the file.
 */
export async function makeVendorToken(
  engine: Engine,
  dataDir: string,
  setting: { readonly clock: () => Date; readonly random: (length: number) => Uint8Array },
): Promise<string | null> {
  if (await hasVendorToken(engine.db)) return null
  const path = join(dataDir, VENDOR_TOKEN_FILE)
  const stored = (await readIfThere(path))?.trim() ?? null
  if (stored !== null && !isToken(stored)) {
    throw new HubError('bad-key-file', `${path} does not hold a token; delete it and start again to get a new one`)
  }
  const token = stored ?? generateToken(setting.random)
  if (stored === null) await writeDurably(path, `${token}\n`)
  const row = {
    hash: hashToken(token),
    role: 'vendor',
    recipient_id: null,
    created_at: setting.clock(),
    revoked_at: null,
  }
  await inTransaction(engine, (tx) => insertTokens(tx, [row]))
  return token
}
