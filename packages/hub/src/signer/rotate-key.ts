import { join } from 'node:path'
import { noteSigner, type NoteSigner } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
import { signIntroduction } from '@sigillo/seal/key-introduction'
import { HubError } from '../errors.ts'
import { readIfThere, renameDurably } from '@sigillo/seal/durable-file'
import { LOG_KEY_FILE, makeLogKey, NEXT_LOG_KEY_FILE, readLogKey } from '../log/log-key.ts'

/** What became of the keys of a log. */
export interface LogKeyRotation {
  readonly oldKey: string
  readonly newKey: string
  /** Signed note in which the old key introduces the new one. */
  readonly introduction: string
}

/**
 * Makes the key that will follow the log key in `dir`, a signer's folder or a hub's. Once it is read, both sign every checkpoint. Asked
 * again, it gives the same key. Throws {@link HubError} `bad-key-file`.
 */
export async function rotateLogKey(dir: string, random: (length: number) => Uint8Array): Promise<LogKeyRotation> {
  const old = await currentKey(dir)
  const path = join(dir, NEXT_LOG_KEY_FILE)
  const next = (await readLogKey(path, old.name)) ?? (await makeLogKey(path, old.name, random))
  return { oldKey: old.vkey, newKey: next.vkey, introduction: signIntroduction('log', old, next) }
}

/**
 * Ends the overlap: the old key, which must be `oldKey`, is destroyed and the new one stands alone once it is read. Throws
 * {@link HubError} `bad-options` when no new key was made or `oldKey` is another, `bad-key-file`.
 */
export async function retireLogKey(dir: string, oldKey: string): Promise<{ readonly newKey: string }> {
  const old = await currentKey(dir)
  const next = await readLogKey(join(dir, NEXT_LOG_KEY_FILE), old.name)
  if (old.vkey !== oldKey) throw new HubError('bad-options', `the log key in ${dir} is ${old.vkey}, not the one given`)
  if (next === null) throw new HubError('bad-options', `${dir} has no new log key; make one first with: rotate`)
  await renameDurably(join(dir, NEXT_LOG_KEY_FILE), join(dir, LOG_KEY_FILE))
  return { newKey: next.vkey }
}

/** The log's name is in the key itself. */
async function currentKey(dir: string): Promise<NoteSigner> {
  const path = join(dir, LOG_KEY_FILE)
  const stored = await readIfThere(path)
  if (stored === null) throw new HubError('bad-key-file', `${path} is missing: ${dir} holds no log key`)
  try {
    return noteSigner(stored.trim())
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    throw new HubError('bad-key-file', `${path} is damaged: ${error.message}`, { cause: error })
  }
}
