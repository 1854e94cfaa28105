import { type Dirent, existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { numbersFrom, tally, trialCopy, trialPlan, trialWord } from '../internal/trial.ts'
import type { Language } from '../language.ts'
import { markdown } from './markdown/language.ts'
import { sigma } from './sigma/language.ts'
import { suricata } from './suricata/language.ts'
import { yara } from './yara/language.ts'

/**
 * Rules and documents that nobody here wrote, in a folder of the reader's own: clones of SigmaHQ/sigma, OISF/suricata-verify, Yara-Rules/rules,
 * VirusTotal/yara-x. They are not part of this repository.
 */
const folder = process.env['SIGILLO_OUTSIDE_RULES'] ?? ''
if (folder === '')
  console.warn('SKIPPED: no outside rules; set SIGILLO_OUTSIDE_RULES to a folder with clones of public rule sets')
const languages: readonly Language[] = [markdown, sigma, suricata, yara]
const words = 3

function filesOf(language: Language): readonly string[] {
  if (!existsSync(folder)) return []
  const entries: readonly Dirent[] = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && language.matches(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

describe.skipIf(folder === '')('outside rules', () => {
  it.each(languages.map((language) => [language.id, language] as const))(
    '%s: every copy parses, means the same and is never misread',
    async (_id, language) => {
      let right = 0
      let unsure = 0
      const files = filesOf(language)
      for (const path of files) {
        const text = readFileSync(path, 'utf8')
        if ((await language.parseError(text)) !== null) continue
        const plan = await trialPlan(language, path, text)
        const original = await language.canonical?.(plan, text)
        const next = numbersFrom(13)
        for (let i = 0; i < (plan.sites.length > 0 ? words : 0); i++) {
          const word = trialWord(plan, next)
          const copy = trialCopy(plan, word)
          expect(await language.parseError(copy), path).toBeNull()
          expect((await language.canonical?.(plan, copy)) === original, path).toBe(true)
          const found = tally(await language.read(plan, { path: 'x', text: copy }), word)
          expect(found.wrong, path).toEqual([])
          right += found.right
          unsure += found.unsure
        }
      }
      console.warn(`${language.id}: ${files.length} files, ${right} marks read right, ${unsure} unsure, none wrong`)
      expect(right).toBeGreaterThan(0)
      expect(unsure / (right + unsure)).toBeLessThan(0.03)
    },
    600_000,
  )
})
