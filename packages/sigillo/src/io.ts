import type { Readable, Writable } from 'node:stream'

/** The world of one run of the command, handed in so that tests can run it in process. */
export interface Io {
  readonly stdout: Writable
  readonly stderr: Writable
  readonly stdin: Readable
  readonly env: Readonly<Record<string, string | undefined>>
  /** True when a person watches: progress is drawn and passphrases may be asked for. */
  readonly interactive: boolean
  readonly now: () => Date
  readonly random: (length: number) => Uint8Array
  /** `seeded` in the replay: keys drawn then prove nothing to anyone, and every record made says so. */
  readonly randomness: 'system' | 'seeded'
}

/** Writes a result: the JSON document with `--json`, else the lines. */
export function emit(io: Io, json: boolean | undefined, value: unknown, lines: readonly string[]): void {
  io.stdout.write(
    json === true ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${printable(line)}\n`).join(''),
  )
}

/** Text from files and servers, made safe for a terminal: control and bidirectional characters become visible escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200e}\u{200f}]/gu, (character) =>
    character === '\t' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** One line of progress on a terminal, redrawn in place; silent in a pipe. */
export function progressOn(io: Io): { readonly say: (line: string) => void; readonly done: () => void } {
  if (!io.interactive) return { say: () => undefined, done: () => undefined }
  return {
    say: (line) => {
      io.stderr.write(`\r\u{1b}[2K${printable(line).slice(0, 110)}`)
    },
    done: () => {
      io.stderr.write('\r\u{1b}[2K')
    },
  }
}
