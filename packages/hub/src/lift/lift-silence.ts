import type { SilentPackage } from '@sigillo/api/contracts-clocks'
import { type EmbargoStatus, listEmbargoes } from '@sigillo/db/embargoes'
import { listDeliveries, type Delivery } from '@sigillo/db/openings'
import type { HubContext } from '../context.ts'
import { releaseOfPackage } from '../deliveries/package-release.ts'

/** Packages that could be fetched and were not taken further: never fetched, never opened, never answered. Longest silence first. */
export async function listSilent(hub: HubContext, caseId: string | undefined): Promise<readonly SilentPackage[]> {
  const deliveries = await listDeliveries(hub.engine.db, caseId)
  const cases = [...new Set(deliveries.map((one) => one.case_id))]
  const embargoes = new Map((await listEmbargoes(hub.engine.db, cases)).map((row) => [row.case_id, row]))
  const now = hub.clock()
  const silent = deliveries.flatMap((one): SilentPackage[] => {
    const silence = silenceOf(one)
    const embargo = embargoes.get(one.case_id) ?? null
    const since = availableSince(one, embargo)
    if (silence === null || since === null || since.getTime() > now.getTime()) return []
    return [{ case: one.case_id, recipient: one.recipient_id, package: one.id, silence, since: since.toISOString() }]
  })
  return silent.sort((a, b) => a.since.localeCompare(b.since) || a.package.localeCompare(b.package))
}

function silenceOf(one: Delivery): SilentPackage['silence'] | null {
  if (one.acknowledged) return null
  if (one.opened) return 'never-answered'
  return one.fetched ? 'never-opened' : 'never-fetched'
}

/** Since when it could be fetched, or null while it cannot. */
function availableSince(one: Delivery, embargo: EmbargoStatus | null): Date | null {
  const release = releaseOfPackage(one, embargo)
  const later = (at: number): Date => new Date(Math.max(at, one.issued_at.getTime()))
  if (release.kind === 'from') return later(release.instant)
  if (release.kind !== 'now') return null
  return one.not_before === null ? one.issued_at : later(embargo?.lifted_at?.getTime() ?? one.not_before.getTime())
}
