import { describe, expect, it } from 'vitest'
import { type CaseFile, type ChronologyEvent, parseCaseFile } from './case-file.ts'
import { alignClocks, clockDifference, clocksOf } from './clocks.ts'
import { explainCase } from './explain.ts'
import { formatInstant } from './instant.ts'

function caseOf(extra: Record<string, unknown>, attackAt = '2021-03-02T12:00:00Z'): CaseFile {
  const at = (instant: string): unknown => ({ earliest: instant, latest: instant })
  return parseCaseFile({
    schema: 'sigillo-case/1',
    id: 'case',
    title: 'A case',
    events: [
      { id: 'fix', kind: 'fix-released', at: at('2021-03-02T10:00:00Z'), source: { title: 'Vendor' } },
      { id: 'hit', kind: 'attack-observed', at: at(attackAt), source: { title: 'Log', publisher: 'Sensor 7' } },
    ],
    ...extra,
  })
}

const statusOf = (caseFile: CaseFile, id: string): string | undefined =>
  explainCase(caseFile).waves[0]?.explanations.find((each) => each.id === id)?.status

const ahead = (min: number, max: number): Record<string, unknown> => ({
  clocks: [{ source: 'Sensor 7', ahead_seconds: { min, max }, why: 'compared with a time server' }],
})

describe('a source whose clock is wrong', () => {
  it('is moved back, widened by what is not known, and its record stays as it was', () => {
    const caseFile = caseOf(ahead(3600, 7200))
    const [fix, hit] = alignClocks(caseFile.events, clocksOf(caseFile))
    expect(fix).toEqual(caseFile.events[0])
    expect(formatInstant(hit?.at.earliest ?? NaN)).toBe('2021-03-02T10:00:00Z')
    expect(formatInstant(hit?.at.latest ?? NaN)).toBe('2021-03-02T11:00:00Z')
    expect(hit?.at.extra['recorded']).toEqual({
      earliest: caseFile.events[1]?.at.earliest,
      latest: caseFile.events[1]?.at.latest,
    })
  })

  it('changes what the dates exclude', () => {
    expect(statusOf(caseOf({}), 'patch-diffing')).toBe('possible')
    expect(statusOf(caseOf(ahead(3 * 3600, 4 * 3600)), 'patch-diffing')).toBe('excluded')
    expect(statusOf(caseOf(ahead(0, 4 * 3600)), 'patch-diffing')).toBe('possible')
  })

  it('may be wrong by months', () => {
    expect(statusOf(caseOf(ahead(268 * 86_400, 268 * 86_400), '2021-11-25T00:00:00Z'), 'patch-diffing')).toBe(
      'excluded',
    )
  })

  it.each([
    [{ clocks: [{ source: 'S', ahead_seconds: { min: 2, max: 1 } }] }, 'min not above max'],
    [{ clocks: [{ source: 'S', ahead_seconds: { min: '2', max: 3 } }] }, 'clocks[0].ahead_seconds.min'],
    [{ clocks: [1] }, 'clocks[0]'],
    [{ clocks: [...(ahead(0, 1)['clocks'] as unknown[]), ...(ahead(2, 3)['clocks'] as unknown[])] }, 'named twice'],
  ])('is refused when it is not stated properly: %j', (extra, message) => {
    expect(() => clocksOf(caseOf(extra))).toThrow(message)
  })
})

describe('two records of the same happenings', () => {
  const at = (earliest: number, latest: number): ChronologyEvent => {
    const [first] = caseOf({}).events
    if (first === undefined) throw new Error('no event')
    return { ...first, at: { ...first.at, earliest: earliest * 1000, latest: latest * 1000 } }
  }

  it('bound the difference of two clocks by what fits all of them', () => {
    expect(
      clockDifference([
        [at(100, 110), at(0, 0)],
        [at(205, 220), at(100, 100)],
      ]),
    ).toEqual({ min: 105, max: 110 })
  })

  it('show that there is no constant difference', () => {
    expect(
      clockDifference([
        [at(100, 100), at(0, 0)],
        [at(300, 300), at(100, 100)],
      ]),
    ).toBeNull()
  })

  it('say nothing without a pair', () => {
    expect(clockDifference([])).toEqual({ min: -Infinity, max: Infinity })
  })
})
