import { SealError } from './errors.ts'
import type { NoteSigner } from './ed25519.ts'
import { inspectSignedRecord, openSignedRecord, signRecord } from './signed-record.ts'
import { readRecord } from './record-reader.ts'

/** First line of a receipt's text. */
export const RECEIPT_SCHEMA = 'sigillo-receipt/1'

/** A checkpoint of the log that the partner had seen when it signed: later the vendor cannot show another history up to that size. */
export interface SeenCheckpoint {
  readonly origin: string
  readonly size: number
  /** Root hash, 64 lower-case hexadecimal digits. */
  readonly root: string
}

/** What a partner acknowledges: that it holds these bytes, for this distribution, at its own clock's time. It says nothing about their use. */
export interface Receipt {
  readonly recipient: string
  readonly distribution: string
  /** `packageHash` of the package. */
  readonly package: string
  /** The partner's own clock: RFC 3339, UTC. */
  readonly at: string
  readonly seen: SeenCheckpoint | null
}

/** Signs a receipt with the partner's note key: a signed note of the schema line and the receipt as canonical JSON. */
export function signReceipt(receipt: Receipt, signer: NoteSigner): string {
  return signRecord(RECEIPT_SCHEMA, receipt, signer)
}

/**
 * Opens a receipt that `partnerKey` (C2SP vkey) must have signed.
 *
 * @throws SealError 'bad-signature', 'bad-receipt' or 'bad-key'.
 */
export function openReceipt(note: Uint8Array, partnerKey: string): Receipt {
  return readFields(openSignedRecord(RECEIPT_SCHEMA, note, partnerKey, 'receipt', fail))
}

/**
 * Reads a receipt without checking its signature. Only for showing what it says.
 *
 * @throws SealError 'bad-signature' when it is not a note with one signature line; 'bad-receipt'.
 */
export function inspectReceipt(note: Uint8Array): { readonly receipt: Receipt; readonly signer: string } {
  const { value, signer } = inspectSignedRecord(RECEIPT_SCHEMA, note, 'receipt', fail)
  return { receipt: readFields(value), signer }
}

function readFields(value: unknown): Receipt {
  const fields = readRecord(value, 'receipt', fail)
  const seen = fields.recordOrNull('seen')
  const receipt: Receipt = {
    recipient: fields.text('recipient'),
    distribution: fields.text('distribution'),
    package: fields.hash('package'),
    at: fields.instant('at'),
    seen: seen && { origin: seen.text('origin'), size: seen.count('size'), root: seen.hash('root') },
  }
  seen?.end()
  fields.end()
  return receipt
}

/** What `verifyReceipt` compares a receipt with. */
export interface ExpectedReceipt {
  readonly partnerKey: string
  readonly recipient: string
  readonly distribution: string
  /** `packageHash` of the package. */
  readonly package: string
}

/** Whether a receipt is genuine and is about exactly this package; never throws on what the partner sent. */
export type ReceiptVerdict =
  | { readonly ok: true; readonly receipt: Receipt }
  | { readonly ok: false; readonly reason: string }

/**
 * Checks a receipt that came back from a partner.
 *
 * @throws SealError 'bad-key' only when the key in `expected` is malformed.
 */
export function verifyReceipt(note: Uint8Array, expected: ExpectedReceipt): ReceiptVerdict {
  try {
    const receipt = openReceipt(note, expected.partnerKey)
    for (const field of ['recipient', 'distribution', 'package'] as const) {
      if (receipt[field] !== expected[field])
        return { ok: false, reason: `the receipt is for another ${field}: ${receipt[field]}` }
    }
    return { ok: true, receipt }
  } catch (error) {
    if (!(error instanceof SealError) || error.code === 'bad-key') throw error
    return { ok: false, reason: error.message }
  }
}

function fail(message: string): SealError {
  return new SealError('bad-receipt', message)
}
