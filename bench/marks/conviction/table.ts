import { markdownTable } from '../../fingerprint/markdown.ts'
import type { ConvictionRow } from './measure.ts'

/** How far forecast and outcome may be apart. */
const MOST_APART = 0.1
/** From this forecast on a leaker should always be named. */
const SURE = 0.95

/** What a row breaks of what is asked; empty when it keeps all. */
export function brokenPromises({ trials, named, innocent, rehearsed, counted, leak }: ConvictionRow): string[] {
  const broken: string[] = []
  if (innocent > 0) broken.push(`an innocent copy was accused ${innocent} times`)
  if (leak === 'bundle' && counted >= SURE && named < trials) broken.push('not always named')
  if (rehearsed !== null) broken.push(...apart(named / trials, rehearsed, 'rehearsed'))
  return broken
}

function apart(rate: number, expected: number, by: string): string[] {
  return Math.abs(rate - expected) > MOST_APART ? [`${rate > expected ? 'more' : 'less'} than ${by}`] : []
}

/** One line for each bundle, damage and size of leak. */
export function convictionTable(rows: readonly ConvictionRow[]): string {
  return markdownTable(
    ['bundle', 'damage', 'leak', 'sites', 'read', 'rehearsed', 'by figures', 'by what was read', 'named', 'off'],
    rows.map((row) => [
      row.bundle,
      row.damage,
      row.leak === 'bundle' ? 'all' : 'one file',
      String(row.sites),
      String(row.read),
      row.rehearsed === null ? '–' : percent(row.rehearsed),
      row.forecast === null ? '–' : percent(row.forecast),
      percent(row.counted),
      `${percent(row.named / row.trials)} of ${row.trials}`,
      [
        ...brokenPromises(row),
        ...(row.forecast === null ? [] : apart(row.named / row.trials, row.forecast, 'by figures')),
        ...apart(row.named / row.trials, row.counted, 'by what was read'),
      ].join('; '),
    ]),
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
