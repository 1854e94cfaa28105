/** Scores the explanations on the known cases, each held out of the fit: `npm run bench:chronology`. Writes results/score.json and docs/chronology-figures.md. */
import { writeFileSync } from 'node:fs'
import { findHistory } from '@sigillo/chronology/case-history'
import { explanation } from '@sigillo/chronology/explanations'
import { DESIRED_ORDERS, luckOf, skill } from '@sigillo/chronology/histories'
import { calibration, leaveOneOut } from '@sigillo/chronology/leave-one-out'
import { figuresPage } from './figures-page.ts'
import { readCorpus } from './corpus.ts'
import { measureSpeed } from './speed.ts'

const corpus = readCorpus()
const heldOut = leaveOneOut(corpus)
const scored = heldOut.flatMap(({ caseFile, score, report }) =>
  score === null ? [] : [{ case: caseFile.id, ...score, verdict: report.verdict }],
)
const decidedNaming = heldOut.filter(({ report }) =>
  report.waves.some(
    (wave) =>
      ['settled', 'likely'].includes(wave.verdict) &&
      wave.leading.some((id) => explanation(id).accuses) &&
      !wave.doubtful,
  ),
)
const orders = DESIRED_ORDERS.map((order) => {
  const statuses = corpus.map(
    (caseFile) => findHistory(caseFile).desired.find((each) => each.order === order)?.status ?? 'undecided',
  )
  const met = statuses.filter((status) => status === 'met').length
  const missed = statuses.filter((status) => status === 'missed').length
  const observed = met + missed === 0 ? null : met / (met + missed)
  return {
    order,
    met,
    missed,
    undecided: corpus.length - met - missed,
    luck: luckOf(order),
    skill: observed === null ? null : skill(order, observed),
  }
})
const even = 1 / 13
const results = {
  cases: corpus.length,
  scored,
  first: scored.filter((each) => each.rank === 1).length,
  firstTwo: scored.filter((each) => each.rank <= 2).length,
  excludedTruths: scored.filter((each) => each.status === 'excluded').length,
  meanBrier: mean(scored.map((each) => each.brier)),
  evenBrier: (1 - even) ** 2 + 12 * even ** 2,
  calibration: calibration(heldOut),
  namedSomebody: decidedNaming.map(({ caseFile }) => ({
    case: caseFile.id,
    control: caseFile.control,
    outcome: caseFile.knownOutcome?.hypothesis ?? null,
  })),
  verdicts: heldOut.map(({ caseFile, report }) => ({
    case: caseFile.id,
    control: caseFile.control,
    outcome: caseFile.knownOutcome?.hypothesis ?? null,
    status: caseFile.knownOutcome?.status ?? null,
    verdict: report.verdict,
  })),
  orders,
}
const speed = measureSpeed()
save('score.json', results)
save('speed.json', speed)
writeFileSync(new URL('../../docs/chronology-figures.md', import.meta.url), figuresPage(results, speed))
console.log(
  `first in ${results.first} of ${scored.length}, first two in ${results.firstTwo}; Brier ${results.meanBrier.toFixed(3)}`,
)

/** What the figures page is written from. */
export type Results = typeof results

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function save(name: string, value: unknown): void {
  writeFileSync(new URL(`results/${name}`, import.meta.url), `${JSON.stringify(value, null, 1)}\n`)
}
