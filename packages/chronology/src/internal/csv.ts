import { ChronologyError } from '../errors.ts'

/** A row of a CSV file and the line on which it begins, counted from 1. */
export interface CsvRow {
  readonly line: number
  readonly cells: readonly string[]
}

const FORMULA = /^'*[=+\-@\t\r]/
const SHIELDED = /^'+[=+\-@\t\r]/

/**
 * Reads RFC 4180 text: quoted cells may hold commas, quotes and line ends. Empty lines are skipped.
 * @throws ChronologyError `bad-event` for a quote inside an unquoted cell, text after a closing quote or a quote that never closes
 */
export function parseCsv(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = []
  let line = 1
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    const begins = line
    const cells: string[] = []
    let more = true
    while (more) {
      const cell = text[at] === '"' ? quotedCell(text, at, line) : bareCell(text, at, line)
      cells.push(cell.value)
      line += cell.lines
      at = cell.end
      more = text[at] === ','
      if (more) at += 1
    }
    at += text.startsWith('\r\n', at) ? 2 : 1
    line += 1
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: begins, cells: cells.map(unshielded) })
  }
  return rows
}

interface Cell {
  readonly value: string
  readonly end: number
  readonly lines: number
}

function bareCell(text: string, from: number, line: number): Cell {
  const end = firstOf(text, /[,\r\n]/g, from)
  const value = text.slice(from, end)
  if (value.includes('"')) throw bad(line, 'a quote inside a cell that does not begin with one')
  return { value, end, lines: 0 }
}

function quotedCell(text: string, from: number, line: number): Cell {
  let end = from + 1
  for (;;) {
    end = text.indexOf('"', end)
    if (end < 0) throw bad(line, 'a quoted cell that never ends')
    if (text[end + 1] !== '"') break
    end += 2
  }
  const next = text[end + 1]
  if (next !== undefined && !',\r\n'.includes(next)) throw bad(line, 'text after a closing quote')
  const value = text.slice(from + 1, end).replaceAll('""', '"')
  return { value, end: end + 1, lines: value.split('\n').length - 1 }
}

function firstOf(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? text.length
}

/** Writes rows as RFC 4180 text. A cell that a spreadsheet would run as a formula is shielded by an apostrophe, which parseCsv takes off again. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

function quoted(cell: string): string {
  const shielded = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(shielded) || shielded === '' ? `"${shielded.replaceAll('"', '""')}"` : shielded
}

function unshielded(cell: string): string {
  return SHIELDED.test(cell) ? cell.slice(1) : cell
}

function bad(line: number, what: string): ChronologyError {
  return new ChronologyError('bad-event', `line ${line}: ${what}; expected comma-separated values (RFC 4180)`)
}
