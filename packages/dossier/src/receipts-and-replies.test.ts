import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { signReceipt } from '@sigillo/seal/receipt'
import { describe, expect, it } from 'vitest'
import {
  catalogued,
  claimOf,
  coded,
  DISTRIBUTION,
  dossier,
  failures,
  input,
  issued,
  leakedEvent,
  type LogEntry,
  match,
  packageHash,
  partnerKey,
  policyLines,
  policyOf,
  proofsOf,
  readEvent,
  seeded,
  utf8,
  verify,
} from './example-case.fixture.ts'
import { writeDossier } from './write-dossier.ts'

/** A verifier who knows the log and its witness, but no partner's key. */
const stranger = policyOf(policyLines.filter((line) => !line.startsWith('partner ')))

function receiptFor(hash: string, recipient = 'copy-07', secret = partnerKey.secret): Uint8Array {
  const at = '2026-02-22T12:00:00Z'
  const receipt = { recipient, distribution: DISTRIBUTION, package: hash, at, seen: null }
  return utf8(signReceipt(receipt, noteSigner(secret)))
}

const enrolled: LogEntry = {
  type: 'key.enrolled',
  subject: 'copy-07',
  data: { recipient: 'copy-07', receiptKey: partnerKey.vkey },
}

function withLog(log: readonly LogEntry[], receipt = receiptFor(packageHash)): string {
  const written = writeDossier({ ...input, matches: [match], receipts: [receipt], events: proofsOf(log) })
  return claimOf(verify(written, stranger), 'receipt/1')
}

describe('a receipt in a dossier, for a verifier without the key of the partner', () => {
  it('is unchecked when the log shown does not enrol the partner', () => {
    expect(claimOf(verify(dossier, stranger), 'receipt/1')).toMatch(
      /^consistent: .* not checked as the policy has no key/,
    )
  })

  it('is checked with the key that the log enrolled, which stays the word of the vendor even when witnessed', () => {
    expect(withLog([enrolled, catalogued, coded, issued, leakedEvent, readEvent])).toMatch(
      /^unwitnessed: copy-07 says it received .*; signed by the key that event 0 enrolled; .* the vendor's word$/,
    )
  })

  it('fails when another key signed it, or when its key was enrolled only after the copy had left', () => {
    const other = generateNoteKey('copy-07', seeded(78)).secret
    const log = [enrolled, catalogued, coded, issued, leakedEvent, readEvent]
    expect(withLog(log, receiptFor(packageHash, 'copy-07', other))).toMatch(
      /^failed: .*not signed by the key that event 0/,
    )
    expect(withLog([catalogued, coded, issued, leakedEvent, readEvent, enrolled])).toMatch(
      /^failed: .*enrolled at 10, after the copy left at 4/,
    )
  })
})

describe('a recipient of several packages of one distribution', () => {
  const second = '12'.repeat(32)
  const log = [
    catalogued,
    coded,
    issued,
    { ...issued, subject: 'p-07b', data: { ...issued.data, sha256: second } },
    leakedEvent,
    readEvent,
  ]

  it('signs for each of them, and for no third', () => {
    const receipts = [packageHash, second, '34'.repeat(32)].map((hash) => receiptFor(hash))
    const found = verify(writeDossier({ ...input, matches: [match], receipts, events: proofsOf(log) }))
    expect(claimOf(found, 'receipt/1')).toMatch(/^proven/)
    expect(claimOf(found, 'receipt/2')).toMatch(/^proven/)
    expect(failures(found)).toEqual(['receipt/3: event 4 logs another package for copy-07'])
  })
})

describe('what does not belong into a dossier', () => {
  it('is the receipt of somebody whom no match names, or what is no receipt', () => {
    const foreign = receiptFor(packageHash, 'copy-09')
    expect(() => writeDossier({ ...input, receipts: [foreign] })).toThrow(
      'a receipt is of copy-09, whom no match names; leave it out',
    )
    expect(() => writeDossier({ ...input, receipts: [utf8('received, thanks')] })).toThrow(
      /^a receipt cannot be used: /,
    )
  })
})

describe('the answer of somebody concerned', () => {
  const answered = writeDossier({ ...input, replies: [{ name: 'copy-07.txt', bytes: utf8('It was not us.\n') }] })

  it('is a claim of its own, which says that nobody checked who wrote it', () => {
    const found = verify(answered)
    expect(failures(found)).toEqual([])
    expect(claimOf(found, 'reply/copy-07.txt')).toMatch(
      /^proven: an answer of 15 bytes, SHA-256 [0-9a-f]{16}…, .*; who wrote it is not checked$/,
    )
    expect(claimOf(verify(answered, null), 'reply/copy-07.txt')).toMatch(/^consistent/)
  })

  it('cannot have the name of another answer, or a path', () => {
    const reply = { name: 'a.txt', bytes: utf8('a') }
    expect(() => writeDossier({ ...input, replies: [reply, reply] })).toThrow(/would be called reply\/a\.txt/)
    expect(() => writeDossier({ ...input, replies: [{ ...reply, name: '../a' }] })).toThrow(
      /must be 1 to 100 of letters/,
    )
  })
})
