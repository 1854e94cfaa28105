import type { Results } from './score.ts'
import type { Timing } from './speed.ts'

/** The figures as a page of the documentation. Everything in it but the explanations is computed. */
export function figuresPage(
  results: Results,
  speed: { readonly machine: string; readonly timings: readonly Timing[] },
): string {
  const { scored } = results
  return [
    '# Chronology: figures',
    '',
    'Written by `npm run bench:chronology`; the raw results are in `bench/chronology/results/`. How the reasoning works: [explain.md](explain.md).',
    '',
    '## Do the explanations hit the truth?',
    '',
    `The ${results.cases} cases of \`vectors/chronology\` hold ${scored.length} whose outcome is publicly confirmed and in which something happened that needs an explanation. Each is scored on`,
    'its first wave that does not rest on doubtful reports only (how it got out), with delays fitted on **the other cases only** (leave-one-out; a test proves it).',
    '',
    '| case | true explanation | rank | share | Brier | verdict |',
    '|---|---|---|---|---|---|',
    ...scored.map(
      (each) =>
        `| ${each.case} | ${each.outcome} | ${each.rank} | ${percent(each.share)} | ${each.brier.toFixed(3)} | ${each.verdict} |`,
    ),
    '',
    '| figure | wanted | measured |',
    '|---|---|---|',
    `| confirmed outcomes called excluded | 0 | ${results.excludedTruths} |`,
    `| true explanation first | at least 80 % | ${results.first} of ${scored.length} (${percent(results.first / scored.length)}) |`,
    `| true explanation within the first two | all | ${results.firstTwo} of ${scored.length} |`,
    `| mean Brier score (0 best, 2 worst) | below ${results.evenBrier.toFixed(3)}, the same share for everything | ${results.meanBrier.toFixed(3)} |`,
    `| controls that name somebody | 0 | ${results.namedSomebody.filter((each) => each.control).length} |`,
    `| cases in which a party is named at all (likely or settled) | only where the record itself says so | ${results.namedSomebody.map((each) => each.case).join(', ') || 'none'} |`,
    '',
    'Calibration: of all shares given to the explanations of these waves, how many of each size came true.',
    '',
    '| share given | forecasts | mean share | expected to come true | came true |',
    '|---|---|---|---|---|',
    ...results.calibration.map(
      (band) =>
        `| ${percent(band.from)} to ${percent(band.to)} | ${band.forecasts} | ${percent(band.meanShare)} | ${(band.meanShare * band.forecasts).toFixed(1)} | ${band.cameTrue} |`,
    ),
    '',
    '### How far to trust this',
    '',
    `- ${scored.length} cases are few: one more miss would move "first" by ${percent(1 / scored.length)}. The cases are famous ones, so leaks are more common among them than in life; that is why probabilities are never fitted here, only delays.`,
    '- The rules were written by people who knew these cases. Leave-one-out keeps a case out of the fit of the delays, not out of the minds that chose the rules. Each rule is general and stands with its reason in `priors.ts`; those that moved a confirmed case:',
    '  - *A fix that its publisher replaced* did not show the whole flaw, and *the finder is whoever first published details or code* when nobody else is on record before a lasting fix (it speaks in eight cases: right for CUPS, HTTP/2, Ivanti, regreSSHion, xz and PrintNightmare, wrong for Shellshock and runc, where a coordinator or maintainer published). With the rule that an exposure by its own finder speaks for the finder’s side they bring PrintNightmare from below the second place to the first; no other confirmed case changed its rank.',
    '  - *A second discovery is a find of its own*, ten to one, since that is what the source says. Without it Heartbleed’s second finder, dated up to the day of publication, comes out third: whoever is dated to that day may have read of it.',
    '- Drupalgeddon is second, and stays so honestly: the attacks followed published details within hours, and the confirmed outcome names the fix from which those details were worked out. The dates show the last step, not the one before it.',
    '- Most priors are assumed (they say so). The report lists for each wave the numbers which, wrong by ten, change what leads.',
    '',
    '## All cases, held out',
    '',
    '| case | control | publicly held | status | whole case |',
    '|---|---|---|---|---|',
    ...results.verdicts.map(
      (each) =>
        `| ${each.case} | ${each.control ? 'yes' : ''} | ${each.outcome ?? ''} | ${each.status ?? ''} | ${each.verdict} |`,
    ),
    '',
    '## The twelve desired orderings over the known cases',
    '',
    'After the case-state model of coordinated disclosure (CERT/CC). Skill is 0 where an ordering is met as often as luck would, 1 where always, negative where luck does better; cases',
    'whose dates do not say are left out. Famous cases are not typical cases.',
    '',
    '| ordering | met | missed | dates do not say | luck | skill |',
    '|---|---|---|---|---|---|',
    ...results.orders.map(
      (each) =>
        `| ${each.order.split('').join(' before ')} | ${each.met} | ${each.missed} | ${each.undecided} | ${percent(each.luck)} | ${each.skill === null ? '' : each.skill.toFixed(2)} |`,
    ),
    '',
    '## Speed',
    '',
    `${speed.machine}. Median of five runs; the machine was shared, so the processor time is the figure to compare. Cases are made up (\`bench/chronology/speed.ts\`).`,
    '',
    '| work | events | wanted | processor time, ms | elapsed, ms |',
    '|---|---|---|---|---|',
    ...speed.timings.map(
      (each) => `| ${each.what} | ${each.events} | ${each.wanted} | ${each.processor} | ${each.elapsed} |`,
    ),
    '',
  ].join('\n')
}

function percent(share: number): string {
  if (share > 0 && share < 0.01) return `${(share * 100).toFixed(1)} %`
  return `${Math.round(share * 100)} %`
}
