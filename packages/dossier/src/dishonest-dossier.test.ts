import { readArchive } from '@sigillo/seal/archive'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { signReceipt } from '@sigillo/seal/receipt'
import { formatProofFile, parseProofFile } from '@sigillo/tlog/proof-file'
import { describe, expect, it } from 'vitest'
import type { Verification } from './claim.ts'
import { writeDossier } from './write-dossier.ts'
import {
  seeded,
  utf8,
  partnerKey,
  otherKey,
  DISTRIBUTION,
  key,
  match,
  packageHash,
  catalogued,
  coded,
  issued,
  leakedEvent,
  readEvent,
  entries,
  proofsOf,
  input,
  policyLines,
  policyOf,
  dossier,
  verify,
  claimOf,
  failures,
  resigned,
  resign,
} from './example-case.fixture.ts'

/** The answer to a dossier in which the text of one member was changed and the manifest signed again. */
function edit(path: string, change: (text: string) => string): Verification {
  return verify(
    resigned((files) =>
      files.map((file) =>
        file.path === path ? { path, bytes: utf8(change(Buffer.from(file.bytes).toString())) } : file,
      ),
    ),
  )
}

function receipt(secret: string, hash: string): Uint8Array {
  const at = '2026-02-22T12:00:00Z'
  return utf8(
    signReceipt(
      { recipient: 'copy-07', distribution: DISTRIBUTION, package: hash, at, seen: null },
      noteSigner(secret),
    ),
  )
}

function withReceipt(bytes: Uint8Array): string {
  return claimOf(verify(writeDossier({ ...input, receipts: [bytes] })), 'receipt/1')
}

