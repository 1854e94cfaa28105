import { createHash } from 'node:crypto'
import { canonicalJson } from '@sigillo/tlog/canonical-json'
import type { CodeSite } from '@sigillo/fingerprint/generator'

/**
 * SHA-256 over the mark sites as the code sees them: canonical JSON of `[{family, id, q}, …]` in plan order, after a line `sigillo/catalogue/v1`. When
 * this hash is logged with the plan before anything is handed over, a dossier can show that its sites are the ones that were frozen, without showing
 * the plan and with it the artefact. Lower-case hexadecimal.
 */
export function catalogueHash(sites: readonly CodeSite[]): string {
  const listed = sites.map(({ family, id, q }) => ({ family, id, q }))
  return createHash('sha256').update('sigillo/catalogue/v1\n').update(canonicalJson(listed)).digest('hex')
}
