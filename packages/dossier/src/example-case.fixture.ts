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
import { formatProofFile } from '@sigillo/tlog/proof-file'
import { commitEvent, newStream, type StreamHead } from '@sigillo/tlog/stream'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import { catalogueHash } from './catalogue.ts'
import type { Verification } from './claim.ts'
import type { DossierInput, Match, OpenedDistribution } from './content.ts'
import { parseVerifierPolicy, type VerifierPolicy } from './policy.ts'
import { readingHash } from './reading-hash.ts'
import { verifyDossier } from './verify-dossier.ts'
import { writeDossier } from './write-dossier.ts'

// A whole small case, made with the real rooms: 40 copies of 48 sites, one of them found verbatim, everything on a real log.

export const seeded =
  (seed: number) =>
  (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => (seed * 31 + index * 7) % 256)
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export const investigatorKey = generateNoteKey('vendor.example/investigation', seeded(1))
export const logKey = generateNoteKey('log.example/sigillo', seeded(2))
export const witnessKey = generateNoteKey('witness.example/w1', seeded(3), ED25519_COSIGNATURE)
export const ownWitnessKey = generateNoteKey('log.example/w2', seeded(4), ED25519_COSIGNATURE)
export const partnerKey = generateNoteKey('copy-07', seeded(5))
export const otherKey = generateNoteKey('vendor.example/investigation', seeded(6))

export const DISTRIBUTION = 'case-7.d1'
export const key = seeded(9)(32)
export const sites = Array.from({ length: 48 }, (_, index) => ({
  id: `poc.py#order-${index}`,
  q: 2,
  family: 'HALF' as const,
}))
export const candidates = Array.from({ length: 40 }, (_, index) => `copy-${String(index).padStart(2, '0')}`)
export const opened: OpenedDistribution = {
  id: DISTRIBUTION,
  key,
  commitment: Buffer.from(commitment(key)).toString('hex'),
  planHash: 'ab'.repeat(32),
  sites,
  recipients: candidates.length,
}

export const drawn = sites.map((site) => drawSite(key, DISTRIBUTION, site))

export function traceOf(variants: readonly (number | null)[]): TraceResult {
  return trace({
    sites: drawn.map(({ id, numerators }) => ({ id, numerators })),
    reading: drawn.map((site, index) => (variants[index] == null ? null : symbolOf(site, variants[index]))),
    copies: candidates.map((recipient) => ({ recipient, symbols: codeword(key, DISTRIBUTION, drawn, recipient) })),
    recipients: candidates.length,
  })
}

export function matchOf(id: string, variants: readonly (number | null)[]): Match {
  const readings = sites.map((site, index) => ({
    site: site.id,
    variant: variants[index] ?? null,
    where: { file: 'found.py', line: index + 1 },
    why: 'read',
  }))
  return { id, distribution: DISTRIBUTION, samples: ['cd'.repeat(32)], readings, candidates, result: traceOf(variants) }
}

export const leaked = [...codeword(key, DISTRIBUTION, drawn, 'copy-07')].map((symbol, index) =>
  variantOf(drawn[index] ?? { id: '', numerators: [], swapped: false }, symbol),
)
export const match = matchOf('leak-a', leaked)
export const unrelated = matchOf(
  'leak-d',
  sites.map((_, index) => ((index * index * 7 + index) % 3) % 2),
)
export const packageHash = 'ef'.repeat(32)

export const caseFile = {
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

export function event(id: string, kind: string, at: string): unknown {
  return { id, kind, at: { earliest: at, latest: at }, source: { title: 'Example notes' } }
}

export interface LogEntry {
  readonly type: EventType
  readonly subject: string
  readonly data: JsonObject
}

export const catalogued: LogEntry = {
  type: 'catalogue.committed',
  subject: DISTRIBUTION,
  data: { plan: opened.planHash, catalogue: catalogueHash(sites), sites: sites.length },
}
export const coded: LogEntry = {
  type: 'codebook.committed',
  subject: DISTRIBUTION,
  data: { commitment: opened.commitment, family: 'HALF', recipients: 40 },
}
export const issued: LogEntry = {
  type: 'copy.issued',
  subject: 'p-07',
  data: { distribution: DISTRIBUTION, recipient: 'copy-07', sha256: packageHash },
}
export const leakedEvent: LogEntry = { type: 'leak.reported', subject: 'case-7', data: {} }
export const readEvent: LogEntry = {
  type: 'sample.received',
  subject: DISTRIBUTION,
  data: { reading: readingHash(opened.planHash, match.samples, match.readings), samples: [...match.samples] },
}
export const entries = [catalogued, coded, issued, leakedEvent, readEvent]

/** Proof files of events logged in this order, some unrelated leaves between them, under one checkpoint with these cosignatures. */
export function proofsOf(
  log: readonly LogEntry[],
  witnesses: readonly string[] = [witnessKey.secret],
): readonly Uint8Array[] {
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

export const input: DossierInput = {
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

export const policyLines = [
  `log ${logKey.vkey}`,
  `witness w1 ${witnessKey.vkey}`,
  'quorum w1',
  `investigator ${investigatorKey.vkey}`,
  `partner copy-07 ${partnerKey.vkey}`,
]
export const policyOf = (lines: readonly string[]): VerifierPolicy => parseVerifierPolicy(utf8(`${lines.join('\n')}\n`))
export const policy = policyOf(policyLines)

export const dossier = writeDossier(input)
export const verify = (bytes: Uint8Array, trusted: VerifierPolicy | null = policy): Verification =>
  verifyDossier(bytes, { policy: trusted })
export const claimOf = (found: Verification, id: string): string => {
  const claim = found.claims.find((one) => one.id === id)
  return claim === undefined ? 'missing' : `${claim.verdict}: ${claim.reason}`
}
export const failures = (found: Verification): readonly string[] =>
  found.claims.filter(({ verdict }) => verdict === 'failed').map(({ id, reason }) => `${id}: ${reason}`)

/** Changes members of a dossier and signs it again, as a dishonest investigator would. */
export function resigned(
  change: (files: readonly ArchiveFile[]) => readonly ArchiveFile[],
  secret = investigatorKey.secret,
): Uint8Array {
  return resign(change(readArchive(dossier).filter(({ path }) => path !== 'manifest.note')), secret)
}

export function resign(files: readonly ArchiveFile[], secret: string): Uint8Array {
  const listed = files
    .map(({ path, bytes }) => ({ path, sha256: createHash('sha256').update(bytes).digest('hex') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const note = signRecord('sigillo-dossier-manifest/1', { files: listed }, noteSigner(secret))
  return packArchive([...files, { path: 'manifest.note', bytes: utf8(note) }])
}

/** The dossier with one bit of one byte changed. */
export function flip(at: number, bit: number): Uint8Array {
  const changed = dossier.slice()
  changed[at] = (changed[at] ?? 0) ^ (1 << bit)
  return changed
}
