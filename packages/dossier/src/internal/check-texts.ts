import type { ArchiveFile } from '@sigillo/seal/archive'
import { readRecord } from '@sigillo/seal/record-reader'
import { parseCanonicalJson } from '@sigillo/tlog/canonical-json'
import type { Claim, ClaimVerdict } from '../claim.ts'
import { DossierError } from '../errors.ts'
import { firstDifference } from '../portable.ts'
import { type DecodedDossier, MEMBERS } from './decoded.ts'
import { renderReadme } from './readme-text.ts'
import { renderReport } from './report-html.ts'
import { type Statement, statementsOf } from './statements.ts'

/**
 * Checks the parts for readers: claims.json must list exactly the claims that follow from the content, and report and README must be what this program writes
 * for it. Another version may word them otherwise, so a difference there is `unproven`, not `failed`: read the claims, not the page.
 */
export function checkTexts(
  files: readonly ArchiveFile[],
  content: DecodedDossier,
  base: ClaimVerdict,
): readonly Claim[] {
  const statements = statementsOf(content)
  const bytesOf = (path: string): Uint8Array => files.find((file) => file.path === path)?.bytes ?? new Uint8Array()
  return [
    checkClaims(bytesOf(MEMBERS.claims), statements, base),
    checkText('report', bytesOf(MEMBERS.report), renderReport(content, statements), base),
    checkText('readme', bytesOf(MEMBERS.readme), renderReadme(content, statements), base),
  ]
}

function checkClaims(bytes: Uint8Array, statements: readonly Statement[], base: ClaimVerdict): Claim {
  const id = 'claims'
  const listed = readRecord(
    parseCanonicalJson(bytes, bytes.length),
    MEMBERS.claims,
    (message) => new DossierError('bad-dossier', message),
  ).list('claims')
  const difference = firstDifference(listed, statements)
  if (difference === null)
    return {
      id,
      verdict: base,
      reason: `claims.json lists the ${statements.length} claims that follow from the content`,
    }
  return {
    id,
    verdict: 'failed',
    reason: `claims.json says something else than follows from the content, at claims${difference}`,
  }
}

function checkText(id: string, bytes: Uint8Array, expected: string, base: ClaimVerdict): Claim {
  const same = Buffer.from(bytes).equals(Buffer.from(expected))
  const reason = same
    ? 'it says what the content says'
    : 'not the text that this version writes for this content: rely on the claims, not on it'
  return { id, verdict: same ? base : 'unproven', reason }
}
