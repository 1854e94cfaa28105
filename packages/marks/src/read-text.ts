import { siteValues } from './internal/code/classes.ts'
import type { MarkSite, PlanFile, Reading, SampleFile } from './site.ts'

/** Characters on either side of a value whose words tell its place. */
const REACH = 160
/** Share of the surrounding words that must agree. */
const MIN_AGREEMENT = 0.34
const RIVAL = 0.8
const MIN_WORDS = 2

/**
 * Looks for the declared values of a plan file in any text, by the words around them. For languages without a reader of their own for wire
 * values, and for text of no known language.
 *
 * @returns one reading per site, in plan order; null for every site that is no wire site
 */
export function readWireInText(file: PlanFile, sample: SampleFile): Reading[] {
  const values = new Set(file.sites.flatMap((site) => (site.anchor['read'] === 'wire' ? (siteValues(site) ?? []) : [])))
  return file.sites.map((site) => readSite(file, site, sample, values))
}

interface Place {
  readonly variant: number
  readonly agreement: number
  readonly offset: number
}

function readSite(file: PlanFile, site: MarkSite, sample: SampleFile, values: ReadonlySet<string>): Reading {
  const none = (why: string): Reading => ({ site: site.id, variant: null, where: null, why })
  const options = site.anchor['read'] === 'wire' ? siteValues(site) : null
  if (!options) return none('not readable in a text of this kind')
  const planned = wordsAround(file.text, site.span.start, site.span.end, values)
  const places: Place[] = []
  for (const [variant, value] of options.entries())
    for (const offset of occurrences(sample.text, value)) {
      const found = wordsAround(sample.text, offset, offset + value.length, values)
      const shared = [...planned].filter((word) => found.has(word)).length
      if (shared >= Math.min(MIN_WORDS, planned.size))
        places.push({ variant, agreement: shared / Math.max(1, planned.size), offset })
    }
  places.sort((a, b) => b.agreement - a.agreement || a.offset - b.offset)
  const best = places[0]
  if (!best || best.agreement < MIN_AGREEMENT) return none('not found')
  if (places.some((place) => place.variant !== best.variant && place.agreement >= RIVAL * best.agreement))
    return none('both variants found')
  const line = sample.text.slice(0, best.offset).split('\n').length
  return {
    site: site.id,
    variant: best.variant,
    where: { file: sample.path, line },
    why: 'value and the words around it',
  }
}

/** Places where a value stands as a word of its own; at most 200. */
function occurrences(text: string, value: string): number[] {
  const out: number[] = []
  if (value === '') return out
  for (let at = text.indexOf(value); at >= 0 && out.length < 200; at = text.indexOf(value, at + 1)) {
    const before = /\w/.test(value.charAt(0)) ? text.charAt(at - 1) : ''
    const after = /\w/.test(value.charAt(value.length - 1)) ? text.charAt(at + value.length) : ''
    if (!/\w/.test(before) && !/\w/.test(after)) out.push(at)
  }
  return out
}

function wordsAround(text: string, start: number, end: number, values: ReadonlySet<string>): Set<string> {
  const around = `${text.slice(Math.max(0, start - REACH), start)} ${text.slice(end, end + REACH)}`
  return new Set((around.match(/[A-Za-z][\w-]{2,}/g) ?? []).filter((word) => !values.has(word)))
}
