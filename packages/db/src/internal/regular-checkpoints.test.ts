import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Engine } from '../engine.ts'
import { openEmbedded } from '../engine-embedded.ts'
import { startRegularCheckpoints, walSinceCheckpoint } from './regular-checkpoints.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'checkpoints-'))
let engine: Engine
beforeAll(async () => {
  engine = await openEmbedded({ dataDir, checkpointEveryMs: 3_600_000 })
  await sql`create table filled (body text)`.execute(engine.db)
})
afterAll(async () => {
  await engine.close()
  rmSync(dataDir, { recursive: true })
})

const MIB = 1024 * 1024
/** Writes that no compression makes small. */
const write = async (mib: number): Promise<void> => {
  for (let i = 0; i < mib; i++)
    await sql`
      insert into filled select string_agg(sha512(random()::text::bytea)::text, '') from generate_series(1, ${(MIB / 130) | 0})
    `.execute(engine.db)
}

test('the embedded engine by itself never cuts the WAL short, a regular checkpoint does', async () => {
  await write(30)
  expect(await walSinceCheckpoint(engine.db)).toBeGreaterThan(16 * MIB)
  const stop = startRegularCheckpoints(engine.db, 10)
  await vi.waitFor(async () => expect(await walSinceCheckpoint(engine.db)).toBeLessThan(MIB), { timeout: 10_000 })
  await stop()
})

test('a little WAL is not worth one', async () => {
  await write(3)
  const before = await walSinceCheckpoint(engine.db)
  const stop = startRegularCheckpoints(engine.db, 10)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await stop()
  expect(await walSinceCheckpoint(engine.db)).toBeGreaterThanOrEqual(before)
})
