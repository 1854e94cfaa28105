import type { CaseFile } from './case-file.ts'
import { explanation } from './explanations.ts'
import type { ZeroDay } from './histories.ts'
import { nominalOf } from './internal/nominal.ts'
import { plainDay } from './instant.ts'
import type { Tempo } from './priors.ts'
import type { ChronologyReport, ReportDelay, ReportExplanation, ReportWave, Verdict } from './report.ts'
import { intervalWords } from './text.ts'

/** A statement and the events that it rests on; only a case without events has statements that cite none. */
export interface Sentence {
  readonly text: string
  readonly cites: readonly string[]
}

/** A table; the cells of the last column hold event ids when `citing`. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly citing: boolean
}

/** One part of a report, the same for every format. */
export interface Section {
  readonly title: string
  /** 2 for the parts of the report, 3 for the waves. */
  readonly level: 2 | 3
  readonly sentences: readonly Sentence[]
  readonly table: Table | null
}

/** A report in plain language, ready to be written as Markdown or HTML. */
export interface ReportDocument {
  readonly title: string
  readonly sections: readonly Section[]
}

const MOST_CITED = 5
const VERDICTS: Readonly<Record<Verdict, string>> = {
  settled: 'It is settled',
  likely: 'One explanation is likely, no more',
  contested: 'It is contested: more than one explanation fits, or the dates alone may not carry the one that leads',
  open: 'It is open: the record does not say',
}
const ZERO_DAY_WORDS: Readonly<Record<ZeroDay, string>> = {
  'vulnerability-2': 'public before the vendor knew',
  'vulnerability-3': 'public before the fix',
  'exploit-1': 'an exploit before the vendor knew',
  'exploit-2': 'an exploit before the fix',
  'exploit-3': 'an exploit before the public knew',
  'attack-1': 'attacks before the vendor knew',
  'attack-2': 'attacks before the fix',
  'attack-3': 'attacks before the public knew',
}
const KINDS: Readonly<Record<ReportWave['kind'], string>> = {
  attack: 'Attacks',
  exposure: 'Something came out',
  rediscovery: 'Somebody else found the flaw',
}

/** Puts a report into words. Every sentence cites events of the case. */
export function reportDocument(caseFile: CaseFile, report: ChronologyReport): ReportDocument {
  const firstEvents = caseFile.events.slice(0, 1).map((event) => event.id)
  return {
    title: report.title,
    sections: [
      ...part('In short', inShort(report, firstEvents)),
      ...(report.waves.length === 0 ? [] : [{ title: 'Wave by wave', level: 2 as const, sentences: [], table: null }]),
      ...report.waves.flatMap((wave) => waveSection(wave)),
      ...part('How long it took', report.delays.flatMap(delaySentences)),
      ...part(
        'Where the sources disagree',
        report.conflicts.map(({ says, events }) => ({ text: `${says}. All are kept.`, cites: events })),
      ),
      ...part('How it could have gone', historySentences(report, firstEvents)),
      ...part('What would settle it', settling(report, firstEvents)),
      ...part('The events', [], eventTable(caseFile)),
      ...part('The numbers behind the shares', [], priorTable(report)),
    ],
  }
}

/** A part of the report, unless there is nothing to say in it. */
function part(title: string, sentences: readonly Sentence[], table: Table | null = null): readonly Section[] {
  return sentences.length === 0 && table === null ? [] : [{ title, level: 2, sentences, table }]
}

function inShort(report: ChronologyReport, fallback: readonly string[]): readonly Sentence[] {
  if (report.waves.length === 0) {
    return [
      { text: 'No attack, exposure or second discovery is recorded: there is nothing to explain.', cites: fallback },
    ]
  }
  return report.waves.map((wave) => ({
    text: `${headline(wave)}. ${leaders(wave)}`,
    cites: wave.events.slice(0, MOST_CITED),
  }))
}

function headline(wave: ReportWave): string {
  const actors = wave.actors > 1 ? `, at least ${wave.actors} groups` : ''
  const doubt = wave.doubtful ? ', on doubtful reports only' : ''
  return `${wave.id}: ${KINDS[wave.kind]}${actors}, from ${intervalWords(wave.start)}${doubt}`
}

