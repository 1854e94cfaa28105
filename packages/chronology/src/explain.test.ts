import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import type { ExplanationId } from './explanations.ts'
import type { ChronologyReport, ReportExplanation, ReportWave } from './report.ts'

function load(name: string): CaseFile {
  const url = new URL(`../../../vectors/chronology/${name}.json`, import.meta.url)
  return parseCaseFile(JSON.parse(readFileSync(url, 'utf8')))
}

function waveWith(report: ChronologyReport, event: string): ReportWave {
  const wave = report.waves.find((candidate) => candidate.events.includes(event))
  if (wave === undefined) throw new Error(`no wave holds ${event}`)
  return wave
}

function explanationOf(wave: ReportWave, id: ExplanationId): ReportExplanation {
  const found = wave.explanations.find((each) => each.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

describe('ProxyLogon', () => {
  const caseFile = load('proxylogon-2021')
  const report = explainCase(caseFile)
  const december = waveWith(report, 'e02')
  const january = waveWith(report, 'e09')
  const february = waveWith(report, 'e33')
  const march = waveWith(report, 'e44')

  it('has separate waves for January, 26 to 28 February and after the patch, and keeps December apart as doubtful', () => {
    expect(new Set([december.id, january.id, february.id, march.id]).size).toBe(4)
    expect([december, january, february, march].map((wave) => wave.doubtful)).toEqual([true, false, false, false])
    expect(january.start).toEqual({ earliest: '2021-01-01T00:00:00Z', latest: '2021-01-06T23:59:59Z' })
    expect(february.start).toEqual({ earliest: '2021-02-26T00:00:00Z', latest: '2021-03-01T23:59:59Z' })
    expect(march.start.earliest).toBe('2021-03-02T00:00:00Z')
  })

  it('excludes every partner as the source of the January wave: the hand-over came later', () => {
    for (const id of ['partner-leak', 'partner-intrusion', 'partner-accidental-publication'] as const) {
      expect(explanationOf(january, id)).toMatchObject({ status: 'excluded', posterior: 0, because: ['e28'] })
    }
  })

  it('excludes patch reverse-engineering for the wave of 26 February and allows it after 2 March', () => {
    expect(explanationOf(february, 'patch-diffing')).toMatchObject({ status: 'excluded', because: ['e37', 'e41'] })
    expect(explanationOf(february, 'public-details').status).toBe('excluded')
    expect(explanationOf(march, 'patch-diffing').status).toBe('possible')
  })

  it('leaves the partners, the finder, the vendor and chance open for the wave of 26 February, and names nobody', () => {
    const open = february.explanations.filter((each) => each.status === 'possible').map((each) => each.id)
    expect(open).toEqual([
      'independent-discovery',
      'attacker-prior-use',
      'finder-side-leak',
      'vendor-side-leak',
      'vendor-accidental-publication',
      'partner-leak',
      'partner-intrusion',
      'partner-accidental-publication',
      'third-party-rediscovery',
    ])
    expect(february.verdict).toBe('contested')
    expect(january.verdict).toBe('open')
  })

  it('shows that a leak at the vendor hangs on which date of January is right', () => {
    expect(explanationOf(january, 'vendor-side-leak').status).toBe('possible')
    expect(january.dependsOn.disputedDates).toContain('e09')
    expect(report.wouldSettle.join('\n')).toMatch(
      /if e09 is right \(and e02, e13 wrong\), vendor-side-leak.* would be excluded/,
    )
  })

  it('counts 56 days from report to patch, and says how far the disputed dates stretch that', () => {
    const delay = report.delays.find((each) => each.id === 'report-to-patch')
    expect(delay).toMatchObject({ from: 'e10', to: 'e37', calendarDays: 56 })
    expect(delay?.days).toEqual({ min: 55.55, max: 56.55 })
    expect(delay?.everyReading).toEqual({ min: 26, max: 57.22 })
  })

  it('keeps every disagreement between sources', () => {
    const groups = report.conflicts.map((conflict) => conflict.events)
    expect(groups).toEqual([
      ['e02', 'e09', 'e13'],
      ['e03', 'e36'],
      ['e10', 'e12', 'e20'],
      ['e29', 'e32', 'e33'],
      ['e37', 'e41'],
    ])
  })

  it('excludes the same of each wave under each single reading of the disputed dates', () => {
    for (const drop of [
      ['e13'],
      ['e09'],
      ['e33'],
      ['e29', 'e32'],
      ['e36'],
      ['e10'],
      ['e12', 'e20'],
      ['e37'],
      ['e41'],
    ]) {
      const other = explainCase({ ...caseFile, events: without(caseFile, drop) })
      const still = waveWith(other, drop.includes('e33') ? 'e29' : drop.includes('e29') ? 'e33' : 'e30')
      expect(explanationOf(still, 'patch-diffing').status, drop.join()).toBe('excluded')
      expect(explanationOf(waveWith(other, 'e17'), 'partner-leak').status, drop.join()).toBe('excluded')
    }
  })
})

describe('content evidence', () => {
  const caseFile = load('proxylogon-2021')
  const marks = { wave: 'e33', ratios: { 'partner-leak': 1e9, 'partner-intrusion': 1e9 }, source: 'trace of sample 1' }

  it('moves leak and intrusion together and never says which', () => {
    const wave = waveWith(explainCase(caseFile, { evidence: [marks] }), 'e33')
    expect(wave.leading).toEqual(['partner-leak', 'partner-intrusion'])
    expect(explanationOf(wave, 'partner-leak').posterior).toBeCloseTo(0.5, 3)
    expect(wave.verdict).toBe('likely')
    expect(wave.evidence).toEqual(['trace of sample 1'])
  })

  it('settles only when further evidence separates them', () => {
    const logs = { wave: 'e33', ratios: { 'partner-intrusion': 1000 }, source: 'the holder’s own logs' }
    const wave = waveWith(explainCase(caseFile, { evidence: [marks, logs] }), 'e33')
    expect(explanationOf(wave, 'partner-intrusion').posterior).toBeGreaterThan(0.99)
    expect(wave.leading).toEqual(['partner-intrusion'])
    expect(wave.verdict).toBe('settled')
  })

  it('stays with its wave when a reading of disputed dates numbers the waves otherwise', () => {
    const [a, b, later] = ['2021-01-01', '2021-06-01', '2021-12-01']
    const at = (day: string | undefined): unknown => ({ earliest: `${day}T00:00:00Z`, latest: `${day}T12:00:00Z` })
    const told = { kind: 'attack-observed', source: { title: 'A page' } }
    const disputed = parseCaseFile({
      schema: 'sigillo-case/1',
      id: 'c',
      title: 'C',
      events: [
        { ...told, id: 'a', at: at(a), conflicts_with: ['b'] },
        { ...told, id: 'b', at: at(b) },
        { ...told, id: 'z', at: at(later) },
      ],
    })
    const evidence = [{ wave: 'W3', ratios: { 'third-party-rediscovery': 1e6 }, source: 'a talk' }]
    const [first, , third] = explainCase(disputed, { evidence }).waves
    expect(third).toMatchObject({ verdict: 'settled', leading: ['third-party-rediscovery'] })
    expect(first?.dependsOn.disputedDates).toEqual([])
  })

  it('lets no verdict rest on readings that were not tried', () => {
    const verdicts = explainCase(caseFile, { evidence: [marks], maxReadings: 3 }).waves.map((wave) => wave.verdict)
    expect(verdicts.every((verdict) => verdict === 'contested' || verdict === 'open')).toBe(true)
  })

  it('cannot bring back what the dates exclude', () => {
    const evidence = [{ ...marks, wave: 'e09' }]
    const wave = waveWith(explainCase(caseFile, { evidence }), 'e09')
    expect(explanationOf(wave, 'partner-leak')).toMatchObject({ status: 'excluded', posterior: 0 })
  })

  it('requires the last explanation that is left', () => {
    const report = explainCase(caseFile)
    const open = waveWith(report, 'e33')
      .explanations.filter((each) => each.status !== 'excluded')
      .map((each) => each.id)
    const ruledOut = open
      .filter((id) => id !== 'attacker-prior-use')
      .map((id) => ({ wave: 'e33', explanation: id, source: 'ruled out in this test' }))
    const wave = waveWith(explainCase(caseFile, { ruledOut }), 'e33')
    expect(explanationOf(wave, 'attacker-prior-use').status).toBe('required')
    expect(wave.explanations.filter((each) => each.status === 'required')).toHaveLength(1)
  })

  it.each([
    [{ evidence: [{ ...marks, wave: 'nowhere' }] }, 'neither a wave nor an event'],
    [{ evidence: [{ ...marks, ratios: { 'partner-leak': 0 } }] }, 'likelihood ratio above 0'],
    [{ evidence: [{ ...marks, ratios: { 'partner-leak': Number.POSITIVE_INFINITY } }] }, 'likelihood ratio above 0'],
    [{ evidence: [{ ...marks, source: ' ' }] }, 'expected a source in words'],
    [{ waves: { gapDays: 0 } }, 'gapDays'],
    [{ maxReadings: -1 }, 'maxReadings'],
  ])('refuses unusable options: %o', (options, message) => {
    expect(() => explainCase(caseFile, options)).toThrow(message)
  })
})

describe('dates alone', () => {
  const caseFile = load('proxylogon-2021')

  it('never carry an accusation beyond contested, however strong the priors', () => {
    const tempo = { form: 'route', probability: 1, meanLagDays: 3 } as const
    const ids = ['partner-leak', 'partner-intrusion'] as const
    const priors = ids.map((id) => ({ explanation: id, tempo, source: 'assumed in this test' }))
    const wave = waveWith(explainCase(caseFile, { priors }), 'e33')
    expect(ids.reduce((sum, id) => sum + explanationOf(wave, id).posterior, 0)).toBeGreaterThan(0.95)
    expect(wave.verdict).toBe('contested')
  })

  it('speak against independent discovery the more groups appear at once', () => {
    expect(independentShare(1)).toBeGreaterThan(independentShare(2))
    expect(independentShare(2)).toBeGreaterThan(independentShare(4))
  })

  function independentShare(actorCount: number): number {
    const events = caseFile.events.map((event) => (event.id === 'e08' ? { ...event, actorCount } : event))
    return explanationOf(waveWith(explainCase({ ...caseFile, events }), 'e08'), 'independent-discovery').posterior
  }
})

describe('what the record does not say', () => {
  it('keeps a partner leak possible when no hand-over is recorded, unless the record is declared complete', () => {
    const moveit = load('moveit-2023')
    expect(explanationOf(waveWith(explainCase(moveit), 'e03'), 'partner-leak').status).toBe('possible')
    const complete = explainCase(moveit, { completeFor: ['shared-with-partners'] })
    expect(explanationOf(waveWith(complete, 'e03'), 'partner-leak')).toMatchObject({ status: 'excluded' })
  })

  it('treats a placeholder bound as open', () => {
    const fortinet = explainCase(load('fortinet-2022-40684'))
    expect(waveWith(fortinet, 'e01').start.earliest).toBeNull()
  })

  it('calls a case without attacks open and says why', () => {
    const report = explainCase(load('pwnkit-2022'))
    expect(report).toMatchObject({ verdict: 'open', waves: [] })
    expect(report.wouldSettle).toHaveLength(1)
  })
})

function without(caseFile: CaseFile, ids: readonly string[]): CaseFile['events'] {
  return caseFile.events
    .filter((event) => !ids.includes(event.id))
    .map((event) => ({
      ...event,
      conflictsWith: event.conflictsWith.filter((id) => !ids.includes(id)),
      refs: event.refs.filter((id) => !ids.includes(id)),
    }))
}
