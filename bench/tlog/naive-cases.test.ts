import { toHex, fromHex } from '@sigillo/tlog/encoding'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compareWithNaive } from './naive-cases.ts'
import { naiveLeafHash, naiveTree } from './naive-tree.ts'

interface ReferenceTree {
  readonly leaves: string[]
  readonly roots: string[]
  readonly inclusion: { leafIndex: number; size: number; proof: string[] }[]
  readonly consistency: { oldSize: number; newSize: number; proof: string[] }[]
}

describe('the naive tree', () => {
  const reference: ReferenceTree = JSON.parse(
    readFileSync(new URL('../../vectors/tlog/rfc6962-reference-tree.json', import.meta.url), 'utf8'),
  )
  const tree = naiveTree(reference.leaves.map((leaf) => naiveLeafHash(fromHex(leaf))))

  it('is the one of Certificate Transparency', () => {
    expect(reference.roots.map((_, at) => toHex(tree.root(at + 1)))).toEqual(reference.roots)
    for (const { leafIndex, size, proof } of reference.inclusion)
      expect(tree.path(leafIndex, size).map(toHex)).toEqual(proof)
    for (const { oldSize, newSize, proof } of reference.consistency)
      expect(tree.proof(oldSize, newSize).map(toHex)).toEqual(proof)
  })
})

describe('roots and proofs from tiles', () => {
  it('are those of the naive tree at all sizes to 600 and at random ones to 70,000', async () => {
    const sizes: number[] = []
    const row = await compareWithNaive(600, 70_000, 3000, (size) => sizes.push(size))
    expect(row).toMatchObject({ differences: 0, accepted: 0 })
    expect(row.cases).toBeGreaterThanOrEqual(3000)
    expect(row.changed).toBeGreaterThan(1900)
    expect(Math.max(...sizes)).toBeGreaterThan(65_536)
  })
})
