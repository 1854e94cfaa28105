import { SyntaxRoomError } from '@sigillo/syntax/errors'
import { takeDeclarations } from './declarations.ts'
import { MarksError } from './errors.ts'
import { siteValues } from './internal/code/classes.ts'
import { dropUnreadable } from './internal/self-check.ts'
import type { Language, SiteDraft } from './language.ts'
import { languageById, languageOf } from './languages.ts'
import { keepCompatible } from './nesting.ts'
import { readWireInText } from './read-text.ts'
import { type LineRange, takeRequiredLines } from './required-lines.ts'
import type { MarkSite, PlanFile, Reading, SampleFile } from './site.ts'

/** Language id of files that no language claims; they carry declared sites only. */
export const PLAIN_TEXT = 'text'

/** What was found in one file. */
export interface FoundSites {
  readonly file: PlanFile
  readonly warnings: readonly string[]
  /** Lines that the author's comments call essential; see `takeRequiredLines`. */
  readonly required: readonly LineRange[]
}

/**
 * Finds the mark sites of one file: those its author declared, then what its language proposes, as far as they go together and can be read
 * back from trial copies. A file that does not parse carries declared sites only: whether a copy of it is sound could not be checked.
 *
 * @param path - path inside the artefact, with `/`
 * @throws MarksError `bad-declaration` for malformed declarations, `too-large` for a file that cannot be parsed in reasonable time
 */
export async function findSites(path: string, source: string): Promise<FoundSites> {
  const named = languageOf(path, source)
  const error = named ? await orTooLarge(path, () => named.parseError(source)) : null
  const language = error === null ? named : null
  const { text: rest, required } = await takeRequiredLines(path, source, language)
  const { text, sites: declared } = await takeDeclarations(path, rest, language)
  const proposed = language ? await orTooLarge(path, () => language.find(text)) : []
  const drafts = keepCompatible([...declared, ...proposed])
  const file: PlanFile = { path, language: language?.id ?? PLAIN_TEXT, text, sites: numbered(path, text, drafts) }
  const kept = await dropUnreadable(file, (plan, sample) => readFile(plan, sample))
  const unparsed = error === null ? [] : [`${path} does not parse, so it carries declared marks only: ${error}`]
  const warnings = [...unparsed, ...strayWarnings(path, text), ...poolWarnings(path, text, declared), ...kept.warnings]
  return { file: { ...file, sites: numbered(path, text, kept.sites) }, warnings, required }
}

async function orTooLarge<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SyntaxRoomError) throw new MarksError('too-large', `${path}: ${error.message}`)
    throw error
  }
}

/**
 * Reads one sample of the file's own language; declared sites that the language leaves unread are looked for as words of the text.
 *
 * @returns one reading per site, in plan order
 */
export async function readFile(file: PlanFile, sample: SampleFile): Promise<readonly Reading[]> {
  const language: Language | null = languageById(file.language)
  if (!language) return readWireInText(file, sample)
  const readings = await readOrGiveUp(language, file, sample)
  if (language.literals) return readings
  const plain = readWireInText(file, sample)
  return readings.map((reading, at) =>
    reading.variant === null && isWire(file.sites[at]) ? (plain[at] ?? reading) : reading,
  )
}

/** Samples too large or too broken to parse are an expected outcome: nothing is read from them. */
async function readOrGiveUp(language: Language, file: PlanFile, sample: SampleFile): Promise<readonly Reading[]> {
  try {
    return await language.read(file, sample)
  } catch (error) {
    if (!(error instanceof SyntaxRoomError)) throw error
    return file.sites.map((site) => ({ site: site.id, variant: null, where: null, why: error.message }))
  }
}

function isWire(site: MarkSite | undefined): boolean {
  return site?.anchor['read'] === 'wire'
}

function numbered(path: string, text: string, drafts: readonly SiteDraft[]): MarkSite[] {
  const counts = new Map<string, number>()
  const sorted = [...drafts].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
  const lineOf = lineCounter(text)
  return sorted.map((draft) => {
    const ordinal = (counts.get(draft.kind) ?? 0) + 1
    counts.set(draft.kind, ordinal)
    return { ...draft, id: `${path}#${draft.kind}-${ordinal}`, file: path, line: lineOf(draft.span.start) }
  })
}

/** Line numbers, from 1, for offsets that never fall. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return (offset) => {
    while (next >= 0 && next < offset) {
      line++
      next = text.indexOf('\n', next + 1)
    }
    return line
  }
}

/** What was meant for this program and was not taken out would be in every copy. */
function strayWarnings(path: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      (line.match(/sigillo:(?:mark|required)\b/g) ?? []).map(
        (word) => `${path}:${at + 1}: this "${word}" is no comment at the end of a line; it stays in the copies`,
      ),
    )
}

/** Pools that share a value with each other, or with other words of the text, are harder to read. */
function poolWarnings(path: string, text: string, declared: readonly SiteDraft[]): string[] {
  const owner = new Map<string, string>()
  const warnings: string[] = []
  for (const draft of declared) {
    if (draft.anchor['literal'] !== 'string') continue
    const original = draft.variants[0]?.shown ?? ''
    for (const [at, value] of (siteValues(draft) ?? []).entries()) {
      const other = owner.get(value)
      if (other !== undefined)
        warnings.push(`${path}: ${JSON.stringify(value)} is an alternative of both ${other} and ${original}`)
      owner.set(value, original)
      if (at > 0 && holdsWord(text, value))
        warnings.push(
          `${path}: ${JSON.stringify(value)}, an alternative of ${original}, also stands elsewhere in the file`,
        )
    }
  }
  return warnings
}

function holdsWord(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + value.length))) return true
  return false
}
