import { describe, expect, it } from 'vitest'
import { fc, test } from '@fast-check/vitest'
import { gatherEvidence } from './evidence.ts'
import { codeword, drawSite } from './generator.ts'
import { startJoint } from './joint.ts'
import { binaryLaw, uniformLaw } from './law.ts'
import { seededDraw, simulateCopies, simulateLeak, simulateSites } from './simulate.ts'
import { decodeSingle } from './single.ts'
import { SINGLE_SHARE, trace } from './trace.ts'
import type { TraceInput } from './trace.ts'

const key = Uint8Array.from({ length: 32 }, (_, i) => (7 * i + 3) % 256)
const names = Array.from({ length: 81 }, (_, j) => `partner-${String(j + 1).padStart(3, '0')}`)

function release(binary: number, qary: number): Pick<TraceInput, 'sites' | 'copies' | 'recipients'> {
  const sites = Array.from({ length: binary + qary }, (_, i) =>
    drawSite(key, 'REL-7', { id: `tool.py#${i}`, q: i < binary ? 2 : 16, family: 'GL6' }),
  )
  const copies = names.map((recipient) => ({ recipient, symbols: codeword(key, 'REL-7', sites, recipient) }))
  return { sites, copies, recipients: copies.length }
}

const plan = release(90, 16)
const wordOf = (name: string): (number | null)[] => [
  ...(plan.copies.find((copy) => copy.recipient === name)?.symbols ?? []),
]

describe('a leak of one copy', () => {
  it('is traced to that copy and to no other, with p under its bound under the threshold', () => {
    const result = trace({ ...plan, reading: wordOf('partner-017') })
    expect(result.verdict).toBe('accusation')
    expect(result.accusations.map((suspect) => suspect.recipient)).toEqual(['partner-017'])
    const [suspect] = result.accusations
    expect(suspect?.p).toBeLessThan(1e-20)
    expect(suspect?.bound).toBeGreaterThanOrEqual(suspect!.p)
    expect(suspect?.threshold).toBe(1e-6 / 81)
    expect(suspect?.matches).toBe(106)
    expect(suspect?.expectedMatches).toBeLessThan(75)
    expect(suspect?.readable).toBe(106)
    expect(result).not.toHaveProperty('needed')
  })

  it('is still traced when a third of the marks is all that can be read', () => {
    const reading = wordOf('partner-044').map((symbol, i) => (i % 3 === 0 ? symbol : null))
    expect(trace({ ...plan, reading }).accusations.map((suspect) => suspect.recipient)).toEqual(['partner-044'])
  })
})

describe('a merge of two copies', () => {
  it('names both, alone or next to each other', () => {
    const draw = seededDraw(4)
    const leakers = plan.copies.filter(({ recipient }) => ['partner-005', 'partner-060'].includes(recipient))
    const reading = simulateLeak(draw, plan.sites, leakers, { attack: 'interleave' })
    const result = trace({ ...plan, reading })
    expect(result.accusations.map((suspect) => suspect.recipient).sort()).toEqual(['partner-005', 'partner-060'])
    expect(result.accusations.some((suspect) => suspect.decoder === 'J' && suspect.given.length > 0)).toBe(true)
  })
})

describe('what is not a leak', () => {
  it('of a release: variants chosen by chance name nobody', () => {
    const draw = seededDraw(12)
    for (let t = 0; t < 20; t++) {
      const chance = simulateCopies(draw, plan.sites, 1)[0]!
      const result = trace({ ...plan, reading: [...chance.symbols] })
      expect(result.accusations).toEqual([])
      expect(['none', 'lead']).toContain(result.verdict)
    }
  })

  it('readable: too few marks are called too few, with how many more', () => {
    const reading = wordOf('partner-017').map((symbol, i) => (i < 8 ? symbol : null))
    const result = trace({ ...plan, reading, leadAlpha: 1e-9 })
    expect(result.verdict).toBe('insufficient')
    expect(result.needed).toBeGreaterThan(5)
    expect(result.needed).toBeLessThan(40)
    const none = trace({ ...plan, reading: plan.sites.map(() => null) })
    expect(none).toMatchObject({ verdict: 'insufficient', readable: 0, accusations: [], leads: [], pairs: [] })
    expect(none.needed).toBeGreaterThan(20)
  })

  it('so many more marks as it says are indeed enough for a verbatim copy', () => {
    const reading = wordOf('partner-017').map((symbol, i) => (i < 8 ? symbol : null))
    const { needed } = trace({ ...plan, reading, leadAlpha: 1e-9 })
    const more = wordOf('partner-017').map((symbol, i) => (i < 8 + 2 * needed! ? symbol : null))
    expect(trace({ ...plan, reading: more }).verdict).toBe('accusation')
  })

  it('an accusation, below the threshold: a lead', () => {
    const reading = wordOf('partner-017').map((symbol, i) => (i < 45 ? symbol : null))
    const strict = trace({ ...plan, reading, alpha: 1e-15 })
    expect(strict.verdict).toBe('lead')
    expect(strict.accusations).toEqual([])
    expect(strict.leads.map((suspect) => suspect.recipient)).toContain('partner-017')
    expect(strict.needed).toBeGreaterThan(0)
  })
})

