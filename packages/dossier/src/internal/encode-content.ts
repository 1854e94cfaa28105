import type { ArchiveFile } from '@sigillo/seal/archive'
import { canonicalBytes } from '@sigillo/tlog/canonical-json'
import type { Chronology, DossierInput, Match, OpenedDistribution } from '../content.ts'
import { DossierError } from '../errors.ts'
import { toPortable } from '../portable.ts'
import { ID, MEMBERS } from './decoded.ts'

/**
 * The members of a dossier that hold evidence: all but README.txt, report.html, claims.json and manifest.note.
 *
 * @throws DossierError 'bad-input' when an id cannot be a file name
 */
export function encodeContent(
  input: DossierInput,
  checkpoint: Uint8Array | null,
  proofs: ReadonlyMap<number, Uint8Array>,
): ArchiveFile[] {
  return [
    ...(checkpoint === null ? [] : [{ path: MEMBERS.checkpoint, bytes: checkpoint }]),
    ...[...proofs].map(([index, bytes]) => ({ path: `events/${index}.tlog-proof`, bytes })),
    ...input.distributions.map(encodeOpening),
    ...input.matches.map(encodeMatch),
    ...(input.chronology === null ? [] : encodeChronology(input.chronology)),
    ...(input.receipts ?? []).map((bytes, index) => ({ path: `receipts/${index + 1}.note`, bytes })),
    ...(input.replies ?? []).map(({ name, bytes }) => ({ path: `reply/${checkId(name)}`, bytes })),
  ]
}

function encodeOpening(opened: OpenedDistribution): ArchiveFile {
  const value = {
    schema: 'sigillo-opening/1',
    distribution: opened.id,
    key: Buffer.from(opened.key).toString('hex'),
    commitment: opened.commitment,
    planHash: opened.planHash,
    recipients: opened.recipients,
    sites: opened.sites.map(({ id, q, family }) => ({ id, q, family })),
  }
  return { path: `openings/${checkId(opened.id)}.json`, bytes: canonicalBytes(toPortable(value)) }
}

function encodeMatch(match: Match): ArchiveFile {
  const { id, distribution, samples, readings, candidates, result } = match
  const value = {
    schema: 'sigillo-match/1',
    id,
    distribution,
    samples: samples.toSorted(),
    readings: readings.map(({ site, variant, where, why }) => ({ site, variant, where, why })),
    candidates,
    alpha: String(result.alpha),
    leadAlpha: String(result.leadAlpha),
    result,
  }
  return { path: `match/${checkId(id)}.json`, bytes: canonicalBytes(toPortable(value)) }
}

function encodeChronology({ caseFile, options, report }: Chronology): ArchiveFile[] {
  return [
    { path: MEMBERS.caseFile, bytes: plainJson(caseFile) },
    { path: MEMBERS.options, bytes: plainJson(options ?? {}) },
    { path: MEMBERS.explanation, bytes: canonicalBytes(toPortable(report)) },
  ]
}

/** The case file belongs to its author: kept as it is, fractions included, so ordinary JSON. */
function plainJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`)
}

function checkId(id: string): string {
  if (ID.test(id)) return id
  throw new DossierError(
    'bad-input',
    `the id ${JSON.stringify(id)} must be 1 to 100 of letters, digits, ".", "_" and "-", and start with a letter or digit`,
  )
}
