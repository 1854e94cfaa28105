import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, fromHex, toHex } from './encoding.ts'
import {
  type ConsistencyClaim,
  consistencyNodes,
  consistencyProof,
  emptyRoot,
  hashesInMemory,
  type InclusionClaim,
  inclusionNodes,
  inclusionProof,
  leafHash,
  rootNodes,
  rootOf,
  rootOfLeaves,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'

interface ReferenceTree {
  leaves: string[]
  roots: string[]
  inclusion: { leafIndex: number; size: number; proof: string[] }[]
  consistency: { oldSize: number; newSize: number; proof: string[] }[]
}

const reference: ReferenceTree = JSON.parse(
  readFileSync(new URL('../../../vectors/tlog/rfc6962-reference-tree.json', import.meta.url), 'utf8'),
)
const referenceLeaves = reference.leaves.map((hex) => leafHash(fromHex(hex)))
const referenceRoot = (size: number): Uint8Array => fromHex(reference.roots[size - 1] ?? '')

describe('the reference tree of Certificate Transparency', () => {
  it('has its roots at all eight sizes', () => {
    expect(reference.roots).toHaveLength(8)
    for (const [at, root] of reference.roots.entries())
      expect(toHex(rootOfLeaves(referenceLeaves.slice(0, at + 1)))).toBe(root)
  })

  it.each(reference.inclusion)('inclusion of leaf $leafIndex in $size', ({ leafIndex, size, proof }) => {
    expect(inclusionProof(leafIndex, size, hashesInMemory(referenceLeaves)).map(toHex)).toEqual(proof)
    const claim = {
      leafHash: referenceLeaves[leafIndex] ?? new Uint8Array(0),
      index: leafIndex,
      size,
      root: referenceRoot(size),
    }
    expect(verifyInclusion({ ...claim, proof: proof.map(fromHex) })).toEqual({ ok: true })
    for (const wrong of wrongInclusions({ ...claim, proof: proof.map(fromHex) }))
      expect(verifyInclusion(wrong).ok).toBe(false)
  })

  it.each(reference.consistency)('consistency of $oldSize and $newSize', ({ oldSize, newSize, proof }) => {
    expect(consistencyProof(oldSize, newSize, hashesInMemory(referenceLeaves)).map(toHex)).toEqual(proof)
    const claim = {
      oldSize,
      newSize,
      oldRoot: referenceRoot(oldSize),
      newRoot: referenceRoot(newSize),
      proof: proof.map(fromHex),
    }
    expect(verifyConsistency(claim)).toEqual({ ok: true })
    for (const wrong of wrongConsistencies(claim)) expect(verifyConsistency(wrong).ok).toBe(false)
  })
})

// Written from RFC 6962 section 2.1 alone, with another hash implementation: what the fast code must agree with.
const sha256 = (...parts: Uint8Array[]): Uint8Array =>
  new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest())
const naiveSplit = (n: number): number => {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
const naiveRoot = (d: Uint8Array[]): Uint8Array => {
  if (d.length === 0) return sha256()
  if (d.length === 1) return d[0] ?? sha256()
  const k = naiveSplit(d.length)
  return sha256(new Uint8Array([1]), naiveRoot(d.slice(0, k)), naiveRoot(d.slice(k)))
}
const naivePath = (m: number, d: Uint8Array[]): Uint8Array[] => {
  if (d.length === 1) return []
  const k = naiveSplit(d.length)
  if (m < k) return [...naivePath(m, d.slice(0, k)), naiveRoot(d.slice(k))]
  return [...naivePath(m - k, d.slice(k)), naiveRoot(d.slice(0, k))]
}
const naiveSubproof = (m: number, d: Uint8Array[], whole: boolean): Uint8Array[] => {
  if (m === d.length) return whole ? [] : [naiveRoot(d)]
  const k = naiveSplit(d.length)
  if (m <= k) return [...naiveSubproof(m, d.slice(0, k), whole), naiveRoot(d.slice(k))]
  return [...naiveSubproof(m - k, d.slice(k), false), naiveRoot(d.slice(0, k))]
}
const leaves = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, at) => sha256(Buffer.from(`leaf ${at}`)))

