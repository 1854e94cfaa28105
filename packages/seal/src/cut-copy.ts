import { SealError } from './errors.ts'
import type { ArchiveFile } from './archive.ts'

/** A place of a file that some copies show differently: all its texts, at least one, no two alike. What every copy shows alike has one. */
export type Segment = readonly Uint8Array[]

/** A file cut into segments: every copy of it is some of them, in some order, each in one of its variants. */
export interface CutFile {
  readonly path: string
  readonly segments: readonly Segment[]
}

/** One segment of a copy in the variant that the copy shows. */
export interface Piece {
  readonly segment: number
  readonly variant: number
}

/** One file of one copy: pieces of the `CutFile` of the same path, in the order in which they follow each other. */
export interface ChosenFile {
  readonly path: string
  readonly pieces: readonly Piece[]
}

/** Bytes of one segment of a file that is the same in every copy. */
const WHOLE_SEGMENT_BYTES = 2 ** 20

/** Files that are the same in every copy, as a cut and the one choice from it: binaries, or anything that carries no mark. */
export function wholeCopy(files: readonly ArchiveFile[]): {
  readonly files: readonly CutFile[]
  readonly copy: readonly ChosenFile[]
} {
  const cut = files.map(({ path, bytes }): CutFile => {
    const count = Math.ceil(bytes.length / WHOLE_SEGMENT_BYTES)
    const at = (index: number): Uint8Array =>
      bytes.subarray(index * WHOLE_SEGMENT_BYTES, (index + 1) * WHOLE_SEGMENT_BYTES)
    return { path, segments: Array.from({ length: count }, (_, index) => [at(index)]) }
  })
  const copy = cut.map(({ path, segments }) => ({
    path,
    pieces: segments.map((_, segment) => ({ segment, variant: 0 })),
  }))
  return { files: cut, copy }
}

/** The files of a copy: what its recipient will assemble. @throws SealError 'bad-body' when a piece does not exist */
export function joinCopy(files: readonly CutFile[], copy: readonly ChosenFile[]): readonly ArchiveFile[] {
  return copy.map(({ path, pieces }) => {
    const cut = files.find((file) => file.path === path)
    const parts = pieces.map(({ segment, variant }) => {
      const part = cut?.segments[segment]?.[variant]
      if (part === undefined)
        throw new SealError('bad-body', `the body has no segment ${segment} in variant ${variant} of ${path}`)
      return part
    })
    return { path, bytes: new Uint8Array(Buffer.concat(parts)) }
  })
}
