import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '@sigillo/db/engine'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { listEvents } from '@sigillo/db/events'
import { readLogState } from '@sigillo/db/log-store'
import { migrate } from '@sigillo/db/migrations'
import { generateNoteKey, noteSigner, noteVerifier } from '@sigillo/seal/ed25519'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EventDraft } from './event-batch.ts'
import type { SignedTree } from './high-water.ts'
import { tilesOf } from './read-log.ts'
import { type Sequencer, startSequencer } from './sequencer.ts'
import { localSigner } from '../signer/local-signer.ts'

let dataDir: string
let engine: Engine
let sequencer: Sequencer
let written: SignedTree[]
const key = generateNoteKey('log.example')

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'sequencer-'))
  engine = await openEmbedded({ dataDir })
  await migrate(engine.db)
})
afterAll(async () => {
  await engine.close()
  rmSync(dataDir, { recursive: true })
})
beforeEach(async () => {
  for (const table of ['log_state', 'tiles', 'leaves', 'events', 'streams'] as const)
    await engine.db.deleteFrom(table).execute()
  written = []
  sequencer = await startSequencer({
    engine,
    signer: await localSigner([noteSigner(key.secret)], {
      read: () => Promise.resolve(written.at(-1) ?? null),
      write: (tree) => Promise.resolve(void written.push(tree)),
    }),
    clock: () => new Date('2026-01-02T03:04:05Z'),
    random: (length) => randomBytes(length),
    floor: () => null,
    onSigned: () => undefined,
    onFailure: () => undefined,
  })
})

const draft = (subject: string): EventDraft => ({
  type: 'leak.reported',
  stream: 'case:c',
  subject,
  actor: { id: 'vendor', kind: 'staff' },
  data: {},
})

async function checkWhole(size: number): Promise<void> {
  const state = await readLogState(engine.db)
  const reader = { checkpoint: () => Promise.resolve(utf8(state?.checkpoint ?? '')), tile: tilesOf(engine.db) }
  expect(await fsck(reader, [noteVerifier(key.vkey)])).toMatchObject({ ok: true, size })
}

describe('the sequencer', () => {
  test('signs the empty tree first, and remembers every tree before it tells of it', async () => {
    await checkWhole(0)
    const { signed } = await sequencer.run((_, log) => log([draft('a')]))
    expect(signed.size).toBe(1)
    expect(written.map((tree) => tree.size)).toEqual([0, 1])
  })

  test('commits those who wait together, under one checkpoint', async () => {
    const done = await Promise.all(
      Array.from({ length: 40 }, (_, i) => sequencer.run((_tx, log) => log([draft(String(i))]))),
    )
    expect(done.flatMap(({ value }) => value.map((place) => place.index))).toEqual(
      Array.from({ length: 40 }, (_, i) => i),
    )
    expect(written.length).toBeLessThan(10)
    await checkWhole(40)
  })

  test('undoes a work that fails after it logged, and nothing of its neighbours', async () => {
    const failure = new Error('changed my mind')
    const outcomes = await Promise.allSettled(
      Array.from({ length: 9 }, (_, i) =>
        sequencer.run(async (tx, log) => {
          const [place] = await log([draft(String(i)), draft(`${String(i)}b`)])
          if (i % 3 === 1) await tx.deleteFrom('events').execute()
          if (i % 3 === 1) throw failure
          return place?.index
        }),
      ),
    )
    for (const [i, outcome] of outcomes.entries()) {
      expect(outcome).toMatchObject(i % 3 === 1 ? { status: 'rejected', reason: failure } : { status: 'fulfilled' })
    }
    const events = await listEvents(engine.db, { after: -1, limit: 100 })
    expect(events.map((event) => event.subject)).toEqual([
      '0',
      '0b',
      '2',
      '2b',
      '3',
      '3b',
      '5',
      '5b',
      '6',
      '6b',
      '8',
      '8b',
    ])
    expect(events.map((event) => event.n)).toEqual(events.map((_, n) => n))
    await checkWhole(12)
  })

  test('survives a statement that fails inside a work', async () => {
    const leaf = { idx: -1, leaf: new Uint8Array(1) }
    const failing = sequencer.run((tx) => tx.insertInto('leaves').values([leaf, leaf]).execute())
    const fine = sequencer.run((_, log) => log([draft('a')]))
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    expect((await fine).value).toMatchObject([{ index: 0 }])
    await checkWhole(1)
  })

  test('commits as many events at once as may wait', { timeout: 30_000 }, async () => {
    const hundred = Array.from({ length: 100 }, (_, i) => draft(String(i)))
    await Promise.all(Array.from({ length: 128 }, () => sequencer.append(hundred)))
    await checkWhole(12_800)
  })

  test('grows over the edge of a tile', async () => {
    for (const count of [250, 5, 1, 1, 300]) {
      await sequencer.run((_, log) => log(Array.from({ length: count }, (_value, i) => draft(String(i)))))
    }
    await checkWhole(557)
    const read = tilesOf(engine.db)
    const lengths = await Promise.all(['tile/0/000', 'tile/0/000.p/255', 'tile/1/000.p/2', 'tile/0/002.p/45'].map(read))
    expect(lengths.map((tile) => tile?.length)).toEqual([8192, 8160, 64, 1440])
  })

  test('takes nothing any more once it is closed, and finishes what it took', async () => {
    const last = sequencer.run((_, log) => log([draft('last')]))
    await sequencer.close()
    expect((await last).signed.size).toBe(1)
    await expect(sequencer.run((_, log) => log([draft('late')]))).rejects.toMatchObject({ code: 'log-unavailable' })
  })
})
