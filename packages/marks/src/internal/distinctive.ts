import type { MarkPlan } from '../plan.ts'
import type { MarkSite, PlanFile, Reading, SampleFile } from '../site.ts'
import { bitsOf } from './code/background.ts'
import { siteValues } from './code/classes.ts'

/** Bits of its words that make a value one that nobody writes by chance: two words that ordinary code does not use. */
const MIN_BITS = 20

/**
 * Looks for the wire values of a file that no sample shares its language with: as plain text, whatever stands around them. Only distinctive
 * values of pools that no other file of the plan knows count, as a common word may stand anywhere, and a shared one may come from the other file.
 */
export function readDistinctive(file: PlanFile, plan: MarkPlan, samples: readonly SampleFile[]): Reading[] {
  const elsewhere = plan.files.filter((other) => other !== file)
  return file.sites.map((site) => readSite(site, elsewhere, samples))
}

function readSite(site: MarkSite, elsewhere: readonly PlanFile[], samples: readonly SampleFile[]): Reading {
  const none = (why: string): Reading => ({ site: site.id, variant: null, where: null, why })
  const values = site.anchor['read'] === 'wire' && site.anchor['literal'] === 'string' ? siteValues(site) : null
  if (!values) return none('no sample in this language')
  if (!values.every(isDistinctive))
    return none('no sample in this language, and the value is too ordinary to look for elsewhere')
  if (values.some((value) => elsewhere.some((other) => other.text.includes(value) || poolsHold(other, value))))
    return none('no sample in this language, and another file of the plan has the same values')
  const found = values.flatMap((value, variant) => places(value, samples).map((where) => ({ variant, where })))
  const first = found[0]
  if (!first) return none('not found')
  if (found.some((place) => place.variant !== first.variant)) return none('both variants found')
  return { site: site.id, ...first, why: 'distinctive value found as plain text' }
}

function poolsHold(file: PlanFile, value: string): boolean {
  return file.sites.some((site) => siteValues(site)?.includes(value) === true)
}

function isDistinctive(value: string): boolean {
  const words = value.match(/[A-Za-z0-9_$]+/g) ?? []
  return words.reduce((sum, word) => sum + bitsOf(`w:${word}`), 0) >= MIN_BITS
}

function places(value: string, samples: readonly SampleFile[]): { file: string; line: number }[] {
  const out: { file: string; line: number }[] = []
  for (const { path, text } of samples)
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
      if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + value.length)))
        return [...out, { file: path, line: text.slice(0, at).split('\n').length }]
  return out
}
