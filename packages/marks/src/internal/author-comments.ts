import type { Language } from '../language.ts'

/** A comment to this program that stood at the end of a line. */
export interface AuthorComment {
  /** What follows its word, untrimmed. */
  readonly rest: string
  /** From 1, in the source. */
  readonly line: number
  /** Of the line in the text without such comments. */
  readonly span: { readonly start: number; readonly end: number }
}

const COMMENTS: readonly { readonly open: string; readonly close: string }[] = [
  { open: '#', close: '' },
  { open: '//', close: '' },
  { open: '<!--', close: '-->' },
]

/**
 * Takes comments that begin with a word out of a source, with the space before them. Lines stay what they are, so their numbers hold.
 *
 * @param word - such as `sigillo:mark`
 * @param language - null for a file in no known language: all comment styles are tried
 */
export async function takeComments(
  source: string,
  word: string,
  language: Language | null,
): Promise<{ text: string; comments: AuthorComment[] }> {
  if (!source.includes(word)) return { text: source, comments: [] }
  const isComment = await commentFilter(source, language)
  const pattern = commentPattern(word, language)
  const out: string[] = []
  const comments: AuthorComment[] = []
  let written = 0
  let offset = 0
  for (const [index, whole] of source.split('\n').entries()) {
    const ending = whole.endsWith('\r') ? '\r' : ''
    const line = ending ? whole.slice(0, -1) : whole
    const found = pattern.exec(line)
    const code = found && isComment(offset + found.index + leading(found[0])) ? line.slice(0, found.index) : line
    if (found && code !== line)
      comments.push({
        rest: found[1] ?? found[2] ?? found[3] ?? '',
        line: index + 1,
        span: { start: written, end: written + code.length },
      })
    out.push(code + ending)
    written += code.length + ending.length + 1
    offset += whole.length + 1
  }
  return { text: out.join('\n'), comments }
}

/** Says whether a comment starts at an offset, by grammar where there is one. */
async function commentFilter(source: string, language: Language | null): Promise<(offset: number) => boolean> {
  if (!language?.literals) return () => true
  const { comments } = await language.literals(source)
  const starts = new Set(comments.map((comment) => comment.start))
  return (offset) => starts.has(offset)
}

function leading(match: string): number {
  return match.length - match.trimStart().length
}

/** Matches the comment at the end of a line with the space before it; one group per comment style. */
function commentPattern(word: string, language: Language | null): RegExp {
  const styles = language ? [language.comment] : COMMENTS
  const alternatives = styles.map(
    ({ open, close }) => `${escape(open)}[ \\t]*${word}\\b(.*?)${close ? escape(close) : ''}`,
  )
  return new RegExp(`[ \\t]*(?:${alternatives.join('|')})[ \\t]*$`)
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
