import { leafHash, nodeHash } from '@sigillo/tlog/merkle'
import { hashOfRun } from '@sigillo/tlog/tile-reader'
import { HASH_BYTES } from '@sigillo/tlog/merkle'
import { TILE_WIDTH, tilePath } from '@sigillo/tlog/tile'
import { sampleLeaf } from '../sample-log.ts'
import { change, changeEntries, type Edit, edgePath, entriesOf, flip, fullPath, rebuild, stored } from './edit.ts'
import { narrower, putBack } from './of-entries.ts'

const first = fullPath(0, 0)
const second = fullPath(0, 1)
const foreign = sampleLeaf(1e9)

/** Path of the tile that holds the first hash of level 1: full only in logs of 65,536 entries and more. */
const parentPath = (size: number): string =>
  tilePath({ level: 1, index: 0, width: Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH)) })

const topLevel = (size: number): number => Math.floor(Math.log2(size) / 8)

/** Edits of stored hashes by whoever can write to the storage but holds no key. */
export const TILE_EDITS: readonly Edit[] = [
  { what: 'one bit of a leaf hash', edit: (storage) => change(storage, second, (bytes) => flip(bytes, 999)) },
  {
    what: 'one bit of a hash in the last tile',
    edit: (storage, { size }) => change(storage, edgePath(0, size), (bytes) => flip(bytes, 5)),
  },
  {
    what: 'one bit of a hash above the leaves',
    edit: (storage, { size }) => change(storage, parentPath(size), (bytes) => flip(bytes, 40)),
  },
  {
    what: 'one bit of the topmost tile',
    edit: (storage, { size }) => change(storage, edgePath(topLevel(size), size), (bytes) => flip(bytes, 5)),
  },
  {
    what: 'two hashes of a tile swapped',
    edit: (storage) =>
      change(storage, second, (bytes) =>
        Buffer.concat([
          bytes.subarray(HASH_BYTES, 2 * HASH_BYTES),
          bytes.subarray(0, HASH_BYTES),
          bytes.subarray(2 * HASH_BYTES),
        ]),
      ),
  },
  {
    what: 'a tile cut by one hash',
    edit: (storage) => change(storage, second, (bytes) => bytes.subarray(0, -HASH_BYTES)),
  },
  {
    what: 'a tile longer by one hash',
    edit: (storage) => change(storage, second, (bytes) => Buffer.concat([bytes, bytes.subarray(0, HASH_BYTES)])),
  },
  { what: 'a tile deleted', edit: (storage) => (storage.files.delete(second), second) },
  {
    what: 'the last tile deleted',
    edit: (storage, { size }) => (storage.files.delete(edgePath(0, size)), edgePath(0, size)),
  },
  {
    what: 'two tiles swapped',
    edit: (storage) => {
      const [a, b] = [stored(storage, first), stored(storage, second)]
      storage.files.set(first, b).set(second, a)
      return first
    },
  },
  {
    what: 'two tiles swapped together with their bundles',
    edit: (storage) => {
      for (const level of [0, 'entries'] as const) {
        const [a, b] = [stored(storage, fullPath(level, 0)), stored(storage, fullPath(level, 1))]
        storage.files.set(fullPath(level, 0), b).set(fullPath(level, 1), a)
      }
      return first
    },
  },
  {
    what: 'the last tile put back to its state at an older checkpoint',
    edit: (storage, log) => putBack(storage, 0, log),
  },
  {
    what: 'an older, narrower copy of a tile changed',
    edit: (storage) => change(storage, narrower(storage, 'tile/0/001.p/'), (bytes) => flip(bytes, 5)),
  },
  {
    what: 'an entry replaced and its leaf hash with it',
    edit: (storage) => {
      replaceWithHash(storage)
      return second
    },
  },
  {
    what: 'an entry replaced and every hash above it but the root',
    edit: (storage, { size }) => {
      replaceWithHash(storage)
      const root = hashOfRun(stored(storage, second), 0, TILE_WIDTH)
      change(storage, parentPath(size), (bytes) => (bytes.set(root, HASH_BYTES), bytes))
      if (size < TILE_WIDTH ** 2) return 'checkpoint'
      const top = hashOfRun(stored(storage, parentPath(size)), 0, TILE_WIDTH)
      change(storage, edgePath(2, size), (bytes) => (bytes.set(top, 0), bytes))
      return 'checkpoint'
    },
  },
  {
    what: 'all tiles and bundles made anew with one other entry',
    edit: (storage, log) => (rebuild(storage, entriesOf(log).with(300, foreign)), 'checkpoint'),
  },
  {
    what: 'a hash of two nodes in the place of a leaf hash',
    edit: (storage) =>
      change(storage, second, (bytes) => (bytes.set(nodeHash(leafHash(foreign), leafHash(foreign)), 0), bytes)),
  },
  {
    what: 'a tile added behind the tree',
    edit: (storage, { size }) => add(storage, fullPath(0, Math.ceil(size / TILE_WIDTH)), stored(storage, second)),
  },
  {
    what: 'a bundle added behind the tree',
    edit: (storage, { size }) =>
      add(storage, fullPath('entries', Math.ceil(size / TILE_WIDTH)), stored(storage, fullPath('entries', 1))),
  },
  {
    what: 'a partial tile wider than the tree',
    edit: (storage, { size }) => {
      const path = edgePath(0, size)
      const wider = path.replace(/[0-9]+$/, (width) => String(Number(width) + 1))
      return add(storage, wider, Buffer.concat([stored(storage, path), leafHash(foreign)]))
    },
  },
  {
    what: 'a level added above the tree',
    edit: (storage, { size }) =>
      add(storage, tilePath({ level: topLevel(size) + 1, index: 0, width: 1 }), leafHash(foreign)),
  },
  { what: 'a file that no log has', edit: (storage) => add(storage, 'tile/0/1', leafHash(foreign)) },
]

function replaceWithHash(storage: Parameters<Edit['edit']>[0]): void {
  changeEntries(storage, fullPath('entries', 1), (all) => all.with(7, foreign))
  change(storage, second, (bytes) => (bytes.set(leafHash(foreign), 7 * HASH_BYTES), bytes))
}

function add(storage: Parameters<Edit['edit']>[0], path: string, bytes: Uint8Array): string {
  storage.files.set(path, bytes)
  return path
}
