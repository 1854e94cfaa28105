import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes, isCount } from './encoding.ts'
import { type Refusal, TlogError } from './errors.ts'

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES: number = 32

/** A perfect subtree: the 2^level leaves that start at index * 2^level. */
export interface TreeNode {
  readonly level: number
  readonly index: number
}

/** Hash of a perfect subtree. Throws `missing-hash` when it is not known. */
export type HashAt = (level: number, index: number) => Uint8Array

/** RFC 6962 section 2.1: SHA-256(0x00 || leaf). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  const input = new Uint8Array(leaf.length + 1)
  input.set(leaf, 1)
  return sha256(input)
}

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). Both are 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_BYTES)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + HASH_BYTES)
  return sha256(input)
}

/** Root of the empty tree: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0))
}

/** A `HashAt` over leaf hashes held in memory. Computes inner nodes each time: for small trees and tests. */
export function hashesInMemory(leafHashes: readonly Uint8Array[]): HashAt {
  const hashAt = (level: number, index: number): Uint8Array => {
    if (level > 0) return nodeHash(hashAt(level - 1, 2 * index), hashAt(level - 1, 2 * index + 1))
    const hash = leafHashes[index]
    if (hash === undefined) throw new TlogError('missing-hash', `no hash of leaf ${index}`)
    return hash
  }
  return hashAt
}

/** Root over leaf hashes held in memory (RFC 6962 section 2.1, MTH). */
export function rootOfLeaves(leafHashes: readonly Uint8Array[]): Uint8Array {
  return rootOf(leafHashes.length, hashesInMemory(leafHashes))
}

/** Root of the tree of `size` leaves, from O(log size) hashes. Throws `bad-argument` on a bad size and what `hashAt` throws. */
export function rootOf(size: number, hashAt: HashAt): Uint8Array {
  requireCount(size, 'size')
  return size === 0 ? emptyRoot() : rangeHash({ start: 0, end: size }, hashAt)
}

/** Subtrees whose hashes `rootOf` reads. */
export function rootNodes(size: number): TreeNode[] {
  requireCount(size, 'size')
  return rangeNodes({ start: 0, end: size })
}

/**
 * Inclusion proof of leaf `index` in the tree of `size` leaves, from the leaf's sibling up (RFC 6962 section 2.1.1).
 * Throws `bad-argument` unless 0 <= index < size, and what `hashAt` throws.
 */
export function inclusionProof(index: number, size: number, hashAt: HashAt): Uint8Array[] {
  return inclusionRanges(index, size).map((range) => rangeHash(range, hashAt))
}

/** Subtrees whose hashes `inclusionProof` reads: load these first when the hashes come from storage. */
export function inclusionNodes(index: number, size: number): TreeNode[] {
  return inclusionRanges(index, size).flatMap(rangeNodes)
}

/**
 * Proof that the tree of `newSize` leaves extends the tree of `oldSize` leaves (RFC 6962 section 2.1.2). Empty when they are equal.
 * Throws `bad-argument` unless 1 <= oldSize <= newSize, and what `hashAt` throws.
 */
export function consistencyProof(oldSize: number, newSize: number, hashAt: HashAt): Uint8Array[] {
  return consistencyRanges(oldSize, newSize).map((range) => rangeHash(range, hashAt))
}

/** Subtrees whose hashes `consistencyProof` reads. */
export function consistencyNodes(oldSize: number, newSize: number): TreeNode[] {
  return consistencyRanges(oldSize, newSize).flatMap(rangeNodes)
}

/** What an inclusion proof claims. All of it may be attacker-controlled except the root, which comes from a verified checkpoint. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** Checks an inclusion proof (RFC 9162 section 2.1.3.2). Never throws. */
export function verifyInclusion(claim: InclusionClaim): { readonly ok: true } | Refusal {
  const { index, size, proof } = claim
  if (!isCount(index) || !isCount(size) || index >= size) return refuse(`no leaf ${index} in a tree of ${size}`)
  if (![claim.leafHash, claim.root, ...proof].every(isHash)) return refuse('a hash does not have 32 bytes')
  const sides = siblingSides(index, size - 1, proof.length)
  if (typeof sides === 'string') return refuse(`the inclusion proof is ${sides}`)
  let hash = claim.leafHash
  for (const [at, sibling] of proof.entries()) {
    hash = sides[at] === 'left' ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
  }
  return equalBytes(hash, claim.root) ? { ok: true } : refuse('the inclusion proof leads to another root')
}

