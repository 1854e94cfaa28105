/** Why the database room refused. */
export type DbErrorCode =
  /** Another process (or this one) already holds the data folder. */
  | 'locked'
  /** The data folder cannot be used: not a folder, not writable, or its path is too long. */
  | 'bad-data-dir'
  /** The engine did not start, or stopped while it was in use. */
  | 'engine-failed'
  /** The PostgreSQL server does not answer or refuses the login. */
  | 'unreachable'
  /** The PostgreSQL server is older than the floor this code is tested on. */
  | 'server-too-old'
  /** A migration failed, or the database was migrated by a newer version of this software. */
  | 'migration-failed'

/** The one error class of this room. `message` is one line: what, where, and what to do. */
export class DbError extends Error {
  readonly code: DbErrorCode

  constructor(code: DbErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DbError'
    this.code = code
  }
}
