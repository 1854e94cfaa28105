import { databaseClock } from '@sigillo/db/embargoes'
import type { Tx } from '@sigillo/db/schema'
import { CLOCK_TOLERANCE, type ClockReading } from '@sigillo/programme/clock-agreement'

/** The clocks that decide about an instant. */
export interface TimeSources {
  /** The hub's clock. */
  host(): Date
  /** The database's clock at this moment. */
  database(tx: Tx): Promise<Date>
  /** Every clock there is, read at this moment. */
  readings(tx: Tx): Promise<readonly ClockReading[]>
}

/** What {@link systemTime} works with. */
export interface SystemClocks {
  readonly host: () => Date
  /** Milliseconds of a clock that runs on whatever happens to the time of day. */
  readonly monotonic: () => number
  /** What the witnesses' clocks say now, as far as they told. */
  readonly witnesses: () => readonly ClockReading[]
  /** Default: asks the database. */
  readonly database?: (tx: Tx) => Promise<Date>
}

/**
 * The clocks of a hub in earnest: the host's, the database's, the witnesses' (their median), and the steady one: the time of day at the start
 * plus what has passed since. A host whose time of day is set contradicts its own steady clock until a witness confirms the new time, or
 * the hub is started again.
 */
export function systemTime(clocks: SystemClocks): TimeSources {
  const { host, monotonic, witnesses, database: askDatabase = databaseClock } = clocks
  let steady = { host: host().getTime(), monotonic: monotonic() }
  return {
    host,
    database: askDatabase,
    readings: async (tx) => {
      const database = (await askDatabase(tx)).getTime()
      const now = { host: host().getTime(), monotonic: monotonic() }
      const witness = median(witnesses())
      if (witness !== null && Math.abs(witness.ms - now.host) <= CLOCK_TOLERANCE) steady = now
      const passed = steady.host + (now.monotonic - steady.monotonic)
      return [
        { clock: "the hub's clock", ms: now.host },
        { clock: "the database's clock", ms: database },
        { clock: "the hub's steady clock", ms: passed },
        ...(witness === null ? [] : [witness]),
      ]
    },
  }
}

/** One clock for everything: in tests and replays, where time is told. */
export function toldTime(clock: () => Date): TimeSources {
  return {
    host: clock,
    database: () => Promise.resolve(clock()),
    readings: () => Promise.resolve([{ clock: "the hub's clock", ms: clock().getTime() }]),
  }
}

/** The one in the middle; the slower of two. */
function median(readings: readonly ClockReading[]): ClockReading | null {
  const sorted = [...readings].sort((a, b) => a.ms - b.ms)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
