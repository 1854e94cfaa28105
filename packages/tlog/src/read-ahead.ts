import { hashesAtLevel, levelCount, TILE_WIDTH, type TileName, tilePath } from './tile.ts'
import type { ReadTile } from './tile-reader.ts'

/**
 * Reads `most` tiles ahead in the order in which they will be asked for, so that a reader over a network waits once for all of them. What is asked for
 * out of that order is read then. A tile that cannot be read fails for whoever asks for it, and for nobody else.
 */
export function readAhead(readTile: ReadTile, order: Iterable<string>, most: number): ReadTile {
  const paths = order[Symbol.iterator]()
  const under = new Map<string, Promise<Uint8Array | null>>()
  const fill = (): void => {
    while (under.size < most) {
      const next = paths.next()
      if (next.done === true) return
      const reading = readTile(next.value)
      reading.catch(() => undefined)
      under.set(next.value, reading)
    }
  }
  return async (path) => {
    fill()
    const reading = under.get(path)
    if (reading === undefined) return await readTile(path)
    under.delete(path)
    fill()
    return await reading
  }
}

/** All tiles and bundles of a tree of `size` leaves as `fsck` reads them: the right edge, then from the root down and from left to right. */
export function* pathsFromTheRoot(size: number): Generator<string> {
  const edge = Array.from({ length: levelCount(size) }, (_, level): Hashes => {
    const count = hashesAtLevel(size, level)
    return { level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH }
  }).filter(({ width }) => width > 0)
  for (const tile of edge) yield tilePath(tile)
  for (const tile of edge.toReversed()) yield* pathsUnder(tile)
}

type Hashes = TileName & { readonly level: number }

function* pathsUnder(tile: Hashes): Generator<string> {
  if (tile.level === 0) {
    yield tilePath({ ...tile, level: 'entries' })
    return
  }
  for (let at = 0; at < tile.width; at++) {
    const child = { level: tile.level - 1, index: tile.index * TILE_WIDTH + at, width: TILE_WIDTH }
    yield tilePath(child)
    yield* pathsUnder(child)
  }
}
