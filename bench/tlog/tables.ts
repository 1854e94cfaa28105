import type { GoCounts } from './go-sumdb.ts'
import type { EditRow } from './edits/run.ts'
import type { DatabaseRow } from './edits/hub-log.ts'
import type { NaiveRow } from './naive-cases.ts'
import type { SpeedRow } from './speed.ts'

/** What Go verified, with its version. */
export interface GoRow extends GoCounts {
  readonly id: string
  readonly go: string
  readonly debian: string
}

export function goTable(rows: readonly GoRow[]): string {
  return table(
    [
      'entries',
      'bundles',
      'tiles',
      'checkpoints',
      'inclusion proofs',
      'consistency proofs',
      'changed copies refused',
      'by',
    ],
    rows.map((row) => [
      row.entries,
      row.bundles,
      row.tiles,
      row.checkpoints,
      row.inclusion,
      row.consistency,
      row.refused,
      `${row.go}, golang.org/x/mod ${row.debian}`,
    ]),
  )
}

export function naiveTable(rows: readonly NaiveRow[]): string {
  return table(
    ['every size to', 'random sizes to', 'cases', 'differences', 'changed proofs', 'of them accepted'],
    rows.map((row) => [row.everySize, row.largest, row.cases, row.differences, row.changed, row.accepted]),
  )
}

export function editsTable(rows: readonly EditRow[]): string {
  return table(
    ['by whom', 'what', 'found', 'where', 'fsck says', 'proof for everybody'],
    rows.map(({ by, of, what, found, path, reason, proven }) => [
      by,
      `${of}: ${what}`,
      found ? 'yes' : 'NO',
      `\`${path ?? '-'}\``,
      reason,
      proven === undefined ? '' : proven ? 'yes' : 'no',
    ]),
  )
}

export function databaseTable(rows: readonly DatabaseRow[]): string {
  return table(
    ['what', 'found', 'where', 'fsck says'],
    rows.map(({ of, what, found, where, reason }) => [
      `${of}: ${what}`,
      found ? 'yes' : 'NO',
      `\`${where ?? '-'}\``,
      reason,
    ]),
  )
}

export function speedTable(rows: readonly SpeedRow[]): string {
  return table(
    ['what', 'leaves', 'processor ms', 'elapsed ms'],
    rows.map(({ what, leaves, processor, elapsed }) => [what, leaves, processor, elapsed]),
  )
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

function cell(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : value.replaceAll('|', '\\|')
}
