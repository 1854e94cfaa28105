import { SyntaxRoomError } from '@sigillo/syntax/errors'
import type { Language } from '../language.ts'
import { languageById } from '../languages.ts'
import type { SampleFile } from '../site.ts'

/** What a name is worth against the content, which decides. */
const NAME_BONUS = 0.2
/** Below this a text is in none of the languages. */
const MIN_RESEMBLANCE = 0.2
const CERTAIN = 0.9

/** What language a text seems to be in. */
export interface Detected {
  /** Language id; `text` for none of those asked about. */
  readonly id: string
  /** True when it is nothing else. Merged and cut texts parse badly, and then several languages may claim them, or none. */
  readonly sure: boolean
}

/**
 * The language a sample is read in, out of those of the plan: by content, with its name as a hint.
 *
 * @param ids - language ids of the plan's files
 */
export async function detectLanguage(sample: SampleFile, ids: readonly string[]): Promise<Detected> {
  const languages = ids.map(languageById).filter((language) => language !== null)
  const named = languages.filter((language) => language.matches(sample.path))
  const others = languages.filter((language) => !named.includes(language))
  let best = { id: 'text', score: MIN_RESEMBLANCE }
  for (const language of [...named, ...others]) {
    if (best.score >= CERTAIN && !named.includes(language)) break
    const score = (await resemblance(language, sample.text)) + (named.includes(language) ? NAME_BONUS : 0)
    if (score > best.score) best = { id: language.id, score }
  }
  return { id: best.id, sure: best.score >= CERTAIN }
}

async function resemblance(language: Language, text: string): Promise<number> {
  try {
    if (language.resembles) return await language.resembles(text)
    return (await language.parseError(text)) === null ? 0.3 : 0
  } catch (error) {
    if (error instanceof SyntaxRoomError) return 0
    throw error
  }
}
