import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import type { JsonObject } from '@sigillo/tlog/canonical-json'
import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import type { EventType } from '@sigillo/tlog/event'
import { encodeOpening } from '@sigillo/tlog/leaf'
import { hashesInMemory, inclusionProof, leafHash, rootOfLeaves } from '@sigillo/tlog/merkle'
import { formatProofFile, parseProofFile } from '@sigillo/tlog/proof-file'
import { commitEvent, newStream } from '@sigillo/tlog/stream'
import { describe, expect, it } from 'vitest'
import { parseVerifierPolicy } from './policy.ts'
import { verifyEnrolment } from './verify-enrolment.ts'

// Goal P3: a server that wants copies sealed to a key of its own.

const ORIGIN = 'hub.example/log'
const logKey = generateNoteKey(ORIGIN)
const otherLog = generateNoteKey(ORIGIN)
const elsewhere = generateNoteKey('other.example/log')
const policy = parseVerifierPolicy(new TextEncoder().encode(`log ${logKey.vkey}\nquorum none\n`))
const salt = (seed: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => (seed * 7 + at) % 256)

const good = { ageRecipient: 'age1good', receiptKey: 'partner-007+good' }
const old = { ageRecipient: 'age1old', receiptKey: 'partner-007+old' }
const evil = { ageRecipient: 'age1evil', receiptKey: 'partner-007+evil' }
const keys = { id: 'partner-007', ...good }

interface Entry {
  readonly type?: EventType
  readonly of?: string
  readonly recipient?: string
  readonly stream?: string
  readonly data: JsonObject
}
const enrolled = (data: JsonObject, more: Partial<Entry> = {}): Entry => ({ data, ...more })
const revoked = (data: JsonObject): Entry => ({ type: 'key.revoked', data })

/** The proofs that a log of these events gives, all under one checkpoint, after `behind` leaves that are nobody's. */
function proofsOf(entries: readonly Entry[], { signer = logKey, origin = ORIGIN, behind = 20 } = {}): Uint8Array[] {
  const heads = new Map<string, ReturnType<typeof newStream>>()
  const committed = entries.map(({ type = 'key.enrolled', of = 'partner-007', recipient = of, stream, data }, at) => {
    const name = stream ?? `partner:${of}`
    const fields = {
      type,
      at: '2026-01-02T00:00:00.000Z',
      floor: { size: 0, root: Buffer.from(rootOfLeaves([])).toString('base64') },
      actor: { id: 'vendor', kind: 'staff' as const },
      subject: of,
      data: { recipient, ...data },
    }
    const next = commitEvent(heads.get(name) ?? newStream(name), fields, { salt: salt(at), streamKey: salt(99) })
    heads.set(name, next.head)
    return next
  })
  const leaves = [
    ...Array.from({ length: behind }, (_, at) => leafHash(salt(at + 50))),
    ...committed.map(({ leaf }) => leafHash(leaf)),
  ]
  const size = leaves.length
  const checkpoint = signCheckpoint({ origin, size, root: rootOfLeaves(leaves) }, [noteSigner(signer.secret)])
  return committed.map(({ opening }, at) => {
    const index = behind + at
    const proof = inclusionProof(index, size, hashesInMemory(leaves))
    return formatProofFile({ index, proof, checkpoint, extra: encodeOpening(opening) })
  })
}

const judge = (proofs: readonly Uint8Array[], leastSize = 21) => verifyEnrolment(keys, proofs, { policy, leastSize })
const changed = (proof: Uint8Array | undefined, change: (file: ReturnType<typeof parseProofFile>) => object) => {
  const file = parseProofFile(proof ?? new Uint8Array())
  return formatProofFile({ ...file, ...change(file) })
}
const rotated = [enrolled(old), revoked(old), enrolled(good)]

describe('keys that may be sealed to', () => {
  it.each<[string, readonly Entry[]]>([
    ['enrolled once', [enrolled(good)]],
    ['enrolled in place of others that were revoked', rotated],
  ])('are those %s', (_, entries) => {
    expect(judge(proofsOf(entries))).toMatchObject({ ok: true, size: 20 + entries.length })
  })
})

