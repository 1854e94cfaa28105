import { type ClockClient, clockClient } from '@sigillo/api/client-clocks'
import { isCaseState } from '@sigillo/programme/case-state'
import { type LiftMove, type LiftPlan, movePlan } from '@sigillo/programme/lift'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { utf8 } from '@sigillo/tlog/encoding'
import { decodeEvent } from '@sigillo/tlog/event'
import { array, asyncProperty, assert, constantFrom, oneof, record } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SEVERAL, type SeveralHubs } from '../several-hubs.fixture.ts'

// Goal T3: whatever is asked at the same time, the log tells one order in which it happened, and that order explains every answer.

const START = new Date('2026-03-09T18:00:00Z')
const MINUTE = 60_000
/** Interleavings; `SIGILLO_RACES=5000` for all of them. */
const RUNS = Number(process.env['SIGILLO_RACES'] ?? 60)
/** Cases of one database: every question lists them all. */
const CASES = 200

/** What somebody asks for; `wait` moves the clock. */
type Ask =
  | { readonly ask: 'set'; readonly minutes: number }
  | { readonly ask: 'cancel' | 'lift' | 'break' }
  | { readonly ask: 'wait'; readonly minutes: number }

const anyAsk = oneof(
  { weight: 4, arbitrary: record({ ask: constantFrom('set' as const), minutes: constantFrom(1, 2, 3) }) },
  { weight: 3, arbitrary: record({ ask: constantFrom('cancel' as const, 'lift' as const, 'break' as const) }) },
  { weight: 2, arbitrary: record({ ask: constantFrom('wait' as const), minutes: constantFrom(1, 2) }) },
)

let postgres: TemporaryPostgres | null
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

/** One case in the middle of what is asked about it. */
interface Scene {
  readonly several: SeveralHubs
  readonly caseId: string
}

/** The desk at one of the hubs: each question goes to the next one. */
function deskAt({ several }: Pick<Scene, 'several'>, at: number): ClockClient {
  const [first] = several.hubs
  const { hub } = several.hubs[at % several.hubs.length] ?? first
  return clockClient(hub.url, first.vendorToken)
}

/** Asks; answers with the event that did it, or null when it was refused. */
async function ask(scene: Scene, { ask: what, ...rest }: Ask, turn: number): Promise<number | null> {
  const { several, caseId } = scene
  const desk = deskAt(scene, turn)
  const at = new Date(several.now.getTime() + ('minutes' in rest ? rest.minutes : 0) * MINUTE)
  if (what === 'wait') {
    several.now = at
    return null
  }
  const asked = {
    set: () => desk.setEmbargo(caseId, { release: at.toISOString() }),
    cancel: () => desk.cancelEmbargo(caseId),
    lift: () => desk.liftEmbargo(caseId),
    break: () => desk.breakEmbargo(caseId, 'leak'),
  }[what]()
  return await asked.then(
    ({ index }) => index,
    (error: { code: string }) => {
      expect(error.code).toBe('conflict')
      return null
    },
  )
}

/** The move that an event of the log tells of. */
function moveOf(data: Readonly<Record<string, unknown>>): LiftMove {
  const { change, how, reason, releaseAt } = data
  if (change === 'schedule') return { type: 'schedule', releaseAt: Date.parse(String(releaseAt)) }
  if (change === 'lift') return { type: 'lift', how: how === 'clock' ? 'clock' : how === 'broken' ? 'broken' : 'early' }
  if (change === 'break' && reason === 'leak') return { type: 'break', reason }
  if (change === 'cancel') return { type: 'cancel' }
  throw new Error(`an event tells of ${String(change)}`)
}

/** Replays the log of a case through the model; throws where an event could not follow the one before. */
async function replay({
  several,
  caseId,
}: Scene): Promise<{ plan: LiftPlan | null; indices: number[]; lifts: number[] }> {
  const events = await several.hubs[0].vendor.events({ stream: `case:${caseId}` })
  let plan: LiftPlan | null = null
  const lifts: number[] = []
  for (const event of events) {
    const { data, at } = readEvent(event.event)
    const before: LiftPlan | null = plan
    plan = movePlan(plan, moveOf(data))
    const { embargo, lift, state, frozen } = data
    expect({ embargo, lift, state, frozen }).toEqual({
      embargo: plan.embargo,
      lift: plan.lift,
      state: plan.case,
      frozen: plan.frozen,
    })
    if (data['change'] !== 'lift') continue
    lifts.push(event.index)
    if (data['how'] === 'clock') expect(Date.parse(at)).toBeGreaterThanOrEqual(before?.releaseAt ?? Infinity)
  }
  return { plan, indices: events.map(({ index }) => index), lifts }
}

/** Log and state of the same moment: a hub's own clock may lift between two questions. */
async function settled(scene: Scene) {
  for (;;) {
    const replayed = await replay(scene)
    const status = (await deskAt(scene, 1).embargoes()).find((one) => one.case === scene.caseId)
    if (status?.index === replayed.indices.at(-1)) return { replayed, status }
  }
}

function readEvent(text: string | null): { data: Readonly<Record<string, unknown>>; at: string } {
  return decodeEvent(utf8(text ?? ''))
}

/** Lets several people ask at the same time, each one thing after the other, and compares log, state and answers. */
async function raceOnce(scene: Scene, people: readonly (readonly Ask[])[]): Promise<void> {
  const { several, caseId } = scene
  const release = new Date(several.now.getTime() + 2 * MINUTE)
  await deskAt(scene, 0).setEmbargo(caseId, { release: release.toISOString() })
  const done = await Promise.all(
    people.map(async (asks, person) => {
      const indices: (number | null)[] = []
      for (const [turn, one] of asks.entries()) indices.push(await ask(scene, one, person + turn))
      return indices
    }),
  )
  const { replayed, status } = await settled(scene)
  const { plan, indices, lifts } = replayed
  expect(isCaseState(status?.state ?? '')).toBe(true)
  expect(status).toMatchObject({
    lift: plan?.lift,
    embargo: plan?.embargo,
    state: plan?.case,
    frozen: plan?.frozen,
    releaseAt: new Date(plan?.releaseAt ?? 0).toISOString(),
    lifted: lifts[0] === undefined ? null : { index: lifts[0] },
  })
  expect(lifts.length).toBeLessThanOrEqual(1)
  for (const mine of done) {
    const told = mine.filter((index) => index !== null)
    expect(told.every((index) => indices.includes(index))).toBe(true)
    expect(told).toEqual([...told].sort((a, b) => a - b))
  }
  expect(indices).toEqual([...indices].sort((a, b) => a - b))
}

const anyPeople = array(array(anyAsk, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 })

describe.each(SEVERAL)('whatever is asked at the same time of $title', ({ open }) => {
  test('the log tells one order in which it happened, the state is its end, and nothing is lifted twice', {
    timeout: 7_200_000,
  }, async ({ skip }) => {
    let several = await open(postgres, START)
    skip(several === null, 'no PostgreSQL server')
    let cases = 0
    try {
      await assert(
        asyncProperty(anyPeople, async (people) => {
          if (++cases % CASES === 0) {
            await several?.close()
            several = await open(postgres, START)
          }
          if (several !== null) await raceOnce({ several, caseId: `case-${String(cases)}` }, people)
        }),
        { numRuns: RUNS },
      )
    } finally {
      await several?.close()
    }
  })
})
