import { explanation } from './explanations.ts'
import { plainDay } from './instant.ts'
import type {
  ChronologyReport,
  ReportDelay,
  ReportExplanation,
  ReportHistory,
  ReportInterval,
  ReportWave,
} from './report.ts'

const WIDTH = 110
const LABEL = 31

/** The report for a terminal: plain lines without colours or control characters, at most about 110 columns wide. */
export function reportLines(report: ChronologyReport): readonly string[] {
  return [
    ...wrap(`${report.case}: ${report.title}`, 0),
    '',
    ...section('Delays', report.delays.flatMap(delayLines)),
    ...section(
      'Sources that disagree (all kept)',
      report.conflicts.flatMap((conflict) => wrap(`  ${conflict.says}`, 4)),
    ),
    ...report.waves.flatMap((wave) => [...waveLines(wave), '']),
    ...historyLines(report.history),
    `Whole case: ${report.verdict}. Shares rest on printed priors, most of them assumed; dates alone accuse nobody.`,
    ...readingsLine(report),
    '',
    ...section(
      'What would settle it',
      report.wouldSettle.flatMap((sentence) => wrap(`  ${sentence}`, 4)),
    ),
  ].map(printable)
}

/** `26 February to 1 March 2021`, `before 6 October 2022`: the bounds of a report in words, days in UTC. */
export function intervalWords({ earliest, latest }: ReportInterval): string {
  if (earliest === null) return latest === null ? 'an unknown date' : `an unknown date up to ${dayWords(latest)}`
  if (latest === null) return `${dayWords(earliest)} or later`
  const from = dayWords(earliest)
  const to = dayWords(latest)
  if (from === to) return from
  const [fromParts, toParts] = [from.split(' '), to.split(' ')]
  const same = toParts.filter((part, i) => i > 0 && toParts.slice(i).join(' ') === fromParts.slice(i).join(' ')).length
  return `${fromParts.slice(0, fromParts.length - same).join(' ')} to ${to}`
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines, '']
}

function delayLines(delay: ReportDelay): readonly string[] {
  const { days, everyReading } = delay
  const bounds = days.min === days.max ? `${days.min ?? '?'} days` : `${days.min ?? '?'} to ${days.max ?? '?'} days`
  const same = days.min === everyReading.min && days.max === everyReading.max
  const disputed = same ? '' : `; over every disputed date ${everyReading.min ?? '?'} to ${everyReading.max ?? '?'}`
  const label = delay.id.replaceAll('-', ' ').padEnd(LABEL - 2)
  const line = `  ${label} ${delay.calendarDays} (${bounds}${disputed}), ${delay.from} to ${delay.to}`
  if (delay.corpus === null) return wrap(line, LABEL)
  const { cases, shorter, median } = delay.corpus
  return [
    ...wrap(line, LABEL),
    `${' '.repeat(LABEL)} shorter in ${shorter} of ${cases} known cases, whose median is ${median}`,
  ]
}

/** Which of the desired orderings were met, in the letters of the case-state model. */
function historyLines({ desired, zeroDays, met, luck, histories }: ReportHistory): readonly string[] {
  const having = (status: string): string =>
    desired
      .filter((each) => each.status === status)
      .map(({ order }) => order.split('').join('<'))
      .join(' ') || 'none'
  const count = met.min === met.max ? `${met.min}` : `${met.min} to ${met.max}`
  return [
    ...wrap(
      `Case history: ${count} of 12 desired orderings met; luck alone does so in ${luckWords(luck)} (${histories.length} of 70 histories fit)`,
      2,
    ),
    ...wrap(`  met ${having('met')}; missed ${having('missed')}; undecided ${having('undecided')}`, 4),
    ...(zeroDays.certain.length === 0 ? [] : wrap(`  zero-day patterns: ${zeroDays.certain.join(', ')}`, 4)),
    '  V vendor aware, F fix ready, D deployed, P public aware, X exploit public, A attacks',
    '',
  ]
}

function luckWords({ min, max }: ReportHistory['luck']): string {
  const [least, most] = [percent(max).trim(), percent(min).trim()]
  return least === most ? least : `${least} to ${most}`
}

function waveLines(wave: ReportWave): readonly string[] {
  const kind = { attack: 'attacks', exposure: 'exposure', rediscovery: 'second discovery' }[wave.kind]
  const groups = wave.actors > 1 ? `, at least ${wave.actors} groups` : ''
  const doubt = wave.doubtful ? ' (doubtful: rests on events of low confidence only)' : ''
  const head = `${wave.id}  ${kind}${groups}, begun ${intervalWords(wave.start)}: ${wave.verdict}${doubt}`
  const possible = wave.explanations
    .filter((each) => each.status !== 'excluded')
    .toSorted((a, b) => b.posterior - a.posterior)
  const excluded = wave.explanations.filter((each) => each.status === 'excluded')
  return [
    head,
    ...wrap(`    events ${wave.events.join(' ')}${wave.by === null ? '' : ` (${wave.by})`}`, 4),
    ...[...possible, ...excluded].flatMap(explanationLines),
    `    ${'none of these'.padEnd(LABEL)} ${'possible'.padEnd(9)}${percent(wave.unlisted)}`,
    ...wave.evidence.flatMap((source) => wrap(`    evidence: ${source}`, 6)),
    ...togetherLines(wave),
    ...dependsLines(wave),
  ]
}

function explanationLines(each: ReportExplanation): readonly string[] {
  const share = each.status === 'excluded' ? '    -' : percent(each.posterior)
  const start = `    ${each.id.padEnd(LABEL)} ${each.status.padEnd(9)}${share}  `
  return wrap(`${start}${each.reason}`, start.length)
}

function togetherLines(wave: ReportWave): readonly string[] {
  const copies = wave.leading.filter((id) => explanation(id).group === 'partner-copy')
  if (copies.length < 2) return []
  return [`    ${copies.join(' and ')} are weighed together: neither dates nor marks tell them apart.`]
}

function dependsLines(wave: ReportWave): readonly string[] {
  const { priors, disputedDates, events } = wave.dependsOn
  return [
    ...(priors.length === 0
      ? []
      : wrap(`    another explanation leads if one of these priors is wrong by ten: ${priors.join(', ')}`, 6)),
    ...(events.length === 0
      ? []
      : wrap(`    another explanation leads without one of these events: ${events.join(', ')}`, 6)),
    ...(disputedDates.length === 0 ? [] : wrap(`    depends on disputed dates: ${disputedDates.join(', ')}`, 6)),
  ]
}

function readingsLine({ readings }: ChronologyReport): readonly string[] {
  if (readings.of === 0) return []
  const tried = readings.tried === readings.of ? 'all' : `the first ${readings.tried} of`
  return [`Tried ${tried} ${readings.of} readings of the disputed dates.`]
}

function percent(share: number): string {
  const value = share * 100
  if (value > 0 && value < 1) return '  <1 %'
  return `${value > 99 && value < 100 ? '>99' : value.toFixed(0).padStart(3)} %`.padStart(6)
}

function dayWords(iso: string): string {
  return plainDay(Date.parse(iso))
}

/** Breaks at spaces; following lines are indented. Words longer than a line stay whole. */
function wrap(text: string, indent: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\S) /)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = ' '.repeat(indent) + word.trimStart()
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

/** Titles and sources come from files that others wrote: no control characters reach a terminal. */
function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD')
}
