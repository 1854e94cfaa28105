import type { BreakRequest, SetEmbargoRequest, TellRequest } from '@sigillo/api/contracts-clocks'
import { type EmbargoStatus, findEmbargo } from '@sigillo/db/embargoes'
import type { Tx } from '@sigillo/db/schema'
import { releaseInstant } from '@sigillo/programme/embargo'
import type { LiftHow } from '@sigillo/programme/lift'
import type { HubContext } from '../context.ts'
import { HubError } from '../errors.ts'
import { changeEmbargo } from './lift-change.ts'
import { liftIfDue } from './lift-due.ts'
import { actorOf, type Principal } from '../people/principal.ts'
import { type Approval, requireApproval } from '../people/require-approval.ts'
import type { LogEvents } from '../log/sequencer.ts'

/** Somebody of the vendor asks for a change. */
export interface Asked {
  readonly case: string
  readonly by: Principal
}

/**
 * Plans the release of a case, or moves it; the same release again changes nothing. An instant that has passed is a `conflict`: whoever
 * wants to release now has to say so, with {@link liftNow}. An earlier instant is an early lift by another name and needs what that needs.
 */
export async function setEmbargo(hub: HubContext, asked: Asked, request: SetEmbargoRequest): Promise<EmbargoStatus> {
  const releaseAt = new Date(releaseInstant({ releaseAt: request.release }))
  return await change(hub, asked.case, async (tx, log) => {
    const known = await findEmbargo(tx, asked.case)
    const wanted = request.draft ? 'draft' : 'scheduled'
    if (known?.lift === wanted && !known.frozen && known.release_at.getTime() === releaseAt.getTime()) return
    const newest = Math.max(...(await hub.time.readings(tx)).map(({ ms }) => ms))
    if (releaseAt.getTime() <= newest)
      throw new HubError('conflict', `${request.release} has passed; to release now, lift the embargo`)
    const isEarlier = known !== null && releaseAt.getTime() < known.release_at.getTime()
    await changeEmbargo(tx, log, {
      case: asked.case,
      move: { type: request.draft ? 'draft' : 'schedule', releaseAt: releaseAt.getTime() },
      release: request.release,
      actor: actorOf(asked.by),
      ...(isEarlier ? { data: await approved(hub, tx, asked, { how: 'earlier', releaseAt }) } : {}),
    })
  })
}

/** Withdraws the planned instant; the embargo stays in force until another is agreed. */
export async function cancelEmbargo(hub: HubContext, asked: Asked): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    await changeEmbargo(tx, log, { case: asked.case, move: { type: 'cancel' }, actor: actorOf(asked.by) })
  })
}

/** Tells that the fix is ready, or deployed. */
export async function tellCase(hub: HubContext, asked: Asked, { event }: TellRequest): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    await changeEmbargo(tx, log, { case: asked.case, move: { type: 'tell', event }, actor: actorOf(asked.by) })
  })
}

/**
 * The embargo broke: from this commit on nothing of the case is handed over, and everyone who may know is told at once. One person can
 * do it, at any hour. What follows is another plan or a lift.
 */
export async function breakEmbargo(hub: HubContext, asked: Asked, { reason }: BreakRequest): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    await changeEmbargo(tx, log, { case: asked.case, move: { type: 'break', reason }, actor: actorOf(asked.by) })
  })
}

/** Lifts by people: before the instant, while it is held, or because it broke. An embargo that is due is lifted by the clock instead. */
export async function liftNow(hub: HubContext, asked: Asked): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    const known = await findEmbargo(tx, asked.case)
    if (known === null) throw new HubError('conflict', `case ${asked.case} has no embargo here`)
    const how = howToLift(known)
    if (how === 'early' && (await liftIfDue(tx, log, hub, asked.case)) === 'lifted') return
    const times = { host: hub.time.host(), database: await hub.time.database(tx) }
    const data = await approved(hub, tx, asked, { how, releaseAt: known.release_at })
    const move = { type: 'lift', how } as const
    await changeEmbargo(tx, log, { case: asked.case, move, actor: actorOf(asked.by), data }, times)
  })
}

function howToLift({ frozen, lift }: EmbargoStatus): LiftHow {
  if (frozen) return 'broken'
  return lift === 'lifting' ? 'manual' : 'early'
}

/** What a second person has to have agreed to, where the rules ask for one: this case, this way, from this planned instant. */
async function approved(
  hub: HubContext,
  tx: Tx,
  asked: Asked,
  { how, releaseAt }: { readonly how: LiftHow | 'earlier'; readonly releaseAt: Date },
): Promise<Approval> {
  const payload = { case: asked.case, how, releaseAt: releaseAt.toISOString() }
  return await requireApproval(tx, asked.by, { action: 'embargo.lift', subject: asked.case, payload }, hub.clock())
}

async function change(
  hub: HubContext,
  caseId: string,
  work: (tx: Tx, log: LogEvents) => Promise<void>,
): Promise<EmbargoStatus> {
  const { value } = await hub.sequencer.run(async (tx, log) => {
    await work(tx, log)
    const after = await findEmbargo(tx, caseId)
    if (after === null) throw new HubError('internal', 'the embargo was not stored')
    return after
  })
  return value
}
