import { putOpening } from '@sigillo/db/openings'
import { findPackage } from '@sigillo/db/packages'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { actorOf, ownStream, type Principal } from '../people/principal.ts'

/**
 * A recipient says that it opened a package. It is the recipient's word, logged as such: the hub sees no opening. Only what was handed
 * over can be opened.
 */
export async function tellOpened(hub: HubContext, by: Principal, id: string) {
  const { value } = await hub.sequencer.run(async (tx, log) => {
    const row = await findPackage(tx, id, by.id)
    if (row === null) throw new HubError('not-found', 'there is no such package for this token')
    if (row.fetched_index === null) throw new HubError('conflict', `package ${row.id} was never handed over`)
    const [logged] = await log([
      {
        type: 'access.read',
        stream: ownStream(by),
        subject: row.id,
        actor: actorOf(by),
        data: { package: row.id, told: 'opened' },
      },
    ])
    if (logged === undefined) throw new HubError('internal', 'the opening was not logged')
    await putOpening(tx, row.id, logged.index, logged.at)
    return logged
  })
  return { package: id, opened: { index: value.index, at: value.at.toISOString() } }
}
