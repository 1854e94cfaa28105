import { packArchive, readArchive } from '@sigillo/seal/archive'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeDossier } from './write-dossier.ts'
import {
  utf8,
  ownWitnessKey,
  DISTRIBUTION,
  match,
  entries,
  proofsOf,
  input,
  policyLines,
  policyOf,
  policy,
  dossier,
  verify,
  claimOf,
  failures,
  flip,
} from './example-case.fixture.ts'

describe('an honest dossier', () => {
  it('is proven under the policy of a verifier who trusts its keys', () => {
    const found = verify(dossier)
    expect(failures(found)).toEqual([])
    expect(found).toMatchObject({ ok: true, kind: 'dossier', policy: 'given', verdict: 'unproven' })
    // Only the second reading was not logged.
    expect(found.claims.filter(({ verdict }) => verdict !== 'proven').map(({ id }) => id)).toEqual(['reading/leak-d'])
    expect(claimOf(found, 'trace/leak-a')).toContain('the sample carries the marks of the copy issued to copy-07')
    expect(claimOf(found, 'trace/leak-d')).toContain('no copy is accused')
    expect(claimOf(found, 'log')).toContain('witnessed by w1 (quorum 1 of 1) by 2026-02-25T06:13:20.000Z')
    expect(claimOf(found, 'issued/leak-a/copy-07')).toContain(
      'issued at 4, after the commitment (2) and before the leak (6)',
    )
  })

  it('is proven without exception when everything was logged', () => {
    expect(verify(writeDossier({ ...input, matches: [match] }))).toMatchObject({ ok: true, verdict: 'proven' })
  })

  it('is unwitnessed when no witness that counts cosigned', () => {
    for (const witnesses of [[], [ownWitnessKey.secret]]) {
      const lines = [...policyLines, `witness own ${ownWitnessKey.vkey}`, 'quorum own'].filter(
        (line) => line !== 'quorum w1',
      )
      const found = verify(
        writeDossier({ ...input, matches: [match], events: proofsOf(entries, witnesses) }),
        policyOf(lines),
      )
      expect(found).toMatchObject({ ok: true, verdict: 'unwitnessed' })
      expect(claimOf(found, 'log')).toContain(
        "unwitnessed (the quorum own is not met: 0 witnesses that count cosigned): only the log's own key vouches for it",
      )
      expect(claimOf(found, `order/${DISTRIBUTION}`)).toMatch(/^unwitnessed/)
    }
  })

  it('is unwitnessed when the policy asks for no witness', () => {
    expect(
      verify(
        writeDossier({ ...input, matches: [match] }),
        policyOf([...policyLines.slice(0, 2), ...policyLines.slice(3), 'quorum none']),
      ),
    ).toMatchObject({
      ok: true,
      verdict: 'unwitnessed',
    })
  })

  it('is no more than consistent without a policy', () => {
    const found = verify(dossier, null)
    expect(found).toMatchObject({ ok: true, policy: 'none', verdict: 'consistent' })
    expect(claimOf(found, 'manifest')).toContain('keys not checked against a policy')
    expect(found.claims.filter(({ verdict }) => verdict === 'proven').map(({ id }) => id)).toEqual(['container'])
  })

  it('says so when nothing was logged', () => {
    const found = verify(writeDossier({ ...input, events: [], logKey: null }))
    expect(found).toMatchObject({ ok: true, verdict: 'unproven' })
    expect(claimOf(found, 'log')).toContain('nothing in this dossier was logged')
    expect(claimOf(found, `order/${DISTRIBUTION}`)).toMatch(/^unproven/)
  })

  it('is written deterministically', () => {
    expect(Buffer.compare(writeDossier(input), dossier)).toBe(0)
  })

  it('names copies, states its limits, keeps a place for replies, and loads nothing', () => {
    const files = new Map(readArchive(dossier).map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]))
    const report = files.get('report.html') ?? ''
    expect(report).not.toMatch(/<script|javascript:|https?:|src=/)
    expect(report).toContain('Copy issued to')
    for (const text of [report, files.get('README.txt') ?? '']) {
      expect(text).toContain('never a person or a motive')
      expect(text).toContain('No answer has been recorded')
    }
    const answered = writeDossier({ ...input, replies: [{ name: 'copy-07.txt', bytes: utf8('It was not us.\n') }] })
    const reply = readArchive(answered).find(({ path }) => path === 'reply/copy-07.txt')
    expect(Buffer.from(reply?.bytes ?? []).toString()).toBe('It was not us.\n')
    expect(failures(verify(answered))).toEqual([])
  })
})

describe('a changed dossier', () => {
  it('fails with a named reason for 2,000 changed bytes anywhere, with and without a policy', () => {
    fc.assert(
      fc.property(fc.nat(dossier.length - 1), fc.nat(7), fc.boolean(), (at, bit, trusting) => {
        const found = verify(flip(at, bit), trusting ? policy : null)
        expect(found.ok).toBe(false)
        expect(failures(found)[0]).toMatch(/^(container|manifest): \S/)
      }),
      { numRuns: 2000 },
    )
  })

  it('fails for every byte of its headers and of its manifest', () => {
    let at = 0
    for (const { path, bytes } of readArchive(dossier)) {
      const end = path === 'manifest.note' ? at + 512 + bytes.length : at + 512
      for (let position = at; position < end; position += 1) expect(verify(flip(position, position % 8)).ok).toBe(false)
      at += 512 + Math.ceil(bytes.length / 512) * 512
    }
  })

  it('fails when cut off or added to', () => {
    for (let length = 0; length < dossier.length; length += 509)
      expect(verify(dossier.subarray(0, length)).ok).toBe(false)
    for (const more of [1, 512, 1024, 10_240])
      expect(verify(Buffer.concat([dossier, Buffer.alloc(more)])).ok).toBe(false)
  })

  it('never makes the verifier crash, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (noise) => {
        expect(verify(noise).ok).toBe(false)
      }),
    )
  })

  it('says what happened', () => {
    const at = Buffer.from(dossier).indexOf('Example programme')
    expect(failures(verify(flip(at, 0)))).toEqual(['container: README.txt was changed: its hash is not the signed one'])
    expect(failures(verify(dossier.subarray(0, 4000)))[0]).toContain('archive ends')
    expect(failures(verify(packArchive(readArchive(dossier).slice(1))))).toEqual([
      'container: README.txt is in the signed list of files but not in the archive',
    ])
  })
})