function leaders(wave: ReportWave): string {
  const share = wave.explanations
    .filter((each) => wave.leading.includes(each.id))
    .reduce((sum, each) => sum + each.posterior, 0)
  if (wave.leading.length === 0) return `${VERDICTS[wave.verdict]}; none of the listed explanations leads.`
  const named = wave.leading.map((id) => `${id} (“${explanation(id).says}”)`).join(' or ')
  return `${VERDICTS[wave.verdict]}. With ${percent(share)}, this leads: ${named}.`
}

function waveSection(wave: ReportWave): readonly Section[] {
  const ranked = [...wave.explanations].sort((a, b) => b.posterior - a.posterior)
  const own = wave.events.slice(0, MOST_CITED)
  const cite = (events: readonly string[]): readonly string[] => (events.length > 0 ? events : own)
  const together =
    wave.leading.length > 1
      ? [{ text: `${wave.leading.join(' and ')} stay together: nothing on record tells them apart.`, cites: own }]
      : []
  return [
    {
      title: headline(wave),
      level: 3,
      sentences: [
        { text: `${VERDICTS[wave.verdict]}.`, cites: own },
        ...ranked.filter((each) => each.status === 'excluded').map((each) => explained(each, cite)),
        ...ranked
          .filter((each) => each.status !== 'excluded' && each.posterior >= 0.05)
          .map((each) => explained(each, cite)),
        ...together,
        ...dependence(wave, own),
        ...wave.evidence.map((source) => ({ text: `Evidence beside the dates: ${source}.`, cites: own })),
      ],
      table: {
        head: ['Explanation', 'Status', 'Share', 'Events'],
        rows: [
          ...ranked.map((each) => [each.id, each.status, shareOf(each), each.because.join(' ')]),
          ['none of the listed', 'possible', percent(wave.unlisted), ''],
        ],
        citing: true,
      },
    },
  ]
}

function explained(each: ReportExplanation, cite: (events: readonly string[]) => readonly string[]): Sentence {
  const { says } = explanation(each.id)
  const verdict =
    each.status === 'excluded'
      ? 'Excluded'
      : each.status === 'required'
        ? 'The only one left'
        : `Possible, ${percent(each.posterior)}`
  return { text: `“${says}” ${verdict}: ${each.reason}.`, cites: cite(each.because) }
}

function dependence(wave: ReportWave, own: readonly string[]): readonly Sentence[] {
  const { priors, events, disputedDates } = wave.dependsOn
  return [
    ...(priors.length === 0
      ? []
      : [
          {
            text: `Another explanation would lead if one of these numbers were wrong by ten: ${priors.join(', ')}.`,
            cites: own,
          },
        ]),
    ...(events.length === 0
      ? []
      : [{ text: 'Another explanation would lead without any one of these events.', cites: events }]),
    ...(disputedDates.length === 0
      ? []
      : [{ text: 'It depends on which of these disputed dates is right.', cites: disputedDates }]),
  ]
}

function delaySentences(delay: ReportDelay): readonly Sentence[] {
  const { calendarDays, days, everyReading, corpus } = delay
  const same = days.min === everyReading.min && days.max === everyReading.max
  const disputed = same ? '' : `; over every disputed date ${boundWords(everyReading)}`
  const compared =
    corpus === null
      ? ''
      : ` It was shorter in ${corpus.shorter} of ${corpus.cases} known cases, whose median is ${corpus.median} days.`
  const name = delay.id.replaceAll('-', ' ')
  return [
    {
      text: `${capital(name)}: ${calendarDays} days on the calendar (${boundWords(days)}${disputed}).${compared}`,
      cites: [delay.from, delay.to],
    },
  ]
}

function boundWords({ min, max }: ReportDelay['days']): string {
  if (min === max) return `${min ?? 'unknown'} days`
  return `${min ?? 'unknown'} to ${max ?? 'unknown'} days`
}

