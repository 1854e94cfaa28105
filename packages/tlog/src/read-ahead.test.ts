import { describe, expect, it } from 'vitest'
import { pathsFromTheRoot, readAhead } from './read-ahead.ts'

const bytesOf = (path: string): Uint8Array => new TextEncoder().encode(path)

describe('the order from the root', () => {
  it('is the right edge, then each tile before what is under it', () => {
    expect([...pathsFromTheRoot(600)]).toEqual([
      'tile/0/002.p/88',
      'tile/1/000.p/2',
      'tile/0/000',
      'tile/entries/000',
      'tile/0/001',
      'tile/entries/001',
      'tile/entries/002.p/88',
    ])
    expect([...pathsFromTheRoot(0)]).toEqual([])
  })
})

describe('reading ahead', () => {
  it('asks for no more than it may, each path once, and gives every tile to who asked', async () => {
    const order = Array.from({ length: 20 }, (_, at) => `tile/0/${String(at)}`)
    const asked: string[] = []
    const waiting = new Set<string>()
    let most = 0
    const read = readAhead(
      async (path) => {
        asked.push(path)
        waiting.add(path)
        most = Math.max(most, waiting.size)
        await new Promise((resolve) => setTimeout(resolve, 1))
        waiting.delete(path)
        return bytesOf(path)
      },
      order,
      4,
    )
    for (const path of order) expect(await read(path)).toEqual(bytesOf(path))
    expect(asked).toEqual(order)
    // Four ahead of the one that is waited for.
    expect(most).toBe(5)
  })

  it('reads what is asked for out of turn, and lets only that fail which failed', async () => {
    const broken = new Error('gone')
    const read = readAhead(
      (path) => (path === 'b' ? Promise.reject(broken) : Promise.resolve(bytesOf(path))),
      ['a', 'b', 'c'],
      3,
    )
    expect(await read('z')).toEqual(bytesOf('z'))
    expect(await read('c')).toEqual(bytesOf('c'))
    await expect(read('b')).rejects.toBe(broken)
    expect(await read('a')).toEqual(bytesOf('a'))
  })
})
