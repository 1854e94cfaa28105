import { markdownTable } from '../../fingerprint/markdown.ts'
import { isLasting, total } from './tally.ts'
import type { Outcomes, SurvivalRow } from './tally.ts'

/** At most this share of what was read may be wrong; the goal is a fifth of it. */
const MOST_WRONG = 0.005
/** Share of what survives a minifier that must be read. */
const LEAST_SURVIVING = 0.9

const POOLS = ['wire', 'structural', 'name', 'idiom', 'doc'] as const

/** What a row breaks of what is asked; empty when it keeps all. */
export function brokenFloors(row: SurvivalRow): string[] {
  const all = total(row.kinds)
  const structural = total(row.kinds, isStructural)
  const broken: string[] = []
  if (all.wrong > MOST_WRONG * (all.right + all.wrong))
    broken.push(`${all.wrong} of ${all.right + all.wrong} read wrong`)
  if (row.unharmed !== undefined && structural.right < row.unharmed.right)
    broken.push(`structure: ${structural.right} of ${row.unharmed.right}`)
  if (row.survivors !== undefined) {
    const left = total(row.survivors)
    if (left.right < LEAST_SURVIVING * left.sites) broken.push(`${shareOf(left)} of what survives`)
  }
  return broken
}

/** A row for each corpus and damage: per pool right, "?" and wrong. */
export function survivalTable(rows: readonly SurvivalRow[]): string {
  return markdownTable(
    ['files of', 'damage', ...POOLS.map((pool) => `${pool}: right, ?, wrong`), 'wrong of read', 'floors'],
    rows.map((row) => [
      `${row.corpus} (${row.files})`,
      row.refused > 0 ? `${row.damage} (${row.refused} refused)` : row.damage,
      ...POOLS.map((pool) => counts(total(row.kinds, (kind) => kind.startsWith(`${pool}/`)))),
      wrongShare(total(row.kinds)),
      brokenFloors(row).join('; ') || 'kept',
    ]),
  )
}

/** What minifiers leave of structure, by kind, all corpora and tools together. */
export function survivorTable(rows: readonly SurvivalRow[]): string {
  const minified = rows.filter((row) => row.survivors !== undefined)
  const kinds = [...new Set(minified.flatMap((row) => Object.keys(row.survivors ?? {})))].sort()
  return markdownTable(
    ['kind', ...minified.map((row) => row.id)],
    [...kinds, 'all'].map((kind) => [
      kind.replace('structural/', ''),
      ...minified.map((row) => {
        const left = kind === 'all' ? total(row.survivors ?? {}) : total(row.survivors ?? {}, (one) => one === kind)
        return left.sites === 0 ? '–' : `${left.right} of ${left.sites}`
      }),
    ]),
  )
}

/** The sum over all corpora: one line for each nature of damage and pool. */
export function summaryTable(rows: readonly SurvivalRow[]): string {
  const natures = [...new Set(rows.map(({ nature }) => nature))]
  return markdownTable(
    ['damage', ...POOLS.map((pool) => `${pool}: read right`), 'lasting structure: read right', 'read wrong'],
    natures.map((nature) => {
      const kinds = sumOf(rows.filter((row) => row.nature === nature))
      return [
        NAMES[nature],
        ...POOLS.map((pool) => shareOf(total(kinds, (kind) => kind.startsWith(`${pool}/`)))),
        shareOf(total(kinds, isLasting)),
        wrongShare(total(kinds)),
      ]
    }),
  )
}

const NAMES: Readonly<Record<SurvivalRow['nature'], string>> = {
  format: 'formatters',
  correct: 'correctors',
  minify: 'minifiers',
  obfuscate: 'obfuscators',
  edit: 'edits (nothing, comments, names, excerpt)',
  shuffle: 'functions shuffled, their order apart',
  merge: 'merged copies',
}

function sumOf(rows: readonly SurvivalRow[]): Record<string, Outcomes> {
  const out: Record<string, Outcomes> = {}
  for (const { kinds } of rows)
    for (const [kind, { right, unsure, wrong }] of Object.entries(kinds)) {
      const sum = (out[kind] ??= { right: 0, unsure: 0, wrong: 0 })
      sum.right += right
      sum.unsure += unsure
      sum.wrong += wrong
    }
  return out
}

function isStructural(kind: string): boolean {
  return kind.startsWith('structural/')
}

function counts({ right, unsure, wrong, sites }: ReturnType<typeof total>): string {
  return sites === 0 ? '–' : `${right}, ${unsure}, ${wrong}`
}

function shareOf({ right, sites }: ReturnType<typeof total>): string {
  return sites === 0 ? '–' : `${((100 * right) / sites).toFixed(1)} %`
}

function wrongShare({ right, wrong }: ReturnType<typeof total>): string {
  return right + wrong === 0 ? '–' : `${((100 * wrong) / (right + wrong)).toFixed(2)} %`
}
