import type { Language } from '../language.ts'
import { renderFile } from '../render.ts'
import type { PlanFile, Reading } from '../site.ts'

/** For tests and measurements: a plan of one file with every site that the language proposes. */
export async function trialPlan(language: Language, path: string, text: string): Promise<PlanFile> {
  const drafts = await language.find(text)
  const sites = drafts.map((draft, i) => ({ ...draft, id: `${path}#${draft.kind}-${i + 1}`, file: path, line: 1 }))
  return { path, language: language.id, text, sites }
}

/** A codeword for the plan from a stream of 32-bit numbers: one variant index per site id. */
export function trialWord(plan: PlanFile, next: () => number): ReadonlyMap<string, number> {
  return new Map(plan.sites.map((site) => [site.id, next() % site.variants.length]))
}

/** The copy that a codeword makes of the plan. */
export function trialCopy(plan: PlanFile, word: ReadonlyMap<string, number>): string {
  return renderFile(plan, (id) => word.get(id) ?? 0)
}

/** A repeatable stream of 32-bit numbers (mulberry32), not for keys. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), 1 | state)
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
    return (z ^ (z >>> 14)) >>> 0
  }
}

/** How readings compare with the codeword that was embedded. */
export function tally(
  readings: readonly Reading[],
  word: ReadonlyMap<string, number>,
): { readonly right: number; readonly unsure: number; readonly wrong: readonly string[] } {
  const unsure = readings.filter((reading) => reading.variant === null).length
  const wrong = readings.filter((reading) => reading.variant !== null && reading.variant !== word.get(reading.site))
  return { right: readings.length - unsure - wrong.length, unsure, wrong: wrong.map((reading) => reading.site) }
}
