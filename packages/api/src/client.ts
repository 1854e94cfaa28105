import { createHash } from 'node:crypto'
import type { z } from 'zod'
import * as contract from './contracts.ts'
import { ApiError } from './errors.ts'
import { type Call, type CallOptions, openCall } from './internal/call.ts'
import { routes } from './routes.ts'
import { isToken } from './token.ts'

/** A recipient to enrol; `tokenHash` is `hashToken(token)` as lower-case hex. */
export type NewRecipient = contract.EnrolRequest['recipients'][number]
/** An event that the desk commits. */
export type DeskEvent = contract.CommitRequest['events'][number]

/** The log, for any token. */
export interface LogClient {
  /** The newest signed checkpoint note with its cosignatures so far; waits at most `waitMs` (to 10,000) for a quorum of them. */
  checkpoint(waitMs?: number): Promise<string>
  /** A tile or entry bundle by its c2sp.org/tlog-tiles path (`tile/0/000`), or null when the log has none there. */
  tile(path: string): Promise<Uint8Array | null>
}

/** What the desk may do. Every method throws {@link ApiError}. */
export interface VendorClient extends LogClient {
  /** Enrols recipients in one batch; those that are enrolled exactly so already are `unchanged`. */
  enrol(recipients: readonly NewRecipient[]): Promise<contract.EnrolAnswer['recipients']>
  /** Ends a recipient's keys and tokens; it can then be enrolled with others. Again changes nothing. */
  revokeKeys(id: string): Promise<contract.RevokeAnswer>
  /** Commits events, at most 100, in order; each answer carries its opening and a proof that stands alone. */
  commit(events: readonly DeskEvent[]): Promise<readonly contract.ProvenEvent[]>
  /**
   * Stores a sealed package under the id that its manifest names and logs its issue. Its body comes with the first package that has it and
   * may be left out of the others. The same package again is `unchanged`. `releaseKey` is the vkey that signed the manifest.
   */
  putPackage(id: string, bytes: Uint8Array, releaseKey: string): Promise<contract.PutPackageAnswer>
  /** Keeps the next version of the vault, which must be an age file. `after` is the newest version that the caller knows, 0 for none. */
  putBackup(bytes: Uint8Array, after: number): Promise<contract.BackupStatus>
  /** All versions of the vault that the hub keeps, oldest first. */
  backups(): Promise<readonly contract.BackupStatus[]>
  /** One version of the vault, as ciphertext. */
  fetchBackup(version: number): Promise<Uint8Array>
  /** Every package and what became of it. */
  packages(): Promise<readonly contract.PackageStatus[]>
  /** Every event behind index `after` (default: all), of one stream or of all, with its opening. */
  events(options?: { readonly after?: number; readonly stream?: string }): Promise<readonly contract.LoggedEvent[]>
  /** One event with a proof against the newest checkpoint. */
  prove(index: number): Promise<contract.ProvenEvent>
  /** Events with proofs in the order asked for, at most 1,000, all under one checkpoint: what a dossier needs. */
  proveAll(
    indices: readonly number[],
  ): Promise<{ readonly events: readonly contract.ProvenEvent[]; readonly checkpoint: string }>
}

/** What a recipient may do. Every method throws {@link ApiError}. */
export interface PartnerClient extends LogClient {
  /** What the hub has on file about this recipient, and the log's key. */
  me(): Promise<contract.MeAnswer>
  /** The packages issued to this recipient. */
  packages(): Promise<readonly contract.PackageStatus[]>
  /** Fetches the body of a package, which may be had before the package itself; null when the package has none apart. Its manifest has the hash. */
  fetchBody(id: string): Promise<Uint8Array | null>
  /** Fetches a package, without its body; the hand-over is event `index` of the log. The bytes have the hash that the hub names. */
  fetchPackage(id: string): Promise<{ readonly bytes: Uint8Array; readonly sha256: string; readonly index: number }>
  /** Hands in the signed receipt note of a package; the answer proves that it is in the log. The same receipt again is fine. */
  acknowledge(id: string, receipt: string): Promise<contract.ProvenEvent>
}

/** Header that names the event of a hand-over. */
export const EVENT_HEADER = 'sigillo-event'
/** Header with the SHA-256 of a package's bytes. */
export const SHA256_HEADER = 'sigillo-sha256'

