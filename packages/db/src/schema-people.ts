import type { ColumnType } from 'kysely'

type Instant = ColumnType<Date, Date, Date>
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>

/** Somebody who works with the hub: one of the vendor's people or of a partner's. */
export interface PersonTable {
  /** `staff/<id>` or `partner/<recipient>/<id>`; never given twice. */
  id: string
  /** The partner's id; null for the vendor's people. */
  recipient_id: string | null
  /** What the person may do; the programme room owns the list. */
  role: string
  added_index: number
  added_at: Instant
  removed_at: Instant | null
}

/** Somebody asked for something that a second person has to agree to. */
export interface ApprovalTable {
  id: string
  action: string
  /** What it is about: the id of a distribution, a case, a person. */
  subject: string
  asked_by: string
  asked_at: Instant
  asked_index: number
  /** Not good from here on, given or not. */
  expires_at: Instant
  /** Who agreed; never who asked. */
  given_by: string | null
  given_at: Instant | null
  given_index: number | null
}

/** One thing that an approval covers; each is good once. */
export interface ApprovalItemTable {
  approval_id: string
  n: number
  /** What exactly is agreed to: SHA-256 over action, subject and payload. */
  hash: Bytes
  /** Canonical JSON that the second person read. */
  payload: string
  used_at: Instant | null
}

/** One row: which actions are under four eyes. */
export interface ProgrammeRulesTable {
  id: number
  four_eyes: string[]
  changed_index: number
}
