import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { eventWish, keyEnrolledEvent, keyRevokedEvent } from '@sigillo/api/wishes'
import { noteVerifier, verifyEd25519 } from '@sigillo/seal/ed25519'
import { readIntroduction } from '@sigillo/seal/key-introduction'
import { spawnSigner } from '@sigillo/testkit/signer-process'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'
import { formatNote, parseNote } from '@sigillo/tlog/note'
import { parsePolicy } from '@sigillo/tlog/policy'
import { verifyWitnessed } from '@sigillo/tlog/witnessed'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addPair, approved } from '../people/people.fixture.ts'
import { startTestHub, type TestHub } from '../programme.fixture.ts'
import { retireLogKey, rotateLogKey } from '../signer/rotate-key.ts'

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const event = (hub: TestHub, subject: string) =>
  hub.vendor.commit([{ type: 'leak.reported', stream: 'admin', subject, data: {} }])
/** Whether somebody whose policy lists these keys of the log accepts a checkpoint. */
const accepts = (note: string, keys: readonly string[]): boolean => {
  const policy = `${keys.map((key) => `log ${key}\n`).join('')}quorum none\n`
  return verifyWitnessed(utf8(note), parsePolicy(utf8(policy)), verifyEd25519).ok
}

describe('a hub whose log key is replaced', () => {
  let hub: TestHub
  beforeEach(async () => {
    hub = await startTestHub()
  })
  afterEach(async () => {
    await hub.stop()
    hub.remove()
  })

  test('signs with both meanwhile, then with the new one, and one policy verifies it all', async () => {
    const before = await event(hub, 'before').then(() => hub.vendor.checkpoint())
    const oldKey = hub.hub.logKey
    const { newKey, introduction } = await rotateLogKey(hub.dataDir, random)
    expect(readIntroduction(utf8(introduction))).toEqual({ kind: 'log', oldKey, newKey })

    hub = await hub.restart()
    expect(hub.hub.logKeys).toEqual([oldKey, newKey])
    // At once, without an event: the tree that stands is signed again.
    const both = await hub.vendor.checkpoint()
    expect(parseNote(utf8(both)).text).toBe(parseNote(utf8(before)).text)
    await event(hub, 'between')
    const between = await hub.vendor.checkpoint()
    for (const note of [both, between]) {
      expect([accepts(note, [oldKey]), accepts(note, [newKey]), accepts(note, [oldKey, newKey])]).toEqual([
        true,
        true,
        true,
      ])
    }

    await hub.stop()
    expect(await retireLogKey(hub.dataDir, oldKey)).toEqual({ newKey })
    hub = await hub.restart()
    expect(hub.hub.logKeys).toEqual([newKey])
    await event(hub, 'after')
    const after = await hub.vendor.checkpoint()
    expect([accepts(after, [oldKey]), accepts(after, [newKey])]).toEqual([false, true])
    for (const note of [before, both, between, after]) expect(accepts(note, [oldKey, newKey])).toBe(true)
    const reader = { checkpoint: async () => utf8(after), tile: (path: string) => hub.vendor.tile(path) }
    const keys = [oldKey, newKey].map(noteVerifier)
    expect(await fsck(reader, keys, { kept: [before, both, between].map(utf8) })).toMatchObject({ ok: true })
  })

  test('goes on when the old key is retired before anything was signed with both', async () => {
    const oldKey = hub.hub.logKey
    const { newKey } = await rotateLogKey(hub.dataDir, random)
    await hub.stop()
    await retireLogKey(hub.dataDir, oldKey)
    hub = await hub.restart()
    expect(accepts(await hub.vendor.checkpoint(), [newKey])).toBe(true)
    await event(hub, 'after')
  })

  test('is refused when the signature of a key that is known is bad, whatever the other says', async () => {
    const oldKey = hub.hub.logKey
    const { newKey } = await rotateLogKey(hub.dataDir, random)
    hub = await hub.restart()
    const { text, signatures } = parseNote(utf8(await hub.vendor.checkpoint()))
    const forged = signatures.map((one, at) =>
      at === 1 ? { ...one, signature: one.signature.with(0, (one.signature[0] ?? 0) ^ 1) } : one,
    )
    const note = formatNote({ text, signatures: forged })
    expect(openCheckpoint(note, [noteVerifier(oldKey)]).ok).toBe(true)
    expect(openCheckpoint(note, [noteVerifier(oldKey), noteVerifier(newKey)])).toMatchObject({
      ok: false,
      reason: expect.stringContaining('bad signature'),
    })
  })

  test('gets one new key however often it is asked, and loses the old one only by its name', async () => {
    const made = await rotateLogKey(hub.dataDir, random)
    expect(await rotateLogKey(hub.dataDir, random)).toEqual(made)
    await expect(retireLogKey(hub.dataDir, made.newKey)).rejects.toMatchObject({ code: 'bad-options' })
    await retireLogKey(hub.dataDir, made.oldKey)
    await expect(retireLogKey(hub.dataDir, made.newKey)).rejects.toMatchObject({ code: 'bad-options' })
    await expect(rotateLogKey(join(hub.dataDir, 'nowhere'), random)).rejects.toMatchObject({ code: 'bad-key-file' })
  })

  test('tells of no key in its log that the old one does not introduce, nor of one of another kind', async () => {
    const rotation = await rotateLogKey(hub.dataDir, random)
    const told = keyEnrolledEvent(rotation.introduction, { kind: 'log', ...rotation })
    const other = await rotateLogKey(hub.dataDir, random)
    for (const data of [
      { ...told.data, follows: rotation.newKey },
      { ...told.data, kind: 'witness' },
      { ...told.data, introduction: other.introduction.replace('log', 'release') },
      { ...told.data, recipient: 'partner-001' },
      { recipient: 'partner-001', receiptKey: rotation.newKey },
    ]) {
      await expect(hub.vendor.commit([{ ...told, data }])).rejects.toMatchObject({ code: 'bad-request' })
    }
    await expect(hub.vendor.commit([{ ...told, stream: 'case:c' }])).rejects.toMatchObject({ code: 'bad-request' })
    await hub.vendor.commit([told])
  })

  test('tells it in its log, by two people where changes of the rules need two', async () => {
    const rotation = await rotateLogKey(hub.dataDir, random)
    const change = { kind: 'log', ...rotation } as const
    const { ann, ben } = await addPair(hub)
    await ann.approvals.setRules(['policy.change'])
    const desk = vendorClient(hub.hub.url, ann.token)
    for (const told of [keyEnrolledEvent(rotation.introduction, change), keyRevokedEvent(change)]) {
      await expect(desk.commit([told])).rejects.toMatchObject({ code: 'approval-needed' })
      await approved(ann, ben, eventWish('policy.change', told))
      const [logged] = await desk.commit([told])
      expect(JSON.parse(logged?.event ?? '')).toMatchObject({ type: told.type, stream: 'admin', subject: told.subject })
    }
  })
})

test('a signer in a process of its own replaces the key that it holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rotation-'))
  const [dir, socket] = [join(folder, 'signer'), join(folder, 'run', 'socket')]
  let signer = await spawnSigner(dir, socket)
  const renewSigner = async (): Promise<void> => {
    await signer.kill()
    signer = await spawnSigner(dir, socket)
  }
  let hub = await startTestHub({ dataDir: join(folder, 'hub'), signer: socket })
  try {
    const { oldKey, newKey } = await rotateLogKey(dir, random)
    await renewSigner()
    hub = await hub.restart()
    await event(hub, 'between')
    expect(accepts(await hub.vendor.checkpoint(), [oldKey])).toBe(true)
    await retireLogKey(dir, oldKey)
    await renewSigner()
    // The hub that runs knows the new key already.
    await event(hub, 'after')
    expect(accepts(await hub.vendor.checkpoint(), [newKey])).toBe(true)
    expect(accepts(await hub.vendor.checkpoint(), [oldKey])).toBe(false)
  } finally {
    await hub.stop()
    await signer.kill()
    rmSync(folder, { recursive: true })
  }
})