/** A client for the desk. `url` is the hub's address, such as `https://hub.example`. Throws {@link ApiError} on a malformed token or address. */
export function vendorClient(url: string, token: string, options: CallOptions = {}): VendorClient {
  const call = open(url, token, options)
  return {
    ...logClient(call),
    enrol: async (recipients) =>
      (await call.json(routes.enrolRecipients, { body: { recipients } }, contract.EnrolAnswer)).recipients,
    revokeKeys: (id) => call.json(routes.revokeKeys, { params: { id }, body: {} }, contract.RevokeAnswer),
    commit: async (events) =>
      (await call.json(routes.commitEvents, { body: { events } }, contract.CommitAnswer)).events,
    putPackage: (id, bytes, releaseKey) =>
      call.json(
        routes.putPackage,
        { params: { id }, query: { sha256: sha256(bytes), releaseKey }, bytes },
        contract.PutPackageAnswer,
      ),
    putBackup: (bytes, after) =>
      call.json(
        routes.putBackup,
        { query: { sha256: sha256(bytes), after: String(after) }, bytes },
        contract.BackupStatus,
      ),
    backups: async () => (await call.json(routes.listBackups, {}, contract.BackupsAnswer)).backups,
    fetchBackup: async (version) =>
      (await call.bytes(routes.fetchBackup, { params: { version: String(version) } })).bytes,
    packages: () => allPackages(call, routes.listPackages),
    events: (filter = {}) => allEvents(call, filter),
    proveAll: (indices) => call.json(routes.proveEvents, { body: { events: indices } }, contract.ProveAnswer),
    prove: (index) => call.json(routes.proveEvent, { params: { index: String(index) } }, contract.ProvenEvent),
  }
}

/** A client for a recipient; see {@link vendorClient}. */
export function partnerClient(url: string, token: string, options: CallOptions = {}): PartnerClient {
  const call = open(url, token, options)
  return {
    ...logClient(call),
    me: () => call.json(routes.me, {}, contract.MeAnswer),
    packages: () => allPackages(call, routes.listMyPackages),
    fetchBody: (id) => orNull(async () => (await call.bytes(routes.fetchBody, { params: { id } })).bytes),
    fetchPackage: (id) => fetchPackage(call, id),
    acknowledge: (id, receipt) =>
      call.json(routes.acknowledgePackage, { params: { id }, body: { receipt } }, contract.ProvenEvent),
  }
}

function open(url: string, token: string, options: CallOptions): Call {
  return openCall(url, requireToken(token), options)
}

/** The token, if it can be one. @throws ApiError `unauthorized` */
export function requireToken(token: string): string {
  if (isToken(token)) return token
  throw new ApiError('unauthorized', 'this is not a hub token: it must be "sgl_" and 48 characters, unchanged', null)
}

function logClient(call: Call): LogClient {
  return {
    checkpoint: async (waitMs = 0) => {
      const { bytes } = await call.bytes(routes.checkpoint, { query: { wait: String(waitMs) } })
      return Buffer.from(bytes).toString('utf8')
    },
    tile: (path) => orNull(async () => (await call.bytes(routes.tile, { rest: path.replace(/^tile\//, '') })).bytes),
  }
}

/** Null for what the hub does not have. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not-found') return null
    throw error
  }
}

async function fetchPackage(call: Call, id: string): ReturnType<PartnerClient['fetchPackage']> {
  const { bytes, headers } = await call.bytes(routes.fetchPackage, { params: { id } })
  const index = Number(headers.get(EVENT_HEADER) ?? Number.NaN)
  const hash = sha256(bytes)
  if (!Number.isSafeInteger(index) || headers.get(SHA256_HEADER) !== hash) {
    throw new ApiError('bad-answer', `package ${id} did not arrive whole; fetch it again`, 200)
  }
  return { bytes, sha256: hash, index }
}

type ListRoute = typeof routes.listPackages | typeof routes.listMyPackages

async function allPackages(call: Call, route: ListRoute): Promise<readonly contract.PackageStatus[]> {
  const all: contract.PackageStatus[] = []
  let after: string | null = null
  do {
    const query: Record<string, string> = after === null ? {} : { after }
    const page: z.infer<typeof contract.PackagesAnswer> = await call.json(route, { query }, contract.PackagesAnswer)
    all.push(...page.packages)
    after = page.next
  } while (after !== null)
  return all
}

async function allEvents(
  call: Call,
  filter: { readonly after?: number; readonly stream?: string },
): Promise<readonly contract.LoggedEvent[]> {
  const all: contract.LoggedEvent[] = []
  let after: number | null = filter.after ?? -1
  do {
    const query: Record<string, string> = { after: String(after) }
    if (filter.stream !== undefined) query['stream'] = filter.stream
    const page: contract.EventsAnswer = await call.json(routes.listEvents, { query }, contract.EventsAnswer)
    all.push(...page.events)
    after = page.next
  } while (after !== null)
  return all
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
