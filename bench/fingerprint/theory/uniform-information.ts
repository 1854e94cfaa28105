import { surprise } from './information.ts'
import type { Information } from './information.ts'
import { readingLaw } from './merge-law.ts'
import type { Damage } from './merge-law.ts'

/**
 * Information of a site with the uniform law on `q` symbols, for attacks that treat all symbols alike. What leakers hold matters only up to
 * renaming of symbols, so that sums over q^c words become sums over the partitions of the leakers into those who hold the same.
 */
export function uniformInformation(q: number, leakers: number, damage: Damage): Information {
  let known = 0
  let lost = 0
  let match = 0
  for (const held of partitions(leakers, q)) {
    const chance = chanceOf(held, q)
    const law = readingLaw(held, q, damage)
    known += chance * entropy(law)
    lost += chance * law[q]!
    match += chance * law[held[0]!]!
  }
  const whole = surprise(lost) + q * surprise((1 - lost) / q)
  const knownOne = surprise(lost) + surprise(match) + (q - 1) * surprise((1 - lost - match) / (q - 1))
  return {
    single: whole - knownOne,
    joint: (whole - known) / leakers,
    conditional: knownButOne(q, leakers, damage) - known,
  }
}

/** H(Y | X2..c). */
function knownButOne(q: number, leakers: number, damage: Damage): number {
  let sum = 0
  for (const others of partitions(leakers - 1, q)) {
    const law = Array.from({ length: q + 1 }, () => 0)
    for (let x = 0; x < q; x++) {
      readingLaw([x, ...others], q, damage).forEach((p, y) => (law[y] = law[y]! + p / q))
    }
    sum += chanceOf(others, q) * entropy(law)
  }
  return sum
}

/** One word of each kind: words over 0, 1, .. where a new symbol is always the next number, at most q of them. */
function partitions(length: number, q: number): number[][] {
  let words: number[][] = [[]]
  for (let i = 0; i < length; i++) {
    words = words.flatMap((word) => {
      const used = new Set(word).size
      return Array.from({ length: Math.min(q, used + 1) }, (_, symbol) => [...word, symbol])
    })
  }
  return words
}

/** Chance that a random word is this one up to renaming. */
function chanceOf(word: readonly number[], q: number): number {
  let chance = 1
  for (let i = 0; i < new Set(word).size; i++) chance *= q - i
  return chance / q ** word.length
}

function entropy(law: readonly number[]): number {
  return law.reduce((sum, p) => sum + surprise(p), 0)
}
