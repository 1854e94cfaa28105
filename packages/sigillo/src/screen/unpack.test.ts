import { randomBytes } from 'node:crypto'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { packArchive } from '@sigillo/seal/archive'
import { describe, expect, test } from 'vitest'
import { type Input, INPUT_LIMITS } from './sample.ts'
import { unpack } from './unpack.ts'

const LIMITS = {
  ...INPUT_LIMITS,
  members: 5,
  fileBytes: 1 << 20,
  unpackedBytes: 3 << 20,
  ratio: 50,
  ratioFrom: 64 << 10,
  depth: 2,
}
const text = (value: string): Uint8Array => Buffer.from(value)
const tar = (...files: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
  packArchive(files.map(([path, bytes]) => ({ path, bytes })))

async function inputsOf(bytes: Uint8Array, id = 'a'): Promise<Input[]> {
  return Array.fromAsync(unpack(id, bytes, LIMITS))
}

/** What came out: ids of samples, and the refusal. */
async function summary(bytes: Uint8Array, id = 'a'): Promise<readonly string[]> {
  return (await inputsOf(bytes, id)).map((input) => ('refused' in input ? input.refused : input.id))
}

/** A zip of stored or deflated members, written by hand so that its headers can lie. */
function zip(members: readonly { name: string; data: Uint8Array; size?: number; flags?: number }[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, data, size = data.length, flags = 0 } of members) {
    const packed = deflateRawSync(data)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(size, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, tail, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(members.length, 4)
  end.writeUInt16LE(members.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end])
}

describe('archives are opened', () => {
  test('plain bytes stay one sample', async () => {
    expect(await inputsOf(text('x = 1'), 'a.py')).toEqual([{ id: 'a.py', name: 'a.py', bytes: text('x = 1') }])
  })
  test('tar, gzip and zip, one in another', async () => {
    const inner = tar(['poc/x.py', text('x')], ['readme', text('y')])
    expect(await summary(inner, 'a.tar')).toEqual(['a.tar!poc/x.py', 'a.tar!readme'])
    expect(await summary(gzipSync(inner), 'a.tgz')).toEqual(['a.tar!poc/x.py', 'a.tar!readme'])
    expect(await summary(gzipSync('only text'), 'x.py.gz')).toEqual(['x.py'])
    expect(await summary(zip([{ name: 'b.tar', data: inner }]), 'a.zip')).toEqual([
      'a.zip!b.tar!poc/x.py',
      'a.zip!b.tar!readme',
    ])
  })
  test('names that climb out of the archive are names only', async () => {
    expect(await summary(zip([{ name: '../../x', data: text('x') }]), 'a.zip')).not.toEqual([])
  })
})

describe('hostile archives are refused in one line, and what was read before counts', () => {
  test('a bomb: a file that unpacks to many times its size', async () => {
    const [, refused] = await summary(gzipSync(Buffer.alloc(900_000)))
    expect(refused).toBe('archive refused: a file in it unpacks to more than 50 times its size')
  })
  test('too large a file, too much in all, too many files, too deep', async () => {
    const noise = (size: number): Uint8Array => randomBytes(size)
    expect((await summary(gzipSync(noise(2 << 20)))).at(-1)).toMatch(/larger than 1 MiB/)
    const big = zip([0, 1, 2, 3].map((at) => ({ name: `${at}`, data: noise(900_000) })))
    expect(await summary(big)).toEqual(['a!0', 'a!1', 'a!2', expect.stringMatching(/more than 3 MiB/)])
    const many = tar(...Array.from({ length: 6 }, (_, at) => [`f${at}`, text('x')] as const))
    expect((await summary(many)).slice(-2)).toEqual(['a!f4', expect.stringMatching(/more than 5 files/)])
    const deep = gzipSync(gzipSync(gzipSync('x')))
    expect((await summary(deep)).at(-1)).toMatch(/more than 2 deep/)
  })
  test('sizes that lie, an encrypted member, a cut archive, a broken header', async () => {
    expect((await summary(zip([{ name: 'x', data: text('xxxx'), size: 2 }]))).at(-1)).toMatch(
      /^archive refused: it is broken/,
    )
    expect((await summary(zip([{ name: 'x', data: text('xxxx'), flags: 1 }]))).at(-1)).toMatch(/encrypted/)
    expect((await summary(gzipSync(randomBytes(4000)).subarray(0, 2000))).at(-1)).toMatch(/^archive refused/)
    expect((await summary(tar(['x', text('x'.repeat(2000))]).subarray(0, 1500))).at(-1)).toMatch(/ends inside/)
  })
  test('what only begins like an archive is screened as the bytes it is', async () => {
    const bytes = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.from('import os  # no archive')])
    expect(await summary(bytes, 'x.py')).toEqual(['x.py', expect.stringMatching(/^archive refused/)])
  })
  test('random bytes behind every signature', async () => {
    for (const head of ['PK\u0003\u0004', 'PK\u0005\u0006', '\u001f\u008b\b\u0000']) {
      for (let round = 0; round < 50; round += 1) {
        const bytes = Buffer.concat([Buffer.from(head, 'latin1'), randomBytes(round * 7)])
        for (const said of await summary(bytes)) expect(said).not.toContain('\n')
      }
    }
  })
})
