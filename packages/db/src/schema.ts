import type { ColumnType, Kysely } from 'kysely'
import type { EmbargoTable, EndpointTable, LiftTable, OpeningTable, OutboxTable } from './schema-clocks.ts'
import type { ApprovalItemTable, ApprovalTable, PersonTable, ProgrammeRulesTable } from './schema-people.ts'
import type {
  AuthEnrolmentTable,
  AuthOneTimeCodeTable,
  AuthPasskeyTable,
  AuthSessionTable,
  AuthUserTable,
  AuthVerificationTable,
} from './schema-sign-in.ts'

/** `timestamptz`: read as `Date`, written as `Date`. */
type Instant = ColumnType<Date, Date, Date>
/** `bytea`: read as `Buffer`, which is a `Uint8Array`. */
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>

/** May be left out when a row is written. */
type OrNull<T> = ColumnType<T | null, T | null | undefined, T | null>

/** Whoever receives copies: partners, the vendor's own people, the finder. Nobody gets an unmarked copy. */
export interface RecipientTable {
  id: string
  name: string
  /** `partner`, `vendor` or `finder`; free text here, the programme room owns the list. */
  kind: string
  /** age recipient string that packages are sealed to. */
  age_recipient: string
  /** Verifier key (signed-note vkey) of the recipient's receipts. */
  receipt_vkey: string
  enrolled_index: number
  enrolled_at: Instant
  /** The event that ended its keys; null while they are good. */
  revoked_index: OrNull<number>
}

/** Bearer tokens; only the SHA-256 of a token is ever stored. */
export interface TokenTable {
  hash: Bytes
  /** `vendor` or `partner`. */
  role: string
  /** The recipient a partner token speaks for; null for the vendor. */
  recipient_id: string | null
  created_at: Instant
  revoked_at: Instant | null
  /** Name of the token, which is no secret; null for the vendor's first token and for those that partners enrolled with. */
  id: OrNull<string>
  /** The person it speaks for; null when it speaks for the whole organisation. */
  person_id: OrNull<string>
  /** Role it is limited to; the person's own role limits it too. */
  as_role: OrNull<string>
  /** No longer good from here on; null only without a person. */
  expires_at: OrNull<Date>
}

/** Ciphertext by its SHA-256. A blob without a package is unreachable and harmless. */
export interface BlobTable {
  sha256: Bytes
  /** Null once destroyed. */
  bytes: Bytes | null
  /** The event that says it is to be destroyed; null while it is not. */
  erased_index: OrNull<number>
}

/** One sealed copy for one recipient. */
export interface PackageTable {
  id: string
  recipient_id: string
  case_id: string
  distribution: string
  /** Not fetchable before this instant, unless the case has an embargo, which overrides it; null means at once. */
  not_before: Instant | null
  /** Milliseconds before the release that was on file when it was issued; null when none was. */
  lead_ms: ColumnType<number | null, number | null | undefined, number | null>
  sha256: Bytes
  size: number
  /** The signed manifest exactly as uploaded. */
  manifest: Bytes
  issued_index: number
  issued_at: Instant
  /** First hand-over, once it is in a signed checkpoint. */
  fetched_index: number | null
  fetched_at: Instant | null
  /** The event that says that its ciphertext is to be destroyed, or was; null while it is not. */
  erased_index: OrNull<number>
  erased_at: OrNull<Date>
}

/** The recipient's signed acknowledgement of a package; one per package. */
export interface ReceiptTable {
  package_id: string
  /** Null once erased, with its event. */
  body: Bytes | null
  received_at: Instant
  event_index: number
}

/** A chain of events about one partner, one case, or the administration. */
export interface StreamTable {
  stream: string
  /** HMAC key of the stream's labels; destroying it (null) unlinks the stream's leaves for good. */
  key: Bytes | null
  /** Number the next event of this stream gets; the first is 0. */
  next_n: number
  /** Commitment of the stream's newest event; null before the first. */
  head: Bytes | null
}

/** An event with its opening. `body` and `salt` can be erased; the commitment stays. */
export interface EventTable {
  idx: number
  stream: string
  n: number
  type: string
  at: Instant
  subject: string
  /** The event as canonical JSON (RFC 8785), byte for byte what was committed to. */
  body: string | null
  salt: Bytes | null
  commitment: Bytes
  /** The event that says that body and salt are to be destroyed, or were; null while they are not. */
  erased_index: OrNull<number>
  erased_at: OrNull<Date>
}

/** What is to be destroyed because an event says so, and when that was done. */
export interface ErasureTable {
  /** Place of its `erasure.performed` event. */
  idx: number
  at: Instant
  /** Null until everything that it names is gone. */
  destroyed_at: Instant | null
}

/** The leaves of the Merkle tree. A leaf may have no event (padding, or erased). */
export interface LeafTable {
  idx: number
  leaf: Bytes
}

/**
 * Hash tiles by level and number; `hashes` grows by 32 bytes a hash up to 8,192. Hashes are only ever appended, so every
 * partial tile that was published is a prefix of what is stored.
 */
export interface TileTable {
  level: number
  n: number
  hashes: Bytes
}

/** One row: the newest signed state of the log. Locking it makes the holder the sequencer. */
export interface LogStateTable {
  id: number
  origin: string
  size: number
  root: Bytes
  /** The signed checkpoint note, exactly as served. */
  checkpoint: string
  at: Instant
  /** Leaves of the tree that was committed and waits for its signature; null when the signed tree is all there is. */
  pending_size: number | null
  pending_root: Bytes | null
}

/** A checkpoint that a witness cosigned: the log's own note, as it was when it was the newest. */
export interface CosignedCheckpointTable {
  size: number
  root: Bytes
  checkpoint: string
}

/** One witness's cosignature of one of those checkpoints. */
export interface CosignatureTable {
  size: number
  /** Verifier key of the witness. */
  key: string
  /** The signature line with its newline, as the witness gave it. */
  line: string
  /** Time in the cosignature: the witness's clock. */
  at: Instant
}

/** A version of the desk's vault, as ciphertext; versions are only ever added. */
export interface VaultBackupTable {
  version: number
  sha256: Bytes
  size: number
  event_index: number
  at: Instant
}

/** All tables, the same on both engines. Column types are what `pg` gives with this room's type parsers: `int8` as number. */
export interface Schema {
  recipients: RecipientTable
  tokens: TokenTable
  blobs: BlobTable
  packages: PackageTable
  receipts: ReceiptTable
  vault_backups: VaultBackupTable
  streams: StreamTable
  events: EventTable
  erasures: ErasureTable
  leaves: LeafTable
  tiles: TileTable
  log_state: LogStateTable
  cosigned_checkpoints: CosignedCheckpointTable
  cosignatures: CosignatureTable
  people: PersonTable
  approvals: ApprovalTable
  approval_items: ApprovalItemTable
  programme_rules: ProgrammeRulesTable
  embargoes: EmbargoTable
  lifts: LiftTable
  endpoints: EndpointTable
  outbox: OutboxTable
  openings: OpeningTable
  auth_users: AuthUserTable
  auth_sessions: AuthSessionTable
  auth_verifications: AuthVerificationTable
  auth_passkeys: AuthPasskeyTable
  auth_enrolments: AuthEnrolmentTable
  auth_one_time_codes: AuthOneTimeCodeTable
}

/** What every repository takes: a transaction, or the database itself for single reads. Inside a transaction only its `tx` may be used. */
export type Tx = Kysely<Schema>
