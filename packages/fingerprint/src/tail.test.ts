import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fc, test } from '@fast-check/vitest'
import { chernoffBound } from './chernoff.ts'
import { seededDraw } from './simulate.ts'
import { conditionalPValue, tailAt, tailTable } from './tail.ts'

interface Vector {
  readonly one: number[]
  readonly reading: number[]
  readonly share: number
  readonly weights: number[]
  readonly tail: [number, number][]
  readonly suspect: { readonly symbols: number[]; readonly score: number; readonly p: number }
}
const vector: Vector = JSON.parse(
  readFileSync(new URL('../../../vectors/fingerprint/tail.json', import.meta.url), 'utf8'),
)
const chancesOf = vector.one.map((one, i) => (vector.reading[i] === 1 ? one : 65_536 - one) / 65_536)

function relative(a: number, b: number): number {
  return Math.abs(a / b - 1)
}

describe('the exact tail agrees with exact rationals', () => {
  const table = tailTable(vector.weights, chancesOf)
  it('derives the weights from laws, reading and share', () => {
    const weights = chancesOf.map((r) =>
      Math.round(16 * (Math.log(vector.share / r + 1 - vector.share) - Math.log(1 - vector.share))),
    )
    expect(weights).toEqual(vector.weights)
  })
  it.each(vector.tail)('P(T >= %s) = %s', (score, expected) => {
    expect(relative(tailAt(table, score), expected)).toBeLessThan(1e-12)
  })
  it('gives the suspect of the vector its p-value', () => {
    const { symbols, score, p } = vector.suspect
    const earned = vector.weights.reduce((sum, w, i) => sum + (symbols[i] === vector.reading[i] ? w : 0), 0)
    expect(earned).toBe(score)
    expect(relative(tailAt(table, earned), p)).toBeLessThan(1e-12)
  })
})

const site = fc.record({ weight: fc.nat(40), chance: fc.double({ min: 0, max: 1, noNaN: true }) })

function bruteForce(sites: readonly { weight: number; chance: number }[], score: number): number {
  let sum = 0
  for (let word = 0; word < 2 ** sites.length; word++) {
    let probability = 1
    let earned = 0
    sites.forEach(({ weight, chance }, i) => {
      const hit = (word >> i) & 1
      probability *= hit ? chance : 1 - chance
      earned += hit * weight
    })
    if (earned >= score) sum += probability
  }
  return sum
}

