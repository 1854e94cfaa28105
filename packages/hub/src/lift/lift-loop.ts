import { nextRelease } from '@sigillo/db/embargoes'
import type { Tx } from '@sigillo/db/schema'
import { CLOCK_TOLERANCE, contradiction } from '@sigillo/programme/clock-agreement'
import { repeat } from '../internal/repeat.ts'
import { type LiftParts, liftAllDue } from './lift-due.ts'
import type { Sequencer } from '../log/sequencer.ts'

/** The watch over all embargoes of one hub process. */
export interface LiftLoop {
  /** Why the clocks contradict each other, or null. */
  contradiction(): string | null
  /** Stops; resolves when nothing runs any more. */
  close(): Promise<void>
}

/** Longest pause between two looks, and the pause while an instant is a moment past but not yet by every clock, in milliseconds. */
const POLL = 1_000
const SOON = 50

/**
 * Looks every second, and at each planned instant, for embargoes to lift; at once when it starts, for what came due while no hub ran.
 * A failure is told once and tried again; the lift that fails is not lost, only late.
 */
export function startLifts(db: Tx, sequencer: Sequencer, parts: LiftParts): LiftLoop {
  let contradicted: string | null = null
  const watchClocks = async (): Promise<void> => {
    const found = contradiction(await parts.time.readings(db))
    if (found !== null && contradicted === null) {
      const message = `the clocks contradict each other: ${found}; no embargo is lifted by the clock`
      parts.say({ level: 'error', message })
    }
    if (found === null && contradicted !== null) parts.say({ level: 'info', message: 'the clocks agree again' })
    contradicted = found
  }
  const look = async (): Promise<number> => {
    await watchClocks()
    await liftAllDue(db, sequencer, parts)
    return pauseUntil(await nextRelease(db), parts.time.host())
  }
  const watch = repeat(look, {
    pauseMs: POLL,
    failed: (error) => parts.say({ level: 'error', message: 'embargoes cannot be lifted at this moment', error }),
  })
  return { contradiction: () => contradicted, close: () => watch.close() }
}

function pauseUntil(next: Date | null, now: Date): number {
  if (next === null) return POLL
  const wait = next.getTime() - now.getTime()
  if (wait > 0) return Math.min(POLL, wait)
  return wait > -CLOCK_TOLERANCE ? SOON : POLL
}
