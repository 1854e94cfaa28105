import { type Partner, parsePartner } from '@sigillo/programme/partner'
import type { Policy } from '@sigillo/programme/policy'
import { describe, expect, it } from 'vitest'
import { planAudience } from './audience.ts'
import { defaultPolicy } from './default-policy.ts'
import type { CaseDocument } from './documents.ts'

const document: CaseDocument = {
  schema: 'sigillo-desk-case/1',
  id: 'c1',
  title: 'A case',
  embargo: { state: 'active', releaseAt: '2030-03-09T18:00:00Z' },
  chronology: {},
}
const FILES = ['description.md', 'guidance.md', 'rules/board.yar', 'poc/tool.py']

function recipient(id: string, tier: string, more: Readonly<Record<string, string>> = {}): Partner {
  return parsePartner({ id, tier, ageRecipient: `age1${'q'.repeat(58)}`, ...more }, 'test')
}

const NOW = Date.parse('2030-01-15T12:00:00Z')

function preview(
  partners: readonly Partner[],
  paths: readonly string[] = FILES,
  notBefore = 0,
  policy: Policy = defaultPolicy('demo'),
) {
  const { packages, left } = planAudience(policy, document, partners, paths, { now: NOW, notBefore })
  return {
    packages: packages.map((each) => [each.recipient.id, each.paths, new Date(each.notBefore).toISOString(), each.why]),
    left,
  }
}

describe('who gets what, when and why', () => {
  it('the highest tier gets everything in one package', () => {
    expect(preview([recipient('p', 'full')]).packages).toEqual([
      ['p', FILES, '2030-02-23T18:00:00.000Z', 'tier full: P14D before release'],
    ])
  })

  it('a tier with two lead times gets two packages, the earlier first, and what its tier does not name in neither', () => {
    expect(preview([recipient('p', 'rules')]).packages).toEqual([
      ['p', ['description.md', 'guidance.md'], '2030-02-23T18:00:00.000Z', 'tier rules: P14D before release'],
      ['p', ['rules/board.yar'], '2030-03-04T18:00:00.000Z', 'tier rules: P5D before release'],
    ])
  })

  it('a seat under mandatory state reporting gets the description at release, whatever its tier', () => {
    const [only, ...none] = preview([recipient('p', 'full', { country: 'CN' })]).packages
    expect(only?.slice(0, 3)).toEqual(['p', ['description.md'], '2030-03-09T18:00:00.000Z'])
    expect(only?.[3]).toMatch(/^state-reporting: the seat requires flaws to be reported/)
    expect(none).toEqual([])
  })

  it('that rule is about partners: the vendor’s own people and the finder have no seat', () => {
    const kinds = ['vendor', 'finder'].map((kind) => recipient(kind, 'full', { kind, country: 'CN' }))
    expect(preview(kinds).packages.map(([, paths]) => paths)).toEqual([FILES, FILES])
  })

  it('a file of no known part counts as proof of concept, the most restricted', () => {
    const { packages, left } = preview([recipient('a', 'full'), recipient('b', 'rules')], ['notes.txt'])
    expect(packages.map(([id]) => id)).toEqual(['a'])
    expect(left).toEqual([{ recipient: 'b', why: 'no rule gives it any file of this artefact' }])
  })

  it('who is suspended or removed gets nothing, and the preview says why', () => {
    const partners = ['suspended', 'removed'].map((state) => recipient(state, 'full', { state }))
    expect(preview(partners)).toEqual({
      packages: [],
      left: [
        { recipient: 'suspended', why: 'it is suspended' },
        { recipient: 'removed', why: 'it is removed' },
      ],
    })
  })

  it('whose vetting ended gets nothing new, and the preview says why; its last day still counts', () => {
    const vetted = (vettedUntil: string) => recipient(vettedUntil, 'full', { vettedUntil })
    const { packages, left } = preview([vetted('2030-01-14'), vetted('2030-01-15')])
    expect(packages.map(([id]) => id)).toEqual(['2030-01-15'])
    expect(left).toEqual([{ recipient: '2030-01-14', why: 'its vetting ended on 2030-01-14' }])
  })

  it('where the policy asks for vetting, a partner without any gets nothing; the vendor’s own people and the finder need none', () => {
    const kinds = ['partner', 'vendor', 'finder'].map((kind) => recipient(kind, 'full', { kind }))
    const { packages, left } = preview(kinds, FILES, 0, { ...defaultPolicy('demo'), vetting: 'required' })
    expect(packages.map(([id]) => id)).toEqual(['vendor', 'finder'])
    expect(left).toEqual([{ recipient: 'partner', why: 'it was never vetted, and the policy asks for it' }])
  })

  it('a package is handled as the most restricted of its parts, and names what it may be used for', () => {
    const policy: Policy = {
      ...defaultPolicy('demo'),
      tiers: [{ id: 'full', name: 'full', leadTime: { guidance: 'P2D', poc: 'P2D' }, use: ['analyse'] }],
      handling: { poc: { tlp: 'TLP:AMBER+STRICT', pap: 'PAP:AMBER' } },
    }
    const { packages } = planAudience(policy, document, [recipient('p', 'full')], FILES, { now: NOW })
    expect(packages).toMatchObject([{ handling: { tlp: 'TLP:AMBER+STRICT', pap: 'PAP:AMBER' }, use: ['analyse'] }])
  })

  it('an instant asked for moves packages back and never forward', () => {
    const times = (notBefore: string) =>
      preview([recipient('p', 'rules')], FILES, Date.parse(notBefore)).packages.map(([, , at]) => at)
    expect(times('2030-01-01T00:00:00Z')).toEqual(['2030-02-23T18:00:00.000Z', '2030-03-04T18:00:00.000Z'])
    expect(times('2030-03-01T00:00:00Z')).toEqual(['2030-03-01T00:00:00.000Z', '2030-03-04T18:00:00.000Z'])
    expect(times('2030-04-01T00:00:00Z')).toEqual(['2030-04-01T00:00:00.000Z', '2030-04-01T00:00:00.000Z'])
  })

  it('nobody, and an artefact without files, give an empty audience', () => {
    expect(preview([])).toEqual({ packages: [], left: [] })
    expect(preview([recipient('p', 'full')], []).packages).toEqual([])
  })

  it('a tier that the policy does not have is refused, not guessed at', () => {
    expect(() => preview([recipient('p', 'platinum')])).toThrow('tier "platinum" is not in the policy')
  })
})