const first = (entries: readonly Entry[], how = {}): Uint8Array[] => proofsOf(entries, how).slice(0, 1)

describe('keys that are refused, by name', () => {
  it.each<[string, () => readonly Uint8Array[], RegExp]>([
    ['no proof at all', () => [], /no proof that its keys are in the log/],
    ['revoked', () => proofsOf([enrolled(good), revoked(good)]), /were revoked, entry 21/],
    ['revoked, and an older revocation of others', () => proofsOf([...rotated, revoked(good)]), /were revoked/],
    [
      'another age key under the same name',
      () => proofsOf([enrolled({ ...good, ageRecipient: 'age1evil' })]),
      /another ageRecipient/,
    ],
    [
      'another receipt key under the same name',
      () => proofsOf([enrolled({ ...good, receiptKey: 'evil' })]),
      /another receiptKey/,
    ],
    ['replaced without having been revoked', () => proofsOf([enrolled(good), enrolled(evil)]), /another ageRecipient/],
    [
      'replaced after having been revoked',
      () => proofsOf([enrolled(good), revoked(good), enrolled(evil)]),
      /another age/,
    ],
    [
      'the keys of another partner',
      () => proofsOf([enrolled(good, { of: 'partner-008' })]),
      /about the keys of partner-008/,
    ],
    [
      'in the chain of another partner',
      () => proofsOf([enrolled(good, { stream: 'partner:partner-008' })]),
      /about the keys of/,
    ],
    [
      'data that names another partner',
      () => proofsOf([enrolled(good, { recipient: 'partner-008' })]),
      /about the keys of/,
    ],
    [
      'an event that is no enrolment',
      () => proofsOf([{ type: 'admin.action', data: good }]),
      /of an event admin\.action/,
    ],
    [
      'the log of another under the same name',
      () => proofsOf([enrolled(good)], { signer: otherLog }),
      /no signature of a known key/,
    ],
    [
      'a log of another name',
      () => proofsOf([enrolled(good)], { signer: elsewhere, origin: 'other.example/log' }),
      /no signature of a known key|origin|log/,
    ],
    [
      'a stale proof from before a revocation',
      () => first([enrolled(good)], { behind: 5 }),
      /stale: it is under a log of 6 entries, and 21/,
    ],
    [
      'a proof of another place',
      () => [changed(proofsOf(rotated)[2], ({ index }) => ({ index: index - 1 }))],
      /does not hold/,
    ],
    [
      'a proof with a changed path',
      () => [
        changed(proofsOf([enrolled(good)])[0], ({ proof }) => ({
          proof: proof.map((hash, at) => (at === 0 ? salt(3) : hash)),
        })),
      ],
      /does not hold/,
    ],
    [
      'a proof that is cut',
      () => [(proofsOf([enrolled(good)])[0] ?? new Uint8Array()).subarray(0, 400)],
      /cannot be read/,
    ],
    [
      'a proof without its event',
      () => [changed(proofsOf([enrolled(good)])[0], () => ({ extra: null }))],
      /cannot be read/,
    ],
    [
      'the event of one proof in another',
      () => {
        const [a, b] = [proofsOf([enrolled(evil)])[0], proofsOf([enrolled(good)])[0]]
        return [changed(a, () => ({ extra: parseProofFile(b ?? new Uint8Array()).extra }))]
      },
      /does not hold/,
    ],
    [
      'two events at one place of the chain',
      () => [...proofsOf([enrolled(good)]), ...proofsOf([enrolled(evil)])],
      /two events claim one place/,
    ],
    ['a file that is no proof', () => [new TextEncoder().encode('hello\n')], /cannot be read/],
  ])('%s', (_, proofs, reason) => {
    expect(judge(proofs())).toEqual({ ok: false, reason: expect.stringMatching(reason) })
  })
})
