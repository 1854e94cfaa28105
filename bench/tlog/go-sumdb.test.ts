import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildVerifier, goVersion, runVerifier, writeClaims } from './go-sumdb.ts'
import { writeSampleLog } from './sample-log.ts'

const go = goVersion()
if (go === null)
  console.warn("SKIPPED: our logs are not read by Go's sumdb (install golang-go and golang-golang-x-mod-dev)")

describe.skipIf(go === null)("Go's own sumdb packages", () => {
  const folder = mkdtempSync(join(tmpdir(), 'go-sumdb-'))
  const log = writeSampleLog(3000)
  let written: Awaited<ReturnType<typeof writeClaims>>
  let program = ''
  beforeAll(async () => {
    program = buildVerifier(folder)
    written = await writeClaims(folder, log, { inclusion: 100, consistency: 50 })
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const run = (): ReturnType<typeof runVerifier> => runVerifier(program, written.tiles, written.claims)

  /** Runs with one file changed, then puts it back. */
  const withChanged = (path: string, change: (bytes: Buffer) => Buffer): void => {
    const before = readFileSync(path)
    writeFileSync(path, change(Buffer.from(before)))
    try {
      run()
    } finally {
      writeFileSync(path, before)
    }
  }
  const flip = (at: number) => (bytes: Buffer) => {
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return bytes
  }

  it('make the same tiles, roots, notes and proofs of 3,000 entries, and refuse every changed one', () => {
    const counts = run()
    expect(counts).toMatchObject({ entries: 3000, bundles: 12, inclusion: 100, consistency: 50, cosigned: 1 })
    expect(counts.checkpoints).toBe(log.checkpoints.length)
    expect(counts.tiles).toBeGreaterThan([...log.files.keys()].filter((path) => !path.includes('entries')).length - 1)
    expect(counts.refused).toBeGreaterThan(150)
  })

  it('say which tile is not theirs', () => {
    expect(() => withChanged(join(written.tiles, 'tile/0/003'), flip(40))).toThrow(
      'tile/0/003 is not the tile that Go makes',
    )
    expect(() => withChanged(join(written.tiles, 'tile/entries/003'), flip(40))).toThrow(
      'its root is not that of the entries',
    )
  })

  it('say which proof they would not have made', () => {
    const swap = (from: string, to: string) => (bytes: Buffer) => Buffer.from(bytes.toString().replace(from, to))
    expect(() => withChanged(written.claims, swap('"index":2999', '"index":2998'))).toThrow('inclusion of 2998 in 3000')
    expect(() => withChanged(written.claims, swap('sample.example/log\\n3000', 'sample.example/log\\n3001'))).toThrow(
      'checkpoint',
    )
  })
})
