import { readInput } from '@sigillo/desk/read-input'
import { SealError } from '@sigillo/seal/errors'
import { trustedKeys } from '@sigillo/seal/key-introduction'
import { readManifest } from '@sigillo/seal/package'

/**
 * The release key to check a package by: the one that the partner knows, or one that it introduces, directly or through others. A key that
 * only says of itself that it is the vendor's is never taken. @throws SealError `bad-signature` for a file that is no introduction
 */
export async function releaseKeyFor(
  bytes: Uint8Array,
  options: { readonly vendor: string; readonly introduction?: readonly string[] },
): Promise<string> {
  const files = options.introduction ?? []
  const notes = await Promise.all(files.map((file) => readInput(file, 'the introduction')))
  const keys = trustedKeys('release', [options.vendor], notes)
  return keys.find((key) => isSignedBy(bytes, key)) ?? options.vendor
}

function isSignedBy(bytes: Uint8Array, vkey: string): boolean {
  try {
    readManifest(bytes, vkey)
    return true
  } catch (error) {
    // Why the package is refused is told by whoever opens it with the key that is known.
    if (error instanceof SealError) return false
    throw error
  }
}
