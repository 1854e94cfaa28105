import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cosignersOf, listCosigned, putCosignature } from './cosignatures.ts'
import type { Engine } from './engine.ts'
import { openEmbedded } from './engine-embedded.ts'
import { openServer } from './engine-server.ts'
import { migrate } from './migrations.ts'

let root: string
let postgres: TemporaryPostgres | null
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'cosignatures-'))
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres?.stop()
  rmSync(root, { recursive: true, force: true })
})

const kinds: [Engine['kind'], () => Promise<Engine | null>][] = [
  ['embedded', () => openEmbedded({ dataDir: root })],
  ['server', async () => (postgres === null ? null : openServer({ url: await postgres.createDatabase() }))],
]

describe.each(kinds)('cosignatures on the %s engine', (_, open) => {
  test('are kept once for each key and tree, and come back largest tree first, oldest line first', async ({ skip }) => {
    const engine = await open()
    if (engine === null) {
      skip('no PostgreSQL server')
      return
    }
    await migrate(engine.db)
    const tree = (size: number) => ({ size, root: new Uint8Array(32).fill(size), checkpoint: `tree ${size}` })
    const line = (key: string, text: string, second: number) => ({ key, line: text, at: new Date(second * 1000) })
    await putCosignature(engine.db, tree(3), line('b', 'late b', 20))
    await putCosignature(engine.db, tree(3), line('a', 'early a', 10))
    await putCosignature(engine.db, tree(3), line('a', 'another a', 30))
    await putCosignature(engine.db, tree(9), line('a', 'nine', 40))
    const found = await listCosigned(engine.db, { atLeast: 0, limit: 10 })
    expect(found.map(({ size, lines }) => ({ size, lines }))).toEqual([
      { size: 9, lines: ['nine'] },
      { size: 3, lines: ['early a', 'late b'] },
    ])
    expect(found[0]).toMatchObject({ checkpoint: 'tree 9', root: Buffer.alloc(32, 9) })
    expect(await listCosigned(engine.db, { atLeast: 4, limit: 10 })).toHaveLength(1)
    expect(await listCosigned(engine.db, { atLeast: 0, limit: 1 })).toMatchObject([{ size: 9 }])
    expect(await listCosigned(engine.db, { atLeast: 10, limit: 1 })).toEqual([])
    expect([...(await cosignersOf(engine.db, 3))].sort()).toEqual(['a', 'b'])
    await engine.close()
  })
})
