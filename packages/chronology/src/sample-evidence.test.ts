import { fc, test } from '@fast-check/vitest'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import { CARRIES_FROM } from './priors.ts'
import type { ReportWave } from './report.ts'
import {
  type CopyHolder,
  evidenceOfScreen,
  evidenceOfTrace,
  NO_MARKS_RATIO,
  ratioOfPValue,
  strongestEvidence,
  type TraceSummary,
} from './sample-evidence.ts'

const file = new URL('../../../vectors/chronology/proxylogon-2021.json', import.meta.url)
const proxylogon = parseCaseFile(JSON.parse(readFileSync(file, 'utf8')))
const second = 'e33'

const traceOf = (
  p: number,
  kind: CopyHolder = 'partner',
  verdict: TraceSummary['verdict'] = 'accusation',
): TraceSummary => ({
  id: 'trace-1',
  verdict,
  recipients: 88,
  copies: [{ recipient: 'p17', kind, p }],
})

function explained(trace: TraceSummary): ReportWave {
  const evidence = evidenceOfTrace(second, trace)
  const found = explainCase(proxylogon, { evidence: evidence === null ? [] : [evidence] })
  const wave = found.waves.find((each) => each.events.includes(second))
  if (wave === undefined) throw new Error('no wave')
  return wave
}
const share = (wave: ReportWave, id: string): number =>
  wave.explanations.find((each) => each.id === id)?.posterior ?? NaN

describe('a p-value as a likelihood ratio', () => {
  it('never overstates: its mean for an innocent copy is at most 1', () => {
    let mean = 0
    const steps = 200_000
    for (let i = 0; i < steps; i++) {
      // Uniform p on a grid that is fine near 0, where the ratio is large.
      const u = (i + 0.5) / steps
      mean += ratioOfPValue(u ** 6) * 6 * u ** 5 * (1 / steps)
    }
    expect(mean).toBeLessThan(1.001)
    expect(mean).toBeGreaterThan(0.8)
  })

  test.prop([fc.double({ min: 1e-300, max: 1, noNaN: true }), fc.double({ min: 1e-300, max: 1, noNaN: true })])(
    'falls as p grows, and stays between 1/2 and a million',
    (p, q) => {
      const [low, high] = p < q ? [p, q] : [q, p]
      expect(ratioOfPValue(low)).toBeGreaterThanOrEqual(ratioOfPValue(high) - 1e-4)
      expect(ratioOfPValue(low)).toBeLessThanOrEqual(1e6)
      expect(ratioOfPValue(high)).toBeGreaterThan(0.49)
    },
  )

  it('is none outside 0 to 1', () => {
    for (const p of [0, -1, 1.5, NaN]) expect(() => ratioOfPValue(p)).toThrow(RangeError)
  })
})

describe('a trace', () => {
  it('that names a partner’s copy makes leak and intrusion lead together, and settles nothing', () => {
    const wave = explained(traceOf(1e-12))
    expect(wave.leading).toEqual(['partner-leak', 'partner-intrusion'])
    expect(share(wave, 'partner-leak')).toBeCloseTo(share(wave, 'partner-intrusion'), 9)
    expect(wave.verdict).toBe('likely')
    expect(wave.evidence[0]).toContain('a copy is named, not who let it go')
  })

  it('that names the finder’s copy speaks for the finder’s side, one of the vendor’s for the vendor’s', () => {
    expect(explained(traceOf(1e-12, 'finder')).leading).toEqual(['finder-side-leak'])
    expect(explained(traceOf(1e-12, 'vendor')).leading).toEqual(['vendor-side-leak'])
  })

  it('that gives a lead only never makes an accusation likely', () => {
    const wave = explained(traceOf(1e-4 / 88, 'partner', 'lead'))
    expect(share(wave, 'partner-leak')).toBeGreaterThan(
      share(explained(traceOf(1, 'partner', 'insufficient')), 'partner-leak'),
    )
    expect(explained(traceOf(1e-2 / 88, 'partner', 'lead')).verdict).toBe('contested')
  })

  it('that is a lead stays below what carries an accusation, however small its chance', () => {
    const ratios = evidenceOfTrace(second, traceOf(1e-30, 'partner', 'lead'))?.ratios
    expect(ratios?.['partner-leak']).toBe(CARRIES_FROM / 2)
  })

  it('of a second sample of the same wave says nothing new', () => {
    const one = evidenceOfTrace(second, traceOf(1e-12))
    const nowhere = evidenceOfTrace(second, { ...traceOf(1, 'partner', 'none'), copies: [] })
    if (one === null || nowhere === null) throw new Error('no evidence')
    expect(strongestEvidence([one, one])?.ratios).toEqual(one.ratios)
    expect(strongestEvidence([nowhere])?.ratios).toEqual(nowhere.ratios)
    expect(strongestEvidence([one, nowhere])?.ratios['partner-leak']).toBe(one.ratios['partner-leak'])
    expect(strongestEvidence([])).toBeNull()
  })

  it('counts the chance over all copies that were issued', () => {
    const few = evidenceOfTrace(second, { ...traceOf(1e-6), recipients: 2 })?.ratios['partner-leak'] ?? NaN
    const many = evidenceOfTrace(second, { ...traceOf(1e-6), recipients: 500 })?.ratios['partner-leak'] ?? NaN
    expect(few).toBeGreaterThan(50 * many)
  })

  it('that points nowhere speaks against every copy, and one with too few marks says nothing', () => {
    const nowhere = evidenceOfTrace(second, { ...traceOf(1, 'partner', 'none'), copies: [] })
    expect(new Set(Object.values(nowhere?.ratios ?? {}))).toEqual(new Set([NO_MARKS_RATIO]))
    expect(evidenceOfTrace(second, traceOf(1, 'partner', 'insufficient'))).toBeNull()
  })
})

describe('a screen', () => {
  it('that finds derivation favours every way in which something shared came out, alike', () => {
    const found = evidenceOfScreen(second, { id: 's', derived: true, falseAlarmRate: 1e-4, missRate: null })
    const ratios = Object.values(found?.ratios ?? {})
    expect(ratios).toHaveLength(6)
    expect(new Set(ratios).size).toBe(1)
    expect(ratios[0]).toBeGreaterThan(50)
  })

  it('that finds none says nothing unless its misses were measured', () => {
    const missed = { id: 's', derived: false, falseAlarmRate: 1e-4 }
    expect(evidenceOfScreen(second, { ...missed, missRate: null })).toBeNull()
    expect(evidenceOfScreen(second, { ...missed, missRate: 0.05 })?.ratios['partner-leak']).toBeCloseTo(0.05, 4)
  })
})
