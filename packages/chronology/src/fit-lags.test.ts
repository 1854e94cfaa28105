import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { fitLags, priorsWith } from './fit-lags.ts'
import { FITTED_LAGS } from './fitted-lags.ts'
import { DAY } from './instant.ts'
import { calibration, explainHeldOut, leaveOneOut } from './leave-one-out.ts'
import { printedPriorsFor } from './priors.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const corpus: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

describe('delays fitted on the corpus', () => {
  it('are the ones that the room ships', () => {
    expect(fitLags(corpus)).toEqual(FITTED_LAGS)
  })

  it('do not depend on the order of the cases', () => {
    expect(fitLags(corpus.toReversed())).toEqual(fitLags(corpus))
  })

  it('fall back to the printed delays without cases', () => {
    expect(fitLags([])).toEqual([])
    expect(priorsWith([])).toEqual([
      ...printedPriorsFor('attack').map((prior) => ({ ...prior, waves: 'attack' })),
      ...printedPriorsFor('exposure').map((prior) => ({ ...prior, waves: 'exposure' })),
    ])
  })

  it('never touch a probability or a rate', () => {
    for (const prior of priorsWith(FITTED_LAGS)) {
      const printed = printedPriorsFor(prior.waves ?? 'attack').find((each) => each.explanation === prior.explanation)
      const fixed = ({ tempo }: typeof prior): number => (tempo.form === 'rate' ? tempo.perYear : tempo.probability)
      expect(printed && fixed(printed)).toBe(fixed(prior))
    }
  })

  it('move towards what the cases show', () => {
    const mean = (cases: readonly CaseFile[]): number =>
      fitLags(cases).find((lag) => lag.explanation === 'public-details' && lag.waves === 'attack')?.meanLagDays ?? NaN
    const after = (days: number): CaseFile => detailsThenAttack(days)
    expect(mean([after(0), after(0)])).toBeLessThan(mean([after(4), after(4)]))
  })
})

describe('leave one out', () => {
  const heldOut = leaveOneOut(corpus)

  it('never has the scored case in the fit', () => {
    for (const each of heldOut) {
      expect(each.fittedOn).toHaveLength(corpus.length - 1)
      expect(each.fittedOn).not.toContain(each.caseFile.id)
    }
  })

  it('gives the same delays whatever the held-out case says', () => {
    for (const id of ['drupalgeddon2-2018', 'smbghost-2020']) {
      const other = { ...detailsThenAttack(300), id }
      const changed = corpus.map((each) => (each.id === id ? other : each))
      expect(explainHeldOut(other, changed).lags).toEqual(heldOut.find((each) => each.caseFile.id === id)?.lags)
      expect(fitLags(changed)).not.toEqual(fitLags(corpus))
    }
  })

  const scores = heldOut.flatMap(({ score }) => score ?? [])

  it('excludes no confirmed outcome, ranks it first in at least 80 % and within the first two in all', () => {
    expect(scores).toHaveLength(8)
    for (const score of scores) {
      expect(score.status).not.toBe('excluded')
      expect(score.rank).toBeLessThanOrEqual(2)
    }
    expect(scores.filter((score) => score.rank === 1).length / scores.length).toBeGreaterThanOrEqual(0.8)
  })

  it('leaves ToolShell, CUPS, Heartbleed and Shellshock contested or open', () => {
    for (const id of ['toolshell-sharepoint-2025', 'cups-2024', 'heartbleed-2014', 'shellshock-2014']) {
      expect(['contested', 'open']).toContain(heldOut.find((each) => each.caseFile.id === id)?.report.verdict)
    }
  })

  it('beats the same share for everything', () => {
    const even = 1 / 13
    const evenBrier = (1 - even) ** 2 + 12 * even ** 2
    const mean = scores.reduce((sum, score) => sum + score.brier, 0) / scores.length
    expect(mean).toBeLessThan(evenBrier / 2)
  })

  it('puts every forecast of the scored waves into one band of the calibration table', () => {
    const bands = calibration(heldOut)
    expect(bands.reduce((sum, band) => sum + band.forecasts, 0)).toBe(scores.length * 12)
    expect(bands.reduce((sum, band) => sum + band.cameTrue, 0)).toBe(scores.length)
    for (const band of bands) {
      expect(band.meanShare).toBeGreaterThanOrEqual(band.from)
      expect(band.meanShare).toBeLessThanOrEqual(band.to)
    }
  })
})

function detailsThenAttack(days: number): CaseFile {
  const start = Date.UTC(2020, 0, 1)
  const day = (n: number): { earliest: string; latest: string } => ({
    earliest: new Date(start + n * DAY).toISOString(),
    latest: new Date(start + (n + 1) * DAY - 1000).toISOString(),
  })
  const source = { title: 'A page' }
  return parseCaseFile({
    schema: 'sigillo-case/1',
    id: `details-${days}`,
    title: 'Details, then an attack',
    events: [
      { id: 'e1', kind: 'public-disclosure', at: day(0), source, confidence: 'high' },
      { id: 'e2', kind: 'attack-observed', at: day(days), source, confidence: 'high' },
    ],
  })
}
