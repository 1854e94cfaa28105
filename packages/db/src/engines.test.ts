import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt } from './attempt.ts'
import { type Engine, inTransaction } from './engine.ts'
import { openEmbedded, PGLITE_VERSION } from './engine-embedded.ts'
import { openServer } from './engine-server.ts'
import { insertEvents, listEvents, putStreams } from './events.ts'
import {
  createLogState,
  lockLog,
  putPendingTree,
  putSignedTree,
  putTiles,
  readLogState,
  readTiles,
} from './log-store.ts'
import { migrate } from './migrations.ts'
import { findPackage, getBlob, insertPackage, listPackages, putBlob } from './packages.ts'
import { insertRecipients } from './recipients.ts'
import type { Tx } from './schema.ts'

let root: string
let postgres: TemporaryPostgres | null
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'engines-'))
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres?.stop()
  rmSync(root, { recursive: true, force: true })
})

const at = new Date('2026-01-02T03:04:05.678Z')
const bytes = (fill: number, length = 32): Uint8Array => new Uint8Array(length).fill(fill)

const kinds: { kind: Engine['kind']; open: () => Promise<Engine | null> }[] = [
  { kind: 'embedded', open: () => openEmbedded({ dataDir: join(root, 'both') }) },
  {
    kind: 'server',
    open: async () => (postgres === null ? null : openServer({ url: await postgres.createDatabase() })),
  },
]

describe.each(kinds)('the $kind engine', ({ open }) => {
  let engine: Engine | null
  beforeAll(async () => {
    engine = await open()
    if (engine !== null) await migrate(engine.db)
  })
  afterAll(() => engine?.close())

  /** Runs in a transaction that is always rolled back, so that the tests do not see each other. */
  const onEngine =
    (body: (tx: Tx) => Promise<void>) =>
    async ({ skip }: { skip: (note?: string) => void }): Promise<void> => {
      if (engine === null) return skip('no PostgreSQL server')
      const undo = new Error('undo')
      await expect(inTransaction(engine, (tx) => body(tx).then(() => Promise.reject(undo)))).rejects.toBe(undo)
    }

  test('migrates once and knows it', async ({ skip }) => {
    if (engine === null) {
      skip('no PostgreSQL server')
      return
    }
    await migrate(engine.db)
    await sql`insert into kysely_migration values ('9999-from-the-future', '2030')`.execute(engine.db)
    await expect(migrate(engine.db)).rejects.toMatchObject({ code: 'migration-failed' })
    await sql`delete from kysely_migration where name like '9999%'`.execute(engine.db)
  })

  test(
    'answers commits only after they are synced',
    onEngine(async (tx) => {
      const { rows } =
        await sql`select name, setting from pg_settings where name in ('synchronous_commit') order by 1`.execute(tx)
      expect(rows).toEqual([{ name: 'synchronous_commit', setting: 'on' }])
    }),
  )

  test(
    'gives the same types: numbers for bigint, dates to the millisecond, bytes as bytes',
    onEngine(async (tx) => {
      await putStreams(tx, [{ stream: 's', key: bytes(1), next_n: 2 ** 52, head: null }])
      await insertEvents(tx, [
        {
          idx: 7,
          stream: 's',
          n: 2 ** 52,
          type: 't',
          at,
          subject: 'x',
          body: '{"ä":"\u{1F511}"}',
          salt: bytes(2),
          commitment: bytes(3),
        },
      ])
      const [event] = await listEvents(tx, { after: -1, limit: 10 })
      expect(event).toEqual({
        idx: 7,
        stream: 's',
        n: 2 ** 52,
        type: 't',
        at,
        subject: 'x',
        body: '{"ä":"\u{1F511}"}',
        salt: Buffer.from(bytes(2)),
        commitment: Buffer.from(bytes(3)),
        erased_index: null,
        erased_at: null,
      })
    }),
  )

  test(
    'refuses a second event in the same place of a stream',
    onEngine(async (tx) => {
      await putStreams(tx, [{ stream: 's', key: bytes(1), next_n: 1, head: null }])
      const event = {
        idx: 0,
        stream: 's',
        n: 0,
        type: 't',
        at,
        subject: '',
        body: null,
        salt: null,
        commitment: bytes(3),
      }
      await insertEvents(tx, [event])
      expect(await attempt(tx, () => insertEvents(tx, [{ ...event, idx: 1 }]))).toMatchObject({
        ok: false,
        error: { code: '23505' },
      })
      expect(await listEvents(tx, { after: -1, limit: 10 })).toHaveLength(1)
    }),
  )

  test(
    'replaces the state of the log only from the size that was seen',
    onEngine(async (tx) => {
      const state = { origin: 'log.example', size: 0, root: bytes(0), checkpoint: 'a', at }
      expect(await lockLog(tx)).toBeNull()
      expect(await createLogState(tx, state)).toBe(true)
      expect(await createLogState(tx, state)).toBe(false)
      const next = { size: 2, root: new Uint8Array(32).fill(2) }
      const other = { ...next, root: new Uint8Array(32).fill(3) }
      const signature = { checkpoint: 'two', at: state.at }
      expect(await putPendingTree(tx, 1, next)).toBe(false)
      expect(await putPendingTree(tx, 0, next)).toBe(true)
      expect(await putPendingTree(tx, 0, other)).toBe(false)
      expect(await lockLog(tx)).toMatchObject({ state: { size: 0 }, pending: { size: 2 } })
      expect(await readLogState(tx)).toMatchObject({ size: 0, checkpoint: state.checkpoint })
      expect(await putSignedTree(tx, { ...other, ...signature })).toBe(false)
      expect(await putSignedTree(tx, { ...next, ...signature })).toBe(true)
      expect(await putSignedTree(tx, { ...next, ...signature })).toBe(false)
      expect(await lockLog(tx)).toMatchObject({ state: { size: 2, origin: 'log.example' }, pending: null })
    }),
  )

  test(
    'keeps tiles that grow, and refuses impossible widths',
    onEngine(async (tx) => {
      await putTiles(tx, [{ level: 0, n: 0, hashes: bytes(1, 32) }])
      await putTiles(tx, [
        { level: 0, n: 0, hashes: bytes(1, 64) },
        { level: 1, n: 3, hashes: bytes(2, 8192) },
      ])
      const tiles = await readTiles(tx, [
        { level: 0, n: 0 },
        { level: 1, n: 3 },
        { level: 9, n: 9 },
      ])
      expect(tiles.map((tile) => tile.hashes.length).sort((a, b) => a - b)).toEqual([64, 8192])
      const put = (length: number) => attempt(tx, () => putTiles(tx, [{ level: 5, n: 0, hashes: bytes(0, length) }]))
      expect(await put(33)).toMatchObject({ ok: false, error: { code: '23514' } })
      expect(await put(8224)).toMatchObject({ ok: false, error: { code: '23514' } })
    }),
  )

  test(
    'shows a package to its recipient only',
    onEngine(async (tx) => {
      const recipient = {
        name: 'n',
        kind: 'partner',
        age_recipient: 'age1x',
        receipt_vkey: 'v',
        enrolled_index: 0,
        enrolled_at: at,
      }
      await insertRecipients(
        tx,
        ['partner-001', 'partner-002'].map((id) => ({ id, ...recipient })),
      )
      const content = new Uint8Array(100_000).map((_, i) => i * 7)
      await putBlob(tx, bytes(9), content)
      await putBlob(tx, bytes(9), content)
      await insertPackage(tx, {
        id: 'p1',
        recipient_id: 'partner-001',
        case_id: 'c',
        distribution: 'd',
        not_before: null,
        sha256: bytes(9),
        size: content.length,
        manifest: bytes(4, 10),
        issued_index: 3,
        issued_at: at,
        fetched_index: null,
        fetched_at: null,
      })
      expect(await findPackage(tx, 'p1', 'partner-001')).toMatchObject({
        id: 'p1',
        acknowledged_index: null,
        issued_at: at,
      })
      expect(await findPackage(tx, 'p1', 'partner-002')).toBeNull()
      expect(await listPackages(tx, { recipientId: 'partner-002', limit: 10 })).toEqual([])
      expect(await listPackages(tx, { limit: 10 })).toHaveLength(1)
      expect(new Uint8Array((await getBlob(tx, bytes(9))) ?? [])).toEqual(content)
    }),
  )
})

