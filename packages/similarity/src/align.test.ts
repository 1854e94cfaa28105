import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignedRegions } from './align.ts'
import { file, minified, program } from './test-code.fixture.ts'

const linesOf = (text: string, from: number, to: number): string =>
  text
    .split('\n')
    .slice(from - 1, to)
    .join('\n')

describe('aligned regions', () => {
  const artefact = program(500)
  const part = linesOf(artefact, 9, 21)

  it('say on which lines a pasted part lies in the sample and in the artefact', () => {
    const around = 'switch (a) { case b: break }\n'.repeat(20)
    const sample = `${around}${part}\n${around}`
    const [first] = alignedRegions(file(sample), file(artefact))
    expect(first).toMatchObject({ kind: 'verbatim', artefact: { firstLine: 9, lastLine: 21 } })
    expect(linesOf(sample, first!.sample.firstLine, first!.sample.lastLine)).toBe(part)
    expect(sample.slice(first!.sample.start, first!.sample.end)).toContain('.aspx')
  })

  it('follow renamed and minified code', () => {
    const [first] = alignedRegions(file(minified(artefact)), file(artefact))
    expect(first!.kind).toBe('renamed')
    expect(first!.tokens).toBeGreaterThan(100)
    expect(first!.exact).toBeLessThan(first!.tokens)
  })

  it('follow names and literals alone where the code around them is new', () => {
    const words = [...artefact.matchAll(/'[^']{4,}'/g)].slice(0, 8).map(([word]) => `x=>{y(${word})}`)
    const [first] = alignedRegions(
      file(words.join('\n')),
      file(artefact.replaceAll(/\.\w+/g, '').replaceAll(/\w+:|0x\w+|\d/g, '')),
      { minimumTokens: 6 },
    )
    expect(first?.kind ?? 'anchors').toBe('anchors')
  })

  it('are none for unrelated programs', () => {
    const found = alignedRegions(file(program(902)), file(artefact), { minimumTokens: 30 })
    expect(found.filter(({ kind }) => kind !== 'renamed')).toEqual([])
  })

  it('never fail, never overlap in the sample, and lie inside both files', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b.c', '(', ')', '"s"', '1', '+', '\n', 'if'), { maxLength: 120 })
      .map((parts) => parts.join(' '))
    fc.assert(
      fc.property(text, text, (one, other) => {
        const regions = alignedRegions(file(one), file(other), { minimumTokens: 4 })
        for (const [at, region] of regions.entries()) {
          expect(region.sample.end).toBeLessThanOrEqual(one.length)
          expect(region.artefact.end).toBeLessThanOrEqual(other.length)
          expect(region.exact).toBeLessThanOrEqual(region.tokens)
          for (const next of regions.slice(at + 1)) {
            expect(region.sample.start >= next.sample.end || next.sample.start >= region.sample.end).toBe(true)
          }
        }
      }),
    )
  })

  it('take bounded time on a text that repeats itself', () => {
    const same = file('a.b(c); '.repeat(60_000))
    const begun = performance.now()
    alignedRegions(same, same)
    expect(performance.now() - begun).toBeLessThan(10_000)
  })
})
