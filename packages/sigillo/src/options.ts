import { CommandError } from './errors.ts'

/** A probability in (0, 0.05]. @throws CommandError `bad-option` */
export function alphaOption(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 0.05))
    throw new CommandError(
      'bad-option',
      `--alpha "${text}" must be a probability above 0 and at most 0.05, such as 1e-6`,
    )
  return value
}

/** A TCP port, 0 for any free one. @throws CommandError `bad-option` */
export function portOption(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new CommandError('bad-option', `--port "${text}" must be a number from 0 to 65535`)
  return value
}

/** A whole number from 1 to `most`. @throws CommandError `bad-option` naming the option */
export function wholeOption(name: string, text: string, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new CommandError('bad-option', `${name} "${text}" must be a whole number from 1 to ${most}`)
  return value
}

/** Lines of a file: `path:40-52`, or `path:40`. @throws CommandError `bad-option` */
export function linesOption(text: string): { path: string; first: number; last: number } {
  const [, path = '', first = '', last = first] = /^(.+):(\d{1,7})(?:-(\d{1,7}))?$/.exec(text) ?? []
  if (path === '')
    throw new CommandError(
      'bad-option',
      `--required-lines "${text}" must be a file and its lines, such as poc.py:40-52`,
    )
  return { path, first: Number(first), last: Number(last) }
}
