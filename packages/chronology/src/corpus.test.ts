import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import { explanation } from './explanations.ts'
import type { ReportWave } from './report.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const cases: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

const statusIn = (wave: ReportWave, id: string): string | undefined =>
  wave.explanations.find((each) => each.id === id)?.status
const namesSomebody = (wave: ReportWave): boolean => wave.leading.some((id) => explanation(id).accuses)
const decided = (wave: ReportWave): boolean => wave.verdict === 'settled' || wave.verdict === 'likely'

describe('the thirty cases', () => {
  it('are all here', () => {
    expect(cases).toHaveLength(30)
    expect(cases.filter((each) => each.knownOutcome?.status === 'confirmed')).toHaveLength(8)
  })

  it.each(cases.filter((each) => each.knownOutcome?.status === 'confirmed'))(
    '$id: the confirmed outcome is not excluded',
    (each) => {
      const outcome = each.knownOutcome?.hypothesis ?? ''
      const { waves } = explainCase(each)
      const solid = waves.filter((wave) => !wave.doubtful)
      expect(solid.length).toBeGreaterThan(0)
      for (const wave of solid) expect(statusIn(wave, outcome), wave.id).toBe('possible')
    },
  )

  it.each(cases.filter((each) => each.knownOutcome?.status === 'suspected'))(
    '$id: what is suspected, and its alternatives, stay open for some wave',
    (each) => {
      const { waves } = explainCase(each)
      if (waves.length === 0) return
      const outcome = each.knownOutcome
      for (const id of [outcome?.hypothesis ?? '', ...(outcome?.alternatives ?? [])]) {
        expect(
          waves.some((wave) => statusIn(wave, id) === 'possible'),
          id,
        ).toBe(true)
      }
    },
  )

  it('what the sources exclude comes out excluded', () => {
    const expected = { 'proxylogon-2021': 'e33', 'toolshell-sharepoint-2025': 'e05', 'spring4shell-2022': 'e03' }
    for (const [id, event] of Object.entries(expected)) {
      const each = cases.find((candidate) => candidate.id === id)
      if (each === undefined) throw new Error(id)
      const wave = explainCase(each).waves.find((candidate) => candidate.events.includes(event))
      expect(each.knownOutcome?.excluded.length).toBeGreaterThan(0)
      for (const { hypothesis } of each.knownOutcome?.excluded ?? []) {
        expect(wave && statusIn(wave, hypothesis), `${id} ${hypothesis}`).toBe('excluded')
      }
    }
  })

  it.each(cases.filter((each) => each.control))('$id: a control names nobody', (each) => {
    for (const wave of explainCase(each).waves) expect(decided(wave) && namesSomebody(wave), wave.id).toBe(false)
  })

  it.each(cases)(
    '$id: nothing is settled, and only a public mention by a partner makes an accusation likely',
    (each) => {
      for (const wave of explainCase(each).waves) {
        expect(wave.verdict).not.toBe('settled')
        if (!namesSomebody(wave) || !decided(wave)) continue
        const kinds = each.events.filter((event) => wave.events.includes(event.id)).map((event) => event.kind)
        expect(kinds).toContain('partner-public-mention')
      }
    },
  )

  it.each(['toolshell-sharepoint-2025', 'cups-2024', 'heartbleed-2014', 'shellshock-2014'])(
    '%s: contested or open',
    (id) => {
      const each = cases.find((candidate) => candidate.id === id)
      if (each === undefined) throw new Error(id)
      expect(['contested', 'open']).toContain(explainCase(each).verdict)
    },
  )

  it.each(cases)('$id: shares add up to one and every reason names events of the case', (each) => {
    const ids = new Set(each.events.map((event) => event.id))
    for (const wave of explainCase(each).waves) {
      const total = wave.explanations.reduce((sum, one) => sum + one.posterior, wave.unlisted)
      expect(total).toBeCloseTo(1, 9)
      for (const one of wave.explanations) {
        expect(one.because.every((id) => ids.has(id))).toBe(true)
        if (one.status === 'excluded') expect(one.because.length, one.id).toBeGreaterThan(0)
      }
    }
  })
})