describe('the embedded engine on its folder', () => {
  test('is the PGlite release that cached clusters are named after', () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(manifest).toMatchObject({ dependencies: { '@electric-sql/pglite': PGLITE_VERSION } })
  })

  test('has fsync on, by the operation that reaches the disk', async () => {
    const engine = await openEmbedded({ dataDir: join(root, 'sync') })
    const { rows } =
      await sql`select name, setting from pg_settings where name in ('fsync', 'wal_sync_method') order by 1`.execute(
        engine.db,
      )
    expect(rows).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'wal_sync_method', setting: 'fsync' },
    ])
    await engine.close()
  })

  test('refuses a second engine with one clear line, and gives the folder back when closed', async () => {
    const dataDir = join(root, 'twice')
    const first = await openEmbedded({ dataDir })
    await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/^.*twice is already in use by process \d+; stop it first[^\n]*$/),
    })
    await first.close()
    await first.close()
    await (await openEmbedded({ dataDir })).close()
  })

  test('keeps what it answered when the process is killed', async () => {
    const dataDir = join(root, 'killed')
    const program = `
      import { openEmbedded } from ${JSON.stringify(new URL('./engine-embedded.ts', import.meta.url).href)}
      import { migrate } from ${JSON.stringify(new URL('./migrations.ts', import.meta.url).href)}
      import { insertLeaves } from ${JSON.stringify(new URL('./log-store.ts', import.meta.url).href)}
      const engine = await openEmbedded({ dataDir: process.argv[1] })
      await migrate(engine.db)
      for (let i = 0; ; i++) {
        await insertLeaves(engine.db, i, [new Uint8Array(86)])
        process.stdout.write(i + '\\n')
      }`
    const child = spawn(process.execPath, [
      '--conditions=@sigillo/source',
      '--input-type=module',
      '-e',
      program,
      dataDir,
    ])
    let output = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => reject(new Error(chunk.toString())))
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.split('\n').length > 100) resolve()
      })
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n').length
    const engine = await openEmbedded({ dataDir })
    const { count } = await engine.db
      .selectFrom('leaves')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBeGreaterThanOrEqual(acknowledged)
    expect(count).toBeLessThanOrEqual(acknowledged + 1)
    await engine.close()
  })

  test('ends at the first sync that the disk refuses, acknowledges nothing after it, and lost nothing before it', async ({
    skip,
  }) => {
    if (!existsSync('/usr/bin/strace')) {
      console.error('SKIPPED: no strace; install Debian\u2019s package "strace" to run this test')
      skip()
      return
    }
    const dataDir = join(root, 'refused')
    const first = await openEmbedded({ dataDir })
    await migrate(first.db)
    await first.close()
    const program = `
      import { openEmbedded } from ${JSON.stringify(new URL('./engine-embedded.ts', import.meta.url).href)}
      import { insertLeaves } from ${JSON.stringify(new URL('./log-store.ts', import.meta.url).href)}
      const engine = await openEmbedded({ dataDir: process.argv[1] })
      let acknowledged = 0
      const write = async () => { for (;;) { await insertLeaves(engine.db, acknowledged, [new Uint8Array(86)]); acknowledged++ } }
      const refusal = await write().catch((error) => error)
      const later = await insertLeaves(engine.db, 1e6, [new Uint8Array(86)]).catch((error) => error)
      const failed = await engine.failed
      await engine.close()
      console.log(JSON.stringify({ acknowledged, refused: refusal instanceof Error && later instanceof Error, failed: failed.message }))`
    const inject = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO:when=150+']
    const node = [process.execPath, '--conditions=@sigillo/source', '--input-type=module', '-e', program, dataDir]
    const output: unknown = JSON.parse(
      execFileSync('/usr/bin/strace', [...inject, ...node], { encoding: 'utf8', timeout: 50_000 }),
    )
    expect(output).toMatchObject({ refused: true, failed: expect.stringContaining('the disk refused a write') })
    const acknowledged =
      typeof output === 'object' && output !== null && 'acknowledged' in output ? Number(output.acknowledged) : 0
    expect(acknowledged).toBeGreaterThan(20)
    const again = await openEmbedded({ dataDir })
    const rows = await again.db.selectFrom('leaves').select('idx').orderBy('idx').execute()
    expect(rows.map((row) => row.idx).slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, i) => i))
    expect(rows.length).toBeLessThanOrEqual(acknowledged + 1)
    await again.close()
  })

  test('starts over when its making was interrupted, and never deletes a finished one', async () => {
    const dataDir = join(root, 'half')
    mkdirSync(join(dataDir, 'db'), { recursive: true })
    writeFileSync(join(dataDir, 'db', 'PG_VERSION'), '18\n')
    writeFileSync(join(dataDir, 'db.creating'), '')
    const engine = await openEmbedded({ dataDir })
    await migrate(engine.db)
    await engine.close()
    expect(existsSync(join(dataDir, 'db.creating'))).toBe(false)
    const again = await openEmbedded({ dataDir })
    expect(await listEvents(again.db, { after: -1, limit: 1 })).toEqual([])
    await again.close()
  })

  test('says what is wrong with a folder that is none, and with a database that is damaged', async () => {
    const file = join(root, 'file')
    writeFileSync(file, '')
    await expect(openEmbedded({ dataDir: file })).rejects.toMatchObject({
      code: 'bad-data-dir',
      message: expect.stringContaining(file),
    })
    const damaged = join(root, 'damaged')
    mkdirSync(join(damaged, 'db'), { recursive: true })
    writeFileSync(join(damaged, 'db', 'PG_VERSION'), '18\n')
    await expect(openEmbedded({ dataDir: damaged })).rejects.toMatchObject({ code: 'engine-failed' })
    // The lock was given back: the second attempt fails for the same reason, not for the lock.
    await expect(openEmbedded({ dataDir: damaged })).rejects.toMatchObject({ code: 'engine-failed' })
  })

  test('makes a cluster without a cache, fills the cache, and does not trust a damaged one', async () => {
    const templateDir = join(root, 'cache')
    const file = join(templateDir, `pglite-${PGLITE_VERSION}-v1.tar.zst`)
    await (await openEmbedded({ dataDir: join(root, 'c1'), templateDir })).close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const whole = readFileSync(file)
    writeFileSync(file, whole.subarray(0, whole.length - 1))
    await (await openEmbedded({ dataDir: join(root, 'c2'), templateDir })).close()
    expect(readFileSync(file).length).toBeGreaterThanOrEqual(whole.length - 1000)
  })
})

describe('the server engine', () => {
  test('that does not answer is named without its password', async () => {
    const opening = openServer({ url: 'postgres://user:hunter2@127.0.0.1:1/hub' })
    await expect(opening).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('127.0.0.1:1/hub'),
    })
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') })
  })
})
