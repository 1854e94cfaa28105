import { gatherEvidence } from '@sigillo/fingerprint/evidence'
import type { Evidence, IssuedCopy, TracedSite } from '@sigillo/fingerprint/evidence'
import type { BiasFamily } from '@sigillo/fingerprint/law'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from '@sigillo/fingerprint/simulate'
import type { Draw } from '@sigillo/fingerprint/simulate'
import type { Attack } from '@sigillo/fingerprint/simulate-attacks'

/** `q16+3GL6`: one site of 16 symbols, then three binary ones, and again. */
export type Code = BiasFamily | 'q4' | 'q8' | 'q16' | 'q64' | 'q16+3GL6'

/** What is simulated: who holds what, and how the leak was made. */
export interface Setting {
  readonly code: Code
  /** N, the number of copies issued. */
  readonly recipients: number
  readonly leakers: number
  readonly attack: Attack
  /** Share of the sites that become unreadable at random, and share read wrongly. */
  readonly erased: number
  readonly misread: number
}

/** One simulated leak of the largest code; shorter codes are its prefixes. The leakers are the first copies. */
export interface Scene {
  readonly setting: Setting
  readonly sites: readonly TracedSite[]
  readonly copies: readonly IssuedCopy[]
  readonly reading: readonly (number | null)[]
}

/** Draws a leak of `limit` sites; the same for every decoder that gets the same setting, limit and seed. */
export function drawScene(setting: Setting, limit: number, seed: number): Scene {
  const draw = seededDraw(seed)
  const sites = drawSites(draw, setting.code, limit)
  const copies = simulateCopies(draw, sites, setting.recipients)
  const reading = simulateLeak(draw, sites, copies.slice(0, setting.leakers), setting)
  return { setting, sites, copies, reading }
}

/** `count` sites of a code. */
export function drawSites(draw: Draw, code: Code, count: number): TracedSite[] {
  const pattern = patternOf(code)
  return Array.from({ length: count }, (_, i) => {
    const { q, family } = pattern[i % pattern.length]!
    return { ...simulateSites(draw, 1, q, family)[0]!, id: `site-${i}` }
  })
}

/** Which sites a code repeats. */
export function patternOf(code: Code): Pattern {
  return PATTERNS[code]
}

/** What the decoders would see had the code only `marks` sites. */
export function evidenceOf({ sites, copies, reading }: Scene, marks: number): Evidence {
  const prefix = copies.map((copy) => ({ ...copy, symbols: copy.symbols.subarray(0, marks) }))
  return gatherEvidence(sites.slice(0, marks), reading.slice(0, marks), prefix)
}

/** q of each readable site among the first `marks`. */
export function alphabetsOf({ sites, reading }: Scene, marks: number): number[] {
  return sites.slice(0, marks).flatMap((site, i) => (reading[i] === null ? [] : [site.numerators.length]))
}

/** The sites of a code, over and over. */
export type Pattern = readonly { readonly q: number; readonly family: BiasFamily }[]

const PATTERNS: Readonly<Record<Code, Pattern>> = {
  HALF: [{ q: 2, family: 'HALF' }],
  JOINT6: [{ q: 2, family: 'JOINT6' }],
  GL6: [{ q: 2, family: 'GL6' }],
  GL8: [{ q: 2, family: 'GL8' }],
  q4: [{ q: 4, family: 'GL6' }],
  q8: [{ q: 8, family: 'GL6' }],
  q16: [{ q: 16, family: 'GL6' }],
  q64: [{ q: 64, family: 'GL6' }],
  'q16+3GL6': [16, 2, 2, 2].map((q) => ({ q, family: 'GL6' })),
}
