import { EVENT_ACTION, eventWish } from '@sigillo/api/wishes'
import { inTransaction } from '@sigillo/db/engine'
import { bodiesToErase, destroyErased, pendingErasures, setDestroyed } from '@sigillo/db/erasures'
import { canonicalBytes } from '@sigillo/tlog/canonical-json'
import { fromUtf8, utf8 } from '@sigillo/tlog/encoding'
import { decodeEvent } from '@sigillo/tlog/event'
import type { HubContext } from '../context.ts'
import { type Repetition, repeat } from '../internal/repeat.ts'
import { signedNow } from '../log/read-log.ts'

/** Tables that held something of what was erased. */
const TABLES = ['events', 'receipts', 'approval_items', 'blobs'] as const
/** Pause between two looks for an erasure that somebody else began and did not finish, in milliseconds. */
const POLL = 60_000
const AFTER_FAILURE = 5_000

/**
 * Destroys what signed events say is erased, and has the database's files lose it. Every step can be done again, so whoever comes after a crash goes on where
 * it stopped: an erasure counts as done only when all of it is.
 */
export async function finishErasures(hub: HubContext): Promise<void> {
  const { engine } = hub
  const pending = await pendingErasures(engine.db, (await signedNow(hub)).size)
  if (pending.length === 0) return
  for (const index of pending) {
    await inTransaction(engine, async (tx) => {
      const copies = (await bodiesToErase(tx, index)).flatMap(copyOf)
      await destroyErased(tx, index, copies)
    })
  }
  await engine.shred(TABLES)
  for (const index of pending) await setDestroyed(engine.db, index, hub.clock())
}

/** What a second person read before the event was committed, where one had to: it repeats the event. */
function copyOf(body: string): readonly string[] {
  const event = decodeEvent(utf8(body))
  const action = EVENT_ACTION[event.type]
  return action === undefined ? [] : [fromUtf8(canonicalBytes(eventWish(action, event).payload))]
}

/** Finishes, when it starts and then every minute, what a crash or a full disk left undone. */
export function startErasures(hub: HubContext): Repetition {
  const work = async (): Promise<number> => {
    await finishErasures(hub)
    return POLL
  }
  return repeat(work, {
    pauseMs: AFTER_FAILURE,
    failed: (error) =>
      hub.say({ level: 'error', message: 'what was erased cannot be destroyed at this moment', error }),
  })
}
