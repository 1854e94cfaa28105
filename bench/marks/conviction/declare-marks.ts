import { languageById } from '@sigillo/marks/languages'
import { takeDeclarations } from '@sigillo/marks/declarations'
import { findSites } from '@sigillo/marks/find-sites'
import type { PlanFile } from '@sigillo/marks/site'
import type { RealFile } from '../survival/corpus.ts'

// Real files have no declared marks. To measure what becomes of such marks, some of a file's strings are declared to be one. Only the reader is
// measured, so it does not matter that the program would no longer work.

const MOST = 16
const ENOUGH = 3
const FIRST = 'amber brisk calm dense early frank grand hardy inner jolly keen lucid merry noble outer plain'.split(' ')
const SECOND =
  'anchor basket candle door engine feather garden hammer island jacket kettle ladder mirror needle orchard pillow'.split(
    ' ',
  )

/** The sites of a file after up to sixteen of its strings, evenly spread, have become declared marks of sixteen words. */
export async function withDeclaredMarks({ path, text }: RealFile, language: string): Promise<PlanFile> {
  const all = await candidates(text, language)
  const values = all.filter(({ isValue }) => isValue)
  const sound: Candidate[] = []
  for (const candidate of values.length >= ENOUGH ? values : all)
    if (await isSound(path, declared(text, language, [candidate]), language)) sound.push(candidate)
  const step = Math.ceil(sound.length / MOST)
  const chosen = sound.filter((_, at) => at % step === 0)
  return (await findSites(path, declared(text, language, chosen))).file
}

async function isSound(path: string, text: string, language: string): Promise<boolean> {
  try {
    return (await takeDeclarations(path, text, languageById(language) ?? null)).sites.length === 1
  } catch {
    return false
  }
}

interface Candidate {
  readonly line: number
  readonly value: string
  /** It is assigned to a name or member, as the values that authors declare mostly are. */
  readonly isValue: boolean
}

/** Lines without a comment, each with the first string that is one word and stands at most twice elsewhere in the text. */
async function candidates(text: string, language: string): Promise<Candidate[]> {
  const { literals, comments } = (await languageById(language)?.literals?.(text)) ?? { literals: [], comments: [] }
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length - 1
  const commented = new Set(comments.flatMap(({ start, end }) => [lineAt(start), lineAt(end)]))
  const taken = new Set<number>()
  const known = new Set<string>()
  return literals.flatMap(({ value, span }) => {
    const line = lineAt(span.start)
    if (!/^[A-Za-z][\w-]{3,23}$/.test(value) || text.split(value).length > 4) return []
    if (commented.has(line) || taken.has(line) || known.has(value)) return []
    taken.add(line)
    known.add(value)
    return [{ line, value, isValue: /[:=]\s*$/.test(text.slice(Math.max(0, span.start - 3), span.start)) }]
  })
}

function declared(text: string, language: string, chosen: readonly Candidate[]): string {
  const comment = languageById(language)?.comment.open ?? '#'
  const lines = text.split('\n')
  for (const [at, { line, value }] of chosen.entries()) {
    const words = FIRST.slice(1).map((word) => `${word}-${SECOND[at % SECOND.length]}`)
    lines[line] += `  ${comment} sigillo:mark essential ${[value, ...words].join(' | ')}`
  }
  return lines.join('\n')
}
