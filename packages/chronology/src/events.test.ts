import { describe, expect, it } from 'vitest'
import { type ChronologyEvent, parseCaseFile, parseEvent } from './case-file.ts'
import { addEvents, content } from './events.ts'
import { explainCase } from './explain.ts'

const event = (id: string, day: string, note = ''): ChronologyEvent =>
  parseEvent(
    {
      id,
      kind: 'attack-observed',
      at: { earliest: `${day}T00:00:00Z`, latest: `${day}T23:59:59Z` },
      note,
      source: { title: 'A page' },
    },
    'line 1',
  )
const empty = parseCaseFile({ schema: 'sigillo-case/1', id: 'c', title: 'C', events: [] })

const conclude = (first: ChronologyEvent[], second: ChronologyEvent[]): unknown =>
  explainCase(addEvents(addEvents(empty, first).caseFile, second).caseFile).waves.map(({ start, verdict }) => ({
    start,
    verdict,
  }))

describe('adding events', () => {
  it('adds new ones and leaves equal ones alone', () => {
    const first = addEvents(empty, [event('e1', '2021-01-03')])
    expect(first.added).toEqual(['e1'])
    const second = addEvents(first.caseFile, [event('e1', '2021-01-03'), event('e2', '2021-01-04')])
    expect(second).toMatchObject({ added: ['e2'], unchanged: ['e1'], conflicts: [] })
  })

  it('never overwrites: another event under a taken id stays beside the first and is reported', () => {
    const before = addEvents(empty, [event('e1', '2021-01-03')]).caseFile
    const result = addEvents(before, [event('e1', '2021-01-06')])
    const keptAs = result.conflicts[0]?.keptAs ?? ''
    expect(result.conflicts).toEqual([{ id: 'e1', keptAs }])
    expect(result.caseFile.events[0]).toEqual(before.events[0])
    expect(result.caseFile.events[1]).toMatchObject({ id: keptAs, conflictsWith: ['e1'] })
  })

  it('finds another id when even the new one is taken', () => {
    const two = addEvents(empty, [event('e1', '2021-01-03'), event('e1', '2021-01-06')])
    const taken = two.conflicts[0]?.keptAs ?? ''
    const before = addEvents(empty, [event('e1', '2021-01-03'), event(taken, '2021-05-05')]).caseFile
    const result = addEvents(before, [event('e1', '2021-01-06')])
    expect(result.conflicts).toEqual([{ id: 'e1', keptAs: `${taken}.2` }])
    expect(result.caseFile.events.slice(0, 2)).toEqual(before.events)
  })

  it('changes nothing when the same import comes again', () => {
    const incoming = [event('e1', '2021-01-06'), event('e2', '2021-02-01')]
    const once = addEvents(addEvents(empty, [event('e1', '2021-01-03')]).caseFile, incoming)
    const twice = addEvents(once.caseFile, incoming)
    expect(twice.caseFile).toEqual(once.caseFile)
    expect(twice).toMatchObject({ added: [], conflicts: [] })
  })

  it('gives the same conclusions in whichever order two sources arrive', () => {
    const [a, b] = [[event('e1', '2021-01-03')], [event('e1', '2021-01-06')]]
    expect(conclude(a, b)).toEqual(conclude(b, a))
  })

  it('refuses events whose links lead nowhere', () => {
    const loose = { ...event('e5', '2021-01-03'), refs: ['e99'] }
    expect(() => addEvents(empty, [loose])).toThrow('ids of other events of this case, found "e99"')
  })

  it('compares content, not the order of fields', () => {
    const { id, kind, ...others } = event('e1', '2021-01-03')
    expect(content({ ...others, kind, id })).toBe(content(event('e1', '2021-01-03')))
    expect(content(event('e1', '2021-01-03', 'x'))).not.toBe(content(event('e1', '2021-01-03')))
  })
})
