import { append, emptyEdge } from '@sigillo/tlog/append'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { decodeBundle, encodeBundle, TILE_WIDTH, tileHolding, tilePath } from '@sigillo/tlog/tile'
import type { SampleLog } from '../sample-log.ts'

/** What an attacker can write to: every stored file and the published checkpoint. */
export interface Storage {
  files: Map<string, Uint8Array>
  checkpoint: Uint8Array
}

/** One way to falsify a log. */
export interface Edit {
  readonly what: string
  /** Falsifies the storage and says which resource fsck must name. */
  readonly edit: (storage: Storage, log: SampleLog) => string
}

/** Bytes of a stored file that must be there. */
export function stored(storage: Storage, path: string): Uint8Array {
  const bytes = storage.files.get(path)
  if (bytes === undefined) throw new Error(`the sample log has no ${path}`)
  return bytes
}

/** Replaces a stored file by a changed copy; returns its path. */
export function change(storage: Storage, path: string, work: (bytes: Uint8Array) => Uint8Array): string {
  storage.files.set(path, work(stored(storage, path).slice()))
  return path
}

/** Replaces the entries of a stored bundle; returns its path. */
export function changeEntries(storage: Storage, path: string, work: (entries: Uint8Array[]) => Uint8Array[]): string {
  return change(storage, path, (bytes) => encodeBundle(work(decodeBundle(bytes, TILE_WIDTH))))
}

/** Replaces the published checkpoint by a changed text. */
export function changeNote(storage: Storage, work: (text: string) => string): string {
  const before = fromUtf8(storage.checkpoint)
  const after = work(before)
  if (after === before) throw new Error('the edit changed nothing')
  storage.checkpoint = utf8(after)
  return 'checkpoint'
}

/** A changed copy with one bit turned. */
export function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

/** Path of a full tile or bundle. */
export function fullPath(level: number | 'entries', index: number): string {
  return tilePath({ level, index, width: TILE_WIDTH })
}

/** Path of the rightmost tile of a level, partial in all sample logs. */
export function edgePath(level: number | 'entries', size: number): string {
  const count = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level)
  const tile = tileHolding(level, count - 1, size)
  if (tile === null) throw new Error(`no tile at level ${level}`)
  return tilePath(tile)
}

/** All entries of a stored log, in order. */
export function entriesOf(log: SampleLog): Uint8Array[] {
  const entries: Uint8Array[] = []
  for (let at = 0; at < log.size; at += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, log.size - at)
    const path = tilePath({ level: 'entries', index: at / TILE_WIDTH, width })
    entries.push(...decodeBundle(log.files.get(path) ?? new Uint8Array(0), width))
  }
  return entries
}

/** Makes the stored files those of another list of entries; returns the new tree. */
export function rebuild(
  storage: Storage,
  entries: readonly Uint8Array[],
): { readonly size: number; readonly root: Uint8Array } {
  const { files, root } = append(emptyEdge, entries)
  storage.files = new Map(files.map(({ path, bytes }) => [path, bytes]))
  return { size: entries.length, root }
}
