import { createHash } from 'node:crypto'
import { parseCaseFile } from '@sigillo/chronology/case-file'
import { explainCase } from '@sigillo/chronology/explain'
import { codeword, commitment, drawSite, symbolOf, variantOf } from '@sigillo/fingerprint/generator'
import { trace, type TraceResult } from '@sigillo/fingerprint/trace'
import { type ArchiveFile, packArchive, readArchive } from '@sigillo/seal/archive'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { signRecord } from '@sigillo/seal/signed-record'
import { signReceipt } from '@sigillo/seal/receipt'
import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import { cosignatureSigner } from '@sigillo/tlog/cosignature'
import type { EventType } from '@sigillo/tlog/event'
import type { JsonObject } from '@sigillo/tlog/canonical-json'
import { encodeOpening } from '@sigillo/tlog/leaf'
import { hashesInMemory, inclusionProof, leafHash, rootOfLeaves } from '@sigillo/tlog/merkle'
import { addSignatures, signNote, parseNote } from '@sigillo/tlog/note'
import { formatProofFile, parseProofFile } from '@sigillo/tlog/proof-file'
import { commitEvent, newStream, type StreamHead } from '@sigillo/tlog/stream'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueHash } from './catalogue.ts'
import type { Verification } from './claim.ts'
import type { DossierInput, Match, OpenedDistribution } from './content.ts'
import { DossierError } from './errors.ts'
import { parseVerifierPolicy, type VerifierPolicy } from './policy.ts'
import { readingHash } from './reading-hash.ts'
import { verifyDossier } from './verify-dossier.ts'
import { writeDossier } from './write-dossier.ts'

// A whole small case, made with the real rooms: 40 copies of 48 sites, one of them found verbatim, everything on a real log.

const seeded =
  (seed: number) =>
  (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => (seed * 31 + index * 7) % 256)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const investigatorKey = generateNoteKey('vendor.example/investigation', seeded(1))
const logKey = generateNoteKey('log.example/sigillo', seeded(2))
const witnessKey = generateNoteKey('witness.example/w1', seeded(3), ED25519_COSIGNATURE)
const ownWitnessKey = generateNoteKey('log.example/w2', seeded(4), ED25519_COSIGNATURE)
const partnerKey = generateNoteKey('copy-07', seeded(5))
const otherKey = generateNoteKey('vendor.example/investigation', seeded(6))

const DISTRIBUTION = 'case-7.d1'
const key = seeded(9)(32)
const sites = Array.from({ length: 48 }, (_, index) => ({ id: `poc.py#order-${index}`, q: 2, family: 'HALF' as const }))
const candidates = Array.from({ length: 40 }, (_, index) => `copy-${String(index).padStart(2, '0')}`)
const opened: OpenedDistribution = {
  id: DISTRIBUTION,
  key,
  commitment: Buffer.from(commitment(key)).toString('hex'),
  planHash: 'ab'.repeat(32),
  sites,
  recipients: candidates.length,
}

const drawn = sites.map((site) => drawSite(key, DISTRIBUTION, site))

function traceOf(variants: readonly (number | null)[]): TraceResult {
  return trace({
    sites: drawn.map(({ id, numerators }) => ({ id, numerators })),
    reading: drawn.map((site, index) => (variants[index] == null ? null : symbolOf(site, variants[index]))),
    copies: candidates.map((recipient) => ({ recipient, symbols: codeword(key, DISTRIBUTION, drawn, recipient) })),
    recipients: candidates.length,
  })
}

function matchOf(id: string, variants: readonly (number | null)[]): Match {
  const readings = sites.map((site, index) => ({
    site: site.id,
    variant: variants[index] ?? null,
    where: { file: 'found.py', line: index + 1 },
    why: 'read',
  }))
  return { id, distribution: DISTRIBUTION, samples: ['cd'.repeat(32)], readings, candidates, result: traceOf(variants) }
}

const leaked = [...codeword(key, DISTRIBUTION, drawn, 'copy-07')].map((symbol, index) =>
  variantOf(drawn[index] ?? { id: '', numerators: [], swapped: false }, symbol),
)
const match = matchOf('leak-a', leaked)
const unrelated = matchOf(
  'leak-d',
  sites.map((_, index) => ((index * index * 7 + index) % 3) % 2),
)
const packageHash = 'ef'.repeat(32)

const caseFile = {
  schema: 'sigillo-case/1',
  id: 'case-7',
  title: 'Example',
  cves: [],
  events: [
    event('shared', 'shared-with-partners', '2026-02-23T00:00:00Z'),
    event('attack', 'attack-observed', '2026-02-26T00:00:00Z'),
    event('fix', 'fix-released', '2026-03-02T00:00:00Z'),
  ],
}

