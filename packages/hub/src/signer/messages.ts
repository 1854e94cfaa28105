import { formatSubmission, parseSubmission } from '@sigillo/tlog/add-checkpoint'
import { formatCheckpoint, parseCheckpoint } from '@sigillo/tlog/checkpoint'
import { fromBase64Of, fromUtf8, isCount, toBase64, utf8 } from '@sigillo/tlog/encoding'
import type { Growth, TreeHead } from '@sigillo/tlog/growth'

/** `GET`: what the signer signs for, with which keys, and its newest tree. */
export const LOG_PATH = '/log'
/** `POST`: a tree to sign, as `encodeGrowth` writes it. */
export const SIGN_PATH = '/sign'

/** What a signer says of itself. */
export interface SignerFacts {
  readonly origin: string
  /** Verifier keys that sign, the oldest first. */
  readonly keys: readonly string[]
  readonly last: TreeHead
}

/** A request for a signature: the body of `add-checkpoint` (c2sp.org/tlog-witness) with the three unsigned lines of the checkpoint. */
export function encodeGrowth(origin: string, { oldSize, proof, next }: Growth): Uint8Array {
  return formatSubmission({ oldSize, proof, checkpoint: utf8(formatCheckpoint({ origin, ...next })) })
}

/** Reads what `encodeGrowth` wrote. Throws TlogError on anything else. */
export function decodeGrowth(bytes: Uint8Array): { readonly origin: string; readonly growth: Growth } {
  const { oldSize, proof, checkpoint } = parseSubmission(bytes)
  const { origin, size, root } = parseCheckpoint(fromUtf8(checkpoint))
  return { origin, growth: { oldSize, proof, next: { size, root } } }
}

/** The facts as one line of JSON. */
export function encodeFacts({ origin, keys, last }: SignerFacts): string {
  return `${JSON.stringify({ origin, keys, size: last.size, root: toBase64(last.root) })}\n`
}

/** Reads what `encodeFacts` wrote; null for anything else. */
export function decodeFacts(text: string): SignerFacts | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const { origin, keys, size, root } = { origin: null, keys: null, size: null, root: null, ...value }
    if (typeof origin !== 'string' || typeof size !== 'number' || !isCount(size) || typeof root !== 'string')
      return null
    if (!isTexts(keys)) return null
    return { origin, keys, last: { size, root: fromBase64Of(root, 32, 'the root') } }
  } catch {
    return null
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
}
