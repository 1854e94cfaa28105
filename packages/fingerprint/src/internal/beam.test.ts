import { describe, expect, it } from 'vitest'
import { gatherEvidence } from '../evidence.ts'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from '../simulate.ts'
import { setsWithout, startBeam } from './beam.ts'

const draw = seededDraw(77)
const sites = simulateSites(draw, 60, 2, 'GL6')
const copies = simulateCopies(draw, sites, 12)
const reading = simulateLeak(draw, sites, copies.slice(0, 2), { attack: 'interleave' })

describe('the beam', () => {
  it.each([1, 2, 3, 5, 512])('keeps the suspect out of the choice of pairs too, with a pool of %s', (pool) => {
    for (let suspect = 0; suspect < copies.length; suspect++) {
      const inverted = copies.map((copy, j) =>
        j === suspect ? { ...copy, symbols: copy.symbols.map((x) => 1 - x) } : copy,
      )
      const [before, after] = [copies, inverted].map((each) => startBeam(gatherEvidence(sites, reading, each), pool))
      expect(setsWithout(after!, suspect)).toEqual(setsWithout(before!, suspect))
    }
  })

  it('finds the accomplice and the pair that leaked', () => {
    const beam = startBeam(gatherEvidence(sites, reading, copies))
    expect(beam.pairs[0]?.members).toEqual([0, 1])
    expect(setsWithout(beam, 1)[1]![0]).toEqual([0])
  })

  it('keeps at most 1, 8, 8, 6 and 4 sets of each size, each once', () => {
    const sets = setsWithout(startBeam(gatherEvidence(sites, reading, copies)), 5)
    expect(sets.map((ofSize) => ofSize.length)).toEqual([1, 8, 8, 6, 4])
    expect(new Set(sets.flat().map((members) => members.join())).size).toBe(27)
    sets.forEach((ofSize, size) => {
      for (const members of ofSize) {
        expect(members).toHaveLength(size)
        expect(members).toEqual([...new Set(members)].sort((a, b) => a - b))
      }
    })
  })

  it('makes do with few copies', () => {
    for (const count of [1, 2, 3, 4]) {
      const sets = setsWithout(startBeam(gatherEvidence(sites, reading, copies.slice(0, count))), 0)
      expect(sets.flat()).toHaveLength(2 ** (count - 1))
    }
  })
})
