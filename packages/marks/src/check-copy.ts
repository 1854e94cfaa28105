import { readFile } from './find-sites.ts'
import { languageById } from './languages.ts'
import type { PlanFile } from './site.ts'

/** Whether a rendered copy may leave the house. */
export type CopyCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/**
 * Checks a rendered copy of a plan file: it parses, its canonical form (names, wire values and orders of all sites made alike) is that of the
 * original, and every site reads back as the variant rendered. What the artefact does is for its own tests to say.
 *
 * @param variantOf - the variants the copy was rendered with
 */
export async function checkCopy(
  file: PlanFile,
  copy: string,
  variantOf: (siteId: string) => number,
): Promise<CopyCheck> {
  const language = languageById(file.language)
  const error = await language?.parseError(copy)
  if (error) return { ok: false, reason: `${file.path}: the copy does not parse: ${error}` }
  if (language?.canonical && (await language.canonical(file, copy)) !== (await language.canonical(file, file.text)))
    return { ok: false, reason: `${file.path}: the copy differs from the original in more than its marks` }
  for (const reading of await readFile(file, { path: file.path, text: copy }))
    if (reading.variant !== variantOf(reading.site))
      return { ok: false, reason: `${reading.site} reads back as ${reading.variant ?? `nothing (${reading.why})`}` }
  return { ok: true }
}
