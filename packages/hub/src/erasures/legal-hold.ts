import { listEmbargoes } from '@sigillo/db/embargoes'
import { evidenceOf, findingsOf } from '@sigillo/db/erasures'
import type { PackageStatus } from '@sigillo/db/packages'
import type { Tx } from '@sigillo/db/schema'
import { FINDINGS, whyOpen } from '@sigillo/programme/legal-hold'
import type { LiftState } from '@sigillo/programme/lift'
import { HubError } from '../errors.ts'

const LIFT_STATES: readonly LiftState[] = ['draft', 'scheduled', 'lifting', 'lifted', 'cancelled']

/**
 * Refuses what is evidence in a case that is open: events by their place in the log, and packages. Throws {@link HubError} `legal-hold`, which names the
 * first of them, its case, and why that is open.
 */
export async function requireNoHold(
  tx: Tx,
  events: readonly number[],
  packages: readonly PackageStatus[],
): Promise<void> {
  const evidence = [
    ...(await evidenceOf(tx, events)).map(({ idx, case_id: of }) => ({ what: `event ${String(idx)}`, of })),
    ...packages.map(({ id, case_id: of }) => ({ what: `package ${id}`, of })),
  ]
  const open = await openCases(tx, [...new Set(evidence.map(({ of }) => of))])
  const held = evidence.filter(({ of }) => open.has(of))
  const [first] = held
  if (first === undefined) return
  const others = new Set(held.map(({ what }) => what)).size - 1
  throw new HubError(
    'legal-hold',
    `${first.what} is evidence in case ${first.of}, which is open: ${open.get(first.of) ?? ''}; ` +
      `${others === 0 ? '' : `so it is with ${String(others)} others; `}nothing was erased`,
  )
}

/** Those of the cases that are open, with the reason. */
async function openCases(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const embargoes = new Map((await listEmbargoes(tx, ids)).map((row) => [row.case_id, row.lift]))
  const findings = new Map((await findingsOf(tx, ids, FINDINGS)).map((row) => [row.case_id, row]))
  return new Map(
    ids.flatMap((id) => {
      const why = whyOpen({
        lift: LIFT_STATES.find((state) => state === embargoes.get(id)) ?? null,
        newestFinding: findings.get(id)?.newest_finding ?? null,
        newestDossier: findings.get(id)?.newest_dossier ?? null,
      })
      return why === null ? [] : [[id, why] as const]
    }),
  )
}
