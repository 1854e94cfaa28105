import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { packArchive } from '@sigillo/seal/archive'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consumeNats } from './nats-feed.ts'
import {
  type Machine,
  NATS_SERVER,
  type NatsServer,
  startMachine,
  startNatsServer,
  until,
} from './nats-server.fixture.ts'
import type { Input } from './sample.ts'
import { openScreenDesk, type ScreenDesk } from './screen-desk.fixture.ts'

const POC = fileURLToPath(new URL('../../../../examples/posta/bundle/poc', import.meta.url))
const HIT = readFileSync(join(POC, 'posta_handoff.mjs'), 'utf8')
/** Members of an archive whose screening takes several times the ack wait of a second. */
const MEMBERS = 3000

let server: NatsServer
let desk: ScreenDesk
beforeAll(async () => {
  if (NATS_SERVER === undefined) return
  server = await startNatsServer()
  desk = await openScreenDesk()
  await desk.json('artefact', 'add', 'c1', POC, '--name', 'poc')
  await desk.json('screen', 'export', '-o', join(desk.folder, 'watch'))
}, 120_000)
afterAll(async () => {
  if (NATS_SERVER === undefined) return
  await server.stop()
  desk.remove()
})

describe.skipIf(NATS_SERVER === undefined)('a NATS JetStream feed (needs nats-server)', () => {
  test('is shared by two machines: every message is screened once, and hits are found', async () => {
    await server.addStream('FEED')
    for (let at = 0; at < 40; at += 1) {
      await server.publish('FEED', { id: `m${at}`, text: at % 10 === 0 ? HIT : `x${at} = ${at}\n` })
    }
    await server.publish('FEED', 'nonsense')
    const machines = [machine('FEED'), machine('FEED')]
    await until(() => linesOf(machines).length >= 41)
    await sleep(300)
    await Promise.all(machines.map((each) => each.stop()))
    const lines = linesOf(machines)
    expect(lines).toHaveLength(41)
    expect(new Set(lines.map(({ sample }) => sample)).size).toBe(41)
    expect(new Set(lines.map(({ message }) => message.seq)).size).toBe(41)
    const hits = lines.filter((line) => line.hits.length > 0)
    expect(hits.map(({ sample }) => sample).sort()).toEqual(['m0', 'm10', 'm20', 'm30'])
    expect(await server.pending('FEED', 'group')).toEqual({ waiting: 0, unacknowledged: 0 })
  }, 120_000)

  test('what a machine was at when it was killed is screened by another one, and the lines say so', async () => {
    await server.addStream('KILLED')
    await server.publish('KILLED', { id: 'kit', base64: archive() })
    for (let at = 0; at < 30; at += 1) await server.publish('KILLED', { id: `m${at}`, text: `x${at} = ${at}\n` })
    const machines = [machine('KILLED', '--ack-wait', '1'), machine('KILLED', '--ack-wait', '1')]
    const atKit = (each: Machine): boolean => each.lines.some(({ sample }) => sample.startsWith('kit!'))
    await until(() => machines.some(atKit))
    const [killed, left] = machines.toSorted((a, b) => Number(atKit(b)) - Number(atKit(a)))
    await killed?.kill()
    await until(async () => (await server.pending('KILLED', 'group')).unacknowledged === 0)
    await left?.stop()

    const before = killed?.lines.filter(({ sample }) => sample.startsWith('kit!')) ?? []
    expect(before.length).toBeGreaterThan(0)
    expect(before.length).toBeLessThan(MEMBERS)
    expect(new Set(before.map(({ message }) => message.delivery))).toEqual(new Set([1]))
    const after = left?.lines.filter(({ sample }) => sample.startsWith('kit!')) ?? []
    expect(new Set(after.map(({ sample }) => sample)).size).toBe(MEMBERS)
    expect(new Set(after.map(({ message }) => message.seq))).toEqual(new Set([1]))
    expect(Math.min(...after.map(({ message }) => message.delivery))).toBeGreaterThan(1)
    const others = linesOf(machines).filter(({ sample }) => sample.startsWith('m'))
    expect(new Set(others.map(({ sample }) => sample)).size).toBe(30)
    expect(await server.pending('KILLED', 'group')).toEqual({ waiting: 0, unacknowledged: 0 })
  }, 120_000)

  test('a machine that works on one message for longer than the ack wait keeps it, and holds up no other', async () => {
    await server.addStream('LONG')
    await server.publish('LONG', { id: 'kit', base64: archive() })
    for (let at = 0; at < 30; at += 1) await server.publish('LONG', { id: `m${at}`, text: `x${at} = ${at}\n` })
    const machines = [machine('LONG', '--ack-wait', '1'), machine('LONG', '--ack-wait', '1')]
    await until(() => linesOf(machines).length >= MEMBERS + 30)
    await sleep(300)
    await Promise.all(machines.map((each) => each.stop()))
    const lines = linesOf(machines)
    const kit = lines.filter(({ sample }) => sample.startsWith('kit!'))
    expect(Math.max(...kit.map(({ at }) => at)) - Math.min(...kit.map(({ at }) => at))).toBeGreaterThan(2000)
    expect(lines).toHaveLength(MEMBERS + 30)
    expect(new Set(kit.map(({ message }) => message.delivery))).toEqual(new Set([1]))
    expect(await server.pending('LONG', 'group')).toEqual({ waiting: 0, unacknowledged: 0 })
  }, 120_000)

  test('a message is acknowledged only after its result is written', async () => {
    await server.addStream('ONE')
    await server.publish('ONE', { id: 'late', text: 'x' })
    const broken = consumeNats(feed('ONE', 60), new AbortController().signal, async () => {
      throw new Error('the disk is full')
    })
    await expect(broken).rejects.toThrow('the disk is full')
    expect(await server.pending('ONE', 'group')).toEqual({ waiting: 0, unacknowledged: 1 })
  }, 30_000)

  test('a message that nobody ever finished is reported, and the feed goes on', async () => {
    await server.addStream('DEADLY')
    await server.publish('DEADLY', { id: 'deadly', text: 'x' })
    const seen: Input[] = []
    for (let machines = 0; machines < 12 && !seen.some((input) => 'refused' in input); machines += 1) {
      const stop = new AbortController()
      await consumeNats(feed('DEADLY', 1), stop.signal, async (inputs) => {
        const [input] = await Array.fromAsync(inputs)
        if (input === undefined) return
        seen.push(input)
        stop.abort()
        if (!('refused' in input)) throw new Error('out of memory')
      }).catch(() => undefined)
    }
    const last = seen.at(-1)
    expect(last).toMatchObject({ refused: 'given up: given out 5 times and never finished' })
    const begun = seen.slice(0, -1).map((input) => input.message?.delivery ?? 0)
    expect(begun[0]).toBe(1)
    // The server may count a delivery that nobody got when a request runs out just then.
    expect(begun.length).toBeGreaterThan(1)
    expect(Math.max(...begun)).toBeLessThanOrEqual(5)
    expect(await server.pending('DEADLY', 'group')).toEqual({ waiting: 0, unacknowledged: 0 })
  }, 60_000)

  test('an ack wait that is not that of the group, and a stream that is not there, are refused in one line', async () => {
    const args = ['screen', '--nats', server.url, '--consumer', 'group', '--stream-name']
    const other = await desk.sigillo([...args, 'ONE', '--ack-wait', '5'])
    expect(other.status).toBe(2)
    expect(other.err).toMatch(/^sigillo: [^\n]*"group" has an ack wait of 60 s[^\n]*\n$/)
    const none = await desk.sigillo([...args, 'NONE'])
    expect(none.status).toBe(2)
    expect(none.err).toMatch(/^sigillo: --nats .*stream "NONE": [^\n]+\n$/)
  }, 30_000)
})

function feed(stream: string, ackWait: number) {
  return { url: server.url, stream, consumer: 'group', ackWait }
}

function machine(stream: string, ...more: readonly string[]): Machine {
  const feedOptions = [server.url, '--stream-name', stream, '--consumer', 'group', ...more]
  return startMachine(desk.env, join(desk.folder, 'watch'), feedOptions)
}

function linesOf(machines: readonly Machine[]) {
  return machines.flatMap(({ lines }) => lines)
}

/** A packed tar of many files that are hits, in base64. */
function archive(): string {
  const members = Array.from({ length: MEMBERS }, (_, at) => ({
    path: `${at}.mjs`,
    bytes: Buffer.from(`// ${at}\n${HIT}`),
  }))
  return gzipSync(packArchive(members)).toString('base64')
}
