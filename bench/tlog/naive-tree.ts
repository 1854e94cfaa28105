import { hash } from 'node:crypto'

/**
 * The tree of RFC 6962 section 2.1, written from its definitions alone and over another hash implementation. `leafHashes` are those of the
 * largest tree; every smaller one is a beginning of it. Complete subtrees are remembered, nothing else.
 */
export interface NaiveTree {
  /** MTH(D[0:size]). */
  readonly root: (size: number) => Buffer
  /** PATH(index, D[0:size]). */
  readonly path: (index: number, size: number) => Buffer[]
  /** PROOF(oldSize, D[0:newSize]). */
  readonly proof: (oldSize: number, newSize: number) => Buffer[]
}

export function naiveTree(leafHashes: readonly Buffer[]): NaiveTree {
  const known = new Map<number, Buffer>()
  const mth = (start: number, end: number): Buffer => {
    const n = end - start
    if (n === 0) return hash('sha256', '', 'buffer')
    if (n === 1) return leafHashes[start] ?? Buffer.alloc(0)
    const complete = (n & (n - 1)) === 0
    const key = start * 64 + Math.log2(n)
    const remembered = complete ? known.get(key) : undefined
    if (remembered !== undefined) return remembered
    const k = split(n)
    const made = sha256(Buffer.of(1), mth(start, start + k), mth(start + k, end))
    if (complete) known.set(key, made)
    return made
  }
  const path = (m: number, start: number, end: number): Buffer[] => {
    if (end - start === 1) return []
    const k = split(end - start)
    return m < k
      ? [...path(m, start, start + k), mth(start + k, end)]
      : [...path(m - k, start + k, end), mth(start, start + k)]
  }
  const subproof = (m: number, start: number, end: number, whole: boolean): Buffer[] => {
    if (m === end - start) return whole ? [] : [mth(start, end)]
    const k = split(end - start)
    return m <= k
      ? [...subproof(m, start, start + k, whole), mth(start + k, end)]
      : [...subproof(m - k, start + k, end, false), mth(start, start + k)]
  }
  return {
    root: (size) => mth(0, size),
    path: (index, size) => path(index, 0, size),
    proof: (oldSize, newSize) => subproof(oldSize, 0, newSize, true),
  }
}

/** Hash of a leaf, as the RFC says. */
export function naiveLeafHash(leaf: Uint8Array): Buffer {
  return sha256(Buffer.of(0), leaf)
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer')
}
