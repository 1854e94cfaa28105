import { TILE_WIDTH } from '@sigillo/tlog/tile'
import { sampleLeaf } from '../sample-log.ts'
import { change, changeEntries, type Edit, edgePath, entriesOf, flip, fullPath, rebuild, stored } from './edit.ts'

const first = fullPath('entries', 0)
const second = fullPath('entries', 1)
const foreign = sampleLeaf(1e9)

const swapFiles =
  (a: string, b: string): Edit['edit'] =>
  (storage) => {
    const [one, other] = [stored(storage, a), stored(storage, b)]
    storage.files.set(a, other)
    storage.files.set(b, one)
    return a
  }

/** Edits of stored entries by whoever can write to the storage but holds no key. */
export const ENTRY_EDITS: readonly Edit[] = [
  { what: 'one bit of an entry', edit: (storage) => change(storage, second, (bytes) => flip(bytes, 1000)) },
  { what: 'an entry replaced', edit: (storage) => changeEntries(storage, second, (all) => all.with(7, foreign)) },
  { what: 'the first entry replaced', edit: (storage) => changeEntries(storage, first, (all) => all.with(0, foreign)) },
  {
    what: 'the last entry replaced',
    edit: (storage, { size }) =>
      change(storage, edgePath('entries', size), (bytes) => {
        bytes.set(foreign, bytes.length - foreign.length)
        return bytes
      }),
  },
  {
    what: 'two neighbouring entries swapped',
    edit: (storage) =>
      changeEntries(storage, second, (all) => [...all.slice(0, 5), ...all.slice(5, 7).reverse(), ...all.slice(7)]),
  },
  {
    what: 'an entry repeated over its neighbour',
    edit: (storage) => changeEntries(storage, second, (all) => all.with(6, all[5] ?? foreign)),
  },
  {
    what: 'two entries of different bundles swapped',
    edit: (storage, log) => {
      const all = entriesOf(log)
      changeEntries(storage, second, (entries) => entries.with(3, all[9] ?? foreign))
      return changeEntries(storage, first, (entries) => entries.with(9, all[TILE_WIDTH + 3] ?? foreign))
    },
  },
  {
    what: 'an entry dropped from its bundle',
    edit: (storage) => changeEntries(storage, second, (all) => all.toSpliced(9, 1)),
  },
  {
    what: 'an entry dropped, all later ones moved up',
    edit: (storage, log) => moveEntries(storage, [...entriesOf(log).toSpliced(300, 1), foreign]),
  },
  {
    what: 'an entry inserted, all later ones moved down',
    edit: (storage, log) => moveEntries(storage, entriesOf(log).toSpliced(300, 0, foreign).slice(0, -1)),
  },
  {
    what: 'an entry more than a bundle may hold',
    edit: (storage) =>
      change(storage, second, (bytes) => Buffer.concat([bytes, Uint8Array.of(0, foreign.length), foreign])),
  },
  {
    what: 'an entry emptied',
    edit: (storage) => changeEntries(storage, second, (all) => all.with(4, new Uint8Array(0))),
  },
  { what: 'the length of an entry changed', edit: (storage) => change(storage, second, (bytes) => flip(bytes, 1)) },
  { what: 'a bundle cut by a byte', edit: (storage) => change(storage, second, (bytes) => bytes.subarray(0, -1)) },
  {
    what: 'a byte behind a bundle',
    edit: (storage) => change(storage, second, (bytes) => Buffer.concat([bytes, bytes.subarray(0, 1)])),
  },
  { what: 'a bundle emptied', edit: (storage) => change(storage, second, () => new Uint8Array(0)) },
  { what: 'a bundle deleted', edit: (storage) => (storage.files.delete(second), second) },
  {
    what: 'the last bundle deleted',
    edit: (storage, { size }) => (storage.files.delete(edgePath('entries', size)), edgePath('entries', size)),
  },
  { what: 'two bundles swapped', edit: swapFiles(first, second) },
  {
    what: 'the last bundle put back to its state at an older checkpoint',
    edit: (storage, log) => putBack(storage, 'entries', log),
  },
  {
    what: 'an older, narrower copy of a bundle changed',
    edit: (storage) => change(storage, narrower(storage, 'tile/entries/001.p/'), (bytes) => flip(bytes, 50)),
  },
]

/** Puts what an older checkpoint published for the rightmost tile in the place of the newest one. */
export function putBack(storage: Parameters<Edit['edit']>[0], level: 0 | 'entries', log: { size: number }): string {
  const newest = edgePath(level, log.size)
  storage.files.set(newest, stored(storage, narrower(storage, newest.replace(/[0-9]+$/, ''))))
  return newest
}

/** Path of the narrowest partial tile that is stored under a prefix. */
export function narrower(storage: Parameters<Edit['edit']>[0], prefix: string): string {
  const widths = [...storage.files.keys()]
    .filter((path) => path.startsWith(prefix))
    .map((path) => Number(path.slice(prefix.length)))
  return `${prefix}${Math.min(...widths)}`
}

/** The bundles of another list of entries, under the tree as it was. */
function moveEntries(storage: Parameters<Edit['edit']>[0], entries: readonly Uint8Array[]): string {
  const before = storage.files
  rebuild(storage, entries)
  const bundles = [...storage.files].filter(([path]) => path.startsWith('tile/entries/'))
  storage.files = new Map([...before, ...bundles])
  return second
}
