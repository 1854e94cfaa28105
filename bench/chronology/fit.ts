/** Fits the delays on the whole corpus, lists its durations, and writes both into the room: `node --conditions=@sigillo/source bench/chronology/fit.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { findDelays } from '@sigillo/chronology/delays'
import { fitLags } from '@sigillo/chronology/fit-lags'
import { readCorpus } from './corpus.ts'

const corpus = readCorpus()
const lags = fitLags(corpus).map(
  ({ explanation, waves, meanLagDays, seen }) =>
    `  { explanation: '${explanation}', waves: '${waves}', meanLagDays: ${meanLagDays}, seen: ${seen} },`,
)
replaceAfter('fitted-lags.ts', 'export const FITTED_LAGS: readonly FittedLag[] = [', [...lags, ']'])

const delays = corpus.flatMap((caseFile) => findDelays(caseFile).map((delay) => ({ ...delay, caseId: caseFile.id })))
const lists = [...Map.groupBy(delays, (delay) => delay.id)].map(([id, list]) => {
  const entries = list.map(({ caseId, calendarDays }) => `    { caseId: '${caseId}', days: ${calendarDays} },`)
  return `  '${id}': [\n${entries.join('\n')}\n  ],`
})
replaceAfter('corpus-delays.ts', 'export const CORPUS_DELAYS: Readonly<Record<string, readonly CorpusDelay[]>> = {', [
  ...lists,
  '}',
])

function replaceAfter(file: string, marker: string, lines: readonly string[]): void {
  const target = new URL(`../../packages/chronology/src/${file}`, import.meta.url)
  const source = readFileSync(target, 'utf8')
  writeFileSync(target, `${source.slice(0, source.indexOf(marker))}${marker}\n${lines.join('\n')}\n`)
  console.log(`${file}: ${lines.length - 1} entries`)
}
