import { createHash } from 'node:crypto'

/** Numbers that follow from a seed, so that every run tries the same cases. */
export interface SeededNumbers {
  /** A whole number from 0 to `limit` - 1; `limit` is at most 2^32. */
  readonly below: (limit: number) => number
}

/** A generator made of SHA-256 over the seed and a counter; the bias of the remainder does not matter here. */
export function seededNumbers(seed: string): SeededNumbers {
  let block = Buffer.alloc(0)
  let counter = 0
  let at = 0
  return {
    below: (limit) => {
      if (at + 6 > block.length) {
        block = createHash('sha256').update(`${seed} ${counter++}`).digest()
        at = 0
      }
      const value = block.readUIntBE(at, 6)
      at += 6
      return value % limit
    },
  }
}
