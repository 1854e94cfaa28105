import { join } from 'node:path'
import { readLogState } from '@sigillo/db/log-store'
import type { Tx } from '@sigillo/db/schema'
import { HubError } from '../errors.ts'
import { highWaterFile } from './high-water.ts'
import { readIfThere } from '@sigillo/seal/durable-file'
import { LOG_KEY_FILE, loadLogKeys, readLogKeysAgain } from './log-key.ts'
import { localSigner } from '../signer/local-signer.ts'
import { connectSigner } from '../signer/signer-client.ts'
import type { TreeSigner } from '../signer/tree-signer.ts'

/** Where the log key is. */
export interface SignerPlace {
  /** Socket of a signer in a process of its own; without it the key is in `dataDir`. */
  readonly socket?: string | undefined
  readonly dataDir: string
  readonly origin: string
  readonly random: (length: number) => Uint8Array
}

/**
 * The signer of a hub's log: behind its socket, or in this process with the key in the data folder, which is made only for a log that
 * does not exist yet. Throws {@link HubError} `signer-unavailable`, `bad-options`, `bad-key-file`.
 */
export async function openSigner(db: Tx, { socket, dataDir, origin, random }: SignerPlace): Promise<TreeSigner> {
  const path = join(dataDir, LOG_KEY_FILE)
  const hasKey = (await readIfThere(path)) !== null
  if (socket !== undefined) {
    if (hasKey)
      throw new HubError(
        'bad-key-file',
        `${path} holds a log key although a signer is asked for; move it there with: sigillo signer adopt`,
      )
    return await connectSigner(socket, origin)
  }
  if (!hasKey && (await readLogState(db)) !== null)
    throw new HubError(
      'bad-key-file',
      `${path} is missing, but the log exists: restore it, or name its signer with --signer`,
    )
  return await localSigner(await loadLogKeys(dataDir, origin, random), highWaterFile(dataDir), () =>
    readLogKeysAgain(dataDir, origin),
  )
}
