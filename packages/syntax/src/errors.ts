/** The one error this room throws; `message` is one line that says what, where and what to do. */
export class SyntaxRoomError extends Error {
  readonly code: 'too-large' | 'too-slow'
  constructor(code: 'too-large' | 'too-slow', message: string) {
    super(message)
    this.name = 'SyntaxRoomError'
    this.code = code
  }
}
