import { join } from 'node:path'
import { formatSecretKey, noteSigner, type NoteSigner, signingKeyFromSeed } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { HubError } from './errors.ts'
import { readIfThere, writeDurably } from './internal/durable-file.ts'

/** Name of the file in the data folder. */
export const LOG_KEY_FILE = 'log.key'

/**
 * The signing key of the log named `origin`, made at the first start and kept in `dataDir` with mode 0600. Throws {@link HubError}
 * `bad-key-file` when it is damaged or was made for another origin.
 */
export async function loadLogKey(
  dataDir: string,
  origin: string,
  random: (length: number) => Uint8Array,
): Promise<NoteSigner> {
  const path = join(dataDir, LOG_KEY_FILE)
  const stored = await readIfThere(path)
  try {
    if (stored !== null) return requireOrigin(noteSigner(stored.trim()), origin, path)
    const secret = formatSecretKey(origin, signingKeyFromSeed(random(32)))
    const signer = noteSigner(secret)
    await writeDurably(path, `${secret}\n`)
    return signer
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    const what = stored === null ? `no log can be named ${JSON.stringify(origin)}` : `${path} is damaged`
    throw new HubError(stored === null ? 'bad-options' : 'bad-key-file', `${what}: ${error.message}`, { cause: error })
  }
}

function requireOrigin(signer: NoteSigner, origin: string, path: string): NoteSigner {
  if (signer.name === origin) return signer
  throw new HubError(
    'bad-key-file',
    `${path} is the key of the log ${signer.name}, not of ${origin}; start with --origin ${signer.name}`,
  )
}
