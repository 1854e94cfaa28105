/** What the command line itself refuses; the rooms' own errors carry their own codes. */
export class CommandError extends Error {
  readonly code: 'bad-option' | 'no-passphrase' | 'bad-key-file' | 'no-log'

  constructor(code: CommandError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandError'
    this.code = code
  }
}

/** An error of one of our rooms: it has a code of a closed union and a message made for the user. */
export function isExpected(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    /^[A-Z]\w*Error$/.test(error.name) &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[a-z][a-z-]+$/.test(error.code)
  )
}

/** What an error says, in one line. */
export function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.trimEnd().split('\n', 1)[0] ?? ''
}
