import type { PlanFile } from '../site.ts'
import { excerpt, isCode, renamed, shuffled, withoutComments } from './edits.ts'
import { mergedByFunctions, mergedByLines } from './merges.ts'
import type { Damaging } from './rehearse.ts'
import type { LeakScenario } from './scenarios.ts'

/**
 * How a scenario is played without any tool; null for one that needs tools, or another language. What stands around an excerpt is left out:
 * the reader cuts it away.
 */
export function damagingFor({ name }: LeakScenario, { language }: Pick<PlanFile, 'language'>): Damaging | null {
  const damaging = DAMAGINGS[name] ?? null
  return damaging === null || (NEEDS_CODE.has(name) && !isCode(language)) ? null : damaging
}

const NEEDS_CODE: ReadonlySet<string> = new Set(['format', 'rename', 'shuffle', 'merge-funcs'])

const DAMAGINGS: Readonly<Record<string, Damaging>> = {
  format: ([copy = ''], { language }) => withoutComments(language, copy),
  rename: ([copy = ''], { language }) => renamed(language, copy),
  shuffle: ([copy = ''], { language }, draw) => shuffled(language, copy, draw),
  excerpt: ([copy = ''], _, __, { at, of }) => excerpt(copy, '', () => (at + 0.5) / of),
  'merge-lines': (copies, _, draw) => mergedByLines(copies, draw),
  'merge-funcs': (copies, { language }, draw) => mergedByFunctions(language, copies, draw),
}