describe('a dishonest investigator who signs again', () => {
  it('has no key of the policy', () => {
    const found = verify(resigned((files) => files, otherKey.secret))
    expect(failures(found)[0]).toContain('manifest: not signed by any investigator or vendor of the policy')
    expect(found.claims.map(({ id }) => id)).toEqual(['container', 'manifest'])
  })

  it('cannot bring trust along in the file', () => {
    const files = readArchive(writeDossier({ ...input, investigator: noteSigner(otherKey.secret) })).filter(
      ({ path }) => path !== 'manifest.note',
    )
    expect(verify(resign(files, otherKey.secret)).ok).toBe(false)
    expect(
      failures(verify(resigned((list) => [...list, { path: 'policy', bytes: utf8(policyLines.join('\n')) }])))[0],
    ).toContain('policy is not a member that a dossier of this version has')
  })

  it('cannot accuse another copy', () => {
    const found = edit('match/leak-a.json', (text) => text.replaceAll('"recipient":"copy-07"', '"recipient":"copy-08"'))
    expect(claimOf(found, 'trace/leak-a')).toBe(
      'failed: the decoder, run again, gives another result at accusations[0].recipient',
    )
  })

  it('cannot change a p-value, a reading, or the error budget', () => {
    const p = match.result.accusations[0]?.p ?? 0
    expect(
      claimOf(
        edit('match/leak-a.json', (text) => text.replaceAll(String(p), '1e-15')),
        'trace/leak-a',
      ),
    ).toMatch(/^failed/)
    expect(
      claimOf(
        edit('match/leak-a.json', (text) => text.replace('"variant":1', '"variant":0')),
        'trace/leak-a',
      ),
    ).toMatch(/^failed/)
    expect(
      claimOf(
        edit('match/leak-d.json', (text) => text.replace('"alpha":"0.000001"', '"alpha":"0.9"')),
        'trace/leak-d',
      ),
    ).toMatch(/^failed/)
    expect(
      claimOf(
        edit('match/leak-a.json', (text) => text.replace('"variant":1', '"variant":7')),
        'trace/leak-a',
      ),
    ).toContain('cannot be recomputed')
  })

  it('cannot open another key, or the right one with other sites or fewer recipients', () => {
    const path = `openings/${DISTRIBUTION}.json`
    const other = edit(path, (text) => text.replace(Buffer.from(key).toString('hex'), '00'.repeat(32)))
    expect(claimOf(other, `commitment/${DISTRIBUTION}`)).toBe(
      'failed: the opened code key does not match the commitment',
    )
    expect(claimOf(other, 'trace/leak-a')).toMatch(/^failed/)
    expect(
      claimOf(
        edit(path, (text) => text.replace('poc.py#order-3', 'poc.py#order-X')),
        `catalogue/${DISTRIBUTION}`,
      ),
    ).toContain('not the ones that event 0 logs')
    expect(
      claimOf(
        edit(path, (text) => text.replace('"recipients":40', '"recipients":41')),
        `order/${DISTRIBUTION}`,
      ),
    ).toContain('another number of recipients')
    expect(
      claimOf(
        edit(path, (text) => text.replace('"family":"HALF"', '"family":"GL6"')),
        `order/${DISTRIBUTION}`,
      ),
    ).toContain('another bias family')
  })

  it('cannot change the explanation or the case file alone', () => {
    expect(
      claimOf(
        edit('chronology/case.json', (text) => text.replaceAll('2026-02-26', '2026-03-26')),
        'chronology',
      ),
    ).toMatch(/^failed/)
    expect(
      claimOf(
        edit('chronology/explanation.json', (text) => text.replace('"excluded"', '"possible"')),
        'chronology',
      ),
    ).toContain('differs at')
    expect(failures(edit('chronology/options.json', () => '{"evidence":5}'))[0]).toContain('evidence must be a list')
    expect(
      claimOf(
        edit('chronology/case.json', () => '{"schema":5}'),
        'chronology',
      ),
    ).toContain('cannot be recomputed')
  })

  it('cannot claim more than follows, and a reworded report is pointed out', () => {
    expect(
      claimOf(
        edit('claims.json', (text) => text.replace('accuse no copy', 'accuse copy-08')),
        'claims',
      ),
    ).toContain('failed: claims.json says something else')
    const found = edit('report.html', (text) => text.replace('Copy issued to', 'Leaked by'))
    expect(claimOf(found, 'report')).toContain('unproven: not the text that this version writes')
    expect(found).toMatchObject({ ok: true, verdict: 'unproven' })
  })

  it('cannot use events that the log does not hold', () => {
    const from = proofsOf([...entries, issued])
    const other = from[2] ?? new Uint8Array()
    const swapped = resigned((files) =>
      files.map((file) => (file.path === 'events/4.tlog-proof' ? { ...file, bytes: other } : file)),
    )
    expect(failures(verify(swapped))).toContain('event/4: the proof is not under the checkpoint of this dossier')
    const moved = resigned((files) =>
      files.map((file) => (file.path === 'events/4.tlog-proof' ? { ...file, path: 'events/3.tlog-proof' } : file)),
    )
    expect(failures(verify(moved))[0]).toBe('event/3: the proof is about event 4')
    const edited = resigned((files) =>
      files.map((file) => {
        if (file.path !== 'events/4.tlog-proof') return file
        const proof = parseProofFile(file.bytes)
        const extra = Buffer.from(proof.extra ?? [])
          .toString('latin1')
          .replace('copy-07', 'copy-08')
        return { ...file, bytes: formatProofFile({ ...proof, extra: Buffer.from(extra, 'latin1') }) }
      }),
    )
    expect(failures(verify(edited))[0]).toMatch(/^event\/4: /)
    expect(claimOf(verify(edited), 'issued/leak-a/copy-07')).toMatch(/^unproven/)
  })

  it('cannot hide that the order was wrong', () => {
    const late = verify(
      writeDossier({ ...input, events: proofsOf([issued, catalogued, coded, leakedEvent, readEvent]) }),
    )
    expect(claimOf(late, `order/${DISTRIBUTION}`)).toBe(
      'failed: copy.issued at 0 came before the commitments at 2 and 4',
    )
    expect(claimOf(late, 'issued/leak-a/copy-07')).toMatch(/^failed: issued at 0/)
    const after = verify(
      writeDossier({ ...input, events: proofsOf([leakedEvent, catalogued, coded, issued, readEvent]) }),
    )
    expect(claimOf(after, `order/${DISTRIBUTION}`)).toMatch(/^failed: leak.reported at 0/)
    expect(claimOf(after, 'issued/leak-a/copy-07')).toMatch(/^failed: issued at 6/)
    const other = { ...coded, data: { ...coded.data, commitment: 'ff'.repeat(32) } }
    const recommitted = verify(
      writeDossier({ ...input, events: proofsOf([catalogued, other, issued, leakedEvent, readEvent]) }),
    )
    expect(claimOf(recommitted, `order/${DISTRIBUTION}`)).toContain('logs another commitment')
  })

  it('cannot show a log of another key, a receipt of another key or for another package', () => {
    const strangers = policyOf([
      `log ${generateNoteKey('log.example/sigillo', seeded(77)).vkey}`,
      ...policyLines.slice(1),
    ])
    expect(failures(verify(dossier, strangers))[0]).toMatch(/^log: /)
    expect(withReceipt(receipt(generateNoteKey('copy-07', seeded(78)).secret, packageHash))).toContain(
      'not signed by a key that the policy has for copy-07',
    )
    expect(withReceipt(receipt(partnerKey.secret, '00'.repeat(32)))).toContain(
      'event 4 logs another package for copy-07',
    )
  })
})
