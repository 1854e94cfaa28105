import { join } from 'node:path'
import { formatSecretKey, noteSigner, type NoteSigner, signingKeyFromSeed } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { HubError } from '../errors.ts'
import { readIfThere, writeDurably } from '@sigillo/seal/durable-file'

/** Name of the file in the data folder. */
export const LOG_KEY_FILE = 'log.key'
/** The key that will replace it, while both sign. */
export const NEXT_LOG_KEY_FILE = 'log.key.next'

/**
 * The signing key of the log named `origin`, made at the first start and kept in `dataDir` with mode 0600. Throws {@link HubError}
 * `bad-key-file` when it is damaged or was made for another origin, `bad-options` when no log can have that name.
 */
export async function loadLogKey(
  dataDir: string,
  origin: string,
  random: (length: number) => Uint8Array,
): Promise<NoteSigner> {
  const stored = await readLogKey(join(dataDir, LOG_KEY_FILE), origin)
  return stored ?? (await makeLogKey(join(dataDir, LOG_KEY_FILE), origin, random))
}

/** All keys that sign for the log, the oldest first: a second one while the first is being replaced. Throws like `loadLogKey`. */
export async function loadLogKeys(
  dataDir: string,
  origin: string,
  random: (length: number) => Uint8Array,
): Promise<readonly NoteSigner[]> {
  const next = await readLogKey(join(dataDir, NEXT_LOG_KEY_FILE), origin)
  const current = await loadLogKey(dataDir, origin, random)
  return next === null ? [current] : [current, next]
}

/**
 * The keys in `dataDir` once more, for a log that runs: nothing is made, and both files may be changing. Throws {@link HubError} `bad-key-file`.
 */
export async function readLogKeysAgain(dataDir: string, origin: string): Promise<readonly NoteSigner[]> {
  // This order: the next key becomes the current one by one rename, so it is seen at least once.
  const next = await readLogKey(join(dataDir, NEXT_LOG_KEY_FILE), origin)
  const path = join(dataDir, LOG_KEY_FILE)
  const current = await readLogKey(path, origin)
  if (current === null) throw new HubError('bad-key-file', `${path} is missing; restore it`)
  return next === null || next.vkey === current.vkey ? [current] : [current, next]
}

/** A stored key, or null when there is none. Throws {@link HubError} `bad-key-file`. */
export async function readLogKey(path: string, origin: string): Promise<NoteSigner | null> {
  const stored = await readIfThere(path)
  if (stored === null) return null
  try {
    return requireOrigin(noteSigner(stored.trim()), origin, path)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new HubError('bad-key-file', `${path} is damaged: ${error.message}`, { cause: error })
  }
}

/** Makes a key and stores it. Throws {@link HubError} `bad-options` when no log can have that name. */
export async function makeLogKey(
  path: string,
  origin: string,
  random: (length: number) => Uint8Array,
): Promise<NoteSigner> {
  try {
    const secret = formatSecretKey(origin, signingKeyFromSeed(random(32)))
    const signer = noteSigner(secret)
    await writeDurably(path, `${secret}\n`)
    return signer
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new HubError('bad-options', `no log can be named ${JSON.stringify(origin)}: ${error.message}`, {
      cause: error,
    })
  }
}

function requireOrigin(signer: NoteSigner, origin: string, path: string): NoteSigner {
  if (signer.name === origin) return signer
  throw new HubError(
    'bad-key-file',
    `${path} is the key of the log ${signer.name}, not of ${origin}; start with --origin ${signer.name}`,
  )
}
