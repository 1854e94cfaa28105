import { appendLeafHashes, emptyEdge } from '@sigillo/tlog/append'
import { equalBytes } from '@sigillo/tlog/encoding'
import { HASH_BYTES, leafHash, verifyConsistency, verifyInclusion } from '@sigillo/tlog/merkle'
import { parseTilePath } from '@sigillo/tlog/tile'
import { consistencyFromTiles, inclusionFromTiles, type ReadTile, rootFromTiles } from '@sigillo/tlog/tile-reader'
import { flip } from './edits/edit.ts'
import { naiveLeafHash, type NaiveTree, naiveTree } from './naive-tree.ts'
import { sampleLeaf } from './sample-log.ts'
import { type SeededNumbers, seededNumbers } from './seeded-numbers.ts'

/** How the tiles and the naive tree compared. */
export interface NaiveRow {
  readonly id: string
  /** Every size up to this one was tried, and random ones up to `largest`. */
  readonly everySize: number
  readonly largest: number
  readonly cases: number
  readonly differences: number
  /** Changed proofs tried, and those of them that were accepted. */
  readonly changed: number
  readonly accepted: number
}

interface Scene {
  readonly naive: NaiveTree
  readonly leafHashes: readonly Buffer[]
  readonly tile: ReadTile
  readonly numbers: SeededNumbers
}

/**
 * Compares roots, inclusion and consistency proofs read from the tiles of one log with the naive tree: three cases for every size from 1 to
 * `everySize` and the root at 0, then random sizes up to `largest` until there are `cases`. Each proof is verified, and refused with one bit changed.
 */
export async function compareWithNaive(
  everySize: number,
  largest: number,
  cases: number,
  sizesSeen: (size: number) => void = () => undefined,
): Promise<NaiveRow> {
  const scene = makeScene(largest)
  const found = { cases: 0, differences: 0, changed: 0, accepted: 0 }
  const tally = ({ same, accepted }: Compared): void => {
    found.cases++
    if (!same) found.differences++
    if (accepted === null) return
    found.changed++
    if (accepted) found.accepted++
  }
  for (let size = 0; size <= everySize || found.cases < cases; size++) {
    const at = size <= everySize ? size : 1 + scene.numbers.below(largest)
    sizesSeen(at)
    tally(await compareRoot(scene, at))
    if (at === 0) continue
    tally(await compareInclusion(scene, at))
    tally(await compareConsistency(scene, at))
  }
  return { id: `sizes to ${everySize}, random to ${largest}, ${cases} cases`, everySize, largest, ...found }
}

interface Compared {
  readonly same: boolean
  /** Whether a changed proof was accepted; null when there was none to change. */
  readonly accepted: boolean | null
}

/** One log appended in batches of random length; its tiles serve every smaller tree, because tiles only grow. */
function makeScene(largest: number): Scene {
  const numbers = seededNumbers(`naive ${largest}`)
  const leafHashes: Buffer[] = []
  const tiles = new Map<string, Uint8Array>()
  let edge = emptyEdge
  while (edge.size < largest) {
    const batch = Array.from({ length: Math.min(1 + numbers.below(5000), largest - edge.size) }, (_, at) =>
      sampleLeaf(edge.size + at),
    )
    for (const leaf of batch) leafHashes.push(naiveLeafHash(leaf))
    const appended = appendLeafHashes(edge, batch.map(leafHash))
    for (const { path, bytes } of appended.files) tiles.set(path.replace(/\.p.*/, ''), bytes)
    edge = appended.edge
  }
  const tile: ReadTile = (path) => {
    const width = parseTilePath(path)?.width ?? 0
    const bytes = tiles.get(path.replace(/\.p.*/, ''))
    return Promise.resolve(bytes?.subarray(0, width * HASH_BYTES) ?? null)
  }
  return { naive: naiveTree(leafHashes), leafHashes, tile, numbers }
}

async function compareRoot({ naive, tile }: Scene, size: number): Promise<Compared> {
  return { same: equalBytes(await rootFromTiles(size, tile), naive.root(size)), accepted: null }
}

async function compareInclusion(scene: Scene, size: number): Promise<Compared> {
  const { naive, leafHashes, tile, numbers } = scene
  const index = numbers.below(size)
  const proof = await inclusionFromTiles(index, size, tile)
  const claim = { leafHash: leafHashes[index] ?? Buffer.alloc(0), index, size, root: naive.root(size), proof }
  const wrong = changedProof(scene, proof)
  return {
    same: sameHashes(proof, naive.path(index, size)) && verifyInclusion(claim).ok,
    accepted: wrong === null ? null : verifyInclusion({ ...claim, proof: wrong }).ok,
  }
}

async function compareConsistency(scene: Scene, newSize: number): Promise<Compared> {
  const { naive, tile, numbers } = scene
  const oldSize = 1 + numbers.below(newSize)
  const proof = await consistencyFromTiles(oldSize, newSize, tile)
  const claim = { oldSize, newSize, oldRoot: naive.root(oldSize), newRoot: naive.root(newSize), proof }
  const wrong = changedProof(scene, proof)
  return {
    same: sameHashes(proof, naive.proof(oldSize, newSize)) && verifyConsistency(claim).ok,
    accepted: wrong === null ? null : verifyConsistency({ ...claim, proof: wrong }).ok,
  }
}

function changedProof({ numbers }: Scene, proof: readonly Uint8Array[]): Uint8Array[] | null {
  if (proof.length === 0) return null
  const at = numbers.below(proof.length)
  return proof.with(at, flip(proof[at] ?? new Uint8Array(0), numbers.below(HASH_BYTES)))
}

function sameHashes(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return a.length === b.length && a.every((one, at) => equalBytes(one, b[at] ?? new Uint8Array(0)))
}
