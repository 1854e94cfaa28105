import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { openEmbedded } from './engine-embedded.ts'
import { migrate } from './migrations.ts'
import { putBlob } from './packages.ts'

const folder = mkdtempSync(join(tmpdir(), 'shred-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Files of the database that hold a text. */
function holding(text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))
}

test('the files of the embedded database lose what its rows lost, also those of the log that wait to be written over', async () => {
  const engine = await openEmbedded({ dataDir: folder })
  try {
    const { db } = engine
    await migrate(db)
    const secret = `secret ${randomBytes(16).toString('hex')} end`
    await sql`insert into streams (stream, next_n) values (${secret}, 1)`.execute(db)
    // Some files of the log later, a checkpoint keeps the one with the secret under a new name.
    for (let i = 0; i < 6; i++) await putBlob(db, randomBytes(32), randomBytes(2 ** 20))
    await sql`checkpoint`.execute(db)
    expect(holding(secret).some((path) => path.includes('pg_wal'))).toBe(true)

    await sql`delete from streams`.execute(db)
    await sql`checkpoint`.execute(db)
    expect(holding(secret)).not.toEqual([])
    await engine.shred(['streams'])
    expect(holding(secret)).toEqual([])
    expect((await sql`select count(*)::int as n from blobs`.execute(db)).rows).toEqual([{ n: 6 }])
  } finally {
    await engine.close()
  }
})
