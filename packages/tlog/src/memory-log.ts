import { append, emptyEdge } from './append.ts'
import { signCheckpoint } from './checkpoint.ts'
import { cosignatureSigner } from './cosignature.ts'
import { TlogError } from './errors.ts'
import { emptyRoot } from './merkle.ts'
import { addSignatures, type Note, parseNote, type Signer } from './note.ts'
import { formatProofFile } from './proof-file.ts'
import { consistencyFromTiles, inclusionFromTiles } from './tile-reader.ts'
import { utf8 } from './encoding.ts'

/** A log in memory, readable by `fsck`: for tests, demonstrations and a desk without a hub. It forgets everything with its process. */
export interface MemoryLog {
  readonly size: () => number
  readonly root: () => Uint8Array
  /** Appends entries; returns the index of the first. */
  readonly append: (entries: readonly Uint8Array[]) => number
  /** Signed checkpoint of the current size, with the cosignatures of `cosign` so far. */
  readonly checkpoint: () => Promise<Uint8Array>
  readonly tile: (path: string) => Promise<Uint8Array | null>
  /** Adds a cosignature at `time` (seconds since 1970) to the current checkpoint. Key ids are those of type 0x04. */
  readonly cosign: (witness: Signer, time: number) => void
  /** Proof of consistency from an older size to the current one. Throws `bad-argument` on a size that was not. */
  readonly consistency: (oldSize: number) => Promise<Uint8Array[]>
  /** Inclusion proof of a leaf in the current tree. Throws `bad-argument` on an index beyond it. */
  readonly inclusion: (index: number) => Promise<Uint8Array[]>
  /** Bytes of a `.tlog-proof` of a leaf in the current checkpoint. */
  readonly proofFile: (index: number, extra?: Uint8Array) => Promise<Uint8Array>
}

/** An empty log. The signer's name is the log's origin. */
export function createMemoryLog(signer: Signer): MemoryLog {
  const files = new Map<string, Uint8Array>()
  let edge = emptyEdge
  let root = emptyRoot()
  let note = sign()

  function sign(): Uint8Array {
    return signCheckpoint({ origin: signer.name, size: edge.size, root }, [signer])
  }

  const tile = (path: string): Promise<Uint8Array | null> => Promise.resolve(files.get(path) ?? null)
  const inclusion = (index: number): Promise<Uint8Array[]> => inclusionFromTiles(index, edge.size, tile)

  return {
    size: () => edge.size,
    root: () => root,
    append: (entries) => {
      const first = edge.size
      const appended = append(edge, entries)
      for (const file of appended.files) files.set(file.path, file.bytes)
      edge = appended.edge
      root = appended.root
      note = sign()
      return first
    },
    checkpoint: () => Promise.resolve(note),
    tile,
    cosign: (witness, time) => {
      note = addSignatures(note, [signatureOver(parseNote(note), cosignatureSigner(witness, time))])
    },
    consistency: (oldSize) => consistencyFromTiles(oldSize, edge.size, tile),
    inclusion,
    proofFile: async (index, extra) => {
      if (index >= edge.size) throw new TlogError('bad-argument', `the log has no leaf ${index}`)
      const checkpoint = note
      return formatProofFile({ index, proof: await inclusion(index), checkpoint, extra: extra ?? null })
    },
  }
}

function signatureOver(note: Note, signer: Signer): { name: string; keyId: Uint8Array; signature: Uint8Array } {
  return { name: signer.name, keyId: signer.keyId, signature: signer.sign(utf8(note.text)) }
}
