/** Growing columns of tokens. One arena is used again for every file of a stream, so that screening allocates nothing per token. */
export interface TokenArena {
  count: number
  /** One of `Kind`. */
  kind: Uint8Array
  /** Bytes `start..end` of the file. */
  start: Uint32Array
  end: Uint32Array
  /** Hash of the content: a string and a name with the same text hash alike; numbers hash by value. */
  hash: Int32Array
  /** For strings and regular expressions: where their decoded content lies in `text`. */
  textStart: Uint32Array
  textEnd: Uint32Array
  text: Uint8Array
  textLength: number
}

/** Kinds of tokens. `member` is a name that renaming local variables does not change. */
export const Kind = { word: 1, keyword: 2, member: 3, string: 4, number: 5, punctuation: 6, regex: 7 } as const

export function newTokenArena(): TokenArena {
  return {
    count: 0,
    kind: new Uint8Array(4096),
    start: new Uint32Array(4096),
    end: new Uint32Array(4096),
    hash: new Int32Array(4096),
    textStart: new Uint32Array(4096),
    textEnd: new Uint32Array(4096),
    text: new Uint8Array(16384),
    textLength: 0,
  }
}

export function clearArena(arena: TokenArena): void {
  arena.count = 0
  arena.textLength = 0
}

export function addToken(arena: TokenArena, kind: number, start: number, end: number, hash: number): void {
  const at = arena.count
  if (at === arena.kind.length) growTokens(arena)
  arena.kind[at] = kind
  arena.start[at] = start
  arena.end[at] = end
  arena.hash[at] = hash
  arena.textStart[at] = arena.textLength
  arena.textEnd[at] = arena.textLength
  arena.count = at + 1
}

/** Makes room for `more` bytes of decoded text. */
export function reserveText(arena: TokenArena, more: number): void {
  if (arena.textLength + more <= arena.text.length) return
  const text = new Uint8Array(Math.max(2 * arena.text.length, arena.textLength + more))
  text.set(arena.text.subarray(0, arena.textLength))
  arena.text = text
}

function growTokens(arena: TokenArena): void {
  const size = 2 * arena.kind.length
  const bytes = new Uint8Array(size)
  bytes.set(arena.kind)
  arena.kind = bytes
  arena.start = grown(arena.start, size)
  arena.end = grown(arena.end, size)
  arena.textStart = grown(arena.textStart, size)
  arena.textEnd = grown(arena.textEnd, size)
  const hash = new Int32Array(size)
  hash.set(arena.hash)
  arena.hash = hash
}

function grown(column: Uint32Array, size: number): Uint32Array {
  const larger = new Uint32Array(size)
  larger.set(column)
  return larger
}
