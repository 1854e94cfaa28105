import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  append,
  appendLeafHashes,
  decodeEdge,
  type Edge,
  edgeFromTiles,
  edgeRoot,
  emptyEdge,
  encodeEdge,
} from './append.ts'
import { utf8 } from './encoding.ts'
import { consistencyProof, hashesInMemory, inclusionProof, leafHash, rootOfLeaves } from './merkle.ts'
import {
  decodeBundle,
  encodeBundle,
  hashesAtLevel,
  levelCount,
  parseTilePath,
  TILE_WIDTH,
  tileHolding,
  tilePath,
  tilesWritten,
} from './tile.ts'
import { consistencyFromTiles, inclusionFromTiles, inclusionsFromTiles, rootFromTiles } from './tile-reader.ts'

const entry = (at: number): Uint8Array => utf8(`entry ${at}`)
const entries = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, at) => entry(from + at))

describe('tile paths', () => {
  it.each([
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 1, index: 0, width: 17 }, 'tile/1/000.p/17'],
    [{ level: 'entries' as const, index: 999, width: 256 }, 'tile/entries/999'],
    [{ level: 'entries' as const, index: 1000, width: 1 }, 'tile/entries/x001/000.p/1'],
    [{ level: 63, index: 2 ** 53 - 1, width: 255 }, 'tile/63/x009/x007/x199/x254/x740/991.p/255'],
  ])('%j is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual(tile)
  })

  it.each([
    'tile/0/1',
    'tile/00/001',
    'tile/64/001',
    'tile/0/x000/001',
    'tile/0/x001/x002',
    'tile/0/001/002',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/01',
    'tile/0/001.p',
    'tile/0/../001',
    'tile/0/001/',
    '/tile/0/001',
    'tile/0/001\n',
    'tile/data/001',
    'tile/8/0/001',
    'tile/0/x999/x999/x999/x999/x999/999',
    'checkpoint',
    '',
  ])('%j is none', (path) => {
    expect(parseTilePath(path)).toBeNull()
  })
})

describe('which tiles a tree has', () => {
  it("is as in the specification's example of 70,000 leaves", () => {
    const tiles = tilesWritten(0, 70_000)
    const at = (level: number | 'entries'): { index: number; width: number }[] =>
      tiles.filter((tile) => tile.level === level)
    expect(levelCount(70_000)).toBe(3)
    expect(at(0).filter((tile) => tile.width === 256)).toHaveLength(273)
    expect(at(0).filter((tile) => tile.width < 256)).toEqual([{ level: 0, index: 273, width: 112 }])
    expect(at(1)).toEqual([
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
    ])
    expect(at(2)).toEqual([{ level: 2, index: 0, width: 1 }])
    expect(at('entries')).toHaveLength(274)
    expect(tilesWritten(0, 256).map(tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1'])
  })

  it('names the changed ones of an append only', () => {
    expect(tilesWritten(255, 255)).toEqual([])
    expect(tilesWritten(255, 257).map(tilePath)).toEqual([
      'tile/entries/000',
      'tile/entries/001.p/1',
      'tile/0/000',
      'tile/0/001.p/1',
      'tile/1/000.p/1',
    ])
    expect(tilesWritten(256, 257).map(tilePath)).toEqual(['tile/entries/001.p/1', 'tile/0/001.p/1'])
    expect(tileHolding(0, 300, 300)).toBeNull()
    expect(tileHolding(0, 299, 300)).toEqual({ level: 0, index: 1, width: 44 })
  })
})

describe('entry bundles', () => {
  it('read back what they wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (some) => {
        expect(decodeBundle(encodeBundle(some), some.length)).toEqual(some)
      }),
    )
    expect(encodeBundle([new Uint8Array(258)]).slice(0, 2)).toEqual(new Uint8Array([1, 2]))
  })

  it('refuse other widths, cut and overlong ones', () => {
    const bundle = encodeBundle([entry(0), entry(1)])
    for (const width of [0, 1, 3])
      expect(() => decodeBundle(bundle, width)).toThrow(expect.objectContaining({ code: 'bad-tile' }))
    for (let cut = 1; cut < bundle.length; cut++)
      expect(() => decodeBundle(bundle.subarray(0, cut), 2)).toThrow(/bundle/)
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(/too long/)
    expect(() => encodeBundle(entries(0, 257))).toThrow(/257 entries/)
  })
})

interface Stored {
  edge: Edge
  files: Map<string, Uint8Array>
}

function appendInBatches(sizes: readonly number[]): Stored {
  const files = new Map<string, Uint8Array>()
  let edge = emptyEdge
  for (const size of sizes) {
    const appended = append(edge, entries(edge.size, edge.size + size))
    expect(appended.files.map((file) => file.path).sort()).toEqual(
      tilesWritten(edge.size, edge.size + size)
        .map(tilePath)
        .sort(),
    )
    for (const file of appended.files) files.set(file.path, file.bytes)
    edge = appended.edge
  }
  return { edge, files }
}

