import type { LineRange } from '@sigillo/marks/required-lines'
import type { PlanFile } from '@sigillo/marks/site'
import { planOf, requireArtefact } from './artefacts.ts'
import type { Desk } from './context.ts'
import type { ArtefactDocument, RequiredLines } from './documents.ts'
import { DeskError } from './errors.ts'

/** What any tool for an artefact's flaw must contain: no mark is proposed in it, and it is no evidence that somebody copied. */
export interface RequiredParts {
  readonly values?: readonly string[]
  readonly lines?: readonly RequiredLines[]
}

/**
 * Remembers what any tool for this flaw must contain, besides what was said before.
 * @throws DeskError `unknown-artefact`; `bad-range` for lines that the artefact does not have
 */
export async function addRequired(desk: Desk, id: string, { values = [], lines = [] }: RequiredParts): Promise<void> {
  const document = await requireArtefact(desk, id)
  const { files } = planOf(document)
  for (const range of lines) checkLines(id, files, range)
  const required = [...new Set([...(document.required ?? []), ...values])].sort()
  const requiredLines = distinct([...(document.requiredLines ?? []), ...lines])
  await desk.vault.write('artefacts', id, { ...document, required, requiredLines })
}

/** The required lines of one file. */
export function requiredLinesOf({ requiredLines = [] }: ArtefactDocument, path: string): readonly LineRange[] {
  return requiredLines.filter((range) => range.path === path)
}

/** Offsets (UTF-16) of required lines in the file's text, line ends included. */
export function requiredSpans(document: ArtefactDocument, { path, text }: PlanFile): (readonly [number, number])[] {
  const ranges = requiredLinesOf(document, path)
  if (ranges.length === 0) return []
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return ranges.map(({ first, last }) => [starts[first - 1] ?? text.length, starts[last] ?? text.length] as const)
}

function checkLines(id: string, files: readonly PlanFile[], { path, first, last }: RequiredLines): void {
  const file = files.find((each) => each.path === path)
  if (file === undefined)
    throw new DeskError(
      'bad-range',
      `"${id}" has no file ${path}; it has ${files.map((each) => each.path).join(', ')}. Nothing was changed`,
    )
  const count = file.text.split('\n').length
  if (first < 1 || last < first || last > count)
    throw new DeskError('bad-range', `${path} has lines 1 to ${count}, not ${first}-${last}. Nothing was changed`)
}

function distinct(ranges: readonly RequiredLines[]): readonly RequiredLines[] {
  return [...new Map(ranges.map((range) => [JSON.stringify([range.path, range.first, range.last]), range])).values()]
}