describe('the exact tail', () => {
  test.prop([fc.array(site, { maxLength: 11 }), fc.nat(450)])('equals the sum over all codewords', (sites, score) => {
    const table = tailTable(
      sites.map((each) => each.weight),
      sites.map((each) => each.chance),
    )
    const expected = bruteForce(sites, score)
    expect(Math.abs(tailAt(table, score) - expected)).toBeLessThanOrEqual(1e-12 * expected + 1e-290)
  })

  it('equals the sum over all 2^18 codewords of an 18-site code', () => {
    const draw = seededDraw(5)
    const sites = Array.from({ length: 18 }, () => ({ weight: Math.floor(40 * draw()), chance: 0.05 + 0.9 * draw() }))
    const table = tailTable(
      sites.map((each) => each.weight),
      sites.map((each) => each.chance),
    )
    const total = table.length - 2
    for (const share of [0.3, 0.7, 1]) {
      const score = Math.floor(share * total)
      expect(relative(tailAt(table, score), bruteForce(sites, score))).toBeLessThan(1e-12)
    }
  })

  test.prop([fc.array(site, { maxLength: 60 })])('starts at 1, ends at 0 and never rises', (sites) => {
    const table = tailTable(
      sites.map((each) => each.weight),
      sites.map((each) => each.chance),
    )
    expect(table[0]).toBe(1)
    expect(table.at(-1)).toBe(0)
    for (let t = 1; t < table.length; t++) expect(table[t]!).toBeLessThanOrEqual(table[t - 1]! * (1 + 1e-12))
  })

  test.prop([fc.array(site, { minLength: 1, maxLength: 60 }), fc.nat(2500)])(
    'stays under its Chernoff bound',
    (sites, score) => {
      const weights = sites.map((each) => each.weight)
      const chances = sites.map((each) => each.chance)
      expect(chernoffBound(weights, chances, score)).toBeGreaterThanOrEqual(conditionalPValue(weights, chances, score))
    },
  )

  it.each([64, 256, 1024])('agrees with the saddlepoint approximation within 6 percent at m = %s', (m) => {
    const draw = seededDraw(m)
    const sites = Array.from({ length: m }, (_, i) => ({ ...shareSite([7386, 32_768, 58_150][i % 3]! / 65_536, draw) }))
    const weights = sites.map((each) => each.weight)
    const chances = sites.map((each) => each.chance)
    const table = tailTable(weights, chances)
    // Near the largest possible score the lattice is too coarse for a saddlepoint; there the brute force above is the check.
    const inside = [1e-2, 1e-4, 1e-8, 1e-11]
      .map((target) => table.findIndex((p) => p <= target))
      .filter((score) => score < 0.9 * table.length)
    expect(inside.length).toBeGreaterThanOrEqual(m === 64 ? 2 : 4)
    for (const score of inside) expect(relative(saddlepoint(weights, chances, score), table[score]!)).toBeLessThan(0.06)
  })

  it('keeps its bound within two decades and never under the tail far out', () => {
    const weights = Array.from({ length: 400 }, () => 7)
    const chances = Array.from({ length: 400 }, () => 0.5)
    const [p, bound] = [conditionalPValue(weights, chances, 2100), chernoffBound(weights, chances, 2100)]
    expect(bound).toBeGreaterThan(p)
    expect(bound).toBeLessThan(100 * p)
    expect(chernoffBound(weights, chances, 2800) / 2 ** -400).toBeCloseTo(1, 6)
    expect(chernoffBound(weights, chances, 1000)).toBe(1)
  })
})

describe('broken contracts', () => {
  it.each([
    ['a fractional weight', [1.5], [0.5]],
    ['a negative weight', [-1], [0.5]],
    ['a chance above 1', [1], [1.1]],
    ['a chance that is no number', [1], [Number.NaN]],
    ['unequal lengths', [1, 2], [0.5]],
    ['an enormous table', [2 ** 40], [0.5]],
  ])('%s is refused', (_, weights, chances) => {
    expect(() => tailTable(weights, chances)).toThrow(expect.objectContaining({ code: 'bad-trace' }))
  })
})

function shareSite(one: number, draw: () => number): { weight: number; chance: number } {
  const chance = draw() < one ? one : 1 - one
  return { weight: Math.round(16 * (Math.log(1 / 3 / chance + 2 / 3) - Math.log(2 / 3))), chance }
}

/** Lugannani-Rice for lattice variables (first continuity correction, Daniels 1987); independent of the convolution. */
function saddlepoint(weights: readonly number[], chances: readonly number[], score: number): number {
  const derivative = (u: number, order: 0 | 1 | 2): number =>
    weights.reduce((sum, w, i) => {
      const r = chances[i]!
      const moment = 1 - r + r * Math.exp(u * w)
      const tilted = (r * Math.exp(u * w)) / moment
      return sum + [Math.log(moment), w * tilted, w * w * tilted * (1 - tilted)][order]!
    }, 0)
  let low = 0
  let high = 5
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    if (derivative(middle, 1) < score) low = middle
    else high = middle
  }
  const u = low
  const w = Math.sqrt(2 * (u * score - derivative(u, 0)))
  const v = (1 - Math.exp(-u)) * Math.sqrt(derivative(u, 2))
  return normalTail(w) + (Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI)) * (1 / v - 1 / w)
}

/** P(Z > x) for x > 1 by continued fraction. */
function normalTail(x: number): number {
  let fraction = x
  for (let k = 200; k >= 1; k--) fraction = x + k / fraction
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / fraction
}
