import type { MarksRow } from './marks-needed.ts'
import { readResults } from './runner/results.ts'
import type { Code } from './scene.ts'

// Prints the points that the planner is tested against (packages/fingerprint/src/internal/naming-chance.test.ts) from the kept marks: `bench:fingerprint -- --full --only marks` first.

const rows = (readResults('marks') as MarksRow[]).filter(
  ({ decoder, alpha, attack, recipients }) =>
    decoder === 'J' && alpha === 1e-6 && attack === 'interleave' && recipients === 100,
)

function find(code: Code, leakers: number, misread: number, goal: MarksRow['goal']): MarksRow | undefined {
  return rows.find(
    (row) => row.code === code && row.leakers === leakers && row.misread === misread && row.goal === goal,
  )
}

/** Marks for 50 and 95 % against 1, 2, .. leakers, as far as they were measured. */
function curves(code: Code): string {
  const pairs = [1, 2, 3, 4, 5].map((leakers) => find(code, leakers, 0, 'one')?.marks.slice(0, 2))
  return pairs.flatMap((pair) => (pair === undefined ? [] : `[${pair.join(', ')}]`)).join(', ')
}

for (const code of ['HALF', 'GL6', 'GL8', 'q4', 'q8', 'q16', 'q64'] satisfies Code[]) {
  process.stdout.write(`${code}: ${curves(code)}\n`)
}

const misread = (['GL6', 'q16'] satisfies Code[]).flatMap((code) =>
  [1, 2, 3].map((leakers) => ratio(find(code, leakers, 0.02, 'one'), find(code, leakers, 0, 'one'), 0)),
)
process.stdout.write(`2 % misread, times as many marks for 50 %: ${misread.join(', ')}\n`)

for (const leakers of [2, 3, 4]) {
  const all = find('GL6', leakers, 0, 'all')
  const one = find('GL6', leakers, 0, 'one')
  process.stdout.write(
    `naming all ${leakers}, times as many for 50 and 95 %: ${ratio(all, one, 0)}, ${ratio(all, one, 1)}\n`,
  )
}

function ratio(high: MarksRow | undefined, low: MarksRow | undefined, quantile: 0 | 1): string {
  const [a, b] = [high?.marks[quantile], low?.marks[quantile]]
  return typeof a === 'number' && typeof b === 'number' ? (a / b).toFixed(2) : '-'
}
