import { MarksError } from './errors.ts'
import { type AuthorComment, takeComments } from './internal/author-comments.ts'
import type { Language } from './language.ts'

/** Lines of a file, from 1, both ends included. */
export interface LineRange {
  readonly first: number
  readonly last: number
}

/**
 * Takes the author's comments about essential parts out of a source: `sigillo:required` at the end of one line, or `sigillo:required begin`
 * and `sigillo:required end` around several. Line numbers stay.
 *
 * @param language - null for a file in no known language
 * @returns the text without these comments, and the lines that any tool for this flaw must have
 * @throws MarksError `bad-declaration` with file and line when begin and end do not go together or another word is there
 */
export async function takeRequiredLines(
  path: string,
  source: string,
  language: Language | null,
): Promise<{ text: string; required: readonly LineRange[] }> {
  const { text, comments } = await takeComments(source, 'sigillo:required', language)
  const required: LineRange[] = []
  let open: AuthorComment | null = null
  for (const comment of comments) {
    const word = comment.rest.trim()
    if (word === 'end') {
      if (open === null) throw bad(path, comment, '"end" without "begin"')
      required.push({ first: open.line, last: comment.line })
      open = null
    } else if (word !== 'begin' && word !== '') {
      throw bad(path, comment, `${JSON.stringify(word)} is neither "begin" nor "end" nor nothing`)
    } else if (open !== null) throw bad(path, comment, `the part that begins in line ${open.line} has not ended`)
    else if (word === 'begin') open = comment
    else required.push({ first: comment.line, last: comment.line })
  }
  if (open !== null) throw bad(path, open, '"begin" without "end"')
  return { text, required }
}

function bad(path: string, { line }: AuthorComment, what: string): MarksError {
  return new MarksError('bad-declaration', `${path}:${line}: sigillo:required: ${what}`)
}