describe('append', () => {
  const hashes = entries(0, 3000).map(leafHash)

  it('has the root of the naive tree after every single entry up to 600', () => {
    let edge = emptyEdge
    expect(edgeRoot(edge)).toEqual(rootOfLeaves([]))
    for (let size = 1; size <= 600; size++) {
      const appended = append(edge, [entry(size - 1)])
      edge = appended.edge
      expect(appended.root).toEqual(rootOfLeaves(hashes.slice(0, size)))
    }
  })

  it('gives the same edge and tiles however the entries are batched, and tiles that prove everything', async () => {
    const batches = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(), fc.nat(), async (sizes, a, b) => {
        const { edge, files } = appendInBatches(sizes)
        const { size } = edge
        const read = (path: string): Promise<Uint8Array | null> => Promise.resolve(files.get(path) ?? null)
        expect(edge.size).toBe(sizes.reduce((sum, count) => sum + count, 0))
        if (size === 0) return
        expect(edge).toEqual(appendInBatches([size]).edge)
        expect(await edgeFromTiles(size, read)).toEqual(edge)
        const leaves = hashesInMemory(entries(0, size).map(leafHash))
        expect(await rootFromTiles(size, read)).toEqual(edgeRoot(edge))
        expect(await inclusionFromTiles(a % size, size, read)).toEqual(inclusionProof(a % size, size, leaves))
        const several = [a % size, b % size, a % size]
        expect(await inclusionsFromTiles(several, size, read)).toEqual(
          several.map((index) => inclusionProof(index, size, leaves)),
        )
        expect(await consistencyFromTiles((b % size) + 1, size, read)).toEqual(
          consistencyProof((b % size) + 1, size, leaves),
        )
      }),
      { numRuns: 25 },
    )
  })

  it('carries through three levels at 65,536 leaves', () => {
    const many = Array.from({ length: 65_537 }, (_, at) => hashes[at % 3000] ?? leafHash(entry(0)))
    const before = appendLeafHashes(emptyEdge, many.slice(0, 65_535))
    const after = appendLeafHashes(before.edge, many.slice(65_535))
    expect(after.files.map((file) => file.path)).toEqual([
      'tile/0/255',
      'tile/0/256.p/1',
      'tile/1/000',
      'tile/2/000.p/1',
    ])
    expect(after.edge.partials.map((part) => part.length)).toEqual([32, 0, 32])
    expect(after.root).toEqual(rootOfLeaves(many))
  })

  it('costs the new leaves, not the old ones: the edge stays small', () => {
    const size = 2 ** 40
    const width = (level: number): number => hashesAtLevel(size, level) % TILE_WIDTH
    const partials = Array.from({ length: levelCount(size) }, (_, level) => new Uint8Array(width(level) * 32))
    const appended = append({ size, partials, bundle: new Uint8Array(0) }, entries(0, 3))
    expect(appended.edge.size).toBe(2 ** 40 + 3)
    expect(appended.files).toHaveLength(2)
  })

  it('reads on when a partial tile is gone because the full one is there', async () => {
    const { files } = appendInBatches([300, 212])
    for (const path of files.keys()) if (path.includes('.p/')) files.delete(path)
    const read = (path: string): Promise<Uint8Array | null> => Promise.resolve(files.get(path) ?? null)
    const old = hashes.slice(0, 300)
    expect(await inclusionFromTiles(299, 300, read).catch((error: Error) => error.message)).toBe(
      'tile/1/000.p/1 is missing',
    )
    files.set('tile/1/000.p/1', appendInBatches([300]).files.get('tile/1/000.p/1') ?? new Uint8Array(0))
    expect(await inclusionFromTiles(299, 300, read)).toEqual(inclusionProof(299, 300, hashesInMemory(old)))
  })
})

describe('a stored edge', () => {
  const { edge } = appendInBatches([256 * 3 + 7])

  it('reads back', () => {
    expect(decodeEdge(encodeEdge(edge))).toEqual(edge)
    expect(decodeEdge(encodeEdge(emptyEdge))).toEqual(emptyEdge)
  })

  it('is refused when cut or of another size', () => {
    const bytes = encodeEdge(edge)
    for (const wrong of [bytes.subarray(0, 7), bytes.subarray(0, 20), bytes.subarray(0, -1), new Uint8Array(0)]) {
      expect(() => decodeEdge(wrong)).toThrow(expect.objectContaining({ code: 'bad-state' }))
    }
    expect(() => edgeRoot({ ...edge, size: edge.size + 1 })).toThrow(expect.objectContaining({ code: 'bad-state' }))
  })
})