/** What a consistency proof claims; the roots come from verified checkpoints. */
export interface ConsistencyClaim {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly newSize: number
  readonly newRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Checks a consistency proof (RFC 9162 section 2.1.4.2). Never throws. An old size of 0 is refused: every tree extends the empty
 * one, which needs no proof, so whoever accepts a first checkpoint decides that before asking here.
 */
export function verifyConsistency(claim: ConsistencyClaim): { readonly ok: true } | Refusal {
  const { oldSize, newSize, proof } = claim
  if (!isCount(oldSize) || !isCount(newSize)) return refuse('a tree size is not an integer in 0..2^53-1')
  if (oldSize === 0) return refuse('a proof from the empty tree says nothing')
  if (oldSize > newSize) return refuse(`the old tree of ${oldSize} is larger than the new one of ${newSize}`)
  if (oldSize === newSize) {
    if (proof.length > 0) return refuse('the consistency proof is too long')
    return equalBytes(claim.oldRoot, claim.newRoot) ? { ok: true } : refuse('two roots for one tree size')
  }
  if (![claim.oldRoot, claim.newRoot, ...proof].every(isHash)) return refuse('a hash does not have 32 bytes')
  return climbConsistency(claim)
}

function climbConsistency(claim: ConsistencyClaim): { readonly ok: true } | Refusal {
  let node = claim.oldSize - 1
  let last = claim.newSize - 1
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  // A complete old tree is itself the first hash; it is then left out of the proof.
  const path = node === 0 ? [claim.oldRoot, ...claim.proof] : claim.proof
  const [first, ...rest] = path
  if (first === undefined) return refuse('the consistency proof is empty')
  const sides = siblingSides(node, last, rest.length)
  if (typeof sides === 'string') return refuse(`the consistency proof is ${sides}`)
  let oldHash = first
  let newHash = first
  for (const [at, sibling] of rest.entries()) {
    if (sides[at] === 'left') oldHash = nodeHash(sibling, oldHash)
    newHash = sides[at] === 'left' ? nodeHash(sibling, newHash) : nodeHash(newHash, sibling)
  }
  if (!equalBytes(oldHash, claim.oldRoot)) return refuse('the consistency proof leads to another old root')
  return equalBytes(newHash, claim.newRoot) ? { ok: true } : refuse('the consistency proof leads to another new root')
}

/**
 * On which side each hash of a proof stands on the way from `node` to the root of a level whose last node is `last`. A proof is
 * too short or too long exactly when that is not `count` hashes.
 */
function siblingSides(node: number, last: number, count: number): ('left' | 'right')[] | 'too long' | 'too short' {
  const sides: ('left' | 'right')[] = []
  let at = node
  let end = last
  while (end !== 0) {
    if (sides.length === count) return 'too short'
    const left = at % 2 === 1 || at === end
    sides.push(left ? 'left' : 'right')
    // A node without a right neighbour rises until it has a left one.
    if (left) while (at % 2 === 0 && at !== 0) [at, end] = [half(at), half(end)]
    at = half(at)
    end = half(end)
  }
  return sides.length === count ? sides : 'too long'
}

/** Leaves start..end-1, where start is a multiple of the largest power of two that fits. */
interface Range {
  readonly start: number
  readonly end: number
}

function inclusionRanges(index: number, size: number): Range[] {
  requireCount(index, 'index')
  requireCount(size, 'size')
  if (index >= size) throw new TlogError('bad-argument', `no leaf ${index} in a tree of ${size}`)
  const ranges: Range[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start)
    if (index < middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  return ranges.reverse()
}

function consistencyRanges(oldSize: number, newSize: number): Range[] {
  requireCount(oldSize, 'old size')
  requireCount(newSize, 'new size')
  if (oldSize === 0 || oldSize > newSize) {
    throw new TlogError('bad-argument', `no consistency proof from ${oldSize} to ${newSize} leaves`)
  }
  const ranges: Range[] = []
  let start = 0
  let end = newSize
  while (end !== oldSize) {
    const middle = start + largestPowerBelow(end - start)
    if (oldSize <= middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  if (start > 0) ranges.push({ start, end })
  return ranges.reverse()
}

function rangeNodes(range: Range): TreeNode[] {
  const nodes: TreeNode[] = []
  let { start } = range
  while (start < range.end) {
    const level = floorLog2(range.end - start)
    nodes.push({ level, index: start / 2 ** level })
    start += 2 ** level
  }
  return nodes
}

function rangeHash(range: Range, hashAt: HashAt): Uint8Array {
  const hashes = rangeNodes(range).map((node) => hashAt(node.level, node.index))
  return hashes.reduceRight((right, left) => nodeHash(left, right))
}

/** Largest power of two below `count`, which is at least 2. */
function largestPowerBelow(count: number): number {
  return 2 ** floorLog2(count - 1)
}

/** Exact for 1..2^53-1, where Math.log2 is not. */
function floorLog2(value: number): number {
  const high = Math.floor(value / 2 ** 32)
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(value)
}

function half(value: number): number {
  return Math.floor(value / 2)
}

function isHash(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === HASH_BYTES
}

function requireCount(value: number, what: string): void {
  if (!isCount(value)) throw new TlogError('bad-argument', `${what} ${value} is not an integer in 0..2^53-1`)
}

function refuse(reason: string): Refusal {
  return { ok: false, reason }
}
