import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesBelow, findCanaries } from './canary-search.ts'

const CANARY = 'canary 5Xb2_q9-Zt0 end'
const OTHER = 'canary nobody planted end'
/** Neighbours of the canary within what base64 spells; each shifts it by one more byte. */
const NEIGHBOURS = ['', 'a', 'ab', 'abc', 'abcd']

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'canaries-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const base64 = (text: string): Buffer => Buffer.from(Buffer.from(text).toString('base64'))
const spellings: readonly (readonly [string, (canary: string) => Buffer])[] = [
  ['plain', (canary) => Buffer.from(canary)],
  ['UTF-16', (canary) => Buffer.from(canary, 'utf16le')],
  ['hex', (canary) => Buffer.from(Buffer.from(canary).toString('hex'))],
  ['HEX', (canary) => Buffer.from(Buffer.from(canary).toString('hex').toUpperCase())],
  ...NEIGHBOURS.map(
    (before) => [`base64 behind "${before}"`, (canary: string) => base64(`${before}${canary} and more`)] as const,
  ),
]

describe.each(spellings)('a canary written as %s', (_, spell) => {
  test.each([
    ['as it is', (bytes: Buffer) => bytes],
    ['inside gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['inside gzip that was cut', (bytes: Buffer) => gzipSync(bytes).subarray(0, -8)],
    ['behind a false start of gzip', (bytes: Buffer) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), bytes])],
  ])('is found among other bytes, %s', (_name, pack) => {
    const noise = Buffer.alloc(997, 0xe7)
    writeFileSync(join(folder, 'file'), Buffer.concat([noise, pack(spell(CANARY)), noise]))
    expect(new Set(findCanaries(folder, [OTHER, CANARY]).map(({ canary }) => canary))).toEqual(new Set([CANARY]))
  })
})

test('what is not there is not found, and bytes are counted', () => {
  writeFileSync(join(folder, 'file'), 'canary 5Xb2_q9-Zt1 end')
  expect(findCanaries(folder, [CANARY])).toEqual([])
  expect(bytesBelow(folder)).toBe(22)
})
