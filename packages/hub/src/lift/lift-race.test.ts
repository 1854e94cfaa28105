import { type ClockClient, clockClient } from '@sigillo/api/client-clocks'
import { isCaseState } from '@sigillo/programme/case-state'
import { type LiftMove, type LiftPlan, movePlan } from '@sigillo/programme/lift'
import { utf8 } from '@sigillo/tlog/encoding'
import { decodeEvent } from '@sigillo/tlog/event'
import { array, asyncProperty, assert, constantFrom, oneof, record } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestHub, type TestHub } from '../programme.fixture.ts'

// Goal T3: whatever is asked at the same time, the log tells one order in which it happened, and that order explains every answer.

const START = Date.parse('2026-03-09T18:00:00Z')
const MINUTE = 60_000
/** Interleavings; `SIGILLO_RACES=5000` for all of them. */
const RUNS = Number(process.env['SIGILLO_RACES'] ?? 60)
/** Cases of one hub: every question lists them all. */
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

let hub: TestHub
let desk: ClockClient
let cases = 0

async function freshHub(): Promise<void> {
  hub = await startTestHub()
  hub.now = new Date(START)
  desk = clockClient(hub.hub.url, hub.vendorToken)
}

async function removeHub(): Promise<void> {
  await hub.stop()
  hub.remove()
}

beforeAll(freshHub)
afterAll(removeHub)

/** Asks; answers with the event that did it, or null when it was refused. */
async function ask(caseId: string, { ask: what, ...rest }: Ask): Promise<number | null> {
  const at = new Date(hub.now.getTime() + ('minutes' in rest ? rest.minutes : 0) * MINUTE)
  if (what === 'wait') {
    hub.now = at
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
async function replay(caseId: string): Promise<{ plan: LiftPlan | null; indices: number[]; lifts: number[] }> {
  const events = await hub.vendor.events({ stream: `case:${caseId}` })
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

/** Log and state of the same moment: the hub's own clock may lift between two questions. */
async function settled(caseId: string) {
  for (;;) {
    const replayed = await replay(caseId)
    const status = (await desk.embargoes()).find((one) => one.case === caseId)
    if (status?.index === replayed.indices.at(-1)) return { replayed, status }
  }
}

function readEvent(text: string | null): { data: Readonly<Record<string, unknown>>; at: string } {
  return decodeEvent(utf8(text ?? ''))
}

describe('whatever is asked at the same time', () => {
  test('the log tells one order in which it happened, the state is its end, and nothing is lifted twice', {
    timeout: 7_200_000,
  }, async () => {
    await assert(
      asyncProperty(
        array(array(anyAsk, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        async (people) => {
          if (++cases % CASES === 0) {
            await removeHub()
            await freshHub()
          }
          const caseId = `case-${String(cases)}`
          const before = hub.now
          await desk.setEmbargo(caseId, { release: new Date(before.getTime() + 2 * MINUTE).toISOString() })
          const done = await Promise.all(
            people.map(async (asks) => {
              const indices: (number | null)[] = []
              for (const one of asks) indices.push(await ask(caseId, one))
              return indices
            }),
          )
          const { replayed, status } = await settled(caseId)
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
        },
      ),
      { numRuns: RUNS },
    )
  })
})