describe('pairs', () => {
  it('are named together when neither can be named alone, and only as a lead', () => {
    let seen = 0
    for (let seed = 0; seed < 60; seed++) {
      const draw = seededDraw(500 + seed)
      const sites = simulateSites(draw, 60, 2, 'GL6')
      const copies = simulateCopies(draw, sites, 20)
      const reading = simulateLeak(draw, sites, copies.slice(0, 2), { attack: 'interleave' })
      const result = trace({ sites, copies, reading, recipients: 20 })
      for (const pair of result.pairs) {
        seen++
        expect(['partner-001', 'partner-002']).toEqual(expect.arrayContaining(pair.recipients.slice(0, 1)))
        expect(pair.p).toBeLessThanOrEqual(pair.threshold)
        expect(pair.threshold).toBeCloseTo(1e-2 / 190, 12)
        expect(result.accusations.some(({ recipient }) => pair.recipients.includes(recipient))).toBe(false)
      }
    }
    expect(seen).toBeGreaterThan(0)
  })
})

describe('the result', () => {
  const draw = seededDraw(9)
  const reading = simulateLeak(draw, plan.sites, plan.copies.slice(3, 5), { attack: 'coin', erased: 0.2 })

  it('has both decoders paid for out of one budget', () => {
    const evidence = gatherEvidence(plan.sites, reading, plan.copies)
    const [single, joint] = [decodeSingle(evidence), startJoint(evidence)]
    const { accusations, leads } = trace({ ...plan, reading })
    expect(accusations.length).toBeGreaterThan(0)
    for (const suspect of [...accusations, ...leads]) {
      const copy = names.indexOf(suspect.recipient)
      const p = { S: single[copy]!.p / SINGLE_SHARE, J: joint.test(copy).p / (1 - SINGLE_SHARE) }
      expect(suspect.p).toBe(Math.min(p.S, p.J))
      expect(suspect.p).toBe(p[suspect.decoder])
    }
  })

  it('is the same bytes each time', () => {
    expect(JSON.stringify(trace({ ...plan, reading }))).toBe(JSON.stringify(trace({ ...plan, reading })))
  })

  it('does not depend on the order in which copies are listed', () => {
    const forward = trace({ ...plan, reading })
    const backward = trace({ ...plan, copies: plan.copies.toReversed(), reading })
    expect(backward.accusations.map(({ recipient }) => recipient)).toEqual(
      forward.accusations.map(({ recipient }) => recipient),
    )
  })

  it('divides alpha among all recipients, also those whose copy is not at hand', () => {
    const wide = trace({ ...plan, recipients: 81_000, reading })
    expect(wide.accusations.every((suspect) => suspect.threshold === 1e-6 / 81_000)).toBe(true)
    const narrow = trace({ ...plan, reading })
    expect(wide.accusations[0]?.p).toBe(narrow.accusations[0]?.p)
  })

  it('is "none" or "insufficient" without copies', () => {
    expect(trace({ ...plan, copies: [], recipients: 1, reading }).verdict).toBe('none')
    expect(trace({ sites: [], reading: [], copies: [], recipients: 1 }).verdict).toBe('insufficient')
  })
})

describe('hostile input', () => {
  const small: TraceInput = {
    sites: [
      { id: 'a', numerators: binaryLaw(7386) },
      { id: 'b', numerators: uniformLaw(3) },
    ],
    reading: [1, null],
    copies: [{ recipient: 'p', symbols: Uint8Array.of(1, 2) }],
    recipients: 1,
  }
  it('is small and valid to begin with', () => expect(trace(small).verdict).toBe('insufficient'))
  it.each<readonly [string, Partial<TraceInput>]>([
    ['a reading of another length', { reading: [1] }],
    ['a symbol the site has not', { reading: [2, 0] }],
    ['a symbol that is no integer', { reading: [0.5, 0] }],
    ['a copy of another length', { copies: [{ recipient: 'p', symbols: Uint8Array.of(1) }] }],
    ['a copy with an impossible symbol', { copies: [{ recipient: 'p', symbols: Uint8Array.of(1, 3) }] }],
    ['a copy that is no bytes', { copies: JSON.parse('[{"recipient":"p","symbols":[1,2]}]') }],
    ['one recipient twice', { copies: [...small.copies, ...small.copies], recipients: 2 }],
    ['fewer recipients than copies', { recipients: 0 }],
    ['recipients that are no number', { recipients: Number.NaN }],
    ['alpha 0', { alpha: 0 }],
    ['alpha NaN', { alpha: Number.NaN }],
    ['lead alpha 1', { leadAlpha: 1 }],
    ['a law of zeros', { sites: [{ id: 'a', numerators: [0, 65_536] }, small.sites[1]!] }],
    ['more sites than the limit', { sites: Array.from({ length: 16_385 }, () => small.sites[0]!) }],
  ])('%s is refused by name', (_, change) => {
    expect(() => trace({ ...small, ...change })).toThrow(expect.objectContaining({ name: 'FingerprintError' }))
  })

  test.prop([
    fc.array(fc.tuple(fc.integer({ min: 2, max: 20 }), fc.nat(19), fc.nat(19), fc.boolean()), { maxLength: 40 }),
  ])('or any valid input gives probabilities and a verdict', (rows) => {
    const result = trace({
      sites: rows.map(([q], i) => ({ id: `s${i}`, numerators: uniformLaw(q) })),
      reading: rows.map(([q, a, , read]) => (read ? a % q : null)),
      copies: [
        { recipient: 'x', symbols: Uint8Array.from(rows, ([q, a]) => a % q) },
        { recipient: 'y', symbols: Uint8Array.from(rows, ([q, , b]) => b % q) },
      ],
      recipients: 2,
    })
    for (const suspect of [...result.accusations, ...result.leads]) {
      expect(suspect.p).toBeGreaterThan(0)
      expect(suspect.bound).toBeGreaterThanOrEqual(suspect.p)
      expect(suspect.bound).toBeLessThanOrEqual(1)
    }
  })
})
