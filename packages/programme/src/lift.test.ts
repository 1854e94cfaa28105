import { array, assert, constantFrom, integer, oneof, property, record, constant } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeDue } from './clock-agreement.ts'
import { type LiftMove, type LiftPlan, movePlan } from './lift.ts'
import { releaseOf } from './release-rule.ts'

const T0 = Date.parse('2026-03-09T18:00:00Z')
const DAY = 86_400_000
const after = (...moves: LiftMove[]): LiftPlan => moves.reduce<LiftPlan | null>(movePlan, null) ?? failed()
const failed = (): never => {
  throw new Error('no plan')
}
const schedule: LiftMove = { type: 'schedule', releaseAt: T0 }
const cancel: LiftMove = { type: 'cancel' }
const hold: LiftMove = { type: 'hold' }
const byClock: LiftMove = { type: 'lift', how: 'clock' }
const early: LiftMove = { type: 'lift', how: 'early' }
const leaked: LiftMove = { type: 'break', reason: 'leak' }

const anyMove = oneof(
  record({ type: constantFrom('draft' as const, 'schedule' as const), releaseAt: integer({ min: 0, max: 10 }) }),
  constant(cancel),
  constant(hold),
  record({ type: constant('lift' as const), how: constantFrom('clock' as const, 'early' as const, 'broken' as const) }),
  record({
    type: constant('break' as const),
    reason: constantFrom('public' as const, 'attacks' as const, 'leak' as const),
  }),
)

