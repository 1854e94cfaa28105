import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addPosting, eachPosting, newPostings, type PostingTable, postingTable, restOf } from './posting-table.ts'

interface Posting {
  readonly high: number
  readonly low: number
  readonly owner: number
}

const key = fc.nat(0xffffffff)
/** Few keys, so that some are common. */
const posting = fc.record({
  high: fc.oneof(fc.constantFrom(0, 7, 0x80000000, 0xffffffff), key),
  low: fc.constant(8),
  owner: fc.nat(70_000),
})

function tableOf(postings: readonly Posting[], common?: number, lost?: (owner: number) => void): PostingTable {
  const collected = newPostings()
  for (const { high, low, owner } of postings) addPosting(collected, high, restOf(high, low), owner)
  return postingTable(collected, common, lost)
}

function heldBy(table: PostingTable): string[] {
  const held: string[] = []
  eachPosting(table, (high, _rest, owner) => held.push(`${high} ${owner}`))
  return held.toSorted()
}

const named = (postings: readonly Posting[]): string[] =>
  postings.map(({ high, owner }) => `${high} ${owner}`).toSorted()

describe('a table of postings', () => {
  it('holds every posting once, with its whole key', () => {
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 300 }), (postings) => {
        expect(heldBy(tableOf(postings))).toEqual(named(postings))
      }),
    )
  })

  it('leaves out keys with more postings than `common`, tells whose, and keeps all others', () => {
    fc.assert(
      fc.property(fc.array(posting, { maxLength: 300 }), fc.integer({ min: 1, max: 9 }), (postings, common) => {
        const often = (wanted: Posting): boolean => postings.filter(({ high }) => high === wanted.high).length > common
        const lost: number[] = []
        expect(heldBy(tableOf(postings, common, (owner) => lost.push(owner)))).toEqual(
          named(postings.filter((one) => !often(one))),
        )
        expect(lost.toSorted((a, b) => a - b)).toEqual(
          postings
            .filter(often)
            .map(({ owner }) => owner)
            .toSorted((a, b) => a - b),
        )
      }),
    )
  })

  it('grows beyond one piece of a part', () => {
    const postings = Array.from({ length: 30_000 }, (_, owner) => ({ high: 5, low: 8, owner }))
    expect(heldBy(tableOf(postings))).toEqual(named(postings))
  })
})
