import { clockClient } from '@sigillo/api/client-clocks'
import { releaseInstant } from '@sigillo/programme/embargo'
import { requireCase } from './cases.ts'
import type { Desk } from './context.ts'
import type { HubDocument } from './documents.ts'

/**
 * Plans at the hub the release of each case that is under embargo and that the hub has no embargo of yet, so that its packages move with the release and wait
 * for the lift. What the hub has already is left alone, and so is a release that has passed.
 * @returns the cases that were planned
 * @throws ApiError
 */
export async function planEmbargoes(
  desk: Desk,
  hub: HubDocument,
  caseIds: readonly string[],
): Promise<readonly string[]> {
  const clocks = clockClient(hub.url, hub.token)
  const known = new Set((await clocks.embargoes()).map((embargo) => embargo.case))
  const planned: string[] = []
  for (const id of new Set(caseIds)) {
    const { embargo } = await requireCase(desk, id)
    if (known.has(id) || embargo.state === 'none' || embargo.state === 'exited') continue
    if (releaseInstant(embargo) <= desk.now().getTime()) continue
    await clocks.setEmbargo(id, { release: embargo.releaseAt, draft: embargo.state === 'proposed' })
    planned.push(id)
  }
  return planned
}