describe('against a naive tree', () => {
  it('hashes leaves as RFC 6962 says', () => {
    expect(leafHash(new Uint8Array([7]))).toEqual(sha256(new Uint8Array([0, 7])))
    expect(emptyRoot()).toEqual(sha256())
    expect(rootOf(0, hashesInMemory([]))).toEqual(sha256())
  })

  it('agrees on the root at all sizes from 0 to 200', () => {
    for (let size = 0; size <= 200; size++) expect(rootOfLeaves(leaves(size))).toEqual(naiveRoot(leaves(size)))
  })

  it('agrees on, and verifies, every inclusion and consistency proof up to 40 leaves', () => {
    for (let size = 1; size <= 40; size++) {
      const d = leaves(size)
      const root = naiveRoot(d)
      for (let at = 0; at < size; at++) {
        const proof = inclusionProof(at, size, hashesInMemory(d))
        expect(proof).toEqual(naivePath(at, d))
        expect(verifyInclusion({ leafHash: d[at] ?? root, index: at, size, root, proof }).ok).toBe(true)
        const older = consistencyProof(at + 1, size, hashesInMemory(d))
        expect(older).toEqual(naiveSubproof(at + 1, d, true))
        const oldRoot = naiveRoot(d.slice(0, at + 1))
        expect(verifyConsistency({ oldSize: at + 1, oldRoot, newSize: size, newRoot: root, proof: older }).ok).toBe(
          true,
        )
      }
    }
  })

  it('agrees at random sizes up to 1,500', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1500 }), fc.nat(), fc.nat(), (size, a, b) => {
        const d = leaves(size)
        expect(inclusionProof(a % size, size, hashesInMemory(d))).toEqual(naivePath(a % size, d))
        expect(consistencyProof((b % size) + 1, size, hashesInMemory(d))).toEqual(
          naiveSubproof((b % size) + 1, d, true),
        )
      }),
      { numRuns: 25 },
    )
  })
})

