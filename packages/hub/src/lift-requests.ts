import type { BreakRequest, SetEmbargoRequest, TellRequest } from '@sigillo/api/contracts-clocks'
import { type EmbargoStatus, findEmbargo } from '@sigillo/db/embargoes'
import type { Tx } from '@sigillo/db/schema'
import { releaseInstant } from '@sigillo/programme/embargo'
import type { LiftHow } from '@sigillo/programme/lift'
import { type HubContext, VENDOR } from './context.ts'
import { HubError } from './errors.ts'
import { changeEmbargo, type EmbargoChange } from './lift-change.ts'
import { liftIfDue } from './lift-due.ts'
import type { LogEvents } from './sequencer.ts'

/** Somebody of the vendor asks for a change. */
export interface Asked {
  readonly case: string
  readonly actor: EmbargoChange['actor']
}

/**
 * Plans the release of a case, or moves it; the same release again changes nothing. An instant that has passed is a `conflict`: whoever
 * wants to release now has to say so, with {@link liftNow}.
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
    await changeEmbargo(tx, log, {
      case: asked.case,
      move: { type: request.draft ? 'draft' : 'schedule', releaseAt: releaseAt.getTime() },
      release: request.release,
      actor: asked.actor,
    })
  })
}

/** Withdraws the planned instant; the embargo stays in force until another is agreed. */
export async function cancelEmbargo(hub: HubContext, asked: Asked): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    await changeEmbargo(tx, log, { case: asked.case, move: { type: 'cancel' }, actor: asked.actor })
  })
}

/** Tells that the fix is ready, or deployed. */
export async function tellCase(hub: HubContext, asked: Asked, { event }: TellRequest): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    await changeEmbargo(tx, log, { case: asked.case, move: { type: 'tell', event }, actor: asked.actor })
  })
}

/**
 * The embargo broke: from this commit on nothing of the case is handed over, and everyone who may know is told at once. One person can
 * do it, at any hour. What follows is another plan or a lift.
 */
export async function breakEmbargo(hub: HubContext, asked: Asked, { reason }: BreakRequest): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    await changeEmbargo(tx, log, { case: asked.case, move: { type: 'break', reason }, actor: asked.actor })
  })
}

/** Lifts by people: before the instant, while it is held, or because it broke. An embargo that is due is lifted by the clock instead. */
export async function liftNow(hub: HubContext, asked: Asked): Promise<EmbargoStatus> {
  return await change(hub, asked.case, async (tx, log) => {
    const how = await howToLift(tx, asked.case)
    if (how === 'early' && (await liftIfDue(tx, log, hub, asked.case)) === 'lifted') return
    const times = { host: hub.time.host(), database: await hub.time.database(tx) }
    await changeEmbargo(tx, log, { case: asked.case, move: { type: 'lift', how }, actor: asked.actor }, times)
  })
}

async function howToLift(tx: Tx, caseId: string): Promise<LiftHow> {
  const known = await findEmbargo(tx, caseId)
  if (known?.frozen === true) return 'broken'
  return known?.lift === 'lifting' ? 'manual' : 'early'
}

/** Actor of what a request of the vendor's asks for. */
export function askedByVendor(caseId: string): Asked {
  return { case: caseId, actor: VENDOR }
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
