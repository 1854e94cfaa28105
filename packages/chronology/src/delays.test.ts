import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { CORPUS_DELAYS } from './corpus-delays.ts'
import { findDelays } from './delays.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const corpus: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

describe('delays of the known cases', () => {
  it('are the ones that the room ships', () => {
    const found: Record<string, { caseId: string; days: number }[]> = {}
    for (const each of corpus) {
      for (const { id, calendarDays } of findDelays(each)) {
        const list = found[id] ?? []
        found[id] = [...list, { caseId: each.id, days: calendarDays }]
      }
    }
    expect(found).toEqual(CORPUS_DELAYS)
  })

  it('compare a case with the others, never with itself', () => {
    for (const each of corpus) {
      for (const { id, calendarDays, corpus: among } of findDelays(each)) {
        const others = (CORPUS_DELAYS[id] ?? []).filter((other) => other.caseId !== each.id)
        expect(among?.cases ?? 0).toBe(others.length)
        if (among === null) continue
        expect(among.shorter).toBe(others.filter((other) => other.days < calendarDays).length)
        const below = others.filter((other) => other.days < among.median).length
        const above = others.filter((other) => other.days > among.median).length
        expect(Math.max(below, above)).toBeLessThanOrEqual(others.length / 2)
      }
    }
  })
})