function historySentences({ history }: ChronologyReport, fallback: readonly string[]): readonly Sentence[] {
  const { met, luck, desired, zeroDays, histories } = history
  const all = [...new Set(desired.flatMap((each) => each.because))]
  const cites = all.length > 0 ? all : fallback
  const meaning =
    'V the vendor knew, F a fix was ready, D it was deployed, P the public knew, X an exploit was public, A attacks'
  const having = (status: string, words: string): readonly Sentence[] => {
    const found = desired.filter((each) => each.status === status)
    const because = [...new Set(found.flatMap((each) => each.because))]
    const list = found.map(({ order }) => order.split('').join(' before ')).join(', ')
    return found.length === 0 ? [] : [{ text: `${words}: ${list}.`, cites: because.length > 0 ? because : cites }]
  }
  return [
    {
      text: `Of the twelve orderings that one wishes for, ${met.min === met.max ? met.min : `${met.min} to ${met.max}`} were met; luck alone does as well in ${percent(luck.max)} to ${percent(luck.min)} of histories, and ${histories.length} of the 70 admissible histories fit the dates (${meaning}).`,
      cites,
    },
    ...having('met', 'Met'),
    ...having('missed', 'Missed'),
    ...having('undecided', 'The dates do not say'),
    ...(zeroDays.certain.length === 0
      ? []
      : [
          {
            text: `Zero-day patterns: ${zeroDays.certain.map((pattern) => ZERO_DAY_WORDS[pattern]).join('; ')}.`,
            cites,
          },
        ]),
  ]
}

/** Each of these sentences begins with the id of the wave that it is about. */
function settling(report: ChronologyReport, fallback: readonly string[]): readonly Sentence[] {
  return report.wouldSettle.map((text) => {
    const id = /^[A-Z]+\d+/.exec(text)?.[0]
    const wave = report.waves.find((each) => each.id === id)
    return { text, cites: wave === undefined ? fallback : wave.events.slice(0, MOST_CITED) }
  })
}

function eventTable(caseFile: CaseFile): Table | null {
  if (caseFile.events.length === 0) return null
  const sorted = [...caseFile.events].sort((a, b) => nominalOf(a).at - nominalOf(b).at || (a.id < b.id ? -1 : 1))
  return {
    head: ['When (UTC)', 'What', 'Who', 'Note', 'Source', 'Event'],
    rows: sorted.map((event) => [
      intervalWords({
        earliest: event.at.assumed.includes('earliest') ? null : new Date(event.at.earliest).toISOString(),
        latest: event.at.assumed.includes('latest') ? null : new Date(event.at.latest).toISOString(),
      }),
      event.kind,
      event.actor ?? '',
      event.note,
      `${event.source.publisher ?? event.source.title} (${event.confidence})`,
      event.id,
    ]),
    citing: true,
  }
}

function priorTable({ priors }: ChronologyReport): Table {
  const rows = (which: 'attack' | 'exposure'): readonly (readonly string[])[] =>
    priors[which].map(({ explanation: id, tempo, source }) => [
      which === 'attack' ? 'attacks' : 'exposures',
      id,
      tempoWords(tempo),
      source,
    ])
  return {
    head: ['Waves', 'Explanation', 'Number', 'Source'],
    rows: [...rows('attack'), ...rows('exposure')],
    citing: false,
  }
}

function tempoWords(tempo: Tempo): string {
  if (tempo.form === 'rate') return `${tempo.perYear} a year`
  return `${tempo.probability}, after ${tempo.meanLagDays} days on average`
}

function shareOf(each: ReportExplanation): string {
  return each.status === 'excluded' ? '–' : percent(each.posterior)
}

function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %'
  if (share > 0.99 && share < 1) return 'over 99 %'
  return `${Math.round(share * 100)} %`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** The day of each event, for the links that cite it. */
export function citationTitles(caseFile: CaseFile): ReadonlyMap<string, string> {
  return new Map(caseFile.events.map((event) => [event.id, `${event.kind}, ${plainDay(nominalOf(event).at)}`]))
}
