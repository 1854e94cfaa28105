import { fsck } from '@sigillo/tlog/fsck'
import { describe, expect, it } from 'vitest'
import { logVerifier, readerOf, writeSampleLog } from '../sample-log.ts'
import { ALL_EDITS, runEdit } from './run.ts'
import { keptOf } from './signed-anew.ts'

const log = writeSampleLog(1000)

describe('fsck of a falsified log', () => {
  it('is made on a log that is whole, with everything that is stored', async () => {
    const reader = readerOf(log.files, keptOf(log)[0] ?? new Uint8Array(0))
    const kept = log.checkpoints.map(({ note }) => note)
    expect(await fsck(reader, [logVerifier], { kept })).toMatchObject({ ok: true, size: 1000 })
  })

  it('knows more than 40 kinds of edits, all different', () => {
    expect(ALL_EDITS.length).toBeGreaterThan(40)
    expect(new Set(ALL_EDITS.map(({ of, edit }) => `${of} ${edit.what}`)).size).toBe(ALL_EDITS.length)
  })

  it.each(ALL_EDITS.map((one) => [`${one.of}: ${one.edit.what}`, one] as const))('finds %s', async (_, one) => {
    const row = await runEdit(log, one)
    expect(row).toMatchObject({ found: true, path: row.expected })
    expect(row.reason).toMatch(/^[^\n]+$/)
    if (one.by === 'log key') expect(row.proven).toBe(one.edit.proven)
  })
})
