import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Scorer } from '../scorer.ts'
import { hasPeer, peersFolder } from './folder.ts'

interface Minhash {
  update: (shingle: string) => void
  jaccard: (other: Minhash) => number
}

/** The npm package minhash on shingles of five words, 128 permutations: what can be had in ten lines. */
export const MINHASH: Scorer = {
  name: 'MinHash',
  version: 'minhash 0.0.9',
  missing: () => (hasPeer('minhash') ? null : 'minhash (npm run bench:similarity -- --install-peers)'),
  reads: () => true,
  score: ({ references, samples }) => {
    const require = createRequire(join(peersFolder(), 'package.json'))
    const { Minhash } = require('minhash') as { Minhash: new (options: { numPerm: number; seed: number }) => Minhash }
    const known = new Map<string, Minhash>()
    const hashOf = (path: string): Minhash => {
      const hash = known.get(path) ?? new Minhash({ numPerm: 128, seed: 1 })
      if (!known.has(path)) for (const shingle of shinglesOf(readFileSync(path, 'utf8'))) hash.update(shingle)
      known.set(path, hash)
      return hash
    }
    return Float64Array.from(
      references.flatMap((reference) => samples.map((sample) => hashOf(reference).jaccard(hashOf(sample)))),
    )
  },
}

function shinglesOf(text: string): Set<string> {
  const words = text.match(/\w+|[^\s\w]/g) ?? []
  return new Set(words.slice(0, Math.max(1, words.length - 4)).map((_, at) => words.slice(at, at + 5).join(' ')))
}
