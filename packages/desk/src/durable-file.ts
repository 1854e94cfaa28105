import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeDurably as replaceDurably } from '@sigillo/seal/durable-file'
import { DeskError } from './errors.ts'

/**
 * Writes a file so that after a crash either the old or the new content is there, never a part. Creates missing folders.
 * @param mode permissions of the new file, 0o600 unless told otherwise
 * @throws DeskError `not-writable`
 */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await replaceDurably(path, bytes, mode)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DeskError('not-writable', `cannot write ${path}: ${reason}`, { cause })
  }
}
