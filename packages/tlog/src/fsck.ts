import { type Edge, edgeRoot } from './append.ts'
import { openCheckpoint } from './checkpoint.ts'
import { equalBytes } from './encoding.ts'
import { TlogError } from './errors.ts'
import type { ForkEvidence } from './fork.ts'
import { holdAgainst } from './kept-checkpoints.ts'
import { leafHash } from './merkle.ts'
import type { Verifier } from './note.ts'
import { pathsFromTheRoot, readAhead } from './read-ahead.ts'
import { findStray } from './stored-paths.ts'
import { hashesAtLevel, hashInTile, levelCount, TILE_WIDTH, type TileName, tilePath } from './tile.ts'
import { hashOfRun, type ReadTile, readBundle, readHashTile } from './tile-reader.ts'

/** Tiles that are asked for before their turn. */
const AHEAD = 8

/** Where a log is read from; the paths are those of c2sp.org/tlog-tiles. Failures of the reader itself are passed on. */
export interface LogReader {
  readonly checkpoint: () => Promise<Uint8Array>
  /** Tile or entry bundle; `null` when it does not exist. */
  readonly tile: ReadTile
  /**
   * Paths of all tiles and bundles that are stored, where the storage can tell. Then narrower partial tiles are checked too, and
   * whatever the tree does not have is found.
   */
  readonly list?: () => Promise<readonly string[]>
}

/** A whole log that is what its checkpoint says. */
export interface LogIsWhole {
  readonly ok: true
  readonly size: number
  readonly root: Uint8Array
  /** Tiles and bundles read. */
  readonly files: number
}

/** The first resource that is not what it must be, going from the root down and from left to right. */
export interface LogIsBroken {
  readonly ok: false
  /** `checkpoint` or the path of a tile or bundle. */
  readonly path: string
  readonly reason: string
  /** When a kept checkpoint shows that the log signed two histories. */
  readonly fork?: ForkEvidence
}

/** Options of `fsck`. */
export interface FsckOptions {
  /** Checks one entry; returns what is wrong with it, or `null`. For instance `parseLeaf` in a log of blinded leaves. */
  readonly entry?: (entry: Uint8Array, index: number) => string | null
  /** Signed checkpoints of this log that were kept elsewhere: the log must extend each. Only these show a history that was signed anew. */
  readonly kept?: readonly Uint8Array[]
  /** Hears of each resource read. */
  readonly progress?: (path: string) => void
}

/**
 * Verifies a whole log: the checkpoint's signature, every tile and every entry bundle up to the root, what is stored besides, and the
 * kept checkpoints. Each tile is held against the one above it, so the resource named is the one that was changed. Memory stays flat.
 * Throws what the reader throws, and `bad-checkpoint` when a kept checkpoint is not this log's.
 */
export async function fsck(
  reader: LogReader,
  logKeys: readonly Verifier[],
  options: FsckOptions = {},
): Promise<LogIsWhole | LogIsBroken> {
  const note = await reader.checkpoint()
  const opened = openCheckpoint(note, logKeys)
  if (!opened.ok) return { ok: false, path: 'checkpoint', reason: opened.reason }
  const { size, root } = opened.checkpoint
  const walk = new Walk(readAhead(reader.tile, pathsFromTheRoot(size), AHEAD), options)
  try {
    await walkTree(walk, size, root)
  } catch (error) {
    if (error instanceof Broken) return { ok: false, path: error.path, reason: error.message }
    throw error
  }
  const stray = reader.list === undefined ? null : await findStray(await reader.list(), size, reader.tile)
  if (stray !== null) return { ok: false, ...stray }
  for (const kept of options.kept ?? []) {
    const found = await holdAgainst(kept, { note, checkpoint: opened.checkpoint }, logKeys, reader.tile)
    if (found === null) continue
    return { ok: false, path: 'checkpoint', reason: found.reason, ...(found.fork === null ? {} : { fork: found.fork }) }
  }
  return { ok: true, size, root, files: walk.files }
}

