import { z } from 'zod'

/** Most recipients, events or rows in one request or answer. */
export const MOST_IN_BATCH = 1000
/** Most desk events in one request: each answer carries its proof. */
export const MOST_EVENTS_IN_REQUEST = 100
/** Largest package, in bytes. */
export const MOST_PACKAGE_BYTES: number = 32 * 1024 * 1024
/** Largest receipt note, in characters. */
export const MOST_RECEIPT_CHARS: number = 16 * 1024

// oxlint-disable-next-line no-control-regex -- what must not stand in a line of text
const LINE = /^[^\u0000-\u001f\u007f]*$/
/** A text of one line, of 1 to `most` characters. */
export const line = (most: number) =>
  z.string().min(1).max(most).regex(LINE, 'must be one line without control characters')

/** Ids of recipients, packages, cases and the like: safe in a URL path and in a file name. */
export const Id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be letters, digits, ".", "_" or "-", at most 128')
/** SHA-256 as 64 lower-case hexadecimal digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
/** RFC 3339 in UTC. */
export const Instant = z.iso.datetime()
/** C2SP verifier key `name+hash+base64`. */
export const Vkey = z
  .string()
  .max(512)
  .regex(/^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/, 'must be a C2SP verifier key')
const Index = z.int().min(0)
const Base64 = z.base64()

/** Events that the desk commits; the hub writes all others itself. */
export const DeskEventType = z.enum([
  'key.enrolled',
  'key.revoked',
  'catalogue.committed',
  'codebook.committed',
  'escrow.deposited',
  'escrow.opened',
  'leak.reported',
  'sample.received',
  'match.computed',
  'dossier.sealed',
  'policy.changed',
])

/** Stream of a desk event: one case, or the administration. Streams of partners are the hub's. */
export const DeskStream = z
  .string()
  .regex(/^(admin|case:[A-Za-z0-9][A-Za-z0-9._-]{0,127})$/, 'must be "admin" or "case:<id>"')

/** A place in the log, and when it was taken. */
export const LogPlace = z.object({ index: Index, at: Instant })

/**
 * An event with its opening. `event` is its canonical JSON, byte for byte; it and `salt` (base64) are null once erased. `erased` is the event that
 * says so, and when.
 */
export const LoggedEvent = z.object({
  index: Index,
  stream: z.string(),
  n: Index,
  type: z.string(),
  at: Instant,
  subject: z.string(),
  event: z.string().nullable(),
  salt: Base64.nullable(),
  commitment: Base64,
  erased: LogPlace.nullable(),
})

/** An event with a proof that stands alone: a c2sp.org/tlog-proof text that holds index, inclusion proof and checkpoint. */
export const ProvenEvent = LoggedEvent.extend({ proof: z.string() })

export const EnrolRequest = z.strictObject({
  recipients: z
    .array(
      z.strictObject({
        id: Id,
        name: line(200),
        kind: z.enum(['partner', 'vendor', 'finder']),
        ageRecipient: z.string().regex(/^age1[a-z0-9]{20,4000}$/, 'must be an age recipient (age1…)'),
        receiptKey: Vkey,
        /** SHA-256 of the recipient's bearer token; the token itself never reaches the hub before it is used. */
        tokenHash: Sha256,
      }),
    )
    .min(1)
    .max(MOST_IN_BATCH),
})
export const EnrolAnswer = z.object({
  recipients: z.array(z.object({ id: z.string(), index: Index, state: z.enum(['enrolled', 'unchanged']) })),
})

export const RecipientParams = z.strictObject({ id: Id })
export const RevokeRequest = z.strictObject({})
/** `index` is the event that ended the keys. */
export const RevokeAnswer = z.object({ id: z.string(), index: Index })

