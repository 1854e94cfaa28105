const NEWLINE = 10

/** Offsets at which lines begin; the first is 0. */
export function lineStarts(bytes: Uint8Array): Uint32Array {
  let lines = 1
  for (const byte of bytes) if (byte === NEWLINE) lines++
  const starts = new Uint32Array(lines)
  let line = 1
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === NEWLINE) starts[line++] = at + 1
  return starts
}

/** Line of an offset, counted from 1. */
export function lineAt(starts: Uint32Array, offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}
