import { renderFile } from './render.ts'
import type { MarkSite, PlanFile } from './site.ts'

/** Unchanged lines shown on either side of a change. */
const CONTEXT = 1
/** Lines of a changed stretch that are compared one by one; longer ones are shown as taken out and put in. */
const MAX_STRETCH = 400

/**
 * What one variant of a site changes, as a unified diff of the file (`---`, `+++`, `@@`, one line of context).
 *
 * @returns an empty text for variant 0
 */
export function variantDiff(file: PlanFile, site: MarkSite, variant: number): string {
  const changed = renderFile(file, (id) => (id === site.id ? variant : 0))
  const hunks = hunksOf(edits(file.text.split('\n'), changed.split('\n')))
  return hunks.length === 0 ? '' : [`--- ${file.path}`, `+++ ${site.id} = ${variant}`, ...hunks].join('\n')
}

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** Both texts as one list of lines kept, taken out and put in. */
function edits(before: readonly string[], after: readonly string[]): Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail))
    tail++
  return [
    ...signed(' ', before.slice(0, head)),
    ...stretch(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...signed(' ', before.slice(before.length - tail)),
  ]
}

function signed(sign: Line['sign'], lines: readonly string[]): Line[] {
  return lines.map((text) => ({ sign, text }))
}

/** Keeps the longest common subsequence. */
function stretch(before: readonly string[], after: readonly string[]): Line[] {
  if (before.length > MAX_STRETCH || after.length > MAX_STRETCH) return [...signed('-', before), ...signed('+', after)]
  const common = commonLengths(before, after)
  const lines: Line[] = []
  let [i, j] = [0, 0]
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i++]! })
      j++
    } else if (common(i + 1, j) >= common(i, j + 1)) lines.push({ sign: '-', text: before[i++]! })
    else lines.push({ sign: '+', text: after[j++]! })
  }
  return [...lines, ...signed('-', before.slice(i)), ...signed('+', after.slice(j))]
}

/** Length of the longest common subsequence of what follows `i` and `j`, by the textbook table. */
function commonLengths(before: readonly string[], after: readonly string[]): (i: number, j: number) => number {
  const width = after.length + 1
  const table = new Uint16Array((before.length + 1) * width)
  const at = (i: number, j: number): number => table[i * width + j]!
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      table[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  return at
}

function hunksOf(lines: readonly Line[]): string[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  )
  const out: string[] = []
  let [before, after] = [1, 1]
  for (let at = 0; at < lines.length; ) {
    if (!near[at]) {
      before++
      after++
      at++
      continue
    }
    let end = at
    while (end < lines.length && near[end]) end++
    const hunk = lines.slice(at, end)
    const taken = hunk.filter(({ sign }) => sign !== '+').length
    const put = hunk.filter(({ sign }) => sign !== '-').length
    out.push(`@@ -${before},${taken} +${after},${put} @@`, ...hunk.map(({ sign, text }) => sign + text))
    before += taken
    after += put
    at = end
  }
  return out
}
