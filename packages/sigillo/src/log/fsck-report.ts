import { toBase64 } from '@sigillo/tlog/encoding'
import type { HubReport } from './check-hub.ts'
import type { TreeReport } from './check-log.ts'

/** A log that was checked. */
export interface Checked {
  readonly report: TreeReport | HubReport
  /** Whether the key came from the folder that was checked. */
  readonly ownKey: boolean
}

const MOST_FINDINGS = 50

/** The finding as lines for people; `evidence` is the file that keeps the proof of a fork. */
export function fsckLines({ report, ownKey }: Checked, evidence: string | undefined): string[] {
  const { findings, fork } = report
  const shown = findings.slice(0, MOST_FINDINGS).map(({ where, reason }) => `WRONG ${where}: ${reason}`)
  const more = findings.length > MOST_FINDINGS ? [`… and ${findings.length - MOST_FINDINGS} more, see --json`] : []
  return [
    ...headLines(report),
    ...(ownKey ? ['Checked with the key in the folder itself; --log-key checks with one that you know.'] : []),
    ...shown,
    ...more,
    ...(fork === null ? [] : [evidenceLine(evidence)]),
    findings.length === 0 ? 'OK: the log is whole.' : 'FAILED: the log is not what it must be.',
  ]
}

function evidenceLine(path: string | undefined): string {
  return path === undefined
    ? 'The log signed two histories: --evidence FILE keeps the proof.'
    : `The log signed two histories; the proof is in ${path}: sigillo log fork ${path} judges it.`
}

function headLines(report: TreeReport | HubReport): string[] {
  const { origin, size, root, files } = report
  if (origin === null || root === null) return []
  const events = 'events' in report ? `, ${report.events} events in ${report.streams} streams` : ''
  return [
    `Log ${origin}: ${size} leaves, root ${toBase64(root)}`,
    `Read ${files} tiles and bundles${events}.`,
    ...('erased' in report && report.erased.length > 0
      ? [`Erased, so only their commitments stand: events ${report.erased.join(', ')}.`]
      : []),
  ]
}

/** The finding for programs. */
export function fsckJson(report: TreeReport | HubReport): object {
  const { root, fork, ...rest } = report
  return {
    ok: report.findings.length === 0,
    ...rest,
    root: root === null ? null : toBase64(root),
    fork: fork !== null,
  }
}
