import { createHash } from 'node:crypto'
import { type ArchiveFile, packArchive } from '@sigillo/seal/archive'
import { SealError } from '@sigillo/seal/errors'
import { inspectReceipt } from '@sigillo/seal/receipt'
import { signRecord } from '@sigillo/seal/signed-record'
import { canonicalBytes } from '@sigillo/tlog/canonical-json'
import { TlogError } from '@sigillo/tlog/errors'
import { parseNote } from '@sigillo/tlog/note'
import type { DossierInput } from './content.ts'
import { DossierError } from './errors.ts'
import { openProof } from './internal/check-log.ts'
import { decodeContent } from './internal/decode-content.ts'
import { type DecodedDossier, DOSSIER_SCHEMA, MEMBERS } from './internal/decoded.ts'
import { encodeContent } from './internal/encode-content.ts'
import { MANIFEST_SCHEMA } from './internal/read-container.ts'
import { renderReadme } from './internal/readme-text.ts'
import { renderReport } from './internal/report-html.ts'
import { statementsOf } from './internal/statements.ts'

/**
 * Writes a dossier: a canonical ustar (`sigillo-dossier/1`) whose every byte the investigator's signature covers. It does not judge the evidence; run
 * `verifyDossier` on the result.
 *
 * @throws DossierError 'bad-input' when the parts do not fit together: proofs without openings or under several checkpoints, two members of one name,
 * events or receipts about the copies of recipients whom no match names
 */
export function writeDossier(input: DossierInput): Uint8Array<ArrayBuffer> {
  const { checkpoint, proofs } = readProofs(input.events)
  // in archive order, which is the order the verifier reads them in
  const evidence = encodeContent(input, checkpoint, proofs).sort((a, b) => (a.path < b.path ? -1 : 1))
  checkNames(evidence)
  const head = {
    schema: DOSSIER_SCHEMA,
    programme: input.programme,
    case: input.case,
    title: input.title,
    createdAt: input.createdAt,
    keys: { investigator: input.investigator.vkey, log: input.logKey },
  }
  const blank = [MEMBERS.readme, MEMBERS.report].map((path) => ({ path, bytes: new Uint8Array() }))
  const content = decode([
    ...evidence,
    ...blank,
    { path: MEMBERS.claims, bytes: canonicalBytes({ ...head, claims: [] }) },
  ])
  checkNamedOnly(input, content)
  const statements = statementsOf(content)
  const utf8 = new TextEncoder()
  const files = [
    ...evidence,
    { path: MEMBERS.claims, bytes: canonicalBytes({ ...head, claims: statements }) },
    { path: MEMBERS.readme, bytes: utf8.encode(renderReadme(content, statements)) },
    { path: MEMBERS.report, bytes: utf8.encode(renderReport(content, statements)) },
  ]
  const listed = files
    .map(({ path, bytes }) => ({ path, sha256: createHash('sha256').update(bytes).digest('hex') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  const manifest = utf8.encode(signRecord(MANIFEST_SCHEMA, { files: listed }, input.investigator))
  return packArchive([...files, { path: MEMBERS.manifest, bytes: manifest }])
}

interface Proofs {
  readonly checkpoint: Uint8Array | null
  readonly proofs: ReadonlyMap<number, Uint8Array>
}

function readProofs(files: readonly Uint8Array[]): Proofs {
  const proofs = new Map<number, Uint8Array>()
  let checkpoint: Uint8Array | null = null
  for (const bytes of files) {
    const opened = asBadInput('an event proof', () => openProof(bytes))
    if (proofs.has(opened.index)) throw new DossierError('bad-input', `event ${opened.index} is given twice`)
    if (checkpoint !== null && parseNote(checkpoint).text !== parseNote(opened.checkpoint).text) {
      throw new DossierError(
        'bad-input',
        'the event proofs are under different checkpoints; fetch them again under one',
      )
    }
    proofs.set(opened.index, bytes)
    checkpoint ??= opened.checkpoint
  }
  return { checkpoint, proofs }
}

function decode(files: readonly ArchiveFile[]): DecodedDossier {
  try {
    return decodeContent(files)
  } catch (cause) {
    if (!(cause instanceof DossierError)) throw cause
    throw new DossierError('bad-input', cause.message, { cause })
  }
}

/** Goal D5: nothing about recipients whom no match names, but for the opaque ids of tested copies. */
function checkNamedOnly({ events, receipts = [] }: DossierInput, content: DecodedDossier): void {
  const named = new Set(content.matches.flatMap((match) => match.named))
  for (const bytes of events) {
    const { event, index } = openProof(bytes)
    const recipient = event.data['recipient']
    if (recipient === undefined || (typeof recipient === 'string' && named.has(recipient))) continue
    throw new DossierError('bad-input', `event ${index} is about a recipient whom no match names; leave it out`)
  }
  for (const note of receipts) {
    const { receipt } = asBadInput('a receipt', () => inspectReceipt(note))
    if (named.has(receipt.recipient)) continue
    throw new DossierError('bad-input', `a receipt is of ${receipt.recipient}, whom no match names; leave it out`)
  }
}

function checkNames(files: readonly ArchiveFile[]): void {
  const paths = files.map(({ path }) => path)
  const twice = paths.find((path, index) => paths.indexOf(path) !== index)
  if (twice !== undefined) throw new DossierError('bad-input', `two parts of the dossier would be called ${twice}`)
}

function asBadInput<T>(what: string, action: () => T): T {
  try {
    return action()
  } catch (cause) {
    if (!(cause instanceof TlogError) && !(cause instanceof SealError)) throw cause
    throw new DossierError('bad-input', `${what} cannot be used: ${cause.message}`, { cause })
  }
}
