import { describe, expect, it } from 'vitest'
import { testKey } from '../test/node-ed25519.ts'
import { signCheckpoint } from './checkpoint.ts'
import { utf8 } from './encoding.ts'
import { fsck, type FsckOptions, type LogReader } from './fsck.ts'
import { createMemoryLog } from './memory-log.ts'
import { pathsFromTheRoot } from './read-ahead.ts'
import { tilePath, tilesWritten } from './tile.ts'

const log = testKey('vendor.example/log')
const size = 256 * 3 + 100
const entries = Array.from({ length: size }, (_, at) => utf8(`entry ${at}`))
const made = createMemoryLog(log.signer)
made.append(entries.slice(0, 500))
made.append(entries.slice(500))
const paths = tilesWritten(0, size).map(tilePath)

const check = (
  changes: Record<string, Uint8Array | null>,
  options?: FsckOptions,
  checkpoint?: Uint8Array,
): ReturnType<typeof fsck> => {
  const reader: LogReader = {
    checkpoint: async () => checkpoint ?? (await made.checkpoint()),
    tile: (path) => (Object.hasOwn(changes, path) ? Promise.resolve(changes[path] ?? null) : made.tile(path)),
  }
  return fsck(reader, [log.verifier], options)
}

describe('fsck', () => {
  it('passes a whole log, reading each resource once', async () => {
    const read: string[] = []
    expect(await check({}, { progress: (path) => read.push(path) })).toEqual({
      ok: true,
      size,
      root: made.root(),
      files: paths.length,
    })
    // What is read ahead is what comes next.
    expect(read).toEqual([...pathsFromTheRoot(size)])
    expect(read.sort()).toEqual([...paths].sort())
  })

  it('passes an empty log', async () => {
    const empty = createMemoryLog(log.signer)
    expect(await fsck(empty, [log.verifier])).toMatchObject({ ok: true, size: 0, files: 0 })
  })

  it.each(paths)('names %s when one bit of it changes, when it is cut, longer, or gone', async (path) => {
    const bytes = (await made.tile(path)) ?? new Uint8Array(0)
    const flipped = bytes.slice()
    flipped[bytes.length - 5] = (flipped[bytes.length - 5] ?? 0) ^ 1
    for (const wrong of [flipped, bytes.subarray(0, -1), new Uint8Array([...bytes, 0]), new Uint8Array(0), null]) {
      expect(await check({ [path]: wrong })).toMatchObject({ ok: false, path, reason: expect.stringMatching(/^.+$/) })
    }
  })

  it('names a bundle whose entries were swapped, and a tile whose hashes were', async () => {
    const other = await made.tile('tile/entries/001')
    expect(await check({ 'tile/entries/000': other })).toMatchObject({ ok: false, path: 'tile/entries/000' })
    const tile = await made.tile('tile/0/001')
    expect(await check({ 'tile/0/000': tile, 'tile/entries/000': other })).toMatchObject({
      ok: false,
      path: 'tile/0/000',
    })
  })

  it('names the checkpoint when it is for another tree or by another key', async () => {
    const root = new Uint8Array(32)
    const other = signCheckpoint({ origin: 'vendor.example/log', size, root }, [log.signer])
    expect(await check({}, {}, other)).toMatchObject({
      ok: false,
      path: 'checkpoint',
      reason: expect.stringContaining('root'),
    })
    const foreign = testKey('foreign.example/log')
    const note = signCheckpoint({ origin: 'foreign.example/log', size, root }, [foreign.signer])
    expect(await check({}, {}, note)).toMatchObject({ ok: false, path: 'checkpoint' })
    const longer = signCheckpoint({ origin: 'vendor.example/log', size: size + 1, root: made.root() }, [log.signer])
    expect((await check({}, {}, longer)).ok).toBe(false)
  })

  it('asks about each entry', async () => {
    const asked: number[] = []
    const entry = (_: Uint8Array, index: number): string | null => {
      asked.push(index)
      return index === 300 ? 'not a leaf' : null
    }
    expect(await check({}, { entry })).toMatchObject({
      ok: false,
      path: 'tile/entries/001',
      reason: 'entry 44: not a leaf',
    })
    expect(asked).toHaveLength(301)
  })

  it("passes the reader's own failures on", async () => {
    const reader: LogReader = { checkpoint: made.checkpoint, tile: () => Promise.reject(new Error('disk')) }
    await expect(fsck(reader, [log.verifier])).rejects.toThrow('disk')
  })
})

describe('fsck of everything that is stored', () => {
  const kept500 = signCheckpoint({ origin: 'vendor.example/log', size: 500, root: rootAt(500) }, [log.signer])
  const listed = (extra: Record<string, Uint8Array>, kept: readonly Uint8Array[] = []): ReturnType<typeof fsck> => {
    const stored = [...paths, 'tile/0/001.p/244', 'tile/entries/001.p/244', ...Object.keys(extra)]
    const reader: LogReader = {
      checkpoint: made.checkpoint,
      tile: async (path) => extra[path] ?? (await made.tile(path)),
      list: () => Promise.resolve(stored),
    }
    return fsck(reader, [log.verifier], { kept })
  }

  it('passes with the narrower partial tiles of older checkpoints', async () => {
    expect(await listed({}, [kept500])).toMatchObject({ ok: true, size })
  })

  it.each([
    ['tile/0/001.p/244', new Uint8Array(244 * 32), 'beginning of tile/0/001'],
    ['tile/entries/001.p/244', utf8('x'), 'beginning of tile/entries/001'],
    ['tile/0/004', new Uint8Array(8192), `the tree of ${size} leaves does not have it`],
    ['tile/0/003.p/101', new Uint8Array(101 * 32), `the tree of ${size} leaves does not have it`],
    ['tile/2/000.p/1', new Uint8Array(32), `the tree of ${size} leaves does not have it`],
    ['tile/0/3', new Uint8Array(32), 'no resource of a log'],
  ])('names %s when it is false', async (path, bytes, reason) => {
    expect(await listed({ [path]: bytes })).toEqual({ ok: false, path, reason: expect.stringContaining(reason) })
  })

  it('says that the log was cut when a kept checkpoint is larger', async () => {
    const larger = signCheckpoint({ origin: 'vendor.example/log', size: size + 1, root: made.root() }, [log.signer])
    const answer = await listed({}, [kept500, larger])
    expect(answer).toMatchObject({ ok: false, path: 'checkpoint', reason: expect.stringContaining('it was cut') })
    expect(answer).not.toHaveProperty('fork')
  })

  it('refuses to compare with a checkpoint that is not of this log', async () => {
    const foreign = testKey('foreign.example/log')
    const note = signCheckpoint({ origin: 'foreign.example/log', size: 1, root: made.root() }, [foreign.signer])
    await expect(listed({}, [note])).rejects.toThrow(expect.objectContaining({ code: 'bad-checkpoint' }))
  })
})

function rootAt(count: number): Uint8Array {
  const older = createMemoryLog(log.signer)
  older.append(entries.slice(0, count))
  return older.root()
}
