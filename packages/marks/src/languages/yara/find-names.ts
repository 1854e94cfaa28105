import type { SiteDraft } from '../../language.ts'
import type { Damage, Edit, Span } from '../../site.ts'
import { familyOf, splitName } from './names.ts'
import type { Definition, Rule } from './rules.ts'

/** Estimates: names stay when a rule is kept, and are chosen anew when it is rewritten. */
const SURVIVAL: Readonly<Record<Damage, number>> = { verbatim: 1, format: 1, minify: 1, refactor: 0.5, rewrite: 0.05 }

/**
 * One site per family of names in a rule: all strings of that stem and all their uses are renamed together. None where a set such as `$s*`
 * could tell the names apart, or where two stems of the rule are in one family.
 *
 * @param container - place of the rule's strings in `containersOf`
 */
export function nameSites(rule: Rule, container: number): readonly SiteDraft[] {
  const groups = new Map<readonly string[], Definition[]>()
  for (const string of rule.strings) {
    const family = familyOf(splitName(string.name.slice(1)).stem)
    if (family !== null) groups.set(family, [...(groups.get(family) ?? []), string])
  }
  return [...groups].flatMap(([family, members]) => nameSite(rule, family, members, container) ?? [])
}

function nameSite(
  rule: Rule,
  family: readonly string[],
  members: readonly Definition[],
  container: number,
): SiteDraft | null {
  const stems = new Set(members.map((member) => splitName(member.name.slice(1)).stem))
  const original = [...stems][0]
  const contents = rule.strings.map((string) => string.value)
  const unique = members.every((member) => contents.filter((content) => content === member.value).length === 1)
  if (stems.size !== 1 || original === undefined || !unique || setsInterfere(rule, family)) return null
  const words = [original, ...family.filter((word) => word !== original)]
  const places = occurrences(rule, members)
  const variants = words.map((word) => ({
    shown: `$${word}`,
    ...(word === original ? {} : { edits: places.map((place) => renamed(place, word)) }),
  }))
  const ends = places.map((place) => place.span)
  const span = { start: Math.min(...ends.map((end) => end.start)), end: Math.max(...ends.map((end) => end.end)) }
  const anchor = { container, keys: members.map((member) => member.value), words }
  return { kind: 'string-name', pool: 'name', span, variants, anchor, survival: SURVIVAL }
}

function setsInterfere(rule: Rule, family: readonly string[]): boolean {
  return rule.condition.some((token) => {
    if (token.kind !== 'ref' || !token.text.endsWith('*') || token.text === '$*') return false
    const stem = token.text.slice(1, -1)
    return family.some((word) => word.startsWith(stem) || stem.startsWith(word))
  })
}

interface Place {
  readonly span: Span
  readonly suffix: string
}

function renamed(place: Place, word: string): Edit {
  return { span: place.span, text: `${word}${place.suffix}` }
}

/** Every place that spells one of the names, without the sigil. */
function occurrences(rule: Rule, members: readonly Definition[]): readonly Place[] {
  const names = new Set(members.map((member) => member.name.slice(1)))
  const places: Place[] = members.map((member) => placeOf(member.name, member.nameSpan))
  for (const token of rule.condition) {
    if (token.kind === 'ref' && names.has(token.text.slice(1))) places.push(placeOf(token.text, token.span))
  }
  return places
}

function placeOf(ref: string, span: Span): Place {
  return { span: { start: span.start + 1, end: span.end }, suffix: splitName(ref.slice(1)).suffix }
}
