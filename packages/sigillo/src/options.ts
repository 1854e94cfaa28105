import { noteVerifier } from '@sigillo/seal/ed25519'
import { SealError } from '@sigillo/seal/errors'
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

/** The verifier key of a log. @throws CommandError `bad-option` */
export function logKeyOption(text: string): string {
  const key = text.trim()
  try {
    noteVerifier(key)
    return key
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new CommandError(
      'bad-option',
      `--log-key "${key}" must be a key as the hub printed it, such as vendor.example/log+0f4a8a2f+ATU…: ${cause.message}`,
      { cause },
    )
  }
}
