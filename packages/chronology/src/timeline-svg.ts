import type { CaseFile, ChronologyEvent } from './case-file.ts'
import { contradictions } from './disputes.ts'
import { ATTACK_KINDS, EXPOSURE_KINDS, PUBLICATION_KINDS } from './event-kinds.ts'
import { formatInstant, plainDay } from './instant.ts'
import { byNominal, nominalOf } from './internal/nominal.ts'
import { type CaseWindow, caseWindows } from './internal/windows.ts'
import { escapeXml, px, shorten } from './internal/svg.ts'
import { type TimeAxis, timeAxis } from './internal/time-axis.ts'
import type { ChronologyReport, ReportWave } from './report.ts'

const WIDTH = 1120
const LEFT = 392
const RIGHT = WIDTH - 20
const ROW = 15
const LANE_GAP = 24
const TOP = 92
const FOOT = 40

const LANES: readonly { readonly title: string; readonly holds: (event: ChronologyEvent) => boolean }[] = [
  { title: 'Attacks', holds: (event) => ATTACK_KINDS.includes(event.kind) },
  { title: 'Hand-overs to partners', holds: (event) => event.kind === 'shared-with-partners' },
  {
    title: 'Leaks and exposures',
    holds: (event) => EXPOSURE_KINDS.includes(event.kind) || event.kind.startsWith('leak-'),
  },
  { title: 'Fix and publication', holds: (event) => PUBLICATION_KINDS.includes(event.kind) },
  { title: 'Finder, vendor and others', holds: () => true },
]

/** Colours by role. Everything else is currentColor; shapes, dashes and words repeat what colour says. */
const STYLE = `
.sgl{font:11px/1.2 system-ui,"DejaVu Sans",sans-serif;color:#1c2128}
.sgl .page{fill:#ffffff}.sgl text{fill:currentColor}.sgl .head{font-size:15px;font-weight:600}.sgl .lane{font-weight:600}
.sgl .quiet{fill-opacity:.72}.sgl .grid{stroke:currentColor;stroke-opacity:.16}.sgl .bar{fill:currentColor;fill-opacity:.62}
.sgl .attack{fill:#b3261e;fill-opacity:1}.sgl .hand{fill:#1858b8;fill-opacity:1}.sgl .fix{fill:#1a7f42;fill-opacity:1}
.sgl .low{fill-opacity:.12;stroke:currentColor;stroke-dasharray:3 2}.sgl .open{stroke:currentColor;stroke-dasharray:2 2}
.sgl .dot{fill:#ffffff;stroke:currentColor}.sgl .wave{fill:#b3261e;fill-opacity:.1;stroke:#b3261e;stroke-opacity:.45}
.sgl .window{fill:#1858b8;fill-opacity:.35;stroke:#1858b8}.sgl .window.exposure{fill:#b3261e;stroke:#b3261e}
.sgl .line{stroke-width:1.4}.sgl .line.hand{stroke:#1858b8;stroke-dasharray:6 3}.sgl .line.fix{stroke:#1a7f42}
@media (prefers-color-scheme:dark){.sgl{color:#e4e8ee}.sgl .window{fill:#82b1ff;stroke:#82b1ff}.sgl .window.exposure{fill:#ff8a80;stroke:#ff8a80}.sgl .page,.sgl .dot{fill:#14181e}.sgl .attack,.sgl .wave{fill:#ff8a80}
.sgl .wave{stroke:#ff8a80}.sgl .hand{fill:#82b1ff}.sgl .fix{fill:#69d08f}.sgl .line.hand{stroke:#82b1ff}.sgl .line.fix{stroke:#69d08f}}
@media print{.sgl{color:#000000}.sgl .window{fill:#1858b8;stroke:#1858b8}.sgl .window.exposure{fill:#b3261e;stroke:#b3261e}.sgl .page,.sgl .dot{fill:#ffffff}.sgl .attack,.sgl .wave{fill:#b3261e}.sgl .wave{stroke:#b3261e}
.sgl .hand{fill:#1858b8}.sgl .fix{fill:#1a7f42}.sgl .line.hand{stroke:#1858b8}.sgl .line.fix{stroke:#1a7f42}}
`

/**
 * A drawing of the chronology as a complete SVG document: every event an interval bar with its dispute mark and confidence, waves as bands, hand-overs and the first fix as lines.
 * Deterministic; readable on white and dark pages and in print; each bar carries its note as a tooltip. Events far outside the case stick to the edges with an arrow.
 * @param report the report of the same case file
 */
