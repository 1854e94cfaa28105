import type { ColumnType } from 'kysely'

type Instant = ColumnType<Date, Date, Date>

/** The embargo of one case and its lift. */
export interface EmbargoTable {
  case_id: string
  /** Embargo state of the Vultron model. */
  embargo: string
  /** Case state of the Vultron model, such as `VFdpxa`. */
  case_state: string
  /** `draft`, `scheduled`, `lifting`, `lifted` or `cancelled`. */
  lift: string
  release_at: Instant
  /** The release as it was agreed, with its zone. */
  release_text: string
  frozen: boolean
  /** Why the lift is held; null unless `lifting`. */
  held: string | null
  /** Event of the newest change. */
  changed_index: number
}

/** The lift of an embargo: its key is what makes it happen once. */
export interface LiftTable {
  case_id: string
  /** `clock`, `early`, `manual` or `broken`. */
  how: string
  event_index: number
  /** The hub's clock. */
  lifted_at: Instant
  /** The database's clock, inside the transaction. */
  database_at: Instant
  /** The instant that was planned. */
  release_at: Instant
}

/** Where somebody wants to hear that something is new: a web address or a mailbox. */
export interface EndpointTable {
  id: string
  /** A recipient's id, or `vendor`. */
  owner: string
  /** `webhook` or `mail`. */
  channel: string
  address: string
  created_at: Instant
  /** Why it is not used any more; null while it is. */
  disabled: string | null
}

/** A message to be sent; written in the transaction of what it tells of. */
export interface OutboxTable {
  /** Hash of event, endpoint and kind: the same message never exists twice. */
  id: string
  endpoint_id: string
  /** What happened, such as `embargo.lifted`. */
  kind: string
  event_index: number
  at: Instant
  /** `pending`, `sent` or `dead`. */
  state: string
  attempts: number
  next_at: Instant
  /** Whoever claimed it last may only report while this still is the number it got. */
  fence: number
  lease_until: Instant | null
  /** Why the last attempt failed. */
  last_error: string | null
  sent_at: Instant | null
}

/** A recipient says that it opened a package. */
export interface OpeningTable {
  package_id: string
  event_index: number
  opened_at: Instant
}
