import { describe, expect, it } from 'vitest'
import { buildBackground } from './background.ts'
import { huntingFeatures, huntingHits } from './hunting.ts'
import { document, program, programs } from './test-code.fixture.ts'

const background = buildBackground({ name: 'test', version: '1', documents: programs(0, 60) })
const text = `${program(500)}\nfetch('/public/everybody.aspx')\n`
const artefact = document('a', text)
const asText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe('features to hunt for', () => {
  const found = huntingFeatures(artefact, background)

  it('stand in the artefact as they are given', () => {
    expect(found.length).toBe(24)
    for (const one of found) expect(text.slice(one.start, one.end)).toBe(asText(one.bytes))
    expect(new Set(found.map((one) => one.kind))).toEqual(new Set(['string', 'code']))
    expect(huntingHits(found, artefact.files[0]!.bytes)).toBe(found.length)
  })

  it('are in no public file, and in no unrelated one', () => {
    for (let seed = 0; seed < 60; seed++) expect(huntingHits(found, new TextEncoder().encode(program(seed)))).toBe(0)
    for (let seed = 700; seed < 760; seed++) expect(huntingHits(found, new TextEncoder().encode(program(seed)))).toBe(0)
  })

  it('are found in UTF-16 as well', () => {
    const wide = new Uint8Array(2 * text.length)
    for (let at = 0; at < text.length; at++) wide[2 * at] = text.charCodeAt(at)
    expect(huntingHits(found, wide)).toBe(found.length)
  })

  it('never touch a mark or an essential part', () => {
    const marks = found.map(({ file, start, end }) => ({ file, start, end }))
    const without = huntingFeatures({ ...artefact, marks }, background, { limit: 100 })
    for (const one of without) {
      for (const mark of marks) expect(one.start >= mark.end || mark.start >= one.end).toBe(true)
    }
    const strings = ['/public/everybody.aspx']
    const essential = huntingFeatures({ ...artefact, essential: { strings } }, background, { limit: 500 })
    expect(essential.filter((one) => asText(one.bytes) === strings[0])).toEqual([])
  })

  it('are none for a public program', () => {
    expect(huntingFeatures(document('p', program(3)), background)).toEqual([])
  })
})
