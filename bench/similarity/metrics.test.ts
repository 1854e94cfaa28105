import { describe, expect, test } from 'vitest'
import { figuresOf, shareAbove, thresholdAt } from './metrics.ts'

describe('the figures of a scorer', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => at)

  test('the threshold at 1 % lets exactly one of a hundred negatives through', () => {
    expect(shareAbove(hundred, thresholdAt(hundred, 0.01))).toBe(0.01)
  })

  test('at 0.1 % of a hundred negatives, none gets through', () => {
    expect(shareAbove(hundred, thresholdAt(hundred, 0.001))).toBe(0)
  })

  test('many negatives with one score are all below the threshold or all above it', () => {
    expect(shareAbove(Array<number>(100).fill(5), thresholdAt(Array<number>(100).fill(5), 0.01))).toBe(0)
  })

  test('a scorer that puts every derived pair on top has 1 everywhere', () => {
    expect(figuresOf([200, 300], hundred)).toMatchObject({ auc: 1, averagePrecision: 1, at1: 1, at01: 1 })
  })

  test('a scorer that says the same of all pairs finds nothing and ranks by luck', () => {
    expect(figuresOf([1, 1], [1, 1, 1, 1, 1, 1])).toMatchObject({ auc: 0.5, averagePrecision: 0.25, at1: 0, at01: 0 })
  })

  test('average precision counts what stands above each derived pair', () => {
    expect(figuresOf([4, 2], [3, 1]).averagePrecision).toBeCloseTo((1 + 2 / 3) / 2)
    expect(figuresOf([4, 2], [3, 1]).auc).toBe(0.75)
  })
})
