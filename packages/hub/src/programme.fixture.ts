import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type NewRecipient,
  partnerClient,
  type PartnerClient,
  vendorClient,
  type VendorClient,
} from '@sigillo/api/client'
import { generateToken, hashToken } from '@sigillo/api/token'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { type AgeIdentity, generateIdentity } from '@sigillo/seal/identity'
import { sealWhole } from '@sigillo/seal/package'
import { signReceipt } from '@sigillo/seal/receipt'
import { toHex } from '@sigillo/tlog/encoding'
import { type Hub, type HubOptions, startHub } from './start-hub.ts'

/** Name of the test log. */
export const ORIGIN = 'hub.example/log'
/** The vendor's release key. */
export const release = generateNoteKey('vendor.example')

/** A recipient with all of its secrets. */
export interface TestRecipient {
  readonly id: string
  readonly age: AgeIdentity
  readonly receiptSecret: string
  readonly token: string
  readonly entry: NewRecipient
}

/** Draws a recipient. */
export async function drawRecipient(id: string): Promise<TestRecipient> {
  const age = await generateIdentity()
  const receipt = generateNoteKey(id)
  const token = generateToken()
  const tokenHash = toHex(hashToken(token))
  const entry = {
    id,
    name: `Organisation ${id}`,
    kind: 'partner' as const,
    ageRecipient: age.recipient,
    receiptKey: receipt.vkey,
    tokenHash,
  }
  return { id, age, receiptSecret: receipt.secret, token, entry }
}

/** Seals a package. */
export function sealFor(
  recipient: TestRecipient,
  id: string,
  options: {
    readonly notBefore?: string
    readonly bytes?: number
    readonly packageId?: string
    readonly case?: string
  } = {},
): Promise<Uint8Array> {
  return sealWhole({
    programme: 'Example programme',
    package: options.packageId ?? id,
    case: options.case ?? 'case-1',
    distribution: 'dist-1',
    recipient: recipient.id,
    tier: 'tier-1',
    notBefore: options.notBefore ?? null,
    sealedAt: '2026-01-02T03:04:05Z',
    planHash: '0'.repeat(64),
    codeCommitment: '1'.repeat(64),
    ageRecipient: recipient.age.recipient,
    files: [{ path: 'guidance.md', bytes: new Uint8Array(randomBytes(options.bytes ?? 500)) }],
    signer: noteSigner(release.secret),
  })
}

/** Signs the receipt that the recipient would give for a package with this hash. */
export function receiptOf(recipient: TestRecipient, sha256: string, distribution = 'dist-1'): string {
  const receipt = { recipient: recipient.id, distribution, package: sha256, at: '2026-01-03T00:00:00Z', seen: null }
  return signReceipt(receipt, noteSigner(recipient.receiptSecret))
}

/** A hub on a data folder of its own, with its clients. The clock stands still until it is set. */
export interface TestHub {
  readonly dataDir: string
  readonly hub: Hub
  readonly vendor: VendorClient
  readonly vendorToken: string
  partner(recipient: TestRecipient): PartnerClient
  now: Date
  /** Stops the hub and starts it again on the same data. */
  restart(): Promise<TestHub>
  /** Stops the hub; the data stay until `remove`. */
  stop(): Promise<void>
  remove(): void
}

/** Starts a hub for a test. */
export async function startTestHub(options: Partial<HubOptions> = {}, vendorToken?: string): Promise<TestHub> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'hub-'))
  const clock = { now: new Date('2026-01-02T00:00:00.000Z') }
  const hub = await startHub({ origin: ORIGIN, clock: () => clock.now, ...options, dataDir })
  const token = hub.vendorToken ?? vendorToken ?? ''
  return {
    dataDir,
    hub,
    vendor: vendorClient(hub.url, token),
    vendorToken: token,
    partner: (recipient) => partnerClient(hub.url, recipient.token),
    get now() {
      return clock.now
    },
    set now(at) {
      clock.now = at
    },
    restart: async () => {
      await hub.stop()
      return await startTestHub({ ...options, dataDir }, token)
    },
    stop: () => hub.stop(),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

/** Root and size of a checkpoint note, unverified. */
export function readNote(note: string): { readonly size: number; readonly root: string } {
  const [, size = '', root = ''] = note.split('\n')
  return { size: Number(size), root }
}

/** Changes one byte in the middle. */
export function flip(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes)
  const at = Math.floor(copy.length / 2)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}
