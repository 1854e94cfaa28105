/**
 * Measures what damages leave of marks on the calibration files, fits the planner's figures and writes them into the room:
 * `node --conditions=@sigillo/source bench/marks/conviction/calibrate.ts` (half an hour). `--match excerpt,union`
 * only what is named, `--corpora python` only that language; other figures stay.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { CORPORA } from '../survival/corpus.ts'
import type { Corpus } from '../survival/corpus.ts'
import { fitDamage } from './fit-figures.ts'
import type { FittedDamage } from './fit-figures.ts'
import { observe } from './observe.ts'
import type { Observation } from './observe.ts'

const { values } = parseArgs({
  options: { match: { type: 'string', default: '' }, corpora: { type: 'string', default: '' } },
})
/** Languages with figures of their own; the others share those of all. */
const OWN: readonly string[] = ['python', 'javascript']
/** No figures: a reader that loses marks here breaks the floors of the survival bench. */
const WHOLE = new Set(['', 'verbatim', 'format'])
const TARGET = new URL('../../../packages/marks/src/damage-figures.ts', import.meta.url)
const [START, END] = ['export const DAMAGE_FIGURES = `\n', '`\n']

const observations: Observation[] = []
const asked = values.corpora === '' ? Object.keys(CORPORA) : values.corpora.split(',')
/** Figures for all languages need all languages. */
const groups = values.corpora === '' ? [...OWN, 'any'] : OWN.filter((language) => asked.includes(language))
for (const corpus of asked as Corpus[]) {
  const [files, trials] = OWN.includes(corpus) ? [50, 2] : [5, 2]
  const found = await observe(corpus, files, trials, (scenario) => !WHOLE.has(scenario) && isAsked(scenario))
  observations.push(...found)
  process.stderr.write(`${corpus}: ${found.length} damaged leaks\n`)
}
const fitted = [...Map.groupBy(observations, ({ scenario, leakers }) => `${scenario} ${leakers}`).values()].flatMap(
  (of) =>
    groups.flatMap((language) => {
      const own = of.filter(({ corpus }) => language === 'any' || corpus === language)
      return own.length === 0 ? [] : fitDamage(language, own)
    }),
)
const source = readFileSync(TARGET, 'utf8')
const from = source.indexOf(START) + START.length
const to = source.indexOf(END, from)
const kept = source
  .slice(from, to)
  .split('\n')
  .filter((line) => line !== '' && !isFitted(line))
const lines = [...kept, ...fitted.map(lineOf)].sort()
writeFileSync(TARGET, `${source.slice(0, from)}${lines.join('\n')}\n${source.slice(to)}`)

function isFitted(line: string): boolean {
  const [language = '', scenario = ''] = line.split(' ')
  return groups.includes(language) && isAsked(scenario)
}

function isAsked(scenario: string): boolean {
  return values.match.split(',').some((text) => scenario.includes(text))
}

function lineOf({ language, scenario, leakers, from, lossSpread, leadSpread, kinds }: FittedDamage): string {
  const shares = Object.entries(kinds).map(
    ([kind, figures]) =>
      `${kind.replaceAll(' ', '_')}=${figures.map((share) => (share === null ? '' : brief(share))).join(',')}`,
  )
  return [language, scenario, leakers, from, brief(lossSpread), brief(leadSpread), ...shares].join(' ')
}

function brief(share: number): string {
  return share.toFixed(2).replace(/^0(?=\.)/, '')
}
