/** Fits the delays on the whole corpus and writes them into the room: `node --conditions=@sigillo/source bench/chronology/fit.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fitLags } from '@sigillo/chronology/fit-lags'
import { readCorpus } from './corpus.ts'

const TARGET = new URL('../../packages/chronology/src/fitted-lags.ts', import.meta.url)
const MARKER = 'export const FITTED_LAGS: readonly FittedLag[] = ['

const entries = fitLags(readCorpus()).map(
  ({ explanation, waves, meanLagDays, seen }) =>
    `  { explanation: '${explanation}', waves: '${waves}', meanLagDays: ${meanLagDays}, seen: ${seen} },`,
)
const source = readFileSync(TARGET, 'utf8')
writeFileSync(TARGET, `${source.slice(0, source.indexOf(MARKER))}${MARKER}\n${entries.join('\n')}\n]\n`)
console.log(`${entries.length} delays written`)
