import type { Language } from './language.ts'
import { bash } from './languages/bash/language.ts'
import { c } from './languages/c/language.ts'
import { cpp } from './languages/cpp/language.ts'
import { go } from './languages/go/language.ts'
import { java } from './languages/java/language.ts'
import { javascript } from './languages/javascript/language.ts'
import { json } from './languages/json/language.ts'
import { markdown } from './languages/markdown/language.ts'
import { php } from './languages/php/language.ts'
import { powershell } from './languages/powershell/language.ts'
import { python } from './languages/python/language.ts'
import { ruby } from './languages/ruby/language.ts'
import { sigma } from './languages/sigma/language.ts'
import { suricata } from './languages/suricata/language.ts'
import { typescript } from './languages/typescript/language.ts'
import { yaml } from './languages/yaml/language.ts'
import { yara } from './languages/yara/language.ts'

/**
 * The languages marks are found in and read from. A language is a folder `languages/<id>/` whose `language.ts` exports
 * a `Language` named by its id, and one line here.
 */
export const LANGUAGES: readonly Language[] = [
  python,
  javascript,
  markdown,
  sigma,
  suricata,
  yara,
  typescript,
  go,
  ruby,
  bash,
  c,
  java,
  cpp,
  powershell,
  json,
  yaml,
  php,
]

/** The language with this id, or null. */
export function languageById(id: string): Language | null {
  return LANGUAGES.find((language) => language.id === id) ?? null
}

/** The first language whose file names look like `path`, or null; where several share a name, the first that owns the text. */
export function languageOf(path: string, text?: string): Language | null {
  const named = LANGUAGES.filter((language) => language.matches(path))
  const owner = text === undefined ? undefined : named.find((language) => language.owns?.(text) ?? true)
  return owner ?? named[0] ?? null
}
