import { z } from 'zod'

const base64 = z.string().transform((text) => new Uint8Array(Buffer.from(text, 'base64')))

/** Learned public code, as the vault keeps it: hashed features, no source. */
export const backgroundDocument = z.strictObject({
  schema: z.literal('sigillo-desk-background/1'),
  /** Saved form of the background. */
  background: base64,
})

/** Public code on the subject of the artefacts. Its sources are kept: they are measured again whenever the background grows. */
export const subjectDocument = z.strictObject({
  schema: z.literal('sigillo-desk-subject/1'),
  files: z.array(z.strictObject({ id: z.string(), name: z.string(), bytes: base64 })),
})

/** The index of one artefact. It holds for one plan, one set of required parts and one background. */
export const screenSegmentDocument = z.strictObject({
  schema: z.literal('sigillo-desk-screen-segment/1'),
  artefact: z.string(),
  /** SHA-256 (hex) over what was indexed. */
  of: z.string(),
  /** Saved form of the segment. */
  segment: base64,
})

/** Bytes as these documents hold them. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
