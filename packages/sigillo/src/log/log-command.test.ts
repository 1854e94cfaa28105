import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { erase } from '@sigillo/api/client-erasure'
import { startHub } from '@sigillo/hub/start-hub'
import { noteSigner, generateNoteKey } from '@sigillo/seal/ed25519'
import { append, emptyEdge } from '@sigillo/tlog/append'
import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import { dummyLeaf } from '@sigillo/tlog/leaf'
import { startPostgres } from '@sigillo/testkit/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHere } from '../command-in-process.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Outcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

const sigillo = (args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
  runHere(['log', ...args], { env, now: () => new Date(0), random: (length) => new Uint8Array(length) })

const key = noteSigner(generateNoteKey('vendor.example/log').secret)

/** A folder of tiles whose entries follow from the numbers. */
function tileFolder(name: string, numbers: readonly number[]): string {
  const leaves = numbers.map((number) => dummyLeaf((count) => new Uint8Array(count).fill(number)))
  const { edge, root, files } = append(emptyEdge, leaves)
  const dir = join(folder, name)
  const note = signCheckpoint({ origin: key.name, size: edge.size, root }, [key])
  for (const { path, bytes } of [...files, { path: 'checkpoint', bytes: note }]) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), bytes)
  }
  return dir
}

const shown = tileFolder('shown', [1, 2, 3])
const fsckTiles = (dir: string, ...more: readonly string[]): Promise<Outcome> =>
  sigillo(['fsck', '--tiles', dir, '--log-key', key.vkey, ...more])

