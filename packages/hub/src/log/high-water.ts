import { join } from 'node:path'
import { fromBase64Of, isCount, toBase64 } from '@sigillo/tlog/encoding'
import { HubError } from '../errors.ts'
import { readIfThere, writeDurably } from '@sigillo/seal/durable-file'

/** A tree that this hub has signed and shown. */
export interface SignedTree {
  readonly size: number
  readonly root: Uint8Array
}

/** Remembers, outside the database, the newest tree that was signed: a database that knows less has been rolled back. */
export interface HighWater {
  /** Null when there is none yet. Throws {@link HubError} `bad-key-file` when the file is damaged. */
  read(): Promise<SignedTree | null>
  write(tree: SignedTree): Promise<void>
}

/** Name of the file in the data folder. */
export const HIGH_WATER_FILE = 'log.high-water'

/** The high-water mark in `dataDir`: a line of JSON, replaced durably. */
export function highWaterFile(dataDir: string): HighWater {
  const path = join(dataDir, HIGH_WATER_FILE)
  return {
    read: async () => {
      const text = await readIfThere(path)
      return text === null ? null : parse(text, path)
    },
    write: (tree) => writeDurably(path, `${JSON.stringify({ size: tree.size, root: toBase64(tree.root) })}\n`),
  }
}

function parse(text: string, path: string): SignedTree {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'size' in value && 'root' in value) {
      const { size, root } = value
      if (typeof size === 'number' && isCount(size) && typeof root === 'string')
        return { size, root: fromBase64Of(root, 32, 'the root') }
    }
  } catch {
    // Told below.
  }
  throw new HubError('bad-key-file', `${path} is damaged; restore it, or compare with a witness before you delete it`)
}
