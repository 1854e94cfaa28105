import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import * as vectors from 'cctv-age'
import { describe, expect, it } from 'vitest'
import { decryptAge } from './age-file.ts'
import { SealError } from './errors.ts'

interface AgeVector {
  readonly name: string
  readonly expect: string
  readonly payload: string | undefined
  readonly identities: readonly string[]
  readonly passphrases: readonly string[]
  readonly file: Uint8Array
}

/** Parses a vector as the README of C2SP/CCTV age describes: header lines, an empty line, the file. */
function parseVector(name: string, bytes: Uint8Array): AgeVector {
  const buffer = Buffer.from(bytes)
  const end = buffer.indexOf('\n\n')
  const fields = buffer
    .toString('utf8', 0, end)
    .split('\n')
    .map((line): [string, string] => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)]
    })
  const all = (key: string): string[] => fields.filter(([name]) => name === key).map(([, value]) => value)
  const body = buffer.subarray(end + 2)
  return {
    name,
    expect: all('expect')[0] ?? '',
    payload: all('payload')[0],
    identities: all('identity'),
    passphrases: all('passphrase'),
    file: all('compressed')[0] === 'zlib' ? inflateSync(body) : body,
  }
}

async function outcome(vector: AgeVector): Promise<{ code: string; payload?: string }> {
  try {
    const plaintext = await decryptAge(vector.file, vector)
    return { code: 'success', payload: createHash('sha256').update(plaintext).digest('hex') }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { code: error.code }
  }
}

const expectedCodes: Readonly<Record<string, readonly string[]>> = {
  success: ['success'],
  'no match': ['wrong-identity', 'wrong-passphrase'],
  'HMAC failure': ['bad-age-file'],
  'header failure': ['bad-age-file'],
  'armor failure': ['bad-age-file'],
  'payload failure': ['bad-age-file'],
}

const all = Object.entries(vectors).map(([name, bytes]) => parseVector(name, bytes))

describe('the open path against the C2SP age vectors', () => {
  it('has all 143 of them, of every kind', () => {
    expect(all.length).toBe(143)
    expect(new Set(all.map((vector) => vector.expect))).toEqual(new Set(Object.keys(expectedCodes)))
  })

  it.each(all)('$name: $expect', async (vector) => {
    const { code, payload } = await outcome(vector)
    expect(expectedCodes[vector.expect]).toContain(code)
    if (code === 'success') expect(payload).toBe(vector.payload)
  })
})

describe('hostile age files', () => {
  it.each([
    ['empty', ''],
    ['text', 'hello'],
    ['a header that never ends', `age-encryption.org/v1\n${'-> X25519 AAAA\nAAAA\n'.repeat(40_000)}`],
    ['a header cut short', 'age-encryption.org/v1\n-> X25519 '],
  ])('refuses %s', async (_name, content) => {
    const key = all[0]?.identities ?? []
    await expect(decryptAge(new TextEncoder().encode(content), { identities: key })).rejects.toMatchObject({
      code: 'bad-age-file',
    })
  })

  it('names a malformed identity without quoting it', async () => {
    const file = all.find((vector) => vector.expect === 'success')?.file ?? new Uint8Array()
    const attempt = decryptAge(file, { identities: ['AGE-SECRET-KEY-1NOTAKEY'] })
    await expect(attempt).rejects.toMatchObject({ code: 'bad-key' })
    await expect(attempt).rejects.not.toThrow('NOTAKEY')
  })
})
