import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as fc from 'fast-check'
import { extract } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { type ArchiveFile, packArchive, readArchive } from './archive.ts'
import { SealError } from './errors.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

const sample: readonly ArchiveFile[] = [
  { path: 'poc.py', bytes: text('print("hello")\n') },
  { path: 'rules/posta.yml', bytes: text('title: x\n') },
  { path: 'empty', bytes: text('') },
  { path: 'block.bin', bytes: new Uint8Array(512).fill(7) },
  { path: `${'long-folder-name/'.repeat(8)}and a file name that is long.txt`, bytes: text('long') },
  { path: 'guidance/überblick.md', bytes: text('# Ü\n') },
]

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof SealError) return error.code
    throw error
  }
  return 'accepted'
}

function messageOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof SealError) return error.message
    throw error
  }
  return 'accepted'
}

function inFolder<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sigillo-archive-'))
  try {
    return action(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('a canonical archive against other tools', () => {
  it('is byte for byte what GNU tar writes for the same files', () => {
    inFolder((folder) => {
      for (const file of sample) {
        mkdirSync(dirname(join(folder, file.path)), { recursive: true })
        writeFileSync(join(folder, file.path), file.bytes)
      }
      const names = readArchive(packArchive(sample)).map((file) => file.path)
      const flags = [
        '--format=ustar',
        '--mtime=@0',
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        '--mode=0644',
        '-b',
        '1',
      ]
      const theirs = execFileSync('tar', [...flags, '-cf', '-', '-C', folder, ...names])
      expect(Buffer.compare(theirs, packArchive(sample))).toBe(0)
    })
  })

  it('lists and extracts with GNU tar', () => {
    inFolder((folder) => {
      writeFileSync(join(folder, 'a.tar'), packArchive(sample))
      execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder })
      for (const file of sample) expect(readFileSync(join(folder, file.path))).toEqual(Buffer.from(file.bytes))
    })
  })

  it('reads with tar-stream', async () => {
    const found = new Map<string, string>()
    const reader = extract()
    reader.end(packArchive(sample))
    for await (const entry of reader) {
      const parts: Uint8Array[] = []
      for await (const part of entry) {
        if (part instanceof Uint8Array) parts.push(part)
      }
      found.set(entry.header.name, Buffer.concat(parts).toString('hex'))
    }
    expect(found).toEqual(new Map(sample.map((file) => [file.path, Buffer.from(file.bytes).toString('hex')])))
  })
})

const segment = fc
  .stringMatching(/^[a-zA-Z0-9_äλ-]{1,12}$/)
  .filter((value) => codeOf(() => packArchive([{ path: value, bytes: text('') }])) === 'accepted')
const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
const files = fc
  .uniqueArray(fc.record({ path, bytes: fc.uint8Array({ maxLength: 1100 }) }), {
    selector: (file) => file.path.toLowerCase(),
    maxLength: 8,
  })
  .filter((list) => codeOf(() => packArchive(list)) === 'accepted')

describe('packing and reading', () => {
  it('returns the files, sorted, and packs them to the same bytes in any order', () => {
    fc.assert(
      fc.property(files, (list) => {
        const packed = packArchive(list)
        const read = readArchive(packed)
        expect(new Map(read.map((file) => [file.path, [...file.bytes]]))).toEqual(
          new Map(list.map((file) => [file.path, [...file.bytes]])),
        )
        expect(packArchive(read)).toEqual(packed)
        expect(packArchive(list.toReversed())).toEqual(packed)
      }),
    )
  })

  it('notices every changed byte: an error, or other files that pack to exactly the changed bytes', () => {
    const packed = packArchive(sample)
    for (let at = 0; at < packed.length; at++) {
      const changed = packed.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      const outcome = codeOf(() => readArchive(changed))
      if (outcome === 'accepted') expect(Buffer.compare(packArchive(readArchive(changed)), changed)).toBe(0)
    }
  })

  it('calls every shorter prefix truncated and refuses every appended byte', () => {
    const packed = packArchive(sample)
    for (let length = 0; length < packed.length; length += 37) {
      expect(codeOf(() => readArchive(packed.subarray(0, length)))).toBe('truncated')
    }
    expect(messageOf(() => readArchive(Buffer.concat([packed, Buffer.of(0)])))).toBe(
      '1 bytes follow the end of the archive',
    )
  })

  it('survives noise without an error of another kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (noise) => {
        expect(codeOf(() => readArchive(noise))).not.toBe('accepted')
      }),
    )
  })
})

const at = (p: string): ArchiveFile => ({ path: p, bytes: text('') })

/** What the reader says about an archive of one file whose byte `offset` was overwritten. */
function change(offset: number, byte: number): string {
  const packed = packArchive([{ path: 'x', bytes: text('1') }])
  packed[offset] = byte
  return messageOf(() => readArchive(packed))
}

describe('what an archive may not hold', () => {
  it.each([
    ['/etc/passwd', 'is absolute'],
    ['../x', 'has a ".." segment'],
    ['a/../../x', 'has a ".." segment'],
    ['a//b', 'has an empty segment'],
    ['a/', 'has an empty segment'],
    ['./a', 'has a "." segment'],
    ['a\\b', 'has a backslash or colon'],
    ['C:evil', 'has a backslash or colon'],
    ['a\u202egnp.exe', 'has a control or invisible formatting character'],
    ['a\nb', 'has a control or invisible formatting character'],
    ['u\u0308', 'is not NFC-normalised Unicode'],
    ['\ud800', 'is not NFC-normalised Unicode'],
    ['aux.txt', 'has a segment that is a device name on Windows: aux.txt'],
    ['dot./x', 'has a segment that ends in a dot or space'],
    ['', 'is empty'],
  ])('refuses the path %j', (bad, reason) => {
    expect(messageOf(() => packArchive([{ path: bad, bytes: text('') }]))).toContain(reason)
  })

  it('refuses duplicates and a file that is also a folder', () => {
    expect(codeOf(() => packArchive([at('a'), at('a')]))).toBe('bad-path')
    expect(messageOf(() => packArchive([at('a/b'), at('a'), at('a-b')]))).toContain('is both a file and a folder')
  })

  it('names the member and the header field of links, owners, times and modes that others write', () => {
    expect(change(156, 0x32)).toContain('only regular files are allowed')
    expect(change(105, 0x37)).toBe('member 1 ("x"): header field mode is not canonical')
    expect(change(146, 0x31)).toBe('member 1 ("x"): header field mtime is not canonical')
    expect(change(265, 0x61)).toBe('member 1 ("x"): header field user name is not canonical')
    expect(change(513, 1)).toBe('x: the padding after it is not zero')
  })

  it('stops at its limits before reading on', () => {
    const packed = packArchive(sample)
    const limits = { files: 100, fileBytes: 1000, totalBytes: 100_000 }
    expect(codeOf(() => readArchive(packed, limits))).toBe('accepted')
    expect(codeOf(() => readArchive(packed, { ...limits, files: 2 }))).toBe('too-large')
    expect(codeOf(() => readArchive(packed, { ...limits, fileBytes: 100 }))).toBe('too-large')
    expect(codeOf(() => readArchive(packed, { ...limits, totalBytes: 1000 }))).toBe('too-large')
  })
})