describe('a lift', () => {
  test('is scheduled, moved, and happens by the clock', () => {
    expect(after(schedule)).toMatchObject({ embargo: 'active', lift: 'scheduled', case: 'Vfdpxa' })
    expect(after(schedule, { type: 'schedule', releaseAt: T0 + DAY })).toMatchObject({ releaseAt: T0 + DAY })
    expect(after(schedule, byClock)).toMatchObject({ embargo: 'exited', lift: 'lifted', case: 'VfdPxa' })
  })

  test('is a draft until it is agreed, and then cannot be drafted again', () => {
    const draft: LiftMove = { type: 'draft', releaseAt: T0 }
    expect(after(draft)).toMatchObject({ embargo: 'proposed', lift: 'draft' })
    expect(() => after(draft, byClock)).toThrow('never agreed')
    expect(after(draft, cancel)).toMatchObject({ embargo: 'none', lift: 'cancelled' })
    expect(after(draft, cancel, schedule)).toMatchObject({ embargo: 'active', lift: 'scheduled' })
    expect(() => after(schedule, draft)).toThrow('in force')
  })

  test('that is cancelled leaves the embargo in force, and can be planned anew', () => {
    expect(after(schedule, cancel)).toMatchObject({ embargo: 'revise', lift: 'cancelled' })
    expect(() => after(schedule, cancel, byClock)).toThrow('cancelled does not happen by the clock')
    expect(after(schedule, cancel, schedule, byClock).lift).toBe('lifted')
  })

  test('that is held still happens once the clocks agree, or by people', () => {
    expect(after(schedule, hold, byClock).lift).toBe('lifted')
    expect(after(schedule, hold, { type: 'lift', how: 'manual' }).lift).toBe('lifted')
  })

  test('of a broken embargo needs people, or a new plan', () => {
    expect(() => after(schedule, leaked, byClock)).toThrow('needs people')
    expect(after(schedule, leaked, schedule, byClock).lift).toBe('lifted')
    expect(() => after(schedule, { type: 'break', reason: 'exploit' }, schedule)).toThrow('has to end')
    expect(after(schedule, { type: 'break', reason: 'exploit' }, { type: 'lift', how: 'broken' })).toMatchObject({
      lift: 'lifted',
      case: 'VfdPXa',
      frozen: false,
    })
  })

  test('once done leaves nothing to be done but to tell how the fix fares', () => {
    const done = after(schedule, byClock)
    for (const move of [schedule, { type: 'draft', releaseAt: T0 } as const, cancel, hold, byClock, early, leaked])
      expect(() => movePlan(done, move)).toThrow('was lifted')
    expect(movePlan(done, { type: 'tell', event: 'F' })).toMatchObject({ lift: 'lifted', case: 'VFdPxa' })
  })

  test('is never repeated and never undone, whatever is tried', () => {
    assert(
      property(array(anyMove, { maxLength: 12 }), (moves) => {
        let plan: LiftPlan | null = null
        let lifts = 0
        for (const move of moves) {
          const before: LiftPlan | null = plan
          try {
            plan = movePlan(plan, move)
          } catch {
            continue
          }
          if (move.type === 'lift') lifts++
          if (before?.lift === 'lifted') expect(plan.lift).toBe('lifted')
          expect(plan.lift === 'lifted').toBe(plan.embargo === 'exited')
        }
        expect(lifts).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('when a package may leave', () => {
  const atRelease = { notBefore: T0, lead: 0 }
  const twoWeeksBefore = { notBefore: T0 - 14 * DAY, lead: 14 * DAY }
  const moved: LiftMove = { type: 'schedule', releaseAt: T0 + DAY }

  test('without an embargo on file: at its own instant', () => {
    expect(releaseOf({ notBefore: T0, lead: null }, null)).toEqual({ kind: 'from', instant: T0 })
    expect(releaseOf({ notBefore: null, lead: null }, null)).toEqual({ kind: 'now' })
  })

  test('at release: with the lift, and not by any clock', () => {
    expect(releaseOf(atRelease, after(schedule))).toEqual({ kind: 'with-lift', planned: T0 })
    expect(releaseOf({ notBefore: T0, lead: null }, after(schedule))).toEqual({ kind: 'with-lift', planned: T0 })
    expect(releaseOf(atRelease, after(schedule, hold))).toEqual({ kind: 'with-lift', planned: T0 })
    expect(releaseOf(atRelease, after(schedule, byClock))).toEqual({ kind: 'now' })
  })

  test('before release: its lead time moves with the release', () => {
    expect(releaseOf(twoWeeksBefore, after(schedule))).toEqual({ kind: 'from', instant: T0 - 14 * DAY })
    expect(releaseOf(twoWeeksBefore, after(schedule, moved))).toEqual({ kind: 'from', instant: T0 - 13 * DAY })
  })

  test('while nothing is planned, or the embargo broke: not at all', () => {
    for (const timed of [atRelease, twoWeeksBefore]) {
      expect(releaseOf(timed, after(schedule, cancel))).toEqual({ kind: 'with-lift', planned: null })
      expect(releaseOf(timed, after(schedule, leaked))).toEqual({ kind: 'frozen' })
    }
    expect(releaseOf({ notBefore: null, lead: null }, after(schedule, leaked))).toEqual({ kind: 'frozen' })
    expect(releaseOf(atRelease, after(schedule, leaked, early))).toEqual({ kind: 'now' })
  })
})

describe('whether an instant has come', () => {
  const clocks = (...ms: number[]) => ms.map((value, at) => ({ clock: `clock ${String(at)}`, ms: value }))

  test('needs every clock', () => {
    expect(judgeDue(clocks(T0 - 1, T0 - 1), T0)).toEqual({ kind: 'not-yet' })
    expect(judgeDue(clocks(T0 - 1, T0 + 4000), T0)).toEqual({ kind: 'not-yet' })
    expect(judgeDue(clocks(T0 + 700, T0 + 4000), T0)).toEqual({ kind: 'due', latenessMs: 700 })
    expect(judgeDue([], T0)).toEqual({ kind: 'not-yet' })
  })

  test('cannot be said when clocks contradict each other', () => {
    expect(judgeDue(clocks(T0 - 3_600_000, T0), T0)).toEqual({
      kind: 'contradict',
      reason: 'clock 1 is 3600 s ahead of clock 0',
    })
    expect(judgeDue(clocks(T0, T0 + 5001), T0).kind).toBe('contradict')
    expect(judgeDue(clocks(T0, T0 + 5000), T0).kind).toBe('due')
  })

  test('is never said before it, as long as one clock is right', () => {
    assert(
      property(integer({ min: -20_000, max: 20_000 }), array(integer({ min: -1e9, max: 1e9 })), (right, wrong) => {
        const verdict = judgeDue(clocks(T0 + right, ...wrong.map((error) => T0 + error)), T0)
        if (right < 0) expect(verdict.kind).not.toBe('due')
      }),
    )
  })
})
