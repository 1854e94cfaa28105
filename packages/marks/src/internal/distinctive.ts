import type { MarkPlan } from '../plan.ts'
import type { MarkSite, PlanFile, Reading, SampleFile } from '../site.ts'
import { bitsOf } from './code/background.ts'
import { siteValues } from './code/classes.ts'
import { quotedWords, spokenAlike } from './quoted-words.ts'

/** Bits of its words that make a value one that nobody writes by chance: two words that ordinary code does not use. */
const MIN_BITS = 20

/**
 * A sample is of the same making as a file when it quotes at least this many of the distinctive words that every copy quotes. A port of the Posta
 * proof of concept quotes 14, a tool written without sight of it 2, large unrelated programs none.
 */
const MIN_KIN = 4

/**
 * Looks for the wire values of a file that no sample shares its language with: as plain text, whatever stands around them. A distinctive value
 * counts wherever it stands. Ordinary words count where a sample quotes them as they are and quotes much else that every copy of the file
 * does, as a port to another language would. Values that another site or file of the plan has too do not count: they may come from there.
 *
 * @param samples - those that are not in the file's language
 * @param lookFor - `copies`: the file itself was found, so what else quotes its ordinary words need not be a port of it
 */
export function readDistinctive(
  file: PlanFile,
  plan: MarkPlan,
  samples: readonly SampleFile[],
  lookFor: 'copies' | 'ports' = 'ports',
): Reading[] {
  const elsewhere = plan.files.filter((other) => other !== file)
  const quoted = new Map<string, Place>()
  for (const { path, text } of samples)
    for (const [word, line] of quotedWords(text)) if (!quoted.has(word)) quoted.set(word, { file: path, line })
  const kin = lookFor === 'ports' && kinOf(file, quoted)
  return file.sites.map((site) => readSite(site, file, elsewhere, samples, kin ? quoted : new Map()))
}

interface Place {
  readonly file: string
  readonly line: number
}

function kinOf(file: PlanFile, quoted: ReadonlyMap<string, Place>): boolean {
  const chosen = new Set(file.sites.flatMap((site) => siteValues(site) ?? []).map(spokenAlike))
  const common = [...quotedWords(file.text).keys()].filter((word) => isDistinctive(word) && !chosen.has(word))
  return common.filter((word) => quoted.has(word)).length >= MIN_KIN
}

function readSite(
  site: MarkSite,
  file: PlanFile,
  elsewhere: readonly PlanFile[],
  samples: readonly SampleFile[],
  quoted: ReadonlyMap<string, Place>,
): Reading {
  const none = (why: string): Reading => ({ site: site.id, variant: null, where: null, why })
  const values = site.anchor['read'] === 'wire' && site.anchor['literal'] === 'string' ? siteValues(site) : null
  if (!values) return none('no sample in this language')
  if (!values.every(isUnmistakable)) return readQuoted(site, values, file, elsewhere, quoted)
  if (values.some((value) => elsewhere.some((other) => other.text.includes(value) || poolsHold(other, value))))
    return none('no sample in this language, and another file of the plan has the same values')
  const found = values.flatMap((value, variant) => places(value, samples).map((where) => ({ variant, where })))
  const first = found[0]
  if (!first) return none('not found')
  if (found.some((place) => place.variant !== first.variant)) return none('both variants found')
  return { site: site.id, ...first, why: 'distinctive value found as plain text' }
}

/** Reads a site of ordinary words from what a port quotes; `quoted` is empty for other samples. */
function readQuoted(
  site: MarkSite,
  values: readonly string[],
  file: PlanFile,
  elsewhere: readonly PlanFile[],
  quoted: ReadonlyMap<string, Place>,
): Reading {
  const none = (why: string): Reading => ({ site: site.id, variant: null, where: null, why })
  if (quoted.size === 0) return none('no sample in this language, and the value is too ordinary to look for elsewhere')
  const found = values.flatMap((value, variant) => {
    const where = quoted.get(spokenAlike(value))
    return where === undefined ? [] : [{ value, variant, where }]
  })
  const first = found[0]
  if (!first) return none('not found')
  if (found.length > 1) return none('both variants found')
  const fixed = quotedWords(withoutSpan(file, site)).has(spokenAlike(first.value))
  const shared = [...elsewhere, { ...file, sites: file.sites.filter((other) => other !== site) }]
  if (
    fixed ||
    shared.some((other) => poolsHold(other, first.value)) ||
    elsewhere.some(({ text }) => quotedWords(text).has(spokenAlike(first.value)))
  )
    return none('the value found stands elsewhere in the artefact too')
  return { site: site.id, variant: first.variant, where: first.where, why: 'quoted in a port to another language' }
}

function withoutSpan({ text }: PlanFile, { span }: MarkSite): string {
  return text.slice(0, span.start) + text.slice(span.end)
}

function poolsHold(file: PlanFile, value: string): boolean {
  return file.sites.some(
    (site) => siteValues(site)?.some((other) => spokenAlike(other) === spokenAlike(value)) === true,
  )
}

function isDistinctive(value: string): boolean {
  return bitsOfWords(value, /[A-Za-z0-9_$]+/g) >= MIN_BITS
}

/** True for a value that counts wherever it stands. Letters that stand alone are no words: `%Y%m%d%H%M%S` is in every second script. */
function isUnmistakable(value: string): boolean {
  return bitsOfWords(value, /[A-Za-z0-9_$]{3,}/g) >= MIN_BITS
}

function bitsOfWords(value: string, words: RegExp): number {
  return (value.match(words) ?? []).reduce((sum, word) => sum + bitsOf(`w:${word}`), 0)
}

function places(value: string, samples: readonly SampleFile[]): Place[] {
  const out: Place[] = []
  for (const { path, text } of samples)
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
      if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + value.length)))
        return [...out, { file: path, line: text.slice(0, at).split('\n').length }]
  return out
}
