import type { FileKind, Verification } from './claim.ts'
import { detectKind } from './detect-kind.ts'
import { DossierError } from './errors.ts'
import { parseVerifierPolicy, type VerifierPolicy } from './policy.ts'
import { verifyDossier } from './verify-dossier.ts'
import { verifyPackage } from './verify-package.ts'
import { verifyCheckpoint, verifyProof } from './verify-proof.ts'
import { verifyReceiptFile } from './verify-receipt.ts'

type Verify = (bytes: Uint8Array, options: { readonly policy: VerifierPolicy | null }) => Verification

const VERIFIERS: Readonly<Record<FileKind, Verify>> = {
  dossier: verifyDossier,
  package: verifyPackage,
  receipt: verifyReceiptFile,
  proof: verifyProof,
  checkpoint: verifyCheckpoint,
}

/**
 * Checks a file of any kind, found out by its content, offline.
 *
 * @param options.policy text of the verifier's policy file, or null for inner consistency only
 * @throws DossierError 'bad-policy'; 'bad-file' when the file is none of ours
 */
export async function verifyFile(
  bytes: Uint8Array,
  options: { readonly policy: string | null },
): Promise<Verification> {
  const policy = options.policy === null ? null : parseVerifierPolicy(new TextEncoder().encode(options.policy))
  const kind = detectKind(bytes)
  if (kind === null) throw new DossierError('bad-file', 'this is not a dossier, package, receipt, proof or checkpoint')
  return VERIFIERS[kind](bytes, { policy })
}
