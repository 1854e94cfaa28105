import { emptyRoot } from '@sigillo/tlog/merkle'
import { parseLeaf, formatLeaf } from '@sigillo/tlog/leaf'
import { sampleLeaf, type SampleLog, signTree } from '../sample-log.ts'
import { type Edit, edgePath, entriesOf, rebuild, type Storage } from './edit.ts'

const foreign = sampleLeaf(1e9)

/** A false history by whoever also holds the log's key, and whether two checkpoints then prove it to everybody. */
export interface SignedEdit extends Edit {
  readonly proven: boolean
}

/** The log made anew from other entries and signed: whole in itself, so only a kept checkpoint contradicts it. */
const signedAnew =
  (entries: (all: Uint8Array[]) => Uint8Array[]): Edit['edit'] =>
  (storage, log) => {
    sign(storage, rebuild(storage, entries(entriesOf(log))))
    return 'checkpoint'
  }

const grow = (all: readonly Uint8Array[]): Uint8Array[] => [
  ...all,
  ...Array.from({ length: 300 }, (_, at) => sampleLeaf(2e9 + at)),
]

/** History rewritten by the holder of the log's key. */
export const SIGNED_EDITS: readonly SignedEdit[] = [
  { what: 'one entry replaced', proven: true, edit: signedAnew((all) => all.with(300, foreign)) },
  { what: 'the first entry replaced', proven: true, edit: signedAnew((all) => all.with(0, foreign)) },
  { what: 'the last entry replaced', proven: true, edit: signedAnew((all) => [...all.slice(0, -1), foreign]) },
  {
    what: 'one entry replaced, then more appended',
    proven: true,
    edit: signedAnew((all) => grow(all.with(300, foreign))),
  },
  {
    what: 'two entries swapped',
    proven: true,
    edit: signedAnew((all) => all.with(300, all[500] ?? foreign).with(500, all[300] ?? foreign)),
  },
  {
    what: 'an entry removed, then more appended',
    proven: true,
    edit: signedAnew((all) => grow(all.toSpliced(300, 1))),
  },
  { what: 'an entry inserted', proven: true, edit: signedAnew((all) => all.toSpliced(300, 0, foreign)) },
  { what: 'an entry put under the label of another', proven: true, edit: signedAnew(relabel) },
  {
    what: 'the end cut off and grown again with other entries',
    proven: true,
    edit: signedAnew((all) => grow(all.slice(0, -200))),
  },
  { what: 'the end cut off', proven: false, edit: signedAnew((all) => all.slice(0, -200)) },
  { what: 'the log emptied', proven: false, edit: signedAnew(() => []) },
  {
    what: 'an older checkpoint put back with its tiles',
    proven: false,
    edit: (storage, log) => {
      const before = log.checkpoints.at(-2)
      if (before === undefined) throw new Error('the sample log has one checkpoint')
      rebuild(storage, entriesOf(log).slice(0, before.size))
      storage.checkpoint = before.note
      return 'checkpoint'
    },
  },
  {
    what: 'a root that no tiles have',
    proven: false,
    edit: (storage, { size }) => (sign(storage, { size, root: emptyRoot() }), 'checkpoint'),
  },
  {
    what: 'a size beyond the tiles',
    proven: false,
    edit: (storage, { size, root }) => (sign(storage, { size: size + 1, root }), edgePath(0, size + 1)),
  },
  {
    what: 'the right root under a smaller size',
    proven: false,
    edit: (storage, log) => (sign(storage, { size: log.size - (log.size % 256), root: log.root }), 'checkpoint'),
  },
]

function relabel(all: Uint8Array[]): Uint8Array[] {
  const [one, other] = [parseLeaf(all[300] ?? foreign), parseLeaf(all[500] ?? foreign)]
  return all.with(300, formatLeaf({ label: other.label, commitment: one.commitment }))
}

function sign(storage: Storage, tree: { readonly size: number; readonly root: Uint8Array }): void {
  storage.checkpoint = signTree(tree.size, tree.root)
}

/** The checkpoints that somebody kept of a sample log before it was rewritten. */
export function keptOf(log: SampleLog): Uint8Array[] {
  return log.checkpoints.slice(-1).map(({ note }) => note)
}
