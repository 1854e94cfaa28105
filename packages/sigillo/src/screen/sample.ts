/** One thing to screen, or the reason why it could not be read. */
export type Input = RawSample | RefusedInput

export interface RawSample {
  /** Where it was found: a path, `archive!member`, or what the feed calls it. */
  readonly id: string
  readonly bytes: Uint8Array
  /** Name with extension, when one is known: a hint at the language. */
  readonly name?: string
  /** A file on disk that `sigillo trace` can read as it is. */
  readonly path?: string
  readonly message?: FeedMessage
}

export interface RefusedInput {
  readonly id: string
  /** One line. */
  readonly refused: string
  readonly message?: FeedMessage
}

/** The message of a feed that a sample came in. Two lines with the same `stream`, `seq` and sample are about one thing. */
export interface FeedMessage {
  readonly stream: string
  readonly seq: number
  /** The server's count of how often it gave the message out: above 1 when nobody is known to have finished it before. */
  readonly delivery: number
}

/** How much is read of what strangers send. */
export interface InputLimits {
  /** Bytes of one file, packed or not. */
  readonly fileBytes: number
  /** Members of an archive, and of the archives in it. */
  readonly members: number
  /** Bytes that an archive may unpack to, archives in it included. */
  readonly unpackedBytes: number
  /** Unpacked bytes per packed byte; asked of what unpacks to more than `ratioFrom`. */
  readonly ratio: number
  readonly ratioFrom: number
  /** Archives in archives. */
  readonly depth: number
  /** Characters of one line of a feed. */
  readonly lineLength: number
}

const MIB = 1 << 20

/** 64 MiB a file; 10,000 members, 256 MiB, 200 to 1, three deep for an archive; 32 MiB a line. */
export const INPUT_LIMITS: InputLimits = {
  fileBytes: 64 * MIB,
  members: 10_000,
  unpackedBytes: 256 * MIB,
  ratio: 200,
  ratioFrom: 4 * MIB,
  depth: 3,
  lineLength: 32 * MIB,
}