describe('hostile proofs', () => {
  it('refuses every changed, cut, extended or shifted inclusion proof', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (size, pick) => {
        const d = leaves(size)
        const index = pick % size
        const proof = inclusionProof(index, size, hashesInMemory(d))
        const claim = { leafHash: d[index] ?? emptyRoot(), index, size, root: naiveRoot(d), proof }
        for (const wrong of wrongInclusions(claim)) expect(verifyInclusion(wrong).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses every changed, cut, extended or shifted consistency proof', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (newSize, pick) => {
        const d = leaves(newSize)
        const oldSize = (pick % newSize) + 1
        const proof = consistencyProof(oldSize, newSize, hashesInMemory(d))
        const oldRoot = naiveRoot(d.slice(0, oldSize))
        const claim = { oldSize, oldRoot, newSize, newRoot: naiveRoot(d), proof }
        for (const wrong of wrongConsistencies(claim)) expect(verifyConsistency(wrong).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses a proof from the empty tree, which the caller decides about', () => {
    const claim = { oldSize: 0, oldRoot: emptyRoot(), newSize: 4, newRoot: naiveRoot(leaves(4)), proof: [] }
    expect(verifyConsistency(claim)).toEqual({ ok: false, reason: expect.stringContaining('empty tree') })
  })

  it('answers, and never throws, on sizes beyond every tree', () => {
    const hash = emptyRoot()
    for (const size of [2 ** 53 - 1, 2 ** 53, Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY]) {
      expect(verifyInclusion({ leafHash: hash, index: 0, size, root: hash, proof: Array(64).fill(hash) }).ok).toBe(
        false,
      )
      expect(
        verifyConsistency({ oldSize: 1, oldRoot: hash, newSize: size, newRoot: hash, proof: Array(64).fill(hash) }).ok,
      ).toBe(false)
    }
  })
})

const wanted = (nodes: { level: number; index: number }[]): string[] =>
  nodes.map((node) => `${node.level}/${node.index}`)

describe('making proofs', () => {
  it('reads exactly the nodes it names, even in a tree of 2^52 leaves', () => {
    const size = 2 ** 52 + 12_345_679
    const hash = emptyRoot()
    const seen: string[] = []
    const spy = (level: number, index: number): Uint8Array => {
      seen.push(`${level}/${index}`)
      return hash
    }
    rootOf(size, spy)
    expect(seen.splice(0)).toEqual(wanted(rootNodes(size)))
    inclusionProof(2 ** 52 + 5, size, spy)
    expect(seen.splice(0)).toEqual(wanted(inclusionNodes(2 ** 52 + 5, size)))
    consistencyProof(2 ** 51 + 3, size, spy)
    expect(seen.splice(0)).toEqual(wanted(consistencyNodes(2 ** 51 + 3, size)))
  })

  it('says what it cannot do', () => {
    const none = hashesInMemory([])
    expect(() => inclusionProof(3, 3, none)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
    expect(() => consistencyProof(0, 3, none)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
    expect(() => consistencyProof(4, 3, none)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
    expect(() => rootOf(-1, none)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
    expect(() => rootOf(1, none)).toThrow(expect.objectContaining({ code: 'missing-hash' }))
  })
})

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice()
  copy[0] = (copy[0] ?? 0) ^ 16
  return copy
}

function wrongProofs(proof: readonly Uint8Array[], roots: Uint8Array[]): Uint8Array[][] {
  return [
    ...proof.map((hash, at) => proof.with(at, flipped(hash))),
    ...[...roots, new Uint8Array(0), new Uint8Array(31)].flatMap((hash) => [
      [hash, ...proof],
      [...proof, hash],
    ]),
    ...(proof.length > 0 ? [proof.slice(0, -1), proof.slice(1)] : []),
  ]
}

function wrongInclusions(claim: InclusionClaim): InclusionClaim[] {
  const { index, size } = claim
  // A larger tree can hold the same proof with the same path only if the path has the same turns: then root and proof are the same too.
  const indices = [index - 1, index + 1, index ^ 2, size].filter((other) => other !== index)
  return [
    ...wrongProofs(claim.proof, [claim.root, claim.leafHash]).map((proof) => ({ ...claim, proof })),
    ...indices.map((other) => ({ ...claim, index: other })),
    { ...claim, size: size * 2 },
    { ...claim, leafHash: flipped(claim.leafHash) },
    { ...claim, root: flipped(claim.root) },
    { ...claim, root: new Uint8Array(0) },
  ]
}

function wrongConsistencies(claim: ConsistencyClaim): ConsistencyClaim[] {
  const { oldSize, newSize, oldRoot, newRoot } = claim
  const wrong: ConsistencyClaim[] = [
    ...wrongProofs(claim.proof, [oldRoot, newRoot]).map((proof) => ({ ...claim, proof })),
    { ...claim, oldRoot: flipped(oldRoot) },
    { ...claim, newRoot: flipped(newRoot) },
    { ...claim, oldSize: newSize + 1 },
  ]
  if (oldSize === newSize) return wrong
  return [...wrong, { ...claim, oldRoot: newRoot, newRoot: oldRoot }, { ...claim, proof: [] }].filter(
    (other) => other.proof.length > 0 || claim.proof.length > 0,
  )
}

// 196 outside cases that are not kept in this repository: see vectors/tlog/ORIGIN.md.
const testdata = process.env['SIGILLO_MERKLE_TESTDATA']
if (testdata === undefined) {
  process.stderr.write(
    'SKIPPED transparency-dev/merkle: set SIGILLO_MERKLE_TESTDATA to its testdata folder (vectors/tlog/ORIGIN.md)\n',
  )
} else {
  interface OutsideCase {
    readonly leafIdx: number
    readonly treeSize: number
    readonly size1: number
    readonly size2: number
    readonly root: string
    readonly root1: string
    readonly root2: string
    readonly leafHash: string
    readonly proof: string[] | null
    readonly wantErr: boolean
    readonly desc: string
  }
  const read = (kind: string): OutsideCase[] =>
    readdirSync(`${testdata}/${kind}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(`${testdata}/${kind}/${name}`, 'utf8')))

  describe('transparency-dev/merkle', () => {
    const cases = { inclusion: read('inclusion'), consistency: read('consistency') }
    it('has 98 cases of each kind', () => {
      expect([cases.inclusion.length, cases.consistency.length]).toEqual([98, 98])
    })
    it.each(cases.inclusion)('inclusion of $leafIdx in $treeSize: $desc', (given) => {
      const { leafIdx, treeSize, root, leafHash: leaf, proof, wantErr } = given
      const claim = {
        leafHash: fromBase64(leaf),
        index: leafIdx,
        size: treeSize,
        root: fromBase64(root),
        proof: (proof ?? []).map(fromBase64),
      }
      expect(verifyInclusion(claim).ok).toBe(!wantErr)
    })
    it.each(cases.consistency)('consistency of $size1 and $size2: $desc', (given) => {
      const { size1, size2, root1, root2, proof, wantErr } = given
      const claim = {
        oldSize: size1,
        oldRoot: fromBase64(root1),
        newSize: size2,
        newRoot: fromBase64(root2),
        proof: (proof ?? []).map(fromBase64),
      }
      expect(verifyConsistency(claim).ok).toBe(!wantErr)
    })
  })
}
