import type { LoggedEvent, MeAnswer, PackageStatus, ProvenEvent } from '@sigillo/api/contracts'
import type { EmbargoStatus } from '@sigillo/db/embargoes'
import type { EventRow } from '@sigillo/db/events'
import type { PackageStatus as PackageStatusRow } from '@sigillo/db/packages'
import type { Recipient } from '@sigillo/db/recipients'
import { inspectManifest, isKeyed } from '@sigillo/seal/manifest'
import { toBase64, toHex } from '@sigillo/tlog/encoding'
import { presentRelease } from './present-clocks.ts'
import type { Proven } from '../log/prover.ts'

// The only way that rows become answers.

/** An event with its opening; without it from the moment that an erasure names it, whether or not it is destroyed yet. */
export function presentEvent(row: EventRow): LoggedEvent {
  return {
    index: row.idx,
    stream: row.stream,
    n: row.n,
    type: row.type,
    at: row.at.toISOString(),
    subject: row.subject,
    event: row.erased_index === null ? row.body : null,
    salt: row.salt === null || row.erased_index !== null ? null : toBase64(row.salt),
    commitment: toBase64(row.commitment),
    erased: place(row.erased_index, row.erased_at),
  }
}

/** An event with its opening and proof. */
export function presentProven(proven: Proven): ProvenEvent {
  return { ...presentEvent(proven.row), proof: proven.proof }
}

/** A package and what became of it: no content. */
export function presentPackage(row: PackageStatusRow, embargo: EmbargoStatus | null): PackageStatus {
  return {
    id: row.id,
    recipient: row.recipient_id,
    case: row.case_id,
    distribution: row.distribution,
    ...presentRelease(row, embargo),
    sha256: toHex(row.sha256),
    size: row.size,
    body: bodyOf(row),
    issued: { index: row.issued_index, at: row.issued_at.toISOString() },
    fetched: place(row.fetched_index, row.fetched_at),
    acknowledged: place(row.acknowledged_index, row.acknowledged_at),
    erased: place(row.erased_index, row.erased_at),
  }
}

/** The manifest was checked before it was stored. */
function bodyOf(row: PackageStatusRow): PackageStatus['body'] {
  const { manifest } = inspectManifest(row.manifest)
  return isKeyed(manifest) ? manifest.body : null
}

/** A recipient as it sees itself. */
export function presentMe(row: Recipient, log: MeAnswer['log']): MeAnswer {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    ageRecipient: row.age_recipient,
    receiptKey: row.receipt_vkey,
    log: { origin: log.origin, key: log.key },
  }
}

function place(index: number | null, at: Date | null): PackageStatus['fetched'] {
  return index === null || at === null ? null : { index, at: at.toISOString() }
}
