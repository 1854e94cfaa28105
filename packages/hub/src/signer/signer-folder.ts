import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { takeDataDirLock } from '@sigillo/db/data-dir-lock'
import { emptyRoot } from '@sigillo/tlog/merkle'
import { HubError } from '../errors.ts'
import { HIGH_WATER_FILE, highWaterFile } from '../log/high-water.ts'
import { readIfThere, removeDurably, writeDurably } from '@sigillo/seal/durable-file'
import { LOG_KEY_FILE, loadLogKeys, NEXT_LOG_KEY_FILE, readLogKeysAgain } from '../log/log-key.ts'
import { localSigner } from './local-signer.ts'
import type { TreeSigner } from './tree-signer.ts'

/**
 * Opens the folder of a signer for this process alone, and makes it at the first start. The key without its newest tree is refused: a
 * signer that forgot what it signed would sign a second history. Throws {@link HubError} `bad-options`, `bad-key-file`, and DbError `locked`.
 */
export async function openSignerFolder(
  dir: string,
  origin: string,
  random: (length: number) => Uint8Array,
): Promise<TreeSigner> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const lock = takeDataDirLock(dir)
  try {
    await requireMemory(dir)
    const signer = await localSigner(await loadLogKeys(dir, origin, random), highWaterFile(dir), () =>
      readLogKeysAgain(dir, origin),
    )
    const close = async (): Promise<void> => {
      await signer.close()
      lock.release()
    }
    return {
      ...signer,
      get keys() {
        return signer.keys
      },
      close,
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** The empty tree is written before the key is made, so a crash between them leaves no key that knows nothing. */
async function requireMemory(dir: string): Promise<void> {
  const hasKey = existsSync(join(dir, LOG_KEY_FILE))
  const last = await highWaterFile(dir).read()
  if (hasKey && last === null)
    throw new HubError(
      'bad-key-file',
      `${join(dir, HIGH_WATER_FILE)} is missing; a signer that does not know what it signed must not sign again: restore that file, or start a new log`,
    )
  if (!hasKey && last !== null && last.size > 0)
    throw new HubError('bad-key-file', `${join(dir, LOG_KEY_FILE)} is missing; restore it`)
  if (last === null) await highWaterFile(dir).write({ size: 0, root: emptyRoot() })
}

/**
 * Moves the log key (and the one that is to follow it) and the mark of the newest signed tree from the folder of a stopped hub into that of a
 * new signer, so that at no moment a key is without its mark; may be repeated after a crash. Throws {@link HubError} `bad-options` when there
 * is nothing to move or the new folder is another signer's, DbError `locked` while the hub runs: it would go on signing.
 */
export async function moveKeyToSigner(hubDir: string, signerDir: string): Promise<void> {
  if (!existsSync(join(hubDir, LOG_KEY_FILE)))
    throw new HubError(
      'bad-options',
      `${hubDir} is not the folder of a hub with its own key: it has no ${LOG_KEY_FILE}`,
    )
  mkdirSync(signerDir, { recursive: true, mode: 0o700 })
  const locks = [takeDataDirLock(hubDir)]
  try {
    locks.push(takeDataDirLock(signerDir))
    const files = await Promise.all(
      [HIGH_WATER_FILE, LOG_KEY_FILE, NEXT_LOG_KEY_FILE].map(async (file) => ({
        isOptional: file === NEXT_LOG_KEY_FILE,
        from: join(hubDir, file),
        to: join(signerDir, file),
        content: await readIfThere(join(hubDir, file)),
      })),
    )
    for (const { from, to, content, isOptional } of files) {
      if (content === null && !isOptional)
        throw new HubError('bad-options', `${from} is missing: ${hubDir} is not the folder of a hub with its own key`)
      const there = await readIfThere(to)
      if (there !== null && there !== content) throw new HubError('bad-options', `${to} is another signer's`)
    }
    const present = files.flatMap(({ content, ...file }) => (content === null ? [] : [{ ...file, content }]))
    for (const { to, content } of present) await writeDurably(to, content)
    for (const { from } of present.toReversed()) await removeDurably(from)
  } finally {
    for (const lock of locks) lock.release()
  }
}
