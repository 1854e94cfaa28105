import { S_OVER_J, keepsLine } from './acceptance.ts'
import type { AcceptanceRow } from './acceptance.ts'
import { LEVEL_DECODERS, binomialBound } from './level.ts'
import type { LevelRow } from './level.ts'
import { markdownTable } from './markdown.ts'
import type { SpeedRow } from './speed.ts'

const LEVEL = 0.01

/** The acceptance lines with what was measured, and whether each is kept. */
export function acceptanceTable(rows: readonly AcceptanceRow[]): string {
  const head = ['line', 'asked', 'measured', `S (at most ${S_OVER_J} better than J)`, 'trials', 'kept']
  return markdownTable(
    head,
    rows.map((row) => [
      row.id.replace(/ trials=.*/, ''),
      row.most === undefined ? `>= ${row.least}` : `${row.least} to ${row.most}`,
      row.share.toFixed(3),
      row.shareOfS?.toFixed(3) ?? '',
      String(row.trials),
      keepsLine(row) ? 'yes' : 'NO',
    ]),
  )
}

/** Innocent copies and cases with a false accusation at level .01, by decoder; the bound is what luck explains once in a thousand. */
export function levelTable(rows: readonly LevelRow[]): string {
  const cases = sum(rows, (row) => row.cases)
  const innocents = sum(rows, (row) => row.innocents)
  const decoders = LEVEL_DECODERS.map((name) => {
    const worst = rows.toSorted((a, b) => b.low[name]! / b.innocents - a.low[name]! / a.innocents)[0]
    return [
      name,
      share(
        sum(rows, (row) => row.low[name]!),
        innocents,
      ),
      worst === undefined ? '' : `${share(worst.low[name]!, worst.innocents)} (${worst.leak})`,
      share(
        sum(rows, (row) => row.any[name]!),
        cases,
      ),
    ]
  })
  const bounds = ['at most', share(binomialBound(LEVEL, innocents), 1), '', share(binomialBound(LEVEL, cases), 1)]
  const pairs = [
    'pairs',
    '',
    '',
    share(
      sum(rows, (row) => row.anyPair),
      cases,
    ),
  ]
  const head = [
    'decoder',
    `share of ${innocents} innocent copies with p <= .01`,
    'the same, worst kind of leak',
    `share of ${cases} cases with any innocent at .01 / N (pairs: .01 / C(N, 2))`,
  ]
  return markdownTable(head, [...decoders, pairs, bounds])
}

/** Whether every decoder keeps its level, all leaks together. */
export function keepsLevel(rows: readonly LevelRow[]): boolean {
  const cases = sum(rows, (row) => row.cases)
  const innocents = sum(rows, (row) => row.innocents)
  return (
    LEVEL_DECODERS.every(
      (name) =>
        sum(rows, (row) => row.low[name]!) / innocents <= binomialBound(LEVEL, innocents) &&
        sum(rows, (row) => row.any[name]!) / cases <= binomialBound(LEVEL, cases),
    ) && sum(rows, (row) => row.anyPair) / cases <= binomialBound(LEVEL, cases)
  )
}

/** Seconds of one core, and memory. */
export function speedTable(rows: readonly SpeedRow[]): string {
  const head = ['decoder', 'N', 'marks', 'leakers', 'first call, s', 'later calls, s', 'asked, s', 'memory, MB']
  return markdownTable(
    head,
    rows.map((row) =>
      [row.decoder, row.recipients, row.marks, row.leakers, row.first, row.median, row.most, row.memory].map(String),
    ),
  )
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0)
}

function share(count: number, all: number): string {
  return (count / all).toFixed(4)
}
