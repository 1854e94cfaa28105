import { cpus } from 'node:os'
import { type CaseFile, parseCaseFile } from '@sigillo/chronology/case-file'
import { EVENT_KINDS } from '@sigillo/chronology/event-kinds'
import { readEvents, writeEvents } from '@sigillo/chronology/event-formats'
import { explainCase } from '@sigillo/chronology/explain'
import { reportHtml } from '@sigillo/chronology/report-html'
import { checkOrders } from '@sigillo/chronology/temporal-network'
import { timelineSvg } from '@sigillo/chronology/timeline-svg'

/** One duration: medians in milliseconds. Processor time counts all threads and does not grow when others use the machine. */
export interface Timing {
  readonly what: string
  readonly events: number
  readonly wanted: string
  readonly processor: number
  readonly elapsed: number
}

/** Times the reasoning and the drawing on made-up cases of growing size. */
export function measureSpeed(): { readonly machine: string; readonly timings: readonly Timing[] } {
  const timings = [100, 1000, 10_000].map((n) => time('explain a case', n, (file) => explainCase(file)))
  const drawn = [500].map((n) => {
    const report = explainCase(madeUp(n))
    return time('draw the timeline', n, (file) => timelineSvg(file, report))
  })
  const page = [500].map((n) => {
    const report = explainCase(madeUp(n))
    return time('write the page', n, (file) => reportHtml(file, report))
  })
  const csv = writeEvents('csv', madeUp(10_000), { createdAt: 0, uuid: () => '' })
  const read = time('read a table', 10_000, () => readEvents('csv', csv))
  const orders = time('check a chain of declared orders', 1000, (file) =>
    checkOrders(
      file.events,
      file.events.slice(1).map((event, i) => ({
        first: file.events[i]?.id ?? '',
        second: event.id,
        minDays: -1000,
        maxDays: null,
        source: '',
      })),
    ),
  )
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`
  return { machine, timings: [...timings, ...drawn, ...page, read, orders] }
}

const RUNS = 5

function time(what: string, events: number, work: (file: CaseFile) => unknown): Timing {
  const file = madeUp(events)
  const runs = Array.from({ length: RUNS }, () => {
    const used = process.cpuUsage()
    const start = performance.now()
    work(file)
    const { user, system } = process.cpuUsage(used)
    return { elapsed: performance.now() - start, processor: (user + system) / 1000 }
  })
  const wanted = WANTED[`${what} ${events}`] ?? ''
  return {
    what,
    events,
    wanted,
    processor: median(runs.map((run) => run.processor)),
    elapsed: median(runs.map((run) => run.elapsed)),
  }
}

/** The figures to reach, in milliseconds. */
const WANTED: Readonly<Record<string, string>> = {
  'explain a case 10000': 'under 2000',
  'draw the timeline 500': 'under 1000',
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN)
}

/** A case with events of every kind over three years, one in twenty disputed. Always the same. */
export function madeUp(count: number): CaseFile {
  let state = 12_345
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const start = Date.UTC(2019, 0, 1)
  const events = Array.from({ length: count }, (_, i) => {
    const earliest = start + draw(1000) * 86_400_000
    return {
      id: `e${i}`,
      kind: EVENT_KINDS[draw(EVENT_KINDS.length)],
      at: {
        earliest: new Date(earliest).toISOString(),
        latest: new Date(earliest + draw(240) * 3_600_000).toISOString(),
      },
      actor: `Party ${draw(40)} of some name`,
      note: 'Something happened.',
      source: { title: `Page ${draw(200)}`, publisher: `Publisher ${draw(30)}` },
      confidence: ['high', 'medium', 'low'][draw(3)],
      ...(i > 0 && draw(20) === 0 ? { conflicts_with: [`e${draw(i)}`] } : {}),
    }
  })
  return parseCaseFile({ schema: 'sigillo-case/1', id: 'made-up', title: 'A made-up case', events })
}
