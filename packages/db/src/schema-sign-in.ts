import type { ColumnType } from 'kysely'

type Instant = ColumnType<Date, Date, Date>
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>

/** A person as better-auth knows it: nothing but an id. */
export interface AuthUserTable {
  /** Id of the person. */
  id: string
  name: string
  /** The id again: better-auth insists on an address, and nothing is ever sent to one. */
  email: string
  email_verified: boolean
  image: string | null
  created_at: Instant
  updated_at: Instant
}

/** A session. better-auth writes the row; it is good for nothing until ours are set, which happens together with the event. */
export interface AuthSessionTable {
  id: string
  user_id: string
  /** better-auth's own; no request is ever let in by it. */
  token: string
  expires_at: Instant
  /** SHA-256 of the secret in the cookie. */
  secret_hash: Bytes | null
  /** The passkey that it was started with. */
  passkey_id: string | null
  started_at: Instant | null
  /** Last use, to the minute. */
  seen_at: Instant | null
  /** Not good from here on, however much it is used. */
  ends_at: Instant | null
  /** When its person last proved to be there, with a passkey or a one-time code. */
  confirmed_at: Instant | null
  ended_at: Instant | null
}

/** What a browser has to answer; better-auth's, good for one answer. */
export interface AuthVerificationTable {
  id: string
  identifier: string
  expires_at: Instant
}

/** A passkey. Without `enrolled_index` it was never logged and signs nobody in. */
export interface AuthPasskeyTable {
  id: string
  name: string | null
  user_id: string
  credential_id: string
  enrolled_index: number | null
  enrolled_at: Instant | null
}

/** A link with which a person enrols one passkey; only the hash of its code is stored. */
export interface AuthEnrolmentTable {
  code_hash: Bytes
  person_id: string
  made_by: string
  made_at: Instant
  expires_at: Instant
  /** Used, or replaced by a newer one. */
  ended_at: Instant | null
}

/** Secret of a person's one-time codes (RFC 6238), encrypted. */
export interface AuthOneTimeCodeTable {
  person_id: string
  secret: string | null
  /** Shown to the person, who has not yet proven to have it. */
  pending: string | null
  /** Step of the last code that was taken; no code of it or an earlier one is taken again. */
  last_step: number
  /** Wrong codes since the last right one. */
  failures: number
  locked_until: Instant | null
}