function event(id: string, kind: string, at: string): unknown {
  return { id, kind, at: { earliest: at, latest: at }, source: { title: 'Example notes' } }
}

interface LogEntry {
  readonly type: EventType
  readonly subject: string
  readonly data: JsonObject
}

const catalogued: LogEntry = {
  type: 'catalogue.committed',
  subject: DISTRIBUTION,
  data: { plan: opened.planHash, catalogue: catalogueHash(sites), sites: sites.length },
}
const coded: LogEntry = {
  type: 'codebook.committed',
  subject: DISTRIBUTION,
  data: { commitment: opened.commitment, family: 'HALF', recipients: 40 },
}
const issued: LogEntry = {
  type: 'copy.issued',
  subject: 'p-07',
  data: { distribution: DISTRIBUTION, recipient: 'copy-07', sha256: packageHash },
}
const leakedEvent: LogEntry = { type: 'leak.reported', subject: 'case-7', data: {} }
const readEvent: LogEntry = {
  type: 'sample.received',
  subject: DISTRIBUTION,
  data: { reading: readingHash(opened.planHash, match.samples, match.readings), samples: [...match.samples] },
}
const entries = [catalogued, coded, issued, leakedEvent, readEvent]

/** Proof files of events logged in this order, some unrelated leaves between them, under one checkpoint with these cosignatures. */
function proofsOf(log: readonly LogEntry[], witnesses: readonly string[] = [witnessKey.secret]): readonly Uint8Array[] {
  let head: StreamHead = newStream('case:case-7')
  const committed = log.map(({ type, subject, data }, index) => {
    const fields = {
      type,
      subject,
      data,
      at: `2026-02-2${index}T10:00:00.000Z`,
      floor: { size: 0, root: Buffer.alloc(32).toString('base64') },
      actor: { id: 'vendor', kind: 'staff' as const },
    }
    const next = commitEvent(head, fields, { salt: seeded(20 + index)(32), streamKey: seeded(50)(32) })
    head = next.head
    return next
  })
  const leaves = committed.flatMap(({ leaf }, index) => [leaf, utf8(`another leaf ${index}`)])
  const hashes = leaves.map(leafHash)
  const checkpoint = signCheckpoint(
    { origin: 'log.example/sigillo', size: leaves.length, root: rootOfLeaves(hashes) },
    [noteSigner(logKey.secret)],
  )
  const lines = witnesses.map(
    (secret) =>
      parseNote(signNote(parseNote(checkpoint).text, [cosignatureSigner(noteSigner(secret), 1_772_000_000)]))
        .signatures,
  )
  const signed = addSignatures(checkpoint, lines.flat())
  return committed.map(({ opening }, index) =>
    formatProofFile({
      index: index * 2,
      proof: inclusionProof(index * 2, leaves.length, hashesInMemory(hashes)),
      checkpoint: signed,
      extra: encodeOpening(opening),
    }),
  )
}

const input: DossierInput = {
  programme: 'Example programme',
  case: 'case-7',
  title: 'Whose copy was found on 26 February?',
  createdAt: '2026-03-05T12:00:00Z',
  investigator: noteSigner(investigatorKey.secret),
  logKey: logKey.vkey,
  events: proofsOf(entries),
  distributions: [opened],
  matches: [match, unrelated],
  chronology: { caseFile, report: explainCase(parseCaseFile(caseFile)) },
  receipts: [
    utf8(
      signReceipt(
        {
          recipient: 'copy-07',
          distribution: DISTRIBUTION,
          package: packageHash,
          at: '2026-02-22T12:00:00Z',
          seen: null,
        },
        noteSigner(partnerKey.secret),
      ),
    ),
  ],
}

const policyLines = [
  `log ${logKey.vkey}`,
  `witness w1 ${witnessKey.vkey}`,
  'quorum w1',
  `investigator ${investigatorKey.vkey}`,
  `partner copy-07 ${partnerKey.vkey}`,
]
const policyOf = (lines: readonly string[]): VerifierPolicy => parseVerifierPolicy(utf8(`${lines.join('\n')}\n`))
const policy = policyOf(policyLines)

const dossier = writeDossier(input)
const verify = (bytes: Uint8Array, trusted: VerifierPolicy | null = policy): Verification =>
  verifyDossier(bytes, { policy: trusted })
