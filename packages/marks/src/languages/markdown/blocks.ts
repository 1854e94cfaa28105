import type { Span } from '../../site.ts'

/** A paragraph of running text; headings, tables, quotations, code and HTML are no blocks. */
export interface Block {
  readonly span: Span
}

/** An item of an unordered list: from its first character after the marker to the end of everything that belongs to it. */
export interface Item {
  readonly span: Span
  /** The item's own first paragraph. */
  readonly lead: Span
  readonly indent: number
}

/** Items that stand at one depth with one marker, and the line of text above the first. */
export interface List {
  readonly items: readonly Item[]
  readonly intro: string
}

/** Paragraphs and unordered lists of a Markdown text. */
export interface Outline {
  readonly blocks: readonly Block[]
  readonly lists: readonly List[]
}

interface Line {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly indent: number
  readonly kind: 'blank' | 'text' | 'item' | 'number' | 'other'
  readonly marker: string
  /** Offset of the content behind a list marker. */
  readonly content: number
}

/** Cuts a Markdown text by lines; conservative: what it is unsure of is neither block nor list. */
export function outlineOf(text: string): Outline {
  const lines = linesOf(text)
  return { blocks: blocksOf(lines), lists: listsOf(lines) }
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = []
  let fence = ''
  let start = 0
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const opened = /^\s*(?:[-*+]\s+)?(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
    const inFence = fence !== ''
    if (inFence && opened.startsWith(fence)) fence = ''
    else if (!inFence && opened !== '') fence = opened
    lines.push(lineOf(line, start, inFence || opened !== ''))
    start += raw.length + 1
  }
  return lines
}

const OTHER = /^\s*(?:[#>|<]|={3,}\s*$|-{3,}\s*$|\*{3,}\s*$|\[[^\]]+\]:)|\s\|\s/

function lineOf(text: string, start: number, code: boolean): Line {
  const indent = text.length - text.trimStart().length
  const base = { start, end: start + text.trimEnd().length, text, indent, marker: '', content: start + indent }
  if (text.trim() === '') return { ...base, kind: 'blank' }
  if (code || OTHER.test(text)) return { ...base, kind: 'other' }
  const item = /^\s*([-*+])( {1,4})(?=\S)/.exec(text)
  if (item !== null) return { ...base, kind: 'item', marker: item[1] ?? '', content: start + item[0].length }
  if (/^\s*\d+[.)]\s/.test(text))
    return { ...base, kind: 'number', content: start + (/^\s*\d+[.)]\s+/.exec(text)?.[0].length ?? 0) }
  return { ...base, kind: 'text' }
}

function blocksOf(lines: readonly Line[]): readonly Block[] {
  const blocks: { span: Span }[] = []
  let before: Line['kind'] = 'blank'
  for (const line of lines) {
    const open = before === 'text' || before === 'item' || before === 'number' ? blocks[blocks.length - 1] : undefined
    before = line.kind
    if (line.kind === 'blank' || line.kind === 'other') continue
    if (line.kind === 'text' && open !== undefined) open.span = { start: open.span.start, end: line.end }
    else if (line.kind !== 'text' || line.indent < INDENTED_CODE)
      blocks.push({ span: { start: line.content, end: line.end } })
    else before = 'other'
  }
  return blocks
}

const INDENTED_CODE = 4

function listsOf(lines: readonly Line[]): readonly List[] {
  const lists: List[] = []
  const taken = new Set<number>()
  for (const [i, line] of lines.entries()) {
    if (line.kind !== 'item' || taken.has(i)) continue
    const items: Item[] = []
    let at = i
    while (lines[at]?.kind === 'item' && lines[at]?.indent === line.indent && lines[at]?.marker === line.marker) {
      const next = endOfItem(lines, at)
      taken.add(at)
      items.push(itemOf(lines, at, next))
      at = next
      while (lines[at]?.kind === 'blank') at += 1
    }
    lists.push({ items, intro: introOf(lines, i) })
  }
  return lists
}

/** Index of the first line that no longer belongs to the item. */
function endOfItem(lines: readonly Line[], from: number): number {
  const own = lines[from]
  if (own === undefined) return from + 1
  let at = from + 1
  let afterBlank = false
  for (; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined) break
    if (line.kind === 'blank') {
      afterBlank = true
      continue
    }
    const inside = line.indent > own.indent
    if (!inside && (afterBlank || line.kind !== 'text')) break
  }
  return at
}

function itemOf(lines: readonly Line[], from: number, next: number): Item {
  const own = lines.slice(from, next)
  const first = own[0]
  const last = own.findLast((line) => line.kind !== 'blank')
  const leadEnd = own.findIndex((line, k) => k > 0 && line.kind !== 'text')
  const leadLast = own[(leadEnd < 0 ? own.length : leadEnd) - 1] ?? first
  const start = first?.content ?? 0
  return {
    span: { start, end: last?.end ?? start },
    lead: { start, end: leadLast?.end ?? start },
    indent: first?.indent ?? 0,
  }
}

/** The paragraph or heading above a list, as one string. */
function introOf(lines: readonly Line[], at: number): string {
  let k = at - 1
  while (lines[k]?.kind === 'blank') k -= 1
  const last = k
  while (k > 0 && lines[k - 1]?.kind === 'text') k -= 1
  return lines
    .slice(k, last + 1)
    .map((line) => line.text)
    .join(' ')
}