export const CommitRequest = z.strictObject({
  events: z
    .array(
      z.strictObject({
        type: DeskEventType,
        stream: DeskStream,
        subject: line(200),
        data: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1)
    .max(MOST_EVENTS_IN_REQUEST),
})
export const CommitAnswer = z.object({ events: z.array(ProvenEvent) })

export const PutPackageQuery = z.strictObject({ sha256: Sha256, releaseKey: Vkey })
export const PutPackageAnswer = z.object({
  id: z.string(),
  sha256: Sha256,
  size: Index,
  issued: LogPlace,
  state: z.enum(['issued', 'unchanged']),
})

/** `after` is the newest version that the sender knows, 0 for none. */
export const PutBackupQuery = z.strictObject({ sha256: Sha256, after: z.coerce.number().int().min(0) })
export const BackupParams = z.strictObject({ version: z.coerce.number().int().min(1) })
export const BackupStatus = z.object({ version: Index, sha256: Sha256, size: Index, logged: LogPlace })
export const BackupsAnswer = z.object({ backups: z.array(BackupStatus) })

export const EventsQuery = z.strictObject({
  /** Events behind this index; absent for all. */
  after: z.coerce.number().int().min(-1).default(-1),
  limit: z.coerce.number().int().min(1).max(MOST_IN_BATCH).default(MOST_IN_BATCH),
  stream: line(200).optional(),
})
/** `next` is the `after` of the next page, or null at the end. */
export const EventsAnswer = z.object({ events: z.array(LoggedEvent), next: Index.nullable() })

export const EventParams = z.strictObject({ index: z.coerce.number().int().min(0) })

export const ProveRequest = z.strictObject({ events: z.array(z.int().min(0)).min(1).max(MOST_IN_BATCH) })
/** Proofs in the order asked for, all under this one signed checkpoint. */
export const ProveAnswer = z.object({ events: z.array(ProvenEvent), checkpoint: z.string() })

export const CheckpointQuery = z.strictObject({
  /** Longest wait for the quorum of witnesses to cosign it, in milliseconds. */
  wait: z.coerce.number().int().min(0).max(10_000).default(0),
})

export const ListQuery = z.strictObject({
  /** Ids behind this one; absent for all. */
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(MOST_IN_BATCH).default(MOST_IN_BATCH),
})
/**
 * A package and what became of it; `fetched` is the first hand-over. `notBefore` is what the hub goes by: the case's embargo, where it
 * has one, else the manifest. `held` says why no instant is known: `frozen`, the embargo broke; `unplanned`, no release is
 * agreed; `clocks`, its lift is held because clocks contradict each other.
 */
export const PackageStatus = z.object({
  id: z.string(),
  recipient: z.string(),
  case: z.string(),
  distribution: z.string(),
  notBefore: Instant.nullable(),
  held: z.enum(['frozen', 'unplanned', 'clocks']).nullable(),
  sha256: Sha256,
  size: Index,
  /** The part that can be fetched before the package; null when there is none apart. */
  body: z.object({ sha256: Sha256, size: Index }).nullable(),
  issued: LogPlace,
  fetched: LogPlace.nullable(),
  acknowledged: LogPlace.nullable(),
  /** Once its ciphertext was destroyed: the event that says so, and when. */
  erased: LogPlace.nullable(),
})
export const PackagesAnswer = z.object({ packages: z.array(PackageStatus), next: z.string().nullable() })

export const PackageParams = z.strictObject({ id: Id })

export const MeAnswer = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  ageRecipient: z.string(),
  receiptKey: z.string(),
  log: z.object({ origin: z.string(), key: Vkey }),
})

export const ReceiptRequest = z.strictObject({ receipt: z.string().min(1).max(MOST_RECEIPT_CHARS) })

export const HealthAnswer = z.object({ ok: z.boolean() })

/** RFC 9457. */
export const Problem = z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })

export type LoggedEvent = z.infer<typeof LoggedEvent>
export type ProvenEvent = z.infer<typeof ProvenEvent>
export type EnrolRequest = z.infer<typeof EnrolRequest>
export type EnrolAnswer = z.infer<typeof EnrolAnswer>
export type BackupStatus = z.infer<typeof BackupStatus>
export type RevokeAnswer = z.infer<typeof RevokeAnswer>
export type CommitRequest = z.infer<typeof CommitRequest>
export type PutPackageAnswer = z.infer<typeof PutPackageAnswer>
export type PackageStatus = z.infer<typeof PackageStatus>
export type EventsAnswer = z.infer<typeof EventsAnswer>
export type PackagesAnswer = z.infer<typeof PackagesAnswer>
export type MeAnswer = z.infer<typeof MeAnswer>
