import { MarksError } from '../errors.ts'
import { keepCompatible } from '../nesting.ts'
import type { MarkSite, PlanFile, Span, Variant } from '../site.ts'

const POOLS: ReadonlySet<unknown> = new Set(['wire', 'structural', 'name', 'idiom', 'filler', 'doc', 'sealed'])
const DAMAGES = ['verbatim', 'format', 'minify', 'refactor', 'rewrite'] as const
/** Most sites of one file; the check that they go together takes the square of it. */
const MAX_SITES = 5000

/**
 * Checks one file of a plan that came from outside.
 *
 * @param ids - site ids seen so far; those of this file are added
 * @returns the file itself
 * @throws MarksError `bad-plan`
 */
export function checkPlanFile(value: unknown, ids: Set<string>): PlanFile {
  demand(isRecord(value), 'a file of the plan is no object')
  // Everything read below is checked before it is used; this is the one place where the shape is claimed.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const file = value as unknown as PlanFile
  const where = typeof file.path === 'string' ? file.path : 'a file'
  demand(typeof file.path === 'string' && file.path !== '', 'a file has no path')
  demand(
    typeof file.language === 'string' && typeof file.text === 'string',
    `${where}: "language" and "text" must be texts`,
  )
  demand(
    Array.isArray(file.sites) && file.sites.length <= MAX_SITES,
    `${where}: "sites" must be a list of at most ${MAX_SITES}`,
  )
  for (const site of file.sites) {
    checkSite(site, file, where)
    demand(!ids.has(site.id), `${site.id} is in the plan twice`)
    ids.add(site.id)
  }
  demand(keepCompatible(file.sites).length === file.sites.length, `${where}: two sites do not go together`)
  return file
}

function checkSite(site: MarkSite, file: PlanFile, where: string): void {
  demand(isRecord(site) && typeof site.id === 'string' && site.id !== '', `${where}: a site has no id`)
  const bad = (what: string): string => `${site.id}: ${what}`
  demand(site.file === file.path, bad('"file" is not the path of its file'))
  demand(typeof site.kind === 'string' && POOLS.has(site.pool), bad('unknown kind or pool'))
  demand(isSpan(site.span, file.text.length), bad('"span" leaves the text'))
  demand(Number.isSafeInteger(site.line) && site.line >= 1, bad('"line" must be a number from 1'))
  demand(isRecord(site.anchor) && isRecord(site.survival), bad('"anchor" and "survival" must be objects'))
  demand(
    DAMAGES.every((damage) => isShare(site.survival[damage])),
    bad('"survival" must give a share from 0 to 1 for each damage'),
  )
  const parts = site.parts ?? []
  demand(Array.isArray(parts) && parts.every((part) => isSpan(part, file.text.length)), bad('"parts" must be spans'))
  demand(ascending(parts), bad('"parts" overlap or are out of order'))
  demand(
    parts.every((part) => part.end > part.start),
    bad('"parts" must not be empty'),
  )
  demand(
    Array.isArray(site.variants) && site.variants.length >= 2 && site.variants.length <= 256,
    bad('needs 2 to 256 variants'),
  )
  for (const [at, variant] of site.variants.entries()) checkVariant(variant, at, parts.length, file.text.length, bad)
}

function checkVariant(
  variant: Variant,
  at: number,
  parts: number,
  length: number,
  bad: (what: string) => string,
): void {
  demand(isRecord(variant) && typeof variant.shown === 'string', bad(`variant ${at} has no "shown"`))
  const { order, edits } = variant
  if (order !== undefined) {
    const permutation = Array.isArray(order) && order.length === parts && new Set(order).size === parts
    demand(
      permutation && order.every((part) => Number.isSafeInteger(part) && part >= 0 && part < parts),
      bad(`variant ${at}: bad order`),
    )
  }
  if (edits !== undefined) {
    const wellFormed =
      Array.isArray(edits) &&
      edits.every((edit) => isRecord(edit) && typeof edit['text'] === 'string' && isSpan(edit['span'], length))
    demand(wellFormed, bad(`variant ${at}: bad edits`))
    demand(
      ascending([...edits].map((edit) => edit.span).sort((a, b) => a.start - b.start)),
      bad(`variant ${at}: edits overlap`),
    )
  }
  const original = (order ?? []).every((part, slot) => part === slot) && (edits ?? []).length === 0
  demand(at !== 0 || original, bad('variant 0 must be the original'))
}

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new MarksError('bad-plan', what)
}

/** True for plain objects, whatever is in them. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}

function isSpan(value: unknown, length: number): boolean {
  if (!isRecord(value)) return false
  const { start, end } = value
  return isOffset(start, length) && isOffset(end, length) && start <= end
}

function isOffset(value: unknown, length: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= length
}

function ascending(spans: readonly Span[]): boolean {
  return spans.every((span, at) => at === 0 || span.start >= spans[at - 1]!.end)
}
