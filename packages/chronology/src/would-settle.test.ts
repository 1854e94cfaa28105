import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type CaseFile, parseCaseFile } from './case-file.ts'
import { explainCase } from './explain.ts'
import { explanation } from './explanations.ts'

const folder = new URL('../../../vectors/chronology/', import.meta.url)
const cases: readonly CaseFile[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseCaseFile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))))

describe('what would settle it', () => {
  it.each(cases)('$id: asks first what would move the result most', (each) => {
    const report = explainCase(each)
    for (const wave of report.waves.filter((one) => !one.doubtful)) {
      const shares = new Map<string, number>()
      for (const { id, posterior } of wave.explanations) {
        const { group } = explanation(id)
        shares.set(group, (shares.get(group) ?? 0) + posterior)
      }
      const asked = report.wouldSettle.flatMap((sentence) => {
        const ids = new RegExp(`^${wave.id} \\([^)]*\\), (?!disputed)([a-z-]+)`).exec(sentence)
        return ids?.[1] === undefined ? [] : [shares.get(explanation(ids[1] as 'patch-diffing').group) ?? NaN]
      })
      if (['settled', 'likely'].includes(wave.verdict)) expect(asked).toEqual([])
      const moves = asked.map((share) => share * (1 - share))
      for (let i = 1; i < moves.length; i++) expect(moves[i]).toBeLessThanOrEqual((moves[i - 1] ?? NaN) + 1e-9)
    }
  })
})
