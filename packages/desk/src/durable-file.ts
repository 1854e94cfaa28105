import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder, writeDurably as replaceDurably } from '@sigillo/seal/durable-file'
import { DeskError } from './errors.ts'

/**
 * Writes a file so that after a crash either the old or the new content is there, never a part. Creates missing folders.
 * @param mode permissions of the new file, 0o600 unless told otherwise
 * @throws DeskError `not-writable`
 */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  try {
    const made = await mkdir(dirname(path), { recursive: true })
    await replaceDurably(path, bytes, mode)
    if (made !== undefined) await syncAbove(dirname(path), dirname(made))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DeskError('not-writable', `cannot write ${path}: ${reason}`, { cause })
  }
}

/** A new folder is on disk only when its name in the folder above it is. */
async function syncAbove(folder: string, highest: string): Promise<void> {
  for (let at = folder; at !== highest && at !== dirname(at); ) {
    at = dirname(at)
    await syncFolder(at)
  }
}
