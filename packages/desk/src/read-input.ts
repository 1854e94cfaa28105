import { readFile, stat } from 'node:fs/promises'
import { DeskError } from './errors.ts'

const LIMIT = 64 * 1024 * 1024

/**
 * The bytes of a file that a user named.
 * @param what what the file should be, for the message ("the chronology")
 * @throws DeskError `missing-file`, `is-a-directory`, `too-large` (64 MiB)
 */
export async function readInput(path: string, what: string): Promise<Uint8Array> {
  const info = await stat(path).catch(() => null)
  if (info === null) throw new DeskError('missing-file', `${what}: there is no file ${path}`)
  if (info.isDirectory()) throw new DeskError('is-a-directory', `${what}: ${path} is a folder, a file is wanted`)
  if (info.size > LIMIT) throw new DeskError('too-large', `${what}: ${path} is larger than 64 MiB`)
  try {
    return await readFile(path)
  } catch (cause) {
    throw new DeskError(
      'missing-file',
      `${what}: ${path} cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    )
  }
}

/**
 * The text of a file that a user named, UTF-8 without a byte order mark.
 * @throws DeskError as `readInput`, and `not-text` for binary content
 */
export async function readTextInput(path: string, what: string): Promise<string> {
  return decodeText(await readInput(path, what), path, what)
}

/** The JSON of a file that a user named. @throws DeskError as `readTextInput`, and `bad-json` */
export async function readJsonInput(path: string, what: string): Promise<unknown> {
  const text = await readTextInput(path, what)
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new DeskError(
      'bad-json',
      `${what}: ${path} is not JSON (${cause instanceof Error ? cause.message : String(cause)})`,
      { cause },
    )
  }
}

/** Strict UTF-8. @throws DeskError `not-text` for invalid UTF-8 or NUL bytes */
export function decodeText(bytes: Uint8Array, path: string, what: string): string {
  const text = tryDecode(bytes)
  if (text === null) throw new DeskError('not-text', `${what}: ${path} is binary, a text file (UTF-8) is wanted`)
  return text
}

/** The text, or null when the bytes are not UTF-8 text. */
export function tryDecode(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
