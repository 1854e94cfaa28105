import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consumeNats } from './nats-feed.ts'
import { openScreenDesk, type ScreenDesk } from './screen-desk.fixture.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const POC = fileURLToPath(new URL('../../../../examples/posta/bundle/poc', import.meta.url))
const SERVER = ['/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server'].find((path) =>
  existsSync(path),
)
const folder = mkdtempSync(join(tmpdir(), 'sigillo-nats-'))

let server: ChildProcess | undefined
let url = ''
let connection: NatsConnection
let desk: ScreenDesk
beforeAll(async () => {
  if (SERVER === undefined) return
  server = spawn(SERVER, ['-js', '-a', '127.0.0.1', '-p', '-1', '-sd', folder, '--ports_file_dir', folder])
  url = `nats://127.0.0.1:${await portOf(folder, server.pid ?? 0)}`
  connection = await connect({ servers: url })
  await (await jetstreamManager(connection)).streams.add({ name: 'FEED', subjects: ['samples.>'] })
  desk = await openScreenDesk()
  await desk.json('artefact', 'add', 'c1', POC, '--name', 'poc')
  await desk.json('screen', 'export', '-o', join(desk.folder, 'watch'))
}, 120_000)
afterAll(async () => {
  if (SERVER === undefined) return
  await connection.close()
  server?.kill()
  desk.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(SERVER === undefined)('a NATS JetStream feed (needs nats-server)', () => {
  test('is shared by two machines: every message is screened once, and hits are found', async () => {
    const hit = readFileSync(join(POC, 'posta_handoff.mjs'), 'utf8')
    const messages = Array.from({ length: 40 }, (_, at) => ({
      id: `m${at}`,
      text: at % 10 === 0 ? hit : `x${at} = ${at}\n`,
    }))
    for (const message of messages) await publish(message)
    await publish('nonsense')
    const machines = [startMachine(), startMachine()]
    const lines = (): readonly { sample: string; hits: readonly unknown[] }[] =>
      machines.flatMap(({ output }) =>
        output()
          .split('\n')
          .slice(0, -1)
          .map((text) => JSON.parse(text)),
      )
    await until(() => lines().length >= 41)
    await sleep(300)
    for (const { child } of machines) child.kill('SIGTERM')
    await Promise.all(machines.map(({ ended }) => ended))
    expect(lines()).toHaveLength(41)
    expect(new Set(lines().map(({ sample }) => sample)).size).toBe(41)
    const hits = lines().filter((line) => line.hits.length > 0)
    expect(hits.map(({ sample }) => sample).sort()).toEqual(['m0', 'm10', 'm20', 'm30'])
    expect(await pending('group')).toEqual({ waiting: 0, unacknowledged: 0 })
  }, 120_000)

  test('a message is acknowledged only after its result is written', async () => {
    await (await jetstreamManager(connection)).streams.add({ name: 'ONE', subjects: ['one.>'] })
    await jetstream(connection).publish('one.x', JSON.stringify({ id: 'late', text: 'x' }))
    const feed = { url, stream: 'ONE', consumer: 'careful' }
    const broken = consumeNats(feed, new AbortController().signal, async () => {
      throw new Error('the disk is full')
    })
    await expect(broken).rejects.toThrow('the disk is full')
    expect(await pending('careful', 'ONE')).toEqual({ waiting: 0, unacknowledged: 1 })
  }, 30_000)

  test('a stream that is not there is refused in one line', async () => {
    const { status, err } = await desk.sigillo(['screen', '--nats', url, '--stream-name', 'NONE'])
    expect(status).toBe(2)
    expect(err).toMatch(/^sigillo: --nats .*stream "NONE": [^\n]+\n$/)
  }, 30_000)
})

async function publish(message: unknown): Promise<void> {
  await jetstream(connection).publish('samples.x', JSON.stringify(message))
}

async function pending(consumer: string, stream = 'FEED'): Promise<{ waiting: number; unacknowledged: number }> {
  const info = await (await jetstreamManager(connection)).consumers.info(stream, consumer)
  return { waiting: info.num_pending, unacknowledged: info.num_ack_pending }
}

/** A machine that has the exported index and no vault. */
function startMachine() {
  const args = [
    '--conditions=@sigillo/source',
    MAIN,
    'screen',
    '--nats',
    url,
    '--stream-name',
    'FEED',
    '--consumer',
    'group',
    '--index',
    join(desk.folder, 'watch'),
  ]
  const child = spawn(process.execPath, args, {
    env: { ...desk.env, SIGILLO_VAULT: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { child, ended, output: () => text, errors: () => errors }
}

async function portOf(dir: string, pid: number): Promise<number> {
  const path = join(dir, `nats-server_${pid}.ports`)
  await until(() => existsSync(path) && readFileSync(path, 'utf8').includes('nats://'))
  return Number(/nats:\/\/[\d.]+:(\d+)/.exec(readFileSync(path, 'utf8'))?.[1])
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 1200 && !condition(); round += 1) await sleep(50)
}
