import { informationOf, marksFor } from './theory/code-information.ts'
import type { DecoderName } from './decoders.ts'
import { goalOf } from './goals.ts'
import type { MarksRow } from './marks-needed.ts'
import { markdownTable } from './markdown.ts'

/** Rows of one setting, goal and alpha, by decoder. */
type Group = ReadonlyMap<DecoderName, MarksRow>

/** The marks tables as Markdown: one for each alpha and goal. `asked` adds what was asked of J where something was. */
export function marksTables(rows: readonly MarksRow[], asked: boolean): string {
  const tables: string[] = []
  for (const goal of ['one', 'all'] as const) {
    for (const alpha of [1e-6, 1e-9]) {
      const groups = groupsOf(rows.filter((row) => row.goal === goal && row.alpha === alpha))
      if (groups.length === 0) continue
      const title = `Naming ${goal === 'one' ? 'at least one leaker' : 'every leaker'} at ${text(alpha)}`
      const columns = COLUMNS.filter(({ name }) => asked || name !== ASKED)
      const lines = groups.map((group) => columns.map(({ cell }) => cell(group, group.values().next().value!)))
      tables.push(
        `### ${title}\n\n${markdownTable(
          columns.map(({ name }) => name),
          lines,
        )}`,
      )
    }
  }
  return tables.join('\n\n')
}

interface Column {
  readonly name: string
  readonly cell: (group: Group, row: MarksRow) => string
}

const ASKED = 'asked of J'

const COLUMNS: readonly Column[] = [
  { name: 'code', cell: (_, row) => codeText(row) },
  { name: 'c', cell: (_, row) => String(row.leakers) },
  { name: 'attack', cell: (_, row) => row.attack },
  ...(['J', 'S'] as const).map((name) => ({ name, cell: marksOf(name) })),
  { name: 'sym. Tardos, exact', cell: marksOf('tardos-exact') },
  { name: 'Oosterwijk, exact', cell: marksOf('oosterwijk-exact') },
  { name: 'told all', cell: marksOf('genie') },
  {
    name: 'single / joint / conditional',
    cell: (_, row) => {
      const { single, joint, conditional } = marksFor(informationOf(row), row.recipients, row.alpha)
      return [single, joint, conditional].map(rateText).join(' / ')
    },
  },
  {
    name: 'J at 95 % / joint',
    cell: (group, row) => {
      const marks = group.get('J')?.marks[1] ?? null
      return marks === null ? '' : (marks / marksFor(informationOf(row), row.recipients, row.alpha).joint).toFixed(2)
    },
  },
  { name: ASKED, cell: (_, row) => marksText(goalOf(row)) },
  { name: 'sym. Tardos, Gaussian', cell: peerOf('tardos') },
  { name: 'Oosterwijk, Gaussian', cell: peerOf('oosterwijk') },
]

function groupsOf(rows: readonly MarksRow[]): Group[] {
  const groups = new Map<string, Map<DecoderName, MarksRow>>()
  for (const row of rows) {
    const { code, recipients, leakers, attack, erased, misread, trials } = row
    const key = JSON.stringify({ code, recipients, leakers, attack, erased, misread, trials })
    const group = groups.get(key) ?? new Map<DecoderName, MarksRow>()
    groups.set(key, group.set(row.decoder, row))
  }
  return [...groups.values()]
}

function codeText({ code, recipients, misread }: MarksRow): string {
  const extra = [recipients === 100 ? '' : `N = ${recipients}`, misread === 0 ? '' : `${100 * misread} % misread`]
  return [code, ...extra.filter((each) => each !== '')].join(', ')
}

function marksOf(decoder: DecoderName): Column['cell'] {
  return (group) => marksText(group.get(decoder)?.marks ?? null)
}

function peerOf(decoder: DecoderName): Column['cell'] {
  return (group) => {
    const row = group.get(decoder)
    return row === undefined ? '' : `${marksText(row.marks)} (${text(row.falseAccusation ?? 0)})`
  }
}

function marksText(marks: readonly (number | null)[] | null): string {
  return marks === null ? '' : marks.map((each) => each ?? '-').join('/')
}

function rateText(marks: number): string {
  return Number.isFinite(marks) && marks < 1e5 ? String(Math.round(marks)) : '-'
}

function text(value: number): string {
  return value === 0 ? '0' : value.toExponential(value === 1e-6 || value === 1e-9 ? 0 : 1)
}
