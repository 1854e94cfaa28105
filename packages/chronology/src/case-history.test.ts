import { readdirSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { findHistory } from './case-history.ts'
import { DESIRED_ORDERS, HISTORIES, luckOf, luckOfAtLeast, skill } from './histories.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const cases: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

describe('the histories, against the tables that CERT/CC publishes (Vultron 6883299)', () => {
  it('are the 70 of the table, each with its count of desired orderings and its frequency', () => {
    const rows = HISTORIES.map((each) => `${each.order} ${each.desired.length} ${halfEven(each.frequency, 4)}`).sort()
    expect(rows).toHaveLength(70)
    expect(rows).toEqual(expect.arrayContaining(['AXPVFD 0 0.0833', 'VXPAFD 5 0.0312', 'VFDPXA 12 0.0026']))
    // The hash of the published table, brought into the same form.
    expect(createHash('sha256').update(rows.join('\n')).digest('hex')).toBe(
      'c0c88314379d169cd0eb2324fe6af777cad536b5786f4f53a4c41aa04b996d72',
    )
  })

  it('give each desired ordering the published expected frequency', () => {
    const published = [0.333, 0.667, 0.75, 0.111, 0.333, 0.375, 0.037, 0.167, 0.187, 0.5, 0.667, 0.5]
    expect(published).toHaveLength(DESIRED_ORDERS.length)
    for (const [i, order] of DESIRED_ORDERS.entries()) {
      expect(Math.abs(luckOf(order) - (published[i] ?? NaN)), order).toBeLessThan(0.000501)
    }
  })

  it('are one whole', () => {
    expect(HISTORIES.reduce((sum, each) => sum + each.frequency, 0)).toBeCloseTo(1, 12)
    expect(luckOfAtLeast(0)).toBeCloseTo(1, 12)
    expect(luckOfAtLeast(12)).toBeCloseTo(1 / 384, 12)
  })

  it('show skill only above luck', () => {
    expect(skill('VA', 0.7)).toBeLessThan(0)
    expect(skill('VA', 0.75)).toBeCloseTo(0, 12)
    expect(skill('DP', 1)).toBe(1)
  })

  it('know the eight zero-day patterns that a whole history can show', () => {
    const of = (order: string): readonly string[] => HISTORIES.find((each) => each.order === order)?.zeroDays ?? []
    expect(of('PVFDXA')).toEqual(['vulnerability-2', 'vulnerability-3'])
    expect(of('XPVAFD')).toEqual([
      'vulnerability-2',
      'vulnerability-3',
      'exploit-1',
      'exploit-2',
      'exploit-3',
      'attack-2',
    ])
    expect(of('VFDPXA')).toEqual([])
  })
})

/** Rounds as the published table does: ties to the even digit. */
function halfEven(value: number, digits: number): string {
  const scaled = value * 10 ** digits
  const below = Math.floor(scaled + 1e-9)
  const tie = Math.abs(scaled - below - 0.5) < 1e-9
  return ((tie ? below + (below % 2) : Math.round(scaled)) / 10 ** digits).toFixed(digits)
}

describe('a case among the histories', () => {
  const history = (...told: readonly (readonly [string, string, string?])[]) =>
    findHistory(
      parseCaseFile({
        schema: 'sigillo-case/1',
        id: 'case',
        title: 'A case',
        events: told.map(([kind, from, to = from], i) => ({
          id: `e${i}`,
          kind,
          at: { earliest: `${from}T00:00:00Z`, latest: `${to}T00:00:00Z` },
          source: { title: 'A page' },
          confidence: 'high',
        })),
      }),
    )

  it('with a date for everything but deployment has few', () => {
    const found = history(
      ['reported-to-vendor', '2020-01-01'],
      ['fix-released', '2020-02-01'],
      ['public-disclosure', '2020-02-02'],
      ['exploit-public', '2020-02-03'],
      ['attack-observed', '2020-02-04'],
    )
    expect(found.histories.map((each) => each.order).sort()).toEqual(['VFDPXA', 'VFPDXA', 'VFPXAD', 'VFPXDA'])
    const statuses = Map.groupBy(found.desired, (each) => each.status)
    expect(statuses.get('met')).toHaveLength(9)
    expect(statuses.get('undecided')?.map((each) => each.order)).toEqual(['DP', 'DX', 'DA'])
    expect(found.met).toEqual({ min: 9, max: 12 })
    expect(found.zeroDays).toEqual({ certain: [], possible: [] })
  })

  it('in which attacks came first missed what it missed, by the events that say so', () => {
    const found = history(
      ['attack-observed', '2020-01-01'],
      ['reported-to-vendor', '2020-01-05'],
      ['fix-released', '2020-02-01'],
    )
    expect(found.desired.find((each) => each.order === 'VA')).toEqual({
      order: 'VA',
      status: 'missed',
      because: ['e1', 'e0'],
    })
    expect(found.zeroDays.certain).toEqual(['attack-1', 'attack-2', 'attack-3'])
  })

  it('with dates that overlap decides nothing', () => {
    const found = history(
      ['attack-observed', '2020-01-01', '2020-01-31'],
      ['reported-to-vendor', '2020-01-01', '2020-01-31'],
    )
    expect(found.desired.find((each) => each.order === 'VA')?.status).toBe('undecided')
    expect(found.zeroDays.possible).toContain('attack-1')
  })

  it.each(cases)('$id: has a history, and wider dates never take one away', (each) => {
    const found = findHistory(each)
    expect(found.histories.length).toBeGreaterThan(0)
    const wider = each.events.map((event) => ({
      ...event,
      at: { ...event.at, earliest: event.at.earliest - 86_400_000, latest: event.at.latest + 86_400_000 },
    }))
    const orders = findHistory({ events: wider }).histories.map((history) => history.order)
    for (const { order } of found.histories) expect(orders).toContain(order)
  })

  it('ProxyLogon: the vendor knew and attacks came before the fix', () => {
    const proxylogon = cases.find((each) => each.id === 'proxylogon-2021')
    const found = proxylogon && findHistory(proxylogon)
    expect(found?.zeroDays.certain).toEqual(expect.arrayContaining(['attack-2', 'attack-3']))
    expect(found?.desired.find((each) => each.order === 'FA')?.status).toBe('missed')
  })
})
