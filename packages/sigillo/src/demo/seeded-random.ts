import { createHash } from 'node:crypto'

/**
 * A byte stream that a seed determines: SHA-256 in counter mode. For the replay and rehearsals only: whoever knows the seed knows every key drawn from it.
 */
export function seededRandom(seed: string): (length: number) => Uint8Array {
  let counter = 0
  let pool: Uint8Array = new Uint8Array(0)
  return (length) => {
    while (pool.length < length) {
      const block = createHash('sha256').update(`sigillo/replay/v1\n${seed}\n${counter}`).digest()
      counter += 1
      pool = Buffer.concat([pool, block])
    }
    const taken = new Uint8Array(pool.subarray(0, length))
    pool = pool.subarray(length)
    return taken
  }
}

/** An integer in 0..limit-1, by rejection. */
export function below(random: (length: number) => Uint8Array, limit: number): number {
  const bound = Math.floor(2 ** 32 / limit) * limit
  for (;;) {
    const value = new DataView(random(4).buffer).getUint32(0)
    if (value < bound) return value % limit
  }
}

/** A random order of the items (Fisher-Yates). */
export function shuffled<T>(random: (length: number) => Uint8Array, items: readonly T[]): readonly T[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = below(random, last + 1)
    const kept = order[last]
    const moved = order[other]
    if (kept !== undefined && moved !== undefined) {
      order[last] = moved
      order[other] = kept
    }
  }
  return order
}
