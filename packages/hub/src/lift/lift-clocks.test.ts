import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clockClient } from '@sigillo/api/client-clocks'
import { type HubProcess, spawnHub } from '@sigillo/testkit/hub-process'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestHub } from '../programme.fixture.ts'
import { systemTime } from './time-sources.ts'

// Goal T2: wrong clocks make a lift late, never early. The clocks of whole processes are changed with Debian's faketime.

const FAKETIME = '/usr/bin/faketime'
const hasFaketime = existsSync(FAKETIME)
if (!hasFaketime) console.error(`SKIPPED: no ${FAKETIME}; install Debian's package "faketime" to run these tests`)
const HOUR = 3_600_000

let postgres: TemporaryPostgres | null
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

let dataDir: string
const running: HubProcess[] = []
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hub-'))
})
afterEach(async () => {
  for (const hub of running.splice(0)) await hub.kill()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Starts a hub whose clock reads as the file says, now and later: `+1h`, `-1h`, or a moment at which it stands still. */
async function hubWithClock(databaseUrl: string | null, clock: string): Promise<HubProcess> {
  setClock(clock)
  const file = `FAKETIME_TIMESTAMP_FILE=${clockFile()}`
  // Only the time of day is false: timers go by the other clock.
  const through = ['env', file, 'FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1', `LD_PRELOAD=${library()}`]
  return track(await spawnHub(dataDir, databaseUrl, through))
}

const clockFile = (): string => join(dataDir, 'clock')
const setClock = (clock: string): void => writeFileSync(clockFile(), `${clock}\n`)

function library(): string {
  const found = ['x86_64', 'aarch64']
    .map((arch) => `/usr/lib/${arch}-linux-gnu/faketime/libfaketime.so.1`)
    .find(existsSync)
  if (found === undefined) throw new Error('faketime is installed, but its library was not found')
  return found
}

function track(hub: HubProcess): HubProcess {
  running.push(hub)
  return hub
}

const deskOf = (hub: HubProcess) => clockClient(hub.url, readFileSync(join(dataDir, 'vendor.token'), 'utf8').trim())
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const stateOf = async (hub: HubProcess) => (await deskOf(hub).embargoes())[0]

async function untilLift(hub: HubProcess, lift: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if ((await stateOf(hub))?.lift === lift) return
    await pause(100)
  }
  throw new Error(`it was not ${lift} within 30 s`)
}

describe.skipIf(!hasFaketime)('a wrong clock', () => {
  test('an hour fast, beside a database that is right: nothing is lifted; the lift is held once it would have been', async ({
    skip,
  }) => {
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    const databaseUrl = await postgres.createDatabase()
    const right = track(await spawnHub(dataDir, databaseUrl))
    await deskOf(right).setEmbargo('case-1', { release: inMs(HOUR / 2) })
    await right.kill()
    const fast = await hubWithClock(databaseUrl, '+1h')
    await untilLift(fast, 'lifting')
    expect((await stateOf(fast))?.held).toMatch(/^the hub's (steady )?clock is 36\d\d s ahead of the database's clock$/)
    await pause(1_500)
    expect((await stateOf(fast))?.lift).toBe('lifting')
    expect(await deskOf(fast).liftEmbargo('case-1')).toMatchObject({ lifted: { how: 'manual' } })
  })

  test.for([
    ['an hour slow', '-1h'],
    ['that stands still', '2026-01-01 00:00:00'],
  ])('%s: the lift is held, and happens once the clock is right', async ([, clock = ''], { skip }) => {
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    const databaseUrl = await postgres.createDatabase()
    const right = track(await spawnHub(dataDir, databaseUrl))
    await deskOf(right).setEmbargo('case-1', { release: inMs(5_000) })
    await right.kill()
    const slow = await hubWithClock(databaseUrl, clock)
    await untilLift(slow, 'lifting')
    setClock('+0')
    await slow.kill()
    const again = track(await spawnHub(dataDir, databaseUrl))
    await untilLift(again, 'lifted')
    expect(await stateOf(again)).toMatchObject({ lifted: { how: 'clock' } })
  })

  test('that is set forward while the hub runs, with its database on the same machine: the steady clock notices', async () => {
    const hub = await hubWithClock(null, '+0')
    await deskOf(hub).setEmbargo('case-1', { release: inMs(HOUR / 2) })
    setClock('+1h')
    await untilLift(hub, 'lifting')
    expect((await stateOf(hub))?.held).toMatch(/ahead of the hub's steady clock$/)
  })

  test('set by a few seconds as time servers do: nothing is held', async () => {
    const hub = await hubWithClock(null, '+0')
    await deskOf(hub).setEmbargo('case-1', { release: inMs(6_000) })
    setClock('-2')
    await untilLift(hub, 'lifted')
    expect(Date.parse((await stateOf(hub))?.lifted?.at ?? '')).toBeGreaterThanOrEqual(
      Date.parse((await stateOf(hub))?.releaseAt ?? ''),
    )
  })
})

describe('the calendar', () => {
  test.each([
    ['the hour that New York skips', '2026-03-08T02:30:00-05:00', '2026-03-08T07:30:00.000Z'],
    ['the hour that Berlin has twice', '2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00.000Z'],
    ['the end of 32-bit time', '2038-01-19T03:14:08Z', '2038-01-19T03:14:08.000Z'],
    ['the 29th of February', '2028-02-29T23:59:59Z', '2028-02-29T23:59:59.000Z'],
  ])('%s is the instant it is', async (_, release, instant) => {
    const { hub, desk } = await calendarHub()
    hub.now = new Date('2026-01-02T00:00:00Z')
    const liftOf = async (id: string) => (await desk.embargoes()).find((one) => one.case === id)
    const caseId = `case-${instant.slice(0, 4)}-${instant.slice(5, 7)}`
    expect(await desk.setEmbargo(caseId, { release })).toMatchObject({ release, releaseAt: instant })
    hub.now = new Date(Date.parse(instant) - 1)
    await pause(1_100)
    expect(await liftOf(caseId)).toMatchObject({ lift: 'scheduled' })
    hub.now = new Date(instant)
    for (let i = 0; i < 100 && (await liftOf(caseId))?.lift !== 'lifted'; i++) await pause(50)
    expect(await liftOf(caseId)).toMatchObject({ lift: 'lifted', lifted: { at: instant } })
  })

  test.each(['2026-12-31T23:59:60Z', '2026-02-30T12:00:00Z', '2026-13-01T00:00:00Z', '2026-03-09T18:00:00'])(
    '%s is refused: it is no instant',
    async (release) => {
      const { desk } = await calendarHub()
      await expect(desk.setEmbargo('case-2', { release })).rejects.toMatchObject({ code: 'bad-request' })
    },
  )

  let shared: Awaited<ReturnType<typeof startTestHub>> | null = null
  afterAll(async () => {
    await shared?.stop()
    shared?.remove()
  })
  /** One hub for all dates; a case is free for the next date once it was lifted or never set. */
  async function calendarHub() {
    shared ??= await startTestHub()
    return { hub: shared, desk: clockClient(shared.hub.url, shared.vendorToken) }
  }
})

describe('the steady clock', () => {
  const tx = new Proxy({}, {}) as Parameters<ReturnType<typeof systemTime>['readings']>[0]
  test('is corrected by a witness, and by nothing else', async () => {
    const clock = { host: 1_000_000, monotonic: 0, witness: null as number | null }
    const time = systemTime({
      host: () => new Date(clock.host),
      monotonic: () => clock.monotonic,
      witnesses: () => (clock.witness === null ? [] : [{ clock: 'witness', ms: clock.witness }]),
      database: () => Promise.resolve(new Date(clock.host)),
    })
    const steady = async () => (await time.readings(tx)).find((one) => one.clock.includes('steady'))?.ms
    clock.host += HOUR
    expect(await steady()).toBe(1_000_000)
    clock.witness = 1_000_000
    expect(await steady()).toBe(1_000_000)
    clock.witness = clock.host - 2_000
    expect(await steady()).toBe(clock.host)
  })
})
