import { informationOf, marksFor } from './theory/code-information.ts'
import type { DecoderName } from './decoders.ts'
import { goalOf } from './goals.ts'
import type { MarksRow } from './marks-needed.ts'
import { markdownTable } from './markdown.ts'

/** Rows of one setting, goal and alpha, by decoder. */
type Group = ReadonlyMap<DecoderName, MarksRow>

/** The marks tables as Markdown: one for each alpha and goal. */
export function marksTables(rows: readonly MarksRow[]): string {
  const tables: string[] = []
  for (const goal of ['one', 'all'] as const) {
    for (const alpha of [1e-6, 1e-9]) {
      const groups = groupsOf(rows.filter((row) => row.goal === goal && row.alpha === alpha))
      if (groups.length === 0) continue
      const title = `Naming ${goal === 'one' ? 'at least one leaker' : 'every leaker'} at ${text(alpha)}`
      tables.push(`### ${title}\n\n${markdownTable(HEAD, groups.map(line))}`)
    }
  }
  return tables.join('\n\n')
}

const HEAD = [
  'code',
  'c',
  'attack',
  'trace',
  'J',
  'S',
  'told all',
  'rate: single / joint / conditional',
  'J at 95 % over joint rate',
  'asked of J',
  'sym. Tardos, exact',
  'Oosterwijk, exact',
  'sym. Tardos, Gaussian (accuses an innocent)',
  'Oosterwijk, Gaussian (accuses an innocent)',
]

function line(group: Group): string[] {
  const row = group.values().next().value!
  const rates = marksFor(informationOf(row), row.recipients, row.alpha)
  const joint = group.get('J')?.marks[1]
  const goal = goalOf(row)
  return [
    codeText(row),
    String(row.leakers),
    row.attack,
    ...(['trace', 'J', 'S', 'genie'] as const).map((name) => marksText(group.get(name)?.marks)),
    [rates.single, rates.joint, rates.conditional].map(rateText).join(' / '),
    typeof joint === 'number' ? (joint / rates.joint).toFixed(2) : '',
    goal === null ? '' : marksText(goal),
    marksText(group.get('tardos-exact')?.marks),
    marksText(group.get('oosterwijk-exact')?.marks),
    peerText(group.get('tardos')),
    peerText(group.get('oosterwijk')),
  ]
}

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

function marksText(marks: readonly (number | null)[] | undefined): string {
  return marks === undefined ? '' : marks.map((each) => each ?? '-').join('/')
}

function peerText(row: MarksRow | undefined): string {
  if (row === undefined) return ''
  return `${marksText(row.marks)} (${text(row.falseAccusation ?? 0)})`
}

function rateText(marks: number): string {
  return Number.isFinite(marks) && marks < 1e5 ? String(Math.round(marks)) : '-'
}

function text(value: number): string {
  return value === 0 ? '0' : value.toExponential(value === 1e-6 || value === 1e-9 ? 0 : 1)
}
