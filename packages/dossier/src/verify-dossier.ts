import { createHash } from 'node:crypto'
import { SealError } from '@sigillo/seal/errors'
import { type Claim, type ClaimVerdict, concludeVerification, type Verification, weaker } from './claim.ts'
import { DossierError } from './errors.ts'
import { checkChronology } from './internal/check-chronology.ts'
import { checkDistribution } from './internal/check-distribution.ts'
import { checkLog } from './internal/check-log.ts'
import { checkMatch } from './internal/check-match.ts'
import { checkReceipt } from './internal/check-receipt.ts'
import { checkTexts } from './internal/check-texts.ts'
import { decodeContent } from './internal/decode-content.ts'
import type { DecodedDossier, StoredProof } from './internal/decoded.ts'
import { type Container, readContainer, signerAmong } from './internal/read-container.ts'
import type { VerifierPolicy } from './policy.ts'

/**
 * Checks a dossier offline, everything from its bytes and the verifier's own policy: container, signature, hashes, log and event proofs, commitments,
 * order, and the results recomputed from the opened keys and the case file.
 *
 * Keys in the dossier are used only when `policy` is null; then no claim goes beyond `consistent`, whatever the file holds. A file that was changed in any
 * byte fails in `container` or `manifest`, and nothing else of it is looked at. Never throws on hostile bytes.
 */
export function verifyDossier(bytes: Uint8Array, options: { readonly policy: VerifierPolicy | null }): Verification {
  const { policy } = options
  const conclude = (claims: readonly Claim[]): Verification =>
    concludeVerification('dossier', policy === null ? 'none' : 'given', claims)
  const claims: Claim[] = []
  try {
    const container = readContainer(bytes)
    claims.push({
      id: 'container',
      verdict: 'proven',
      reason: `canonical archive; all ${container.files.length} members are as the manifest lists them`,
    })
    const content = decodeContent(container.files)
    const manifest = judgeManifest(container, content, policy)
    if (manifest.verdict === 'failed') return conclude([...claims, manifest])
    return conclude([...claims, manifest, ...checkContent(container, content, policy, manifest.verdict)])
  } catch (error) {
    if (!(error instanceof SealError) && !(error instanceof DossierError)) throw error
    const id = claims.length === 0 ? 'container' : 'manifest'
    return conclude([...claims, { id, verdict: 'failed', reason: error.message }])
  }
}

function judgeManifest({ note, signer }: Container, content: DecodedDossier, policy: VerifierPolicy | null): Claim {
  const id = 'manifest'
  const trusted = policy === null ? [] : [...policy.investigators, ...policy.vendors]
  if (policy !== null && trusted.length > 0) {
    const found = signerAmong(note, trusted)
    if ('key' in found) return { id, verdict: 'proven', reason: `signed by ${signer}, a key of the policy` }
    return { id, verdict: 'failed', reason: `not signed by any investigator or vendor of the policy (${found.reason})` }
  }
  const own = signerAmong(note, [content.investigatorKey])
  if (!('key' in own)) return { id, verdict: 'failed', reason: own.reason }
  const why = policy === null ? 'keys not checked against a policy' : 'the policy names no investigator or vendor'
  return { id, verdict: 'consistent', reason: `signed by ${signer}; ${why}` }
}

function checkContent(
  container: Container,
  content: DecodedDossier,
  policy: VerifierPolicy | null,
  base: ClaimVerdict,
): readonly Claim[] {
  const judged = checkLog(content.checkpoint, content.proofs, content.logKey, policy?.log ?? null)
  // What rests on the log cannot go further than the signature that put it together here.
  const log = { ...judged, level: weaker(judged.level, base) }
  return [
    ...judged.claims,
    ...content.distributions.flatMap((opened) => checkDistribution(opened, log, base)),
    ...content.matches.flatMap((match) => {
      const opened = content.distributions.find(({ id }) => id === match.distribution)
      return checkMatch(match, opened, log, base)
    }),
    ...content.receipts.map((receipt, index) => checkReceipt(receipt, index + 1, content, log, policy)),
    ...(content.chronology === null ? [] : [checkChronology(content.chronology, base)]),
    ...content.replies.map((reply) => showReply(reply, base)),
    ...checkTexts(container.files, content, base),
  ]
}

/** What holds of an answer is that it is there, as the investigator's signature covers it. */
function showReply({ path, bytes }: StoredProof, base: ClaimVerdict): Claim {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    id: path,
    verdict: base,
    reason: `an answer of ${bytes.length} bytes, SHA-256 ${sha256.slice(0, 16)}…, as the investigator signed it; who wrote it is not checked`,
  }
}