const claimOf = (found: Verification, id: string): string => {
  const claim = found.claims.find((one) => one.id === id)
  return claim === undefined ? 'missing' : `${claim.verdict}: ${claim.reason}`
}
const failures = (found: Verification): readonly string[] =>
  found.claims.filter(({ verdict }) => verdict === 'failed').map(({ id, reason }) => `${id}: ${reason}`)

/** Changes members of a dossier and signs it again, as a dishonest investigator would. */
function resigned(
  change: (files: readonly ArchiveFile[]) => readonly ArchiveFile[],
  secret = investigatorKey.secret,
): Uint8Array {
  return resign(change(readArchive(dossier).filter(({ path }) => path !== 'manifest.note')), secret)
}

function resign(files: readonly ArchiveFile[], secret: string): Uint8Array {
  const listed = files
    .map(({ path, bytes }) => ({ path, sha256: createHash('sha256').update(bytes).digest('hex') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const note = signRecord('sigillo-dossier-manifest/1', { files: listed }, noteSigner(secret))
  return packArchive([...files, { path: 'manifest.note', bytes: utf8(note) }])
}

describe('an honest dossier', () => {
  it('is proven under the policy of a verifier who trusts its keys', () => {
    const found = verify(dossier)
    expect(failures(found)).toEqual([])
    expect(found).toMatchObject({ ok: true, kind: 'dossier', policy: 'given', verdict: 'unproven' })
    // Only the second reading was not logged.
    expect(found.claims.filter(({ verdict }) => verdict !== 'proven').map(({ id }) => id)).toEqual(['reading/leak-d'])
    expect(claimOf(found, 'trace/leak-a')).toContain('the sample carries the marks of the copy issued to copy-07')
    expect(claimOf(found, 'trace/leak-d')).toContain('no copy is accused')
    expect(claimOf(found, 'log')).toContain('cosigned by 2026-02-25T06:13:20.000Z by w1')
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
  const flip = (at: number, bit: number): Uint8Array => {
    const changed = dossier.slice()
    changed[at] = (changed[at] ?? 0) ^ (1 << bit)
    return changed
  }

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

describe('a dishonest investigator who signs again', () => {
  const edit = (path: string, change: (text: string) => string): Verification =>
    verify(
      resigned((files) =>
        files.map((file) =>
          file.path === path ? { path, bytes: utf8(change(Buffer.from(file.bytes).toString())) } : file,
        ),
      ),
    )

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

  it('cannot change a p-value, a reading, the error budget or the candidates', () => {
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
        edit('match/leak-a.json', (text) => text.replace('"copy-00",', '')),
        'trace/leak-a',
      ),
    ).toMatch(/^failed|^proven/)
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
    const receipt = (secret: string, hash: string): Uint8Array =>
      utf8(
        signReceipt(
          { recipient: 'copy-07', distribution: DISTRIBUTION, package: hash, at: '2026-02-22T12:00:00Z', seen: null },
          noteSigner(secret),
        ),
      )
    const withReceipt = (bytes: Uint8Array): string =>
      claimOf(verify(writeDossier({ ...input, receipts: [bytes] })), 'receipt/1')
    expect(withReceipt(receipt(generateNoteKey('copy-07', seeded(78)).secret, packageHash))).toContain(
      'not signed by a key that the policy has for copy-07',
    )
    expect(withReceipt(receipt(partnerKey.secret, '00'.repeat(32)))).toContain(
      'event 4 logs another package for copy-07',
    )
  })
})

describe('writing refuses', () => {
  it.each([
    [
      'events of copies that no match names',
      { events: proofsOf([...entries, { ...issued, data: { ...issued.data, recipient: 'copy-11' } }]) },
      'whom no match names',
    ],
    [
      'proofs under several checkpoints',
      { events: [...proofsOf(entries).slice(0, 2), ...proofsOf([...entries, leakedEvent]).slice(2)] },
      'under different checkpoints',
    ],
    ['one event twice', { events: [...input.events, ...input.events.slice(0, 1)] }, 'given twice'],
    [
      'a proof without opening',
      { events: [formatProofFile({ ...parseProofFile(input.events[0] ?? new Uint8Array()), extra: null })] },
      'holds no opening',
    ],
    ['ids that are no file names', { matches: [{ ...match, id: '../x' }] }, 'must be 1 to 100'],
    ['two matches of one name', { matches: [match, match] }, 'would be called match/leak-a.json'],
    ['an impossible date', { createdAt: 'yesterday' }, 'createdAt must be an instant'],
  ] as const)('%s', (_name, change, reason) => {
    const attempt = (): unknown => writeDossier({ ...input, ...change })
    expect(attempt).toThrow(DossierError)
    expect(attempt).toThrow(reason)
  })
})