async function walkTree(walk: Walk, size: number, root: Uint8Array): Promise<void> {
  const partials = await walk.edge(size)
  const edge: Edge = { size, partials, bundle: new Uint8Array(0) }
  if (!equalBytes(edgeRoot(edge), root)) {
    await walk.blame(edge)
    throw new Broken('checkpoint', 'the root is not that of the tiles')
  }
  for (let level = partials.length - 1; level >= 0; level--) {
    const width = hashesAtLevel(size, level) % TILE_WIDTH
    const index = Math.floor(hashesAtLevel(size, level) / TILE_WIDTH)
    if (width > 0) await walk.below({ level, index, width }, partials[level] ?? new Uint8Array(0))
  }
}

class Broken extends Error {
  readonly path: string

  constructor(where: TileName | 'checkpoint', reason: string) {
    super(reason)
    this.path = where === 'checkpoint' ? where : tilePath(where)
  }
}

class Walk {
  files = 0
  readonly #readTile: ReadTile
  readonly #options: FsckOptions

  constructor(readTile: ReadTile, options: FsckOptions) {
    this.#readTile = readTile
    this.#options = options
  }

  /** Partial tiles of every level. */
  async edge(size: number): Promise<Uint8Array[]> {
    const partials: Uint8Array[] = []
    for (let level = 0; level < levelCount(size); level++) {
      const count = hashesAtLevel(size, level)
      const tile = { level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH }
      partials.push(tile.width === 0 ? new Uint8Array(0) : await this.#hashes(tile))
    }
    return partials
  }

  /** Everything under a tile that is trusted because its own hash was checked. */
  async below(tile: TileName, bytes: Uint8Array): Promise<void> {
    if (tile.level === 'entries') return
    if (tile.level === 0) {
      await this.#bundle({ ...tile, level: 'entries' }, bytes)
      return
    }
    for (let at = 0; at < tile.width; at++) {
      const child = { level: tile.level - 1, index: tile.index * TILE_WIDTH + at, width: TILE_WIDTH }
      const hashes = await this.#hashes(child)
      if (!equalBytes(hashOfRun(hashes, 0, TILE_WIDTH), hashInTile(bytes, at))) {
        throw new Broken(child, 'its hashes are not those that the tile above it commits to')
      }
      await this.below(child, hashes)
    }
  }

  /** The edge does not give the root: finds the partial tile that does not fit what lies under it, if it is one. */
  async blame(edge: Edge): Promise<void> {
    for (const [level, bytes] of edge.partials.entries()) {
      const count = hashesAtLevel(edge.size, level)
      const tile = { level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH }
      for (let at = 0; at < tile.width; at++) {
        const fits = equalBytes(await this.#hashUnder(tile, at), hashInTile(bytes, at))
        if (!fits) throw new Broken(tile, 'its hashes are not those of what lies under it')
      }
    }
  }

  async #hashUnder(tile: { level: number; index: number; width: number }, at: number): Promise<Uint8Array> {
    if (tile.level === 0) return leafHash((await this.#entries({ ...tile, level: 'entries' }))[at] ?? new Uint8Array(0))
    const child = { level: tile.level - 1, index: tile.index * TILE_WIDTH + at, width: TILE_WIDTH }
    return hashOfRun(await this.#hashes(child), 0, TILE_WIDTH)
  }

  async #bundle(tile: TileName, hashes: Uint8Array): Promise<void> {
    for (const [at, entry] of (await this.#entries(tile)).entries()) {
      if (!equalBytes(leafHash(entry), hashInTile(hashes, at)))
        throw new Broken(tile, `entry ${at} is not the one in the tree`)
      const wrong = this.#options.entry?.(entry, tile.index * TILE_WIDTH + at) ?? null
      if (wrong !== null) throw new Broken(tile, `entry ${at}: ${wrong}`)
    }
  }

  async #entries(tile: TileName): Promise<Uint8Array[]> {
    return this.#read(tile, () => readBundle(tile, this.#readTile))
  }

  async #hashes(tile: TileName): Promise<Uint8Array> {
    return this.#read(tile, () => readHashTile(tile, this.#readTile))
  }

  async #read<T>(tile: TileName, read: () => Promise<T>): Promise<T> {
    this.files++
    this.#options.progress?.(tilePath(tile))
    try {
      return await read()
    } catch (error) {
      if (error instanceof TlogError) throw new Broken(tile, error.message)
      throw error
    }
  }
}
