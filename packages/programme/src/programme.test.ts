import { assert, constantFrom, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { durationMs } from './duration.ts'
import { releaseInstant } from './embargo.ts'
import { deliveries, entitlements } from './entitlement.ts'
import { mergePartners, type Partner, parsePartner } from './partner.ts'
import { parsePolicy, partOf } from './policy.ts'

const HOUR = 3_600_000
const POLICY = parsePolicy(
  {
    schema: 'sigillo-policy/1',
    programme: 'Test programme',
    tiers: [
      { id: 'full', leadTime: { description: 'P14D', guidance: 'P14D', rules: 'P14D', poc: 'P14D' } },
      { id: 'rules', leadTime: { description: 'P14D', guidance: 'P5D', rules: 'P5D' } },
    ],
    jurisdictions: [
      {
        id: 'state-reporting',
        countries: ['QQ'],
        parts: ['description'],
        reason: 'reports flaws to a state within 48 hours',
      },
    ],
  },
  'policy.json',
)
const RECIPIENT = `age1${'q'.repeat(58)}`
const partner = (fields: Record<string, unknown>): Partner =>
  parsePartner({ id: 'p1', tier: 'full', ageRecipient: RECIPIENT, ...fields }, 'row 1')

const policyWith = (leadTime: object) => ({
  schema: 'sigillo-policy/1',
  programme: 'x',
  tiers: [{ id: 't', leadTime }],
})

describe('durations', () => {
  test('days, hours and minutes add up', () => {
    expect(durationMs('P14D')).toBe(14 * 24 * HOUR)
    expect(durationMs('P1DT12H30M')).toBe(36.5 * HOUR)
    expect(durationMs('PT0H')).toBe(0)
  })
  test.each(['', 'P', 'PT', 'P1M', 'P1Y', '14D', 'P1DT', 'P-1D', 'P1.5D'])('"%s" is refused', (text) => {
    expect(() => durationMs(text)).toThrow(/is not a duration/)
  })
})

describe('who gets what and when', () => {
  const releaseAt = Date.parse('2021-03-09T18:00:00Z')

  test('a tier gives its parts at its lead times', () => {
    const granted = entitlements(POLICY, partner({ tier: 'rules' }), releaseAt)
    expect(granted.map(({ part, notBefore }) => [part, (releaseAt - notBefore) / (24 * HOUR)])).toEqual([
      ['description', 14],
      ['guidance', 5],
      ['rules', 5],
    ])
    expect(deliveries(granted).map(({ parts }) => parts)).toEqual([['description'], ['guidance', 'rules']])
  })

  test('a partner under mandatory state reporting gets the description at release only, whatever its tier', () => {
    const granted = entitlements(POLICY, partner({ country: 'QQ' }), releaseAt)
    expect(granted).toMatchObject([{ part: 'description', notBefore: releaseAt }])
    expect(granted[0]?.why).toContain('state-reporting')
  })

  test('suspended and removed partners get nothing', () => {
    for (const state of ['suspended', 'removed'])
      expect(entitlements(POLICY, partner({ state }), releaseAt)).toEqual([])
  })

  test('no recipient under the rule ever holds a part before release', () => {
    assert(
      property(constantFrom('full', 'rules'), integer({ min: 0, max: 2 ** 40 }), (tier, release) => {
        for (const { notBefore } of entitlements(POLICY, partner({ tier, country: 'QQ' }), release))
          expect(notBefore).toBe(release)
      }),
    )
  })

  test('files fall into parts by their path; an unknown place counts as the most restricted', () => {
    expect(['rules/a.yar', 'guidance.md', 'description.md', 'poc/a.py', 'notes.txt'].map(partOf)).toEqual([
      'rules',
      'guidance',
      'description',
      'poc',
      'poc',
    ])
  })
})

describe('records', () => {
  test('a bad record names the place, the field and what was expected', () => {
    expect(() => partner({ id: 'Not Good' })).toThrow('row 1: id "Not Good" must be')
    expect(() => partner({ country: 'de' })).toThrow('row 1: country "de" must be a two-letter code')
    expect(() => partner({ kind: 'spy' })).toThrow('row 1: "kind" must be one of partner, vendor, finder')
    expect(() => partner({ ageRecipient: 'AGE-SECRET-KEY-1' })).toThrow('is not an age recipient')
    expect(() => parsePartner(null, 'row 9')).toThrow('row 9: is not an object')
  })
  test('an import never overwrites', () => {
    expect(mergePartners([partner({})], [partner({})])).toHaveLength(1)
    expect(() => mergePartners([partner({})], [partner({ tier: 'rules' })])).toThrow(
      'already listed with other data; nothing was imported',
    )
  })
  test('a policy with an unknown part or a month-long lead time is refused', () => {
    expect(() => parsePolicy(policyWith({ exploit: 'P1D' }), 'p')).toThrow('"exploit" is not a part')
    expect(() => parsePolicy(policyWith({ poc: 'P1M' }), 'p')).toThrow('is not a duration')
  })
})

describe('a release', () => {
  test('needs hour and zone', () => {
    expect(releaseInstant({ releaseAt: '2021-03-09T10:00:00-08:00' })).toBe(Date.parse('2021-03-09T18:00:00Z'))
    for (const releaseAt of [
      '2021-03-09',
      '2021-03-09T18:00:00',
      'soon',
      '2021-02-30T18:00:00Z',
      '2021-03-09T24:00:00Z',
    ]) {
      expect(() => releaseInstant({ releaseAt })).toThrow('needs a date of the calendar, an hour and a zone')
    }
  })
})
