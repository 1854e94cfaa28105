import { createHash } from 'node:crypto'

/** What was read at one site, blind: which variant, or null for "cannot tell". */
export interface ReadVariant {
  readonly site: string
  readonly variant: number | null
}

/**
 * SHA-256 (lower-case hexadecimal) that fixes a blind reading before any code key is used on it: lines `sigillo/reading/v1`, the plan's hash, the samples'
 * hashes sorted, then `<site> <variant or ?>` in plan order, joined by LF. It goes into the log as `sample.received`, field `reading`.
 */
export function readingHash(planHash: string, samples: readonly string[], readings: readonly ReadVariant[]): string {
  const lines = [
    'sigillo/reading/v1',
    planHash,
    ...samples.toSorted(),
    ...readings.map(({ site, variant }) => `${site} ${variant ?? '?'}`),
  ]
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
