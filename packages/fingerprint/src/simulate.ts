import { BIAS_TABLES, DENOMINATOR, binaryLaw, uniformLaw } from './law.ts'
import type { BiasFamily, Numerators } from './law.ts'
import type { IssuedCopy, TracedSite } from './evidence.ts'
import { mergeSite } from './simulate-attacks.ts'
import type { Attack } from './simulate-attacks.ts'

/** A reproducible source of numbers in [0, 1). */
export type Draw = () => number

/** A seeded generator (splitmix32 steps, 53-bit output) for simulations and tests only; never for codes. */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992
}

/** `count` sites: binary ones with laws drawn from `family` when q is 2, uniform ones otherwise. */
export function simulateSites(draw: Draw, count: number, q: number, family: BiasFamily): TracedSite[] {
  const { cuts, ones } = BIAS_TABLES[family]
  return Array.from({ length: count }, (_, i) => {
    const u = draw() * 2 ** 32
    const numerators = q === 2 ? binaryLaw(ones[cuts.findIndex((cut) => u < cut)]!) : uniformLaw(q)
    return { id: `q${q}-${i}`, numerators }
  })
}

/** Independent codewords for `count` recipients. */
export function simulateCopies(draw: Draw, sites: readonly TracedSite[], count: number): IssuedCopy[] {
  return Array.from({ length: count }, (_, j) => ({
    recipient: `partner-${String(j + 1).padStart(3, '0')}`,
    symbols: Uint8Array.from(sites, (site) => drawFrom(draw, site.numerators)),
  }))
}

/** What is read after `leakers` merge their copies by `attack`, a share `erased` becomes unreadable and a share `misread` is drawn anew. */
export function simulateLeak(
  draw: Draw,
  sites: readonly TracedSite[],
  leakers: readonly IssuedCopy[],
  options: { readonly attack: Attack; readonly erased?: number; readonly misread?: number },
): (number | null)[] {
  return sites.map(({ numerators }, i) => {
    const held = leakers.map((leaker) => leaker.symbols[i] ?? 0)
    const merged = mergeSite(draw, held, options.attack, numerators.length)
    if (draw() < (options.erased ?? 0)) return null
    if (merged === null || draw() >= (options.misread ?? 0)) return merged
    return numerators.length === 2 ? 1 - merged : Math.floor(draw() * numerators.length)
  })
}

function drawFrom(draw: Draw, numerators: Numerators): number {
  const v = Math.floor(draw() * DENOMINATOR)
  let cumulative = 0
  return numerators.findIndex((numerator) => {
    cumulative += numerator
    return v < cumulative
  })
}
