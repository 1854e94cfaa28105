import { describe, expect, it } from 'vitest'
import { gatherEvidence } from '@sigillo/fingerprint/evidence'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from '@sigillo/fingerprint/simulate'
import { normalQuantile, normalTail } from './gaussian.ts'
import { oosterwijk } from './oosterwijk.ts'
import { believedP, trueLevel } from './peer.ts'
import { symmetricTardos } from './tardos.ts'

describe('the normal tail', () => {
  it.each([
    [0, 0.5],
    [1, 0.158655253931457],
    [1.5, 0.0668072012688581],
    [2, 0.0227501319481792],
    [5.6, 1.07175902583e-8],
    [10, 7.61985302416e-24],
  ])('beyond %s is %s', (x, p) => {
    expect(normalTail(x) / p).toBeCloseTo(1, 9)
    expect(normalQuantile(p)).toBeCloseTo(x, 6)
  })
})

describe('textbook scores', () => {
  it('have mean 0 and the variance they assume for an innocent copy', () => {
    for (const r of [0.1127, 0.5, 0.8873]) {
      for (const peer of [symmetricTardos, oosterwijk]) {
        expect(r * peer.match(r) + (1 - r) * peer.mismatch(r)).toBeCloseTo(0, 12)
      }
      expect(r * symmetricTardos.match(r) ** 2 + (1 - r) * symmetricTardos.mismatch(r) ** 2).toBeCloseTo(1, 12)
    }
    // Oosterwijk's variance holds on average over readings made by interleaving.
    const q = 4
    expect((1 / q) * oosterwijk.match(1 / q) ** 2 + (1 - 1 / q) * oosterwijk.mismatch(1 / q) ** 2).toBeCloseTo(
      q - 1,
      12,
    )
  })

  it('accuse innocent copies as often as the exact law says', () => {
    let [expected, accused] = [0, 0]
    for (let t = 0; t < 150; t++) {
      const draw = seededDraw(600 + t)
      const sites = simulateSites(draw, 60, 2, 'GL6')
      const copies = simulateCopies(draw, sites, 102)
      const leak = simulateLeak(draw, sites, copies.slice(0, 2), { attack: 'minority' })
      const evidence = gatherEvidence(sites, leak, copies)
      const alphabets = sites.map(() => 2)
      for (const peer of [symmetricTardos, oosterwijk]) {
        accused += believedP(evidence, alphabets, peer).filter((p, copy) => copy > 1 && p <= 0.01).length
        expected += 100 * trueLevel(evidence, alphabets, peer, 0.01)
      }
    }
    // Some 300 each: four standard deviations.
    expect(Math.abs(accused - expected)).toBeLessThan(4 * Math.sqrt(expected))
  })
})
