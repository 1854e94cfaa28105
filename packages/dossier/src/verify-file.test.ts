import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { generateIdentity } from '@sigillo/seal/identity'
import { sealWhole } from '@sigillo/seal/package'
import { signReceipt } from '@sigillo/seal/receipt'
import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import { encodeOpening } from '@sigillo/tlog/leaf'
import { hashesInMemory, inclusionProof, leafHash, rootOfLeaves } from '@sigillo/tlog/merkle'
import { formatProofFile } from '@sigillo/tlog/proof-file'
import { commitEvent, newStream } from '@sigillo/tlog/stream'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { detectKind } from './detect-kind.ts'
import { DossierError } from './errors.ts'
import { parseVerifierPolicy } from './policy.ts'
import { verifyFile } from './verify-file.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const vendor = generateNoteKey('vendor.example/release')
const log = generateNoteKey('log.example/sigillo')
const partner = generateNoteKey('partner-017')
const stranger = generateNoteKey('partner-017')

const policy = `log ${log.vkey}\nquorum none\n# the vendor\nvendor ${vendor.vkey}\npartner partner-017 ${partner.vkey}\n`
const strangers = `log ${stranger.vkey}\nquorum none\nvendor ${stranger.vkey}\npartner partner-017 ${stranger.vkey}\n`

const leaf = commitEvent(
  newStream('case:case-7'),
  {
    type: 'leak.reported',
    subject: 'case-7',
    data: {},
    at: '2026-02-26T10:00:00.000Z',
    floor: { size: 0, root: Buffer.alloc(32).toString('base64') },
    actor: { id: 'vendor', kind: 'staff' },
  },
  { salt: new Uint8Array(32).fill(1), streamKey: new Uint8Array(32).fill(2) },
)
const hashes = [leaf.leaf, utf8('other'), utf8('third')].map(leafHash)
const checkpoint = signCheckpoint({ origin: 'log.example/sigillo', size: 3, root: rootOfLeaves(hashes) }, [
  noteSigner(log.secret),
])
const proof = formatProofFile({
  index: 0,
  proof: inclusionProof(0, 3, hashesInMemory(hashes)),
  checkpoint,
  extra: encodeOpening(leaf.opening),
})
const receipt = utf8(
  signReceipt(
    {
      recipient: 'partner-017',
      distribution: 'case-7.d1',
      package: 'ab'.repeat(32),
      at: '2026-02-22T12:00:00Z',
      seen: null,
    },
    noteSigner(partner.secret),
  ),
)

let sealed: Uint8Array = new Uint8Array()
beforeAll(async () => {
  sealed = await sealWhole({
    programme: 'Example programme',
    package: 'case-7.d1.partner-017.1',
    case: 'case-7',
    distribution: 'case-7.d1',
    recipient: 'partner-017',
    tier: 'full',
    notBefore: null,
    sealedAt: '2026-02-20T09:00:00Z',
    planHash: 'a'.repeat(64),
    codeCommitment: 'b'.repeat(64),
    ageRecipient: (await generateIdentity()).recipient,
    files: [{ path: 'guidance.md', bytes: utf8('# Guidance\n') }],
    signer: noteSigner(vendor.secret),
  })
})

const samples: readonly (readonly [string, () => Uint8Array, string])[] = [
  ['package', () => sealed, 'proven'],
  ['receipt', () => receipt, 'proven'],
  ['proof', () => proof, 'unwitnessed'],
  ['checkpoint', () => checkpoint, 'unwitnessed'],
]

describe.each(samples)('a %s', (kind, bytes, verdict) => {
  it('is told by its content and checked by the keys of the policy', async () => {
    expect(detectKind(bytes())).toBe(kind)
    expect(await verifyFile(bytes(), { policy })).toMatchObject({ ok: true, kind, policy: 'given', verdict })
  })

  it('is no more than consistent without a policy, or with one that does not name its keys', async () => {
    expect(await verifyFile(bytes(), { policy: null })).toMatchObject({
      ok: true,
      kind,
      policy: 'none',
      verdict: 'consistent',
    })
    expect(await verifyFile(bytes(), { policy: 'quorum none\n' })).toMatchObject({
      ok: true,
      policy: 'given',
      verdict: 'consistent',
    })
  })

  it('fails under the keys of others', async () => {
    expect(await verifyFile(bytes(), { policy: strangers })).toMatchObject({ ok: false, verdict: 'failed' })
  })

  it('fails or is no longer one of ours when any byte changes, whole or cut off', async () => {
    const whole = bytes()
    for (let at = 0; at < whole.length; at += 1 + Math.floor(whole.length / 700)) {
      const changed = whole.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(await outcome(changed)).not.toBe('accepted')
      expect(await outcome(whole.subarray(0, at))).not.toBe('accepted')
    }
  })
})

async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const found = await verifyFile(bytes, { policy })
    return found.ok ? 'accepted' : 'failed'
  } catch (error) {
    if (error instanceof DossierError && error.code === 'bad-file') return 'not ours'
    throw error
  }
}

describe('other files', () => {
  it('are refused in one line', async () => {
    for (const bytes of [utf8('hello\n'), new Uint8Array(), new Uint8Array(5000)]) {
      expect(detectKind(bytes)).toBeNull()
      await expect(verifyFile(bytes, { policy: null })).rejects.toThrow(
        'this is not a dossier, package, receipt, proof or checkpoint',
      )
    }
  })

  it('never crash the verifier, whatever follows a good beginning', async () => {
    const beginnings = ['README.txt\0', 'body.age\0', 'sigillo-receipt/1\n', 'c2sp.org/tlog-proof@v1\n', '']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 2000 }), async (beginning, noise) => {
        expect(await outcome(Buffer.concat([utf8(beginning), noise]))).not.toBe('accepted')
      }),
    )
  })
})

describe('a policy file', () => {
  it('holds the lines of tlog-policy and our three', () => {
    const parsed = parseVerifierPolicy(utf8(`${policy}investigator ${stranger.vkey}\n`))
    expect(parsed).toMatchObject({ vendors: [vendor.vkey], investigators: [stranger.vkey], log: { quorum: null } })
    expect(parsed.partners.get('partner-017')).toEqual([partner.vkey])
  })

  it.each([
    ['quorum none\nvendor nonsense\n', 'policy line 2: not a verifier key'],
    ['quorum none\nvendor\n', 'policy line 2: expected vendor <vkey>'],
    [`quorum none\npartner ${partner.vkey}\n`, 'policy line 2: expected partner <recipient id> <vkey>'],
    [`vendor ${vendor.vkey}\nquorum w1\n`, 'policy line 2: the quorum is not defined above'],
    [`vendor ${vendor.vkey}\n`, 'the policy has no quorum line'],
    ['{"log":[]}\n', 'policy line 1: unknown keyword'],
    ['quorum none', 'the last line of the policy does not end with a newline'],
    ['', 'the policy has no quorum line'],
  ])('names the line that is wrong: %j', (text, reason) => {
    expect(() => parseVerifierPolicy(utf8(text))).toThrow(DossierError)
    expect(() => parseVerifierPolicy(utf8(text))).toThrow(reason)
  })

  it('must be text', () => {
    expect(() => parseVerifierPolicy(Uint8Array.of(0xff, 0x0a))).toThrow('the policy file is not UTF-8 text')
  })
})
