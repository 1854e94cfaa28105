import { describe, expect, test } from 'vitest'
import {
  CASE_EVENTS,
  type CaseState,
  embargoRule,
  isCaseState,
  mayStartEmbargo,
  NEW_CASE,
  nextCaseEvents,
  nextCaseState,
  withCaseEvents,
} from './case-state.ts'
import { type EmbargoMove, type EmbargoState, nextEmbargoState } from './embargo.ts'

// The published tables of the Vultron protocol (CERT/CC): docs/topics/process_models/cs/transitions.md and em/formal_model.md.

/** Case states with the events that may follow them; none for the last. */
const CASE_TABLE = `
  vfdpxa VPXA | vfdpxA VPX | vfdpXa P  | vfdpXA P | vfdPxa V  | vfdPxA V  | vfdPXa V  | vfdPXA V
  Vfdpxa FPXA | VfdpxA FPX | VfdpXa P  | VfdpXA P | VfdPxa FXA | VfdPxA FX | VfdPXa FA | VfdPXA F
  VFdpxa DPXA | VFdpxA DPX | VFdpXa P  | VFdpXA P | VFdPxa DXA | VFdPxA DX | VFdPXa DA | VFdPXA D
  VFDpxa PXA  | VFDpxA PX  | VFDpXa P  | VFDpXA P | VFDPxa XA  | VFDPxA X  | VFDPXa A  | VFDPXA -`

/** Embargo states with each symbol's next state. */
const EMBARGO_TABLE: Readonly<Record<EmbargoState, Readonly<Partial<Record<EmbargoMove, EmbargoState>>>>> = {
  none: { propose: 'proposed' },
  proposed: { propose: 'proposed', reject: 'none', accept: 'active' },
  active: { propose: 'revise', terminate: 'exited' },
  revise: { propose: 'revise', accept: 'active', reject: 'active', terminate: 'exited' },
  exited: {},
}

/** Every complete history of at most five symbols, as published: p propose, r reject, a accept, t terminate. */
const SHORT_EMBARGOES = 'pr pat ppr ppat papt prpr pppr ppppr pprpr prppr pappt ppapt pppat papat paprt prpat'.split(
  ' ',
)

const rows = CASE_TABLE.split(/[|\n]/)
  .map((cell) => cell.trim().split(/\s+/))
  .filter(([state = '']) => state !== '')
  .map(([state = '', events = '-']) => {
    if (!isCaseState(state)) throw new Error(`${state} is not a case state`)
    return { state, events: events === '-' ? '' : events }
  })

const MOVES = { p: 'propose', r: 'reject', a: 'accept', t: 'terminate' } as const satisfies Record<string, EmbargoMove>
const attempt = <T>(work: () => T): T | null => {
  try {
    return work()
  } catch {
    return null
  }
}

describe('case states', () => {
  test('are the 32 published ones', () => {
    expect(rows).toHaveLength(32)
    const all = Array.from({ length: 64 }, (_, bits) =>
      CASE_EVENTS.map((event, at) => ((bits >> at) & 1 ? event : event.toLowerCase())).join(''),
    )
    expect(all.filter(isCaseState).sort()).toEqual(rows.map(({ state }) => state).sort())
  })

  test.each(rows)('after $state exactly $events may follow', ({ state, events }) => {
    expect(nextCaseEvents(state).join('')).toBe(events)
    for (const event of CASE_EVENTS) {
      const next = attempt(() => nextCaseState(state, event))
      expect(next).toBe(events.includes(event) ? state.replace(event.toLowerCase(), event) : null)
    }
  })

  test('have 70 histories from start to end', () => {
    const count = (state: CaseState): number => {
      const events = nextCaseEvents(state)
      return events.length === 0 ? 1 : events.reduce((sum, event) => sum + count(nextCaseState(state, event)), 0)
    }
    expect(count(NEW_CASE)).toBe(70)
  })

  test('take what an event implies with it, and events told twice or out of order', () => {
    expect(withCaseEvents('vfdpxa', ['X'])).toBe('VfdPXa')
    expect(withCaseEvents('vfdpxa', ['D', 'V'])).toBe('VFDpxa')
    expect(withCaseEvents('VfdpxA', ['A', 'V'])).toBe('VfdpxA')
  })

  test('say when an embargo shall end, should end, and may begin', () => {
    for (const { state } of rows) {
      expect(embargoRule(state)).toBe(
        /[PX]/.test(state) ? 'shall-end' : state.includes('A') ? 'should-end' : 'may-continue',
      )
      expect(mayStartEmbargo(state)).toBe(/^..dpxa$/.test(state))
    }
  })
})

describe('embargo states', () => {
  test.each(Object.entries(EMBARGO_TABLE))('%s moves as published and in no other way', (from, moves) => {
    for (const move of Object.values(MOVES)) {
      const next = attempt(() => nextEmbargoState(from as EmbargoState, move))
      expect(next).toBe(moves[move] ?? null)
    }
  })

  test('have exactly the published short histories', () => {
    const complete = (word: string): boolean => {
      const end = attempt(() =>
        word.split('').reduce<EmbargoState>((state, letter) => nextEmbargoState(state, MOVES[letter as 'p']), 'none'),
      )
      return end === 'none' || end === 'exited'
    }
    const words = (length: number): string[] =>
      length === 0 ? [''] : words(length - 1).flatMap((word) => Object.keys(MOVES).map((letter) => word + letter))
    const found = [1, 2, 3, 4, 5].flatMap(words).filter(complete)
    expect(found.sort()).toEqual([...SHORT_EMBARGOES].sort())
  })

  test('end for good', () => {
    expect(() => nextEmbargoState('exited', 'propose')).toThrow('it has ended for good')
  })
})
