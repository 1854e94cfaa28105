import { leafHash, rootOfLeaves } from '@sigillo/tlog/merkle'
import { concatBytes, toHex } from '@sigillo/tlog/encoding'
import { SealError } from './errors.ts'

/** One box of a body, as the catalogue names it. */
export interface CatalogueEntry {
  /** `keyHash` of the secret that opens it, 32 bytes. */
  readonly key: Uint8Array
  /** SHA-256 of the box, 32 bytes. */
  readonly box: Uint8Array
  /** Length of the box. */
  readonly size: number
}

const ENTRY_BYTES = 68

/** The catalogue of a body: for each box in order 32 bytes hash of its key, 32 bytes hash of the box, 4 bytes length (big-endian). */
export function encodeCatalogue(entries: readonly CatalogueEntry[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(entries.length * ENTRY_BYTES)
  const view = new DataView(out.buffer)
  for (const [index, { key, box, size }] of entries.entries()) {
    out.set(key, index * ENTRY_BYTES)
    out.set(box, index * ENTRY_BYTES + 32)
    view.setUint32(index * ENTRY_BYTES + 64, size)
  }
  return out
}

/** Reads what `encodeCatalogue` wrote. @throws SealError 'bad-body' when it is no whole number of entries */
export function decodeCatalogue(bytes: Uint8Array): readonly CatalogueEntry[] {
  if (bytes.length % ENTRY_BYTES !== 0)
    throw new SealError(
      'bad-body',
      `the catalogue of the body has ${bytes.length} bytes, not ${ENTRY_BYTES} for each box`,
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, index) => {
    const at = index * ENTRY_BYTES
    return {
      key: bytes.subarray(at, at + 32),
      box: bytes.subarray(at + 32, at + 64),
      size: view.getUint32(at + 64),
    }
  })
}

/**
 * Root of the RFC 6962 tree over the body's salt, where it has one, and the entries (key hash, box hash), lower-case hexadecimal. The manifest signs it, so
 * that one wrong key can be shown to anybody with salt, entry and inclusion proofs, without the rest of the body.
 */
export function catalogueRoot(entries: readonly CatalogueEntry[], salt: Uint8Array | null): string {
  const leaves = entries.map(({ key, box }) => leafHash(concatBytes(key, box)))
  return toHex(rootOfLeaves(salt === null ? leaves : [leafHash(salt), ...leaves]))
}