describe('sigillo log fsck --tiles', () => {
  it('ends with 0 for a whole log and says what it read', async () => {
    const { status, stdout, stderr } = await fsckTiles(shown)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(
      /^Log vendor\.example\/log: 3 leaves, root \S+=\nRead 2 tiles and bundles\.\nOK: the log is whole\.\n$/,
    )
  })

  it('ends with 1 and names the file that was changed', async () => {
    const dir = tileFolder('changed', [1, 2, 3])
    writeFileSync(join(dir, 'tile/0/000.p/3'), new Uint8Array(96))
    const { status, stdout } = await fsckTiles(dir)
    expect(status).toBe(1)
    expect(stdout).toMatch(/^WRONG tile\/0\/000\.p\/3: .+\nFAILED: .+\n$/m)
    const json: unknown = JSON.parse((await fsckTiles(dir, '--json')).stdout)
    expect(json).toMatchObject({ ok: false, size: 3, fork: false, findings: [{ where: 'tile/0/000.p/3' }] })
  })

  it('names a file that the tree does not have', async () => {
    const dir = tileFolder('stray', [1, 2, 3])
    writeFileSync(join(dir, 'tile/0/note.txt'), 'x')
    expect((await fsckTiles(dir)).stdout).toContain('WRONG tile/0/note.txt: ')
  })

  it('names a leaf that is none', async () => {
    const { edge, root, files } = append(emptyEdge, [new Uint8Array(5)])
    const dir = tileFolder('no-leaf', [1])
    for (const { path, bytes } of files) writeFileSync(join(dir, path), bytes)
    writeFileSync(join(dir, 'checkpoint'), signCheckpoint({ origin: key.name, size: edge.size, root }, [key]))
    expect((await fsckTiles(dir)).stdout).toContain('WRONG tile/entries/000.p/1: entry 0: a leaf has 86 bytes, not 5')
  })

  it('finds a history that was signed anew, and keeps evidence that stands alone', async () => {
    const rewritten = tileFolder('rewritten', [1, 9, 3, 4])
    expect((await fsckTiles(rewritten)).status).toBe(0)
    const evidence = join(folder, 'fork.json')
    const kept = join(shown, 'checkpoint')
    const { status, stdout } = await fsckTiles(rewritten, '--against', kept, '--evidence', evidence)
    expect(status).toBe(1)
    expect(stdout).toContain('WRONG checkpoint: its first 3 leaves are not those of a checkpoint of 3 leaves')
    const judged = await sigillo(['fork', evidence, '--log-key', key.vkey])
    expect(judged).toMatchObject({ status: 0, stdout: expect.stringMatching(/^PROVEN: vendor\.example\/log signed /) })
    const other = generateNoteKey('vendor.example/log').vkey
    expect(await sigillo(['fork', evidence, '--log-key', other])).toMatchObject({ status: 1 })
  })

  it('passes a log that grew from the kept checkpoint, and says when it was cut', async () => {
    const grown = tileFolder('grown', [1, 2, 3, 4])
    expect((await fsckTiles(grown, '--against', join(shown, 'checkpoint'))).status).toBe(0)
    const { status, stdout } = await fsckTiles(shown, '--against', join(grown, 'checkpoint'))
    expect({ status, cut: stdout.includes('it was cut or put back') }).toEqual({ status: 1, cut: true })
  })

  it.each([
    [['fsck'], /give either --data or --tiles/],
    [['fsck', '--tiles', shown, '--data', shown], /give either --data or --tiles/],
    [['fsck', '--tiles', shown], /needs --log-key/],
    [['fsck', '--tiles', folder, '--log-key', key.vkey], /holds no log/],
    [['fsck', '--tiles', shown, '--log-key', 'x'], /not a verifier key/],
    [['fsck', '--data', shown], /there is no .*log\.key; give --log-key/],
    [['fsck', '--data', shown, '--log-key', key.vkey], /holds no hub's database/],
    [['fsck', '--tiles', shown, '--log-key', key.vkey, '--against', join(folder, 'none')], /there is no file/],
    [['fork', join(shown, 'checkpoint'), '--log-key', key.vkey], /evidence of a fork/],
  ])('%j is refused in one line', async (args, says) => {
    const { status, stdout, stderr } = await sigillo(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^sigillo: [^\n]+\n$/)
    expect(stderr).toMatch(says)
  })
})

describe('sigillo log show', () => {
  it('prints the checkpoint and the newest leaves', async () => {
    const { status, stdout } = await sigillo(['show', '--tiles', shown, '--last', '2'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^vendor\.example\/log\n3\n/)
    expect(stdout.match(/^\d+ {2}label [0-9a-f]{32} {2}commitment [0-9a-f]{64}$/gm)).toHaveLength(2)
    expect(stdout).toContain('Nothing of this was checked')
  })
})

/** A hub that logged twelve events and was stopped; what a running one answers to fsck comes first. */
async function loggedHub(dataDir: string, databaseUrl?: string): Promise<{ running: Outcome; logKey: string }> {
  const hub = await startHub({
    dataDir,
    origin: 'hub.example/log',
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  const vendor = vendorClient(hub.url, hub.vendorToken ?? '')
  for (let at = 0; at < 12; at++)
    await vendor.commit([{ type: 'leak.reported', stream: `case:${at % 2}`, subject: `subject ${at}`, data: {} }])
  const env: Record<string, string> = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }
  const running = await sigillo(['fsck', '--data', dataDir], env)
  await hub.stop()
  return { running, logKey: hub.logKey }
}

describe('sigillo log on the data of a hub that erased', () => {
  it('finds the log whole, and says what is gone, since when, and by which event', async () => {
    const dataDir = join(folder, 'erased-hub')
    const hub = await startHub({ dataDir, origin: 'hub.example/log' })
    const token = hub.vendorToken ?? ''
    const [event] = await vendorClient(hub.url, token).commit([
      { type: 'leak.reported', stream: 'admin', subject: 's', data: {} },
    ])
    const index = event?.index ?? -1
    const erasure = await erase(hub.url, token, { reason: 'retention', events: [index], packages: [] })
    await hub.stop()
    const { status, stdout } = await sigillo(['fsck', '--data', dataDir])
    expect(status).toBe(0)
    expect(stdout).toContain(`Erased, so only their commitments stand: events ${String(index)}.`)
    expect((await sigillo(['show', '--data', dataDir])).stdout).toContain(
      `s  (erased on ${erasure.at}, event ${String(erasure.index)})`,
    )
  })
})

describe('sigillo log on the data of a hub', () => {
  const dataDir = join(folder, 'hub')
  let made: Awaited<ReturnType<typeof loggedHub>>
  beforeAll(async () => {
    made = await loggedHub(dataDir)
  })

  it('waits for nobody: while the hub runs on it, the folder is refused', () => {
    expect(made.running).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('already in use') })
  })

  it('checks tree, leaves and events once it is stopped', async () => {
    const { status, stdout } = await sigillo(['fsck', '--data', dataDir])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Log hub\.example\/log: 12 leaves/)
    expect(stdout).toContain('Read 2 tiles and bundles, 12 events in 2 streams.')
    expect(stdout).toContain('Checked with the key in the folder itself')
    expect((await sigillo(['fsck', '--data', dataDir, '--log-key', made.logKey])).stdout).not.toContain(
      'key in the folder',
    )
  })

  it('ends with 1 under another key', async () => {
    const { status, stdout } = await sigillo(['fsck', '--data', dataDir, '--log-key', key.vkey])
    expect({ status, first: stdout.split('\n')[0] }).toMatchObject({
      status: 1,
      first: expect.stringMatching(/^WRONG checkpoint: /),
    })
  })

  it('finds that the database is older than what was signed', async () => {
    const mark = join(dataDir, 'log.high-water')
    const before = readFileSync(mark, 'utf8')
    writeFileSync(mark, before.replace('"size":12', '"size":13'))
    const { status, stdout } = await sigillo(['fsck', '--data', dataDir])
    writeFileSync(mark, before)
    expect(status).toBe(1)
    expect(stdout).toContain('WRONG log.high-water: ')
  })

  it('shows the newest events', async () => {
    const { stdout } = await sigillo(['show', '--data', dataDir, '--last', '1'])
    expect(stdout).toMatch(/^11 {2}\S+ {2}leak\.reported {2}case:1#5 {2}subject 11$/m)
  })
})

describe('sigillo log on a database server', () => {
  it('checks it while the hub runs', async ({ skip }) => {
    const postgres = await startPostgres()
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    const { running } = await loggedHub(join(folder, 'server-hub'), await postgres.createDatabase())
    await postgres.stop()
    expect(running).toMatchObject({ status: 0, stderr: '' })
    expect(running.stdout).toContain('12 events in 2 streams')
  })
})
