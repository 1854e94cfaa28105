import type { EmbargoStatus } from '@sigillo/db/embargoes'
import type { PackageRow } from '@sigillo/db/packages'
import { type Release, releaseOf } from '@sigillo/programme/release-rule'
import { planOf } from '../lift/lift-change.ts'

/** When a stored package may leave, given the embargo of its case; null when the hub has none. */
export function releaseOfPackage(
  row: Pick<PackageRow, 'not_before' | 'lead_ms'>,
  embargo: EmbargoStatus | null,
): Release {
  const timed = { notBefore: row.not_before?.getTime() ?? null, lead: row.lead_ms }
  return releaseOf(timed, embargo === null ? null : planOf(embargo))
}
