/** A text put into a shape that the grammar follows, and the way back from its offsets. */
export interface Loosened {
  readonly shown: string
  /** Where an offset of `shown` stands in the text itself. */
  readonly place: (offset: number) => number
}

interface Change {
  readonly at: number
  /** Characters of the text that are shown as spaces. */
  readonly blank: number
  readonly insert: string
}

/** An item of a `case` as minifiers write it, without a space before its command. */
const TIGHT_ITEM = /(?:^[ \t]*|\bin[ \t]+|;;[ \t]*)[^\s()'"`$#]+\)(?=[^\s;)])/gm
/** A heredoc whose delimiter is followed at once by more of the line. */
const TIGHT_HEREDOC = /(?<![<$(])<<-?[ \t]*\\?([A-Za-z_]\w*)(?=[)|&;])/

/** True when a heredoc's delimiter has no space behind it: then the grammar takes what follows for a part of it. */
export function hasTightHeredoc(text: string): boolean {
  return text.split('\n').some((line) => TIGHT_HEREDOC.test(line))
}

/**
 * A script as minifiers write it, with the spaces that the grammar needs: `pattern) command`, `<<EOF || command`. A bracket behind a heredoc's
 * delimiter is shown where the grammar looks for it, behind the heredoc. Null when there is nothing to change.
 */
export function loosen(text: string): Loosened | null {
  const items = [...text.matchAll(TIGHT_ITEM)].map(({ index, 0: { length } }) => ({
    at: index + length,
    blank: 0,
    insert: ' ',
  }))
  const changes: Change[] = [...items, ...heredocChanges(text)].sort((a, b) => a.at - b.at)
  if (changes.length === 0) return null
  let shown = ''
  let at = 0
  for (const change of changes) {
    shown += text.slice(at, change.at) + change.insert + ' '.repeat(change.blank)
    at = change.at + change.blank
  }
  return { shown: shown + text.slice(at), place: placesBefore(changes) }
}

function heredocChanges(text: string): Change[] {
  const lines = text.split('\n')
  const starts = startsOf(lines)
  const out: Change[] = []
  for (let at = 0; at < lines.length; at++) {
    const found = TIGHT_HEREDOC.exec(lines[at]!)
    if (!found) continue
    const end = lines.findIndex((line, index) => index > at && line.replace(/^\t+/, '') === found[1])
    if (end < 0) continue
    const behind = starts[at]! + found.index + found[0].length
    const closes = lines[at]!.slice(found.index + found[0].length) === ')'
    if (!closes) out.push({ at: behind, blank: 0, insert: ' ' })
    else if (end + 1 < lines.length)
      out.push({ at: behind, blank: 1, insert: '' }, { at: starts[end + 1]!, blank: 0, insert: ')\n' })
    at = end
  }
  return out
}

function startsOf(lines: readonly string[]): number[] {
  const out: number[] = []
  let at = 0
  for (const line of lines) {
    out.push(at)
    at += line.length + 1
  }
  return out
}

function placesBefore(changes: readonly Change[]): (offset: number) => number {
  let shift = 0
  const stretches = changes.map(({ at, insert }) => {
    const from = at + shift
    shift += insert.length
    return { from, to: at + shift, at, shift }
  })
  return (offset) => {
    let low = 0
    let high = stretches.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (stretches[middle]!.from < offset) low = middle + 1
      else high = middle
    }
    const last = stretches[low - 1]
    if (!last) return offset
    return offset < last.to ? last.at : offset - last.shift
  }
}
