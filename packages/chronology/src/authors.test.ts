import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'

type Told = readonly [kind: string, day: string, actor: string, id?: string]

function caseOf(...told: readonly Told[]): CaseFile {
  return parseCaseFile({
    schema: 'sigillo-case/1',
    id: 'case',
    title: 'A case',
    events: told.map(([kind, day, actor, id], i) => ({
      id: id ?? `e${i}`,
      kind,
      actor,
      at: { earliest: `${day}T00:00:00Z`, latest: `${day}T23:59:59Z` },
      source: { title: 'A page' },
      confidence: 'high',
    })),
  })
}

function share(caseFile: CaseFile, wave: string, id: string): number {
  const found = explainCase(caseFile).waves.find((each) => each.id === wave)
  return found?.explanations.find((each) => each.id === id)?.posterior ?? NaN
}

describe('who published', () => {
  const reported: Told = ['reported-to-vendor', '2020-01-01', 'Alpha Labs']
  const fixed: Told = ['fix-released', '2020-03-01', 'Vendor']

  it('an exposure whose author is the finder came from the finder’s side', () => {
    const own = caseOf(reported, ['exploit-public', '2020-02-01', 'Alpha Labs intern'], fixed)
    const another = caseOf(reported, ['exploit-public', '2020-02-01', 'Beta Group'], fixed)
    expect(share(own, 'X1', 'finder-side-leak')).toBeGreaterThan(0.8)
    expect(share(another, 'X1', 'finder-side-leak')).toBeLessThan(0.7)
  })

  it('is at most contested: that it was theirs to publish, the dates cannot say', () => {
    const own = caseOf(reported, ['exploit-public', '2020-02-01', 'Alpha Labs'], fixed)
    expect(explainCase(own).waves[0]?.verdict).toBe('contested')
  })

  it('with nobody else on record, the first named author before any fix is the finder', () => {
    const alone = caseOf(['exploit-public', '2020-02-01', 'Alpha Labs'], fixed)
    const nameless = caseOf(['exploit-public', '2020-02-01', 'unnamed researcher'], fixed)
    const afterFix = caseOf(['exploit-public', '2020-04-01', 'Alpha Labs'], fixed)
    expect(share(alone, 'X1', 'finder-side-leak')).toBeGreaterThan(0.8)
    expect(share(nameless, 'X1', 'finder-side-leak')).toBeLessThan(0.7)
    expect(share(afterFix, 'X1', 'finder-side-leak')).toBeLessThan(0.1)
  })
})

describe('a fix that its publisher replaced', () => {
  const first: Told = ['fix-released', '2020-01-01', 'Vendor']
  const attack: Told = ['attack-observed', '2020-01-10', 'unknown']

  it('weighs less as the source of a wave between the two', () => {
    const once = share(caseOf(first, attack), 'W1', 'patch-diffing')
    const replaced = share(caseOf(first, attack, ['fix-released', '2020-01-20', 'Vendor']), 'W1', 'patch-diffing')
    expect(replaced).toBeLessThan(once)
    expect(replaced).toBeGreaterThan(0)
  })

  it('weighs as before when the second fix is another party’s, or came before the wave', () => {
    const once = share(caseOf(first, attack), 'W1', 'patch-diffing')
    const other = share(caseOf(first, attack, ['fix-released', '2020-01-20', 'Distribution']), 'W1', 'patch-diffing')
    const earlier = share(caseOf(first, ['fix-released', '2020-01-05', 'Vendor'], attack), 'W1', 'patch-diffing')
    expect(other).toBe(once)
    expect(earlier).toBeGreaterThanOrEqual(once)
  })
})
