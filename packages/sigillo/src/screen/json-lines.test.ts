import { describe, expect, test } from 'vitest'
import { readJsonLines } from './json-lines.ts'

async function read(chunks: readonly string[], limit?: number): Promise<readonly string[]> {
  const inputs = await Array.fromAsync(readJsonLines(feed(chunks), limit))
  return inputs.map((input) =>
    'refused' in input ? `${input.id}: ${input.refused}` : `${input.id}=${Buffer.from(input.bytes).toString()}`,
  )
}

async function* feed(chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

describe('samples as JSON lines', () => {
  test('text or base64, over any chunks, the last line with or without its end', async () => {
    const lines = '{"id":"a","text":"é"}\n\n{"base64":"eA=="}\n{"id":"c","text":""}'
    const expected = ['a=é', 'line 3=x', 'c=']
    expect(await read([lines])).toEqual(expected)
    expect(await read(lines.split(''))).toEqual(expected)
  })
  test('a line that is no sample is refused and the feed goes on', async () => {
    expect(await read(['nonsense\n{"id":"a"}\n{"id":"b","base64":"???"}\n[1]\n{"id":"c","text":"ok"}\n'])).toEqual([
      expect.stringMatching(/^line 1: it is not a sample/),
      expect.stringMatching(/^a: it needs either/),
      expect.stringMatching(/^line 3: it is not a sample/),
      expect.stringMatching(/^line 4: it is not a sample/),
      'c=ok',
    ])
  })
  test('a line without end costs no memory', async () => {
    const piece = 'x'.repeat(1000)
    async function* endless(): AsyncGenerator<string> {
      for (let round = 0; round < 5000; round += 1) yield piece
      yield '\n{"id":"a","text":"still here"}\n'
    }
    const inputs = await Array.fromAsync(readJsonLines(endless(), 10_000))
    expect(inputs).toEqual([
      { id: 'line 1', refused: 'the line is longer than 10000 bytes' },
      { id: 'a', name: 'a', bytes: Buffer.from('still here') },
    ])
  })
})
