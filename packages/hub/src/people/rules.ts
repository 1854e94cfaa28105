import type { Rules } from '@sigillo/api/contracts-people'
import { rulesWish } from '@sigillo/api/wishes'
import { fourEyesOf, setFourEyes } from '@sigillo/db/approvals'
import { listPeople } from '@sigillo/db/people'
import { type FourEyesAction, isFourEyesAction, understaffed, withRules } from '@sigillo/programme/four-eyes'
import { isRole } from '@sigillo/programme/roles'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { actorOf, type Principal } from './principal.ts'
import { requireApproval } from './require-approval.ts'
import { BY_CLOCK } from '../lift/lift-change.ts'

/** The rules as they are. */
export async function rulesNow(hub: HubContext): Promise<Rules> {
  return { fourEyes: (await fourEyesOf(hub.engine.db)).filter(isFourEyesAction) }
}

/**
 * Puts actions under four eyes, or takes them out, which needs two itself once anything is. Throws {@link HubError} `conflict` when
 * fewer than two people could do one of them: then nobody could ever do it again.
 */
export async function setRules(hub: HubContext, by: Principal, wanted: readonly FourEyesAction[]): Promise<Rules> {
  const fourEyes = [...withRules(wanted)].sort()
  const { value } = await hub.sequencer.run(async (tx, log) => {
    const now = await fourEyesOf(tx)
    if (now.length === fourEyes.length && fourEyes.every((action) => now.includes(action))) return { fourEyes }
    const people = (await listPeople(tx, null)).filter((row) => row.removed_at === null)
    const [first] = understaffed(fourEyes, people.map((row) => row.role).filter(isRole))
    if (first !== undefined)
      throw new HubError('conflict', `${first} cannot be under four eyes: fewer than two people may do it`)
    const approval = await requireApproval(tx, by, rulesWish(fourEyes), hub.clock())
    const [logged] = await log([
      {
        type: 'policy.changed',
        stream: 'admin',
        subject: 'rules',
        actor: actorOf(by),
        data: { underFourEyes: fourEyes, ...approval },
      },
    ])
    if (logged === undefined) throw new HubError('internal', 'the rules were not logged')
    await setFourEyes(tx, fourEyes, logged.index)
    return { fourEyes }
  })
  return value
}

/**
 * Takes everything out of four eyes without a second person: for whoever runs the hub, when too few people are left who can sign in.
 * It is in the log as what it is.
 */
export async function breakFourEyes(hub: HubContext, reason: string): Promise<void> {
  await hub.sequencer.run(async (tx, log) => {
    if ((await fourEyesOf(tx)).length === 0) return
    const [logged] = await log([
      {
        type: 'breakglass.used',
        stream: 'admin',
        subject: 'rules',
        actor: BY_CLOCK,
        data: { underFourEyes: [], reason },
      },
    ])
    if (logged === undefined) throw new HubError('internal', 'it was not logged')
    await setFourEyes(tx, [], logged.index)
  })
}
