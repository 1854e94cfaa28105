import { dueCases, lockEmbargo } from '@sigillo/db/embargoes'
import type { Tx } from '@sigillo/db/schema'
import { judgeDue } from '@sigillo/programme/clock-agreement'
import type { HubLog } from '../routes/build-server.ts'
import { BY_CLOCK, changeEmbargo } from './lift-change.ts'
import type { LogEvents, Sequencer } from '../log/sequencer.ts'
import type { TimeSources } from './time-sources.ts'

/** What lifting by the clock works with. */
export interface LiftParts {
  readonly time: TimeSources
  readonly say: HubLog
}

/** What became of an embargo whose instant may have come. */
export type DueOutcome = 'lifted' | 'held' | 'unchanged'

/**
 * Lifts an embargo if its instant has come by every clock; holds it, and says so, if the clocks contradict each other. Runs inside the
 * batch, so that of several processes one lifts and the others find it lifted.
 */
export async function liftIfDue(tx: Tx, log: LogEvents, parts: LiftParts, caseId: string): Promise<DueOutcome> {
  const row = await lockEmbargo(tx, caseId)
  if (row === null || row.frozen || (row.lift !== 'scheduled' && row.lift !== 'lifting')) return 'unchanged'
  const readings = await parts.time.readings(tx)
  const verdict = judgeDue(readings, row.release_at.getTime())
  if (verdict.kind === 'not-yet') return 'unchanged'
  if (verdict.kind === 'contradict') {
    if (row.lift === 'lifting') return 'held'
    const { reason } = verdict
    parts.say({
      level: 'error',
      message: `the lift of ${caseId} is held: ${reason}; set the clocks right, or lift it by hand`,
    })
    await changeEmbargo(tx, log, {
      case: caseId,
      move: { type: 'hold' },
      held: reason,
      actor: BY_CLOCK,
      data: { held: reason },
    })
    return 'held'
  }
  const times = { host: parts.time.host(), database: await parts.time.database(tx) }
  await changeEmbargo(
    tx,
    log,
    {
      case: caseId,
      move: { type: 'lift', how: 'clock' },
      actor: BY_CLOCK,
      data: { latenessMs: Math.round(verdict.latenessMs) },
    },
    times,
  )
  return 'lifted'
}

/** Lifts everything whose instant has come; returns how many it lifted, and how late the latest was asked for. */
export async function liftAllDue(db: Tx, sequencer: Sequencer, parts: LiftParts): Promise<number> {
  const newest = Math.max(...(await parts.time.readings(db)).map(({ ms }) => ms))
  let lifted = 0
  for (const caseId of await dueCases(db, new Date(newest))) {
    const { value } = await sequencer.run((tx, log) => liftIfDue(tx, log, parts, caseId))
    if (value === 'lifted') lifted++
  }
  return lifted
}
