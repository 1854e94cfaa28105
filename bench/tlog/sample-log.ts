import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { formatSecretKey, noteSigner, noteVerifier, signingKeyFromSeed } from '@sigillo/seal/ed25519'
import type { NoteSigner } from '@sigillo/seal/ed25519'
import { append, emptyEdge } from '@sigillo/tlog/append'
import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import type { LogReader } from '@sigillo/tlog/fsck'
import { formatLeaf } from '@sigillo/tlog/leaf'
import type { Verifier } from '@sigillo/tlog/note'
import { seededNumbers } from './seeded-numbers.ts'

/** A stored log: what a server of c2sp.org/tlog-tiles would hold, with every checkpoint that it ever signed. */
export interface SampleLog {
  readonly size: number
  readonly root: Uint8Array
  /** Tiles and bundles by path, all partial ones that were published among them. */
  readonly files: Map<string, Uint8Array>
  /** Signed checkpoints, oldest first, with the sizes of their trees; the last is the log's. */
  readonly checkpoints: readonly { readonly size: number; readonly root: Uint8Array; readonly note: Uint8Array }[]
}

/** The key of every sample log, which is no secret. */
export const LOG_SECRET: string = secretOf('sample.example/log')
export const logSigner: NoteSigner = noteSigner(LOG_SECRET)
export const logVerifier: Verifier = noteVerifier(logSigner.vkey)

/** Writes a log of `size` blinded leaves in batches of 1 to `largestBatch`, signing a checkpoint after each. */
export function writeSampleLog(size: number, largestBatch = 200): SampleLog {
  const files = new Map<string, Uint8Array>()
  const checkpoints: SampleLog['checkpoints'][number][] = []
  const { below } = seededNumbers(`batches of ${size}`)
  let edge = emptyEdge
  while (edge.size < size) {
    const count = Math.min(1 + below(largestBatch), size - edge.size)
    const first = edge.size
    const appended = append(
      edge,
      Array.from({ length: count }, (_, at) => sampleLeaf(first + at)),
    )
    for (const { path, bytes } of appended.files) files.set(path, bytes)
    edge = appended.edge
    checkpoints.push({ size: edge.size, root: appended.root, note: signTree(edge.size, appended.root) })
  }
  const root = checkpoints.at(-1)?.root ?? new Uint8Array(0)
  return { size, root, files, checkpoints }
}

/** Leaf `index` of a sample log: 86 bytes that look like those of a real one. */
export function sampleLeaf(index: number): Uint8Array {
  const bytes = createHash('sha512').update(`leaf ${index}`).digest()
  return formatLeaf({ label: bytes.subarray(0, 16), commitment: bytes.subarray(16, 48) })
}

/** A checkpoint of the sample logs' key over any tree: what whoever holds that key can sign. */
export function signTree(size: number, root: Uint8Array): Uint8Array {
  return signCheckpoint({ origin: logSigner.name, size, root }, [logSigner])
}

/** Reads a stored log, as `fsck` does. */
export function readerOf(files: ReadonlyMap<string, Uint8Array>, checkpoint: Uint8Array): LogReader {
  return {
    checkpoint: () => Promise.resolve(checkpoint),
    tile: (path) => Promise.resolve(files.get(path) ?? null),
    list: () => Promise.resolve([...files.keys()]),
  }
}

/** Writes files into a folder by their paths. */
export function writeFolder(folder: string, files: Iterable<readonly [string, Uint8Array]>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
}

/** A secret key that follows from its name, or from another text. */
export function secretOf(name: string, type = 1, text = `key of ${name}`): string {
  return formatSecretKey(name, signingKeyFromSeed(createHash('sha256').update(text).digest()), type)
}