export function timelineSvg(caseFile: CaseFile, report: ChronologyReport): string {
  const events = [...caseFile.events].sort(byNominal)
  const axis = timeAxis(events, LEFT, RIGHT)
  const disputed = contradictions(events)
  const lanes = LANES.map((lane, i) => ({
    title: lane.title,
    events: events.filter((event) => LANES.findIndex((candidate) => candidate.holds(event)) === i),
  })).filter((lane) => lane.events.length > 0)
  const windows = caseWindows(events)
  const above = windows.length === 0 ? 0 : LANE_GAP + windows.length * ROW
  const height = TOP + above + lanes.reduce((sum, lane) => sum + LANE_GAP + lane.events.length * ROW, 0) + FOOT
  let y = TOP + above
  const rows = lanes.flatMap((lane) => {
    const title = `<text class="lane" x="12" y="${px(y + 15)}">${lane.title}</text>`
    y += LANE_GAP
    const drawn = lane.events.map((event, i) => row(event, y + i * ROW, axis, disputed.has(event.id)))
    y += lane.events.length * ROW
    return [title, ...drawn]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="sgl" role="img" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<title>${escapeXml(`Chronology of ${caseFile.title}`)}</title>`,
    `<desc>${escapeXml(description(report))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="head" x="12" y="24">${escapeXml(shorten(caseFile.title, 90))}</text>`,
    ...grid(axis, height),
    ...waveBands(report.waves, axis, height, new Map(events.map((event) => [event.id, event]))),
    ...lines(events, axis, height),
    ...windowRows(windows, axis),
    ...rows,
    legend(height),
    '</svg>',
    '',
  ].join('\n')
}

function description(report: ChronologyReport): string {
  const waves = report.waves.map(
    (wave) =>
      `${wave.id} ${wave.kind}, begun ${wave.start.earliest ?? 'at an unknown time'} to ${wave.start.latest ?? 'an unknown time'}, ${wave.verdict}`,
  )
  return waves.length === 0 ? 'No waves.' : `Waves: ${waves.join('; ')}.`
}

function grid(axis: TimeAxis, height: number): readonly string[] {
  return axis.ticks.map(
    ({ x, label }) =>
      `<line class="grid" x1="${px(x)}" x2="${px(x)}" y1="${TOP - 6}" y2="${height - FOOT}"/><text class="quiet" x="${px(x)}" y="${TOP - 10}" text-anchor="middle">${label}</text>`,
  )
}

/** Attack waves from their earliest start to their last event; the labels take turns on two lines. */
function waveBands(
  waves: readonly ReportWave[],
  axis: TimeAxis,
  height: number,
  byId: ReadonlyMap<string, ChronologyEvent>,
): readonly string[] {
  const attacks = waves.filter((wave) => wave.kind === 'attack' && !wave.doubtful)
  return attacks.map((wave, i) => {
    const members = wave.events.flatMap((id) => byId.get(id) ?? [])
    const from = axis.x(Math.min(...members.map((event) => nominalOf(event).at)))
    const last = Math.max(
      ...members.map((event) =>
        Math.max(nominalOf(event).at, wave.start.latest === null ? 0 : Date.parse(wave.start.latest)),
      ),
    )
    const to = Math.max(axis.x(last), from + 3)
    const label = `${wave.id} ${wave.verdict}`
    const right = from > RIGHT - 90
    return [
      `<g><title>${escapeXml(`${wave.id}: ${wave.events.join(' ')}; leading: ${wave.leading.join(' or ')}`)}</title>`,
      `<rect class="wave" x="${px(from)}" y="${TOP - 4}" width="${px(to - from)}" height="${height - FOOT - TOP + 4}"/>`,
      `<text x="${px(right ? to : from)}" y="${i % 2 === 0 ? 48 : 62}"${right ? ' text-anchor="end"' : ''}>${escapeXml(label)}</text></g>`,
    ].join('')
  })
}

function lines(events: readonly ChronologyEvent[], axis: TimeAxis, height: number): readonly string[] {
  const handOvers = events
    .filter((event) => event.kind === 'shared-with-partners')
    .map((event) => ['hand', event] as const)
  const fix = events.filter((event) => event.kind === 'fix-released' && event.confidence !== 'low').slice(0, 1)
  return [...handOvers, ...fix.map((event) => ['fix', event] as const)].map(([role, event]) => {
    const x = px(axis.x(nominalOf(event).at))
    const what = role === 'hand' ? 'hand-over' : 'first fix'
    return `<line class="line ${role}" x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${height - FOOT}"><title>${what} ${escapeXml(event.id)}, ${plainDay(nominalOf(event).at)}</title></line>`
  })
}

/** Embargo and exposure as thin bars above the events; a window without an end runs to the edge. */
function windowRows(windows: readonly CaseWindow[], axis: TimeAxis): readonly string[] {
  if (windows.length === 0) return []
  const title = `<text class="lane" x="12" y="${px(TOP + 15)}">Windows</text>`
  const bars = windows.map(({ name, says, from, to }, i) => {
    const y = TOP + LANE_GAP + i * ROW
    const x = axis.x(nominalOf(from).at)
    const end = to === null ? RIGHT : axis.x(nominalOf(to).at)
    const ends = to === null ? 'no end on record' : `${to.id}, ${plainDay(nominalOf(to).at)}`
    const tip = `${name}: ${says}; ${from.id}, ${plainDay(nominalOf(from).at)} to ${ends}`
    return [
      `<g><title>${escapeXml(tip)}</title><text x="12" y="${px(y + 11)}">${name}</text>`,
      `<text class="quiet" x="212" y="${px(y + 11)}">${from.id} to ${to?.id ?? 'open'}</text>`,
      `<rect class="window ${name.toLowerCase()}" x="${px(x)}" y="${px(y + 4)}" width="${px(Math.max(3, end - x))}" height="6"/></g>`,
    ].join('')
  })
  return [title, ...bars]
}

function row(event: ChronologyEvent, y: number, axis: TimeAxis, disputed: boolean): string {
  const { earliest, latest, nominal, assumed } = event.at
  const from = axis.x(earliest)
  const width = Math.max(3, axis.x(latest) - from)
  const role = roleOf(event)
  const middle = px(y + 7)
  const label = `${event.id} ${event.kind}${disputed ? ' ≠' : ''}`
  const dot = nominal === null ? '' : `<circle class="dot" cx="${px(axis.x(nominal))}" cy="${middle}" r="2.5"/>`
  const openLeft = assumed.includes('earliest')
    ? `<line class="open" x1="${LEFT}" x2="${px(from)}" y1="${middle}" y2="${middle}"/>`
    : ''
  const openRight = assumed.includes('latest')
    ? `<line class="open" x1="${px(from + width)}" x2="${RIGHT}" y1="${middle}" y2="${middle}"/>`
    : ''
  const arrow = edgeArrow(event, axis, y)
  const low = event.confidence === 'low' ? ' low' : ''
  return [
    `<g><title>${escapeXml(tooltip(event))}</title>`,
    `<text x="12" y="${px(y + 11)}">${escapeXml(shorten(label, 34))}</text>`,
    `<text class="quiet" x="212" y="${px(y + 11)}">${escapeXml(shorten(event.actor ?? '', 26))}</text>`,
    arrow === ''
      ? `<rect class="bar ${role}${low}" x="${px(from)}" y="${px(y + 2.5)}" width="${px(width)}" height="9"/>${dot}`
      : arrow,
    `${openLeft}${openRight}</g>`,
  ].join('')
}

/** For an event wholly outside the window: an arrow and its day. */
function edgeArrow(event: ChronologyEvent, axis: TimeAxis, y: number): string {
  const day = plainDay(nominalOf(event).at)
  if (event.at.latest < axis.from) return `<text class="quiet" x="${LEFT}" y="${px(y + 11)}">← ${day}</text>`
  if (event.at.earliest > axis.to) {
    return `<text class="quiet" x="${RIGHT}" y="${px(y + 11)}" text-anchor="end">${day} →</text>`
  }
  return ''
}

function roleOf(event: ChronologyEvent): string {
  if (ATTACK_KINDS.includes(event.kind)) return 'attack'
  if (event.kind === 'shared-with-partners') return 'hand'
  return event.kind === 'fix-released' ? 'fix' : ''
}

function tooltip(event: ChronologyEvent): string {
  const bounds = `${formatInstant(event.at.earliest) ?? ''} to ${formatInstant(event.at.latest) ?? ''}`
  return `${event.id} ${event.kind}, ${bounds}, ${event.confidence} confidence. ${event.note} Source: ${event.source.publisher ?? event.source.title}.`
}

function legend(height: number): string {
  const y = height - 14
  return `<text class="quiet" x="12" y="${y}">Bars: the time in which the event lies (UTC); dot: the date a source names; dashed: low confidence or open bound; ≠ sources disagree; bands: waves; dashed line: hand-over; solid line: first fix.</text>`
}
