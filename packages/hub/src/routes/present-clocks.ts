import type { EmbargoStatus } from '@sigillo/api/contracts-clocks'
import type { PackageStatus } from '@sigillo/api/contracts'
import type { EmbargoStatus as EmbargoRow } from '@sigillo/db/embargoes'
import type { PackageStatus as PackageRow } from '@sigillo/db/packages'
import { embargoRule } from '@sigillo/programme/case-state'
import { planOf } from '../lift/lift-change.ts'
import { releaseOfPackage } from '../deliveries/package-release.ts'

/** An embargo as the vendor sees it. */
export function presentEmbargo(row: EmbargoRow): EmbargoStatus {
  const plan = planOf(row)
  return {
    case: row.case_id,
    embargo: plan.embargo,
    state: plan.case,
    lift: plan.lift,
    releaseAt: row.release_at.toISOString(),
    release: row.release_text,
    frozen: row.frozen,
    held: row.held,
    rule: embargoRule(plan.case),
    lifted: presentLift(row),
    index: row.changed_index,
  }
}

function presentLift({ lifted_index: index, lifted_at: at, lifted_how: how }: EmbargoRow): EmbargoStatus['lifted'] {
  if (index === null || at === null || !isHow(how)) return null
  return { index, at: at.toISOString(), how }
}

function isHow(text: string | null): text is 'clock' | 'early' | 'manual' | 'broken' {
  return text !== null && ['clock', 'early', 'manual', 'broken'].includes(text)
}

/** When a package may leave, as its listing says it. */
export function presentRelease(row: PackageRow, embargo: EmbargoRow | null): Pick<PackageStatus, 'notBefore' | 'held'> {
  const own = row.not_before?.toISOString() ?? null
  const release = releaseOfPackage(row, embargo)
  if (release.kind === 'frozen') return { notBefore: own, held: 'frozen' }
  if (release.kind === 'now') return { notBefore: own === null ? null : liftedAt(embargo, own), held: null }
  const instant = release.kind === 'from' ? release.instant : release.planned
  if (instant === null) return { notBefore: own, held: 'unplanned' }
  const waits = release.kind === 'with-lift' && embargo?.lift === 'lifting'
  return { notBefore: new Date(instant).toISOString(), held: waits ? 'clocks' : null }
}

/** A lift before the instant in the manifest is when it could be fetched. */
function liftedAt(embargo: EmbargoRow | null, own: string): string {
  const lifted = embargo?.lifted_at?.toISOString()
  return lifted === undefined || own < lifted ? own : lifted
}
