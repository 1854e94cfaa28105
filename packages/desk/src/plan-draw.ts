import { createHash } from 'node:crypto'

/** Whole numbers below 2^32, the same for the same seed: a hash in counter mode, for trials, never for keys. */
export function numbersOf(seed: string): () => number {
  let counter = 0
  return () => {
    counter += 1
    return createHash('sha256').update(`${seed}/${counter}`).digest().readUInt32BE(0)
  }
}
