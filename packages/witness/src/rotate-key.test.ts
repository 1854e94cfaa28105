import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateNoteKey, verifyEd25519 } from '@sigillo/seal/ed25519'
import { readIntroduction } from '@sigillo/seal/key-introduction'
import { utf8 } from '@sigillo/tlog/encoding'
import { addSignatures, parseSignatureLine } from '@sigillo/tlog/note'
import { parsePolicy } from '@sigillo/tlog/policy'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import { verifyWitnessed } from '@sigillo/tlog/witnessed'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { retireWitnessKey, rotateWitnessKey } from './rotate-key.ts'
import { startWitness, type Witness } from './start-witness.ts'
import { history, logKey, post, submission } from './two-histories.fixture.ts'
import { initWitness, KEY_FILE, LOGS_FILE } from './witness-folder.ts'

let dir: string
let oldKey: string
let witness: Witness | null
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'witness-'))
  oldKey = await initWitness(dir, { name: 'witness.example/w1', logs: [logKey.vkey] })
  witness = null
})
afterEach(async () => {
  await witness?.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** Starts the witness anew and has it cosign the tree of `size` leaves; the checkpoint with what it answered. */
async function cosigned(size: number, oldSize: number): Promise<Uint8Array> {
  await witness?.stop()
  witness = await startWitness({ dir })
  const { status, text } = await post(witness.url, await submission(history('a', 0, size), oldSize))
  expect(status).toBe(200)
  const lines = text.split('\n').filter((line) => line !== '')
  return addSignatures(await history('a', 0, size).checkpoint(), lines.map(parseSignatureLine))
}

/** Judges a checkpoint by a policy that asks for one organisation with these keys of its witness. */
function judged(note: Uint8Array, keys: readonly string[], quorum = 1) {
  const witnesses = keys.map((key, at) => `witness w${String(at)} ${key}\n`).join('')
  const group = `group cert any ${keys.map((_, at) => `w${String(at)}`).join(' ')}\n`
  const policy = `log ${logKey.vkey}\n${witnesses}${group}group organisations ${String(quorum)} cert\nquorum organisations\n`
  return verifyWitnessed(note, parsePolicy(utf8(policy)), verifyEd25519)
}

describe('a witness whose key is replaced', () => {
  test('cosigns with both, so that whoever knows one of them goes on', async () => {
    const { newKey, introduction } = await rotateWitnessKey(dir)
    expect(readIntroduction(utf8(introduction))).toEqual({ kind: 'witness', oldKey, newKey })
    const note = await cosigned(7, 0)
    expect(witness?.vkeys).toEqual([oldKey, newKey])
    for (const keys of [[oldKey], [newKey], [oldKey, newKey]])
      expect(judged(note, keys)).toMatchObject({ ok: true, witnessed: true, organisations: ['cert'] })
  })

  test('reads the new key, and new logs, without a restart, and goes on from the tree that it cosigned last', async () => {
    await cosigned(7, 0)
    const running = witness
    const { newKey } = await rotateWitnessKey(dir)
    await running?.reload()
    expect(running?.vkeys).toEqual([oldKey, newKey])
    const send = async (size: number, from: number) =>
      await post(running?.url ?? '', await submission(history('a', 0, size), from))
    expect((await send(8, 0)).status).toBe(409)
    expect((await send(8, 7)).text.trim().split('\n')).toHaveLength(2)
    writeFileSync(join(dir, LOGS_FILE), '')
    await running?.reload()
    expect((await send(9, 8)).status).toBe(404)
  })

  test.each([
    ['its list of logs is bad', LOGS_FILE, 'log nonsense\n', 'bad-options'],
    ['its key is damaged', KEY_FILE, 'nonsense\n', 'bad-key-file'],
    [
      'its key is another',
      KEY_FILE,
      `${generateNoteKey('witness.example/w1', undefined, ED25519_COSIGNATURE).secret}\n`,
      'bad-key-file',
    ],
  ])('keeps what it has when %s', async (_, file, content, code) => {
    await cosigned(7, 0)
    writeFileSync(join(dir, file), content)
    await expect(witness?.reload()).rejects.toMatchObject({ code, message: expect.stringMatching(/^[^\n]+$/) })
    expect(witness?.vkeys).toEqual([oldKey])
    expect((await post(witness?.url ?? '', await submission(history('a', 0, 8), 7))).status).toBe(200)
  })

  test('goes on under the new key alone from the tree that it cosigned last', async () => {
    await cosigned(7, 0)
    const { newKey } = await rotateWitnessKey(dir)
    const between = await cosigned(8, 7)
    await witness?.stop()
    witness = null
    expect(await retireWitnessKey(dir, oldKey)).toEqual({ newKey })
    const after = await cosigned(9, 8)
    expect(witness).toMatchObject({ vkeys: [newKey] })
    expect(judged(after, [newKey]).ok).toBe(true)
    expect(judged(after, [oldKey])).toMatchObject({ ok: false, reason: expect.stringContaining('quorum') })
    // One policy for what was cosigned before, between and after.
    for (const note of [between, after]) expect(judged(note, [oldKey, newKey]).ok).toBe(true)
  })

  test('gets one new key however often it is asked', async () => {
    expect(await rotateWitnessKey(dir)).toEqual(await rotateWitnessKey(dir))
  })

  test('keeps the old key until the new one has cosigned, and from who names another', async () => {
    await cosigned(7, 0)
    await witness?.stop()
    witness = null
    await expect(retireWitnessKey(dir, oldKey)).rejects.toMatchObject({ code: 'bad-options' })
    const { newKey } = await rotateWitnessKey(dir)
    await expect(retireWitnessKey(dir, newKey)).rejects.toMatchObject({ code: 'bad-options' })
    await expect(retireWitnessKey(dir, oldKey)).rejects.toThrow(/has not cosigned .* yet/)
    witness = await startWitness({ dir })
    await expect(retireWitnessKey(dir, oldKey)).rejects.toMatchObject({ code: 'locked' })
  })

  test('does not start with a new key that is damaged', async () => {
    writeFileSync(join(dir, 'witness.key.next'), 'garbage')
    await expect(startWitness({ dir })).rejects.toMatchObject({ code: 'bad-key-file' })
  })
})
