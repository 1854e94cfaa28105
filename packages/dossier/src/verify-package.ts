import { SealError } from '@sigillo/seal/errors'
import { inspectPackage, readManifest } from '@sigillo/seal/package'
import { type Claim, concludeVerification, type Verification } from './claim.ts'
import type { VerifierPolicy } from './policy.ts'

/** Checks a sealed package without its decryption key: container, hashes of its sealed parts, and the vendor's signature by the policy's vendor keys. Never throws on hostile bytes. */
export function verifyPackage(bytes: Uint8Array, options: { readonly policy: VerifierPolicy | null }): Verification {
  const { policy } = options
  const conclude = (claims: readonly Claim[]): Verification =>
    concludeVerification('package', policy === null ? 'none' : 'given', claims)
  try {
    const { manifest, signer } = inspectPackage(bytes)
    const what = `package ${manifest.package} of distribution ${manifest.distribution} for ${manifest.recipient}`
    const container: Claim = {
      id: 'container',
      verdict: 'proven',
      reason: `${what}; its sealed parts are as its manifest lists them`,
    }
    return conclude([container, judgeSignature(bytes, signer, policy)])
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return conclude([{ id: 'container', verdict: 'failed', reason: error.message }])
  }
}

function judgeSignature(bytes: Uint8Array, signer: string, policy: VerifierPolicy | null): Claim {
  const id = 'manifest'
  if (policy === null || policy.vendors.length === 0) {
    const why = policy === null ? 'without a policy' : 'as the policy names no vendor'
    return { id, verdict: 'consistent', reason: `claims to be signed by ${signer}; not checked ${why}` }
  }
  if (policy.vendors.some((key) => isSignedBy(bytes, key)))
    return { id, verdict: 'proven', reason: `signed by ${signer}, a vendor of the policy` }
  return { id, verdict: 'failed', reason: `claims to be signed by ${signer}, but not by any vendor key of the policy` }
}

function isSignedBy(bytes: Uint8Array, key: string): boolean {
  try {
    readManifest(bytes, key)
    return true
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return false
  }
}
