import { type ArchiveFile, checkArchivePaths } from './archive.ts'
import { checkVariantKey, type OpenedBody, openVariant, type SealedBody, type VariantKey } from './body.ts'
import type { ChosenFile } from './cut-copy.ts'
import { SealError } from './errors.ts'

/** What one recipient gets: the outer key of the body, and the keys of exactly the variants of its copy, in the order in which they follow each other. */
export interface CopyKeys {
  readonly outer: string
  /** 32 bytes that blind the hash of the copy's contents. */
  readonly salt: Uint8Array
  readonly files: readonly { readonly path: string; readonly pieces: readonly VariantKey[] }[]
}

/**
 * The keys of one copy. This is the one place that decides which keys a recipient gets, and how: delivery by oblivious transfer replaces it and leaves
 * the body alone.
 *
 * @throws SealError 'bad-body' when the copy names what the body does not hold
 */
export function keysOf(body: SealedBody, copy: readonly ChosenFile[], salt: Uint8Array): CopyKeys {
  const files = copy.map(({ path, pieces }) => ({
    path,
    pieces: pieces.map(({ segment, variant }) => {
      const found = body.keys.get(path)?.[segment]?.[variant]
      if (found === undefined)
        throw new SealError('bad-body', `the body has no segment ${segment} in variant ${variant} of ${path}`)
      return found
    }),
  }))
  return { outer: body.outer, salt, files }
}

/**
 * Puts a copy together. All keys are checked against the signed catalogue before the first box is opened.
 *
 * @throws SealError 'wrong-key' or 'bad-body', naming file and place; 'bad-path'; 'bad-keys' when a box is used twice
 */
export function assembleCopy(body: OpenedBody, { files }: CopyKeys): readonly ArchiveFile[] {
  checkArchivePaths(files.map(({ path }) => path))
  const used = new Set<number>()
  for (const { path, pieces } of files) {
    for (const [index, piece] of pieces.entries()) {
      // Each box at most once, so a copy is never longer than its body.
      if (used.has(piece.box)) throw fail(`keys: ${where(path, index)} names box ${piece.box} again`)
      used.add(piece.box)
      checkVariantKey(body, piece, where(path, index))
    }
  }
  return files.map(({ path, pieces }) => ({
    path,
    bytes: new Uint8Array(Buffer.concat(pieces.map((piece, index) => openVariant(body, piece, where(path, index))))),
  }))
}

function where(path: string, index: number): string {
  return `${path}, site ${index + 1}`
}

function fail(message: string): SealError {
  return new SealError('bad-keys', message)
}
