import { describe, expect, it } from 'vitest'
import { strictest } from './handling.ts'
import { parsePartner } from './partner.ts'
import { handlingOf, parsePolicy } from './policy.ts'
import { type AudienceRecord, unusual } from './unusual.ts'
import { standingOf, vettingEnds } from './vetting.ts'

const BASE = { schema: 'sigillo-policy/1', programme: 'x', tiers: [{ id: 't', leadTime: { poc: 'P1D' } }] }
const policy = (more: object = {}) => parsePolicy({ ...BASE, ...more }, 'policy.json')
const partner = (more: object = {}) =>
  parsePartner({ id: 'p', tier: 't', ageRecipient: `age1${'q'.repeat(58)}`, ...more }, 'row 1')

describe('vetting', () => {
  it('lasts to the end of its last day in UTC', () => {
    const end = Date.parse('2027-02-01T00:00:00Z')
    expect(vettingEnds('2027-01-31')).toBe(end)
    expect(standingOf(policy(), partner({ vettedUntil: '2027-01-31' }), end - 1)).toEqual({ ok: true })
    expect(standingOf(policy(), partner({ vettedUntil: '2027-01-31' }), end)).toEqual({
      ok: false,
      why: 'its vetting ended on 2027-01-31',
    })
  })

  it('is not needed unless the policy asks for it', () => {
    expect(standingOf(policy(), partner(), 0).ok).toBe(true)
    expect(standingOf(policy({ vetting: 'required' }), partner(), 0).ok).toBe(false)
  })

  it.each(['2027-02-30', '2027-1-1', 'soon', '2027-01-31T00:00Z'])('does not end on "%s"', (vettedUntil) => {
    expect(() => partner({ vettedUntil })).toThrow(/must be a day of the calendar/)
  })
})

describe('handling as data of the policy', () => {
  it('is red for a proof of concept unless the policy says otherwise, label by label', () => {
    expect(handlingOf(policy(), 'poc')).toEqual({ tlp: 'TLP:RED', pap: 'PAP:RED' })
    expect(handlingOf(policy({ handling: { poc: { tlp: 'TLP:AMBER+STRICT' } } }), 'poc')).toEqual({
      tlp: 'TLP:AMBER+STRICT',
      pap: 'PAP:RED',
    })
  })

  it('together is the most restricted, and without any part red', () => {
    const handled = [
      { tlp: 'TLP:GREEN', pap: 'PAP:AMBER' },
      { tlp: 'TLP:AMBER', pap: 'PAP:CLEAR' },
    ] as const
    expect(strictest(handled)).toEqual({ tlp: 'TLP:AMBER', pap: 'PAP:AMBER' })
    expect(strictest([])).toEqual({ tlp: 'TLP:RED', pap: 'PAP:RED' })
  })

  it.each([
    [{ handling: { poc: { tlp: 'TLP:WHITE' } } }, '"TLP:WHITE" must be one of TLP:RED'],
    [{ handling: { poc: { pap: 'red' } } }, '"red" must be one of PAP:RED'],
    [{ handling: { all: {} } }, '"all" is not a part'],
    [{ vetting: 'yes' }, '"yes" must be one of required'],
    [{ tiers: [{ id: 't', leadTime: {}, use: ['sell'] }] }, '"sell" must be one of analyse'],
  ])('%j is refused', (more, message) => {
    expect(() => policy(more)).toThrow(message)
  })
})

describe('an unusual audience', () => {
  const record = (name: string, ...recipients: readonly (readonly [string, string?])[]): AudienceRecord => ({
    case: name,
    shares: recipients.map(([recipient, country = 'DE']) => ({ recipient, country, parts: ['guidance'] })),
  })
  const kinds = (planned: AudienceRecord, before: readonly AudienceRecord[]) =>
    unusual(planned, before).map(({ kind, recipient }) => `${kind} ${recipient}`)

  it('has nothing to be compared with at first', () => {
    expect(kinds(record('c1', ['a']), [])).toEqual([])
  })

  it('is one with somebody new, a new country, or a part that somebody never got', () => {
    expect(kinds(record('c2', ['a'], ['b', 'FR']), [record('c1', ['a'])])).toEqual(['first-share b', 'first-country b'])
    const poc: AudienceRecord = { case: 'c2', shares: [{ recipient: 'a', country: 'DE', parts: ['guidance', 'poc'] }] }
    expect(unusual(poc, [record('c1', ['a'])])).toEqual([
      { kind: 'first-part', recipient: 'a', why: 'it never got this before: poc' },
    ])
  })

  it('is one with somebody who got nothing of this case so far', () => {
    const before = [record('c0', ['b']), record('c1', ['a'])]
    expect(kinds(record('c1', ['a'], ['b']), before)).toEqual(['new-to-case b'])
  })

  it('is one without somebody who was always there', () => {
    const before = [record('c1', ['a'], ['b']), record('c2', ['a'], ['b']), record('c3', ['a'], ['b'])]
    expect(kinds(record('c4', ['a']), before)).toEqual(['left-out b'])
    expect(kinds(record('c4', ['a']), before.slice(1))).toEqual([])
  })
})
