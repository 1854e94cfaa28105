import type { ReadingChange } from '../explain.ts'
import { type ExplanationId, explanation } from '../explanations.ts'
import { plainDay } from '../instant.ts'
import type { ReportWave } from '../report.ts'
import type { Pass } from './assess.ts'

const WORTH_ASKING = 0.05
const MOST_QUESTIONS = 3

/** Plain sentences: per unsettled wave the evidence whose answer would move the result most, then the disputed dates that matter. */
export function wouldSettle(
  pass: Pass,
  waves: readonly ReportWave[],
  changes: readonly ReadingChange[],
): readonly string[] {
  if (waves.length === 0)
    return ['No attack, exposure or second discovery is recorded: there is nothing to explain yet.']
  const sentences = waves
    .filter((wave) => wave.verdict !== 'settled' && wave.verdict !== 'likely')
    .flatMap((wave) => [...doubts(wave, pass), ...questions(wave, pass), ...dates(wave, changes)])
  return [...new Set(sentences)]
}

function doubts(wave: ReportWave, pass: Pass): readonly string[] {
  if (!wave.doubtful) return []
  return [
    `${name(wave, pass)}: whether it happened as told (${wave.events.join(', ')}); a second source would show it.`,
  ]
}

/**
 * One question for each group that still holds a share; inseparable explanations share theirs. First comes the one whose answer would move the result most: a sure answer
 * about a group with share s moves the shares by 2 s (1 - s) on average (total variation), so a near certainty is asked about last.
 */
function questions(wave: ReportWave, pass: Pass): readonly string[] {
  if (wave.doubtful) return []
  const left = wave.explanations.filter((each) => each.status !== 'excluded' && each.posterior >= WORTH_ASKING / 2)
  const groups = [...Map.groupBy(left, (each) => explanation(each.id).group).values()].map((members) => {
    const share = members.reduce((sum, each) => sum + each.posterior, 0)
    return { ids: members.sort((x, y) => y.posterior - x.posterior).map((each) => each.id), moves: share * (1 - share) }
  })
  return groups
    .sort((x, y) => y.moves - x.moves)
    .slice(0, MOST_QUESTIONS)
    .flatMap(({ ids: together }) => {
      const [first] = together
      if (first === undefined) return []
      const question = `${name(wave, pass)}, ${together.join(' or ')}: ${explanation(first).settledBy}.`
      if (together.length === 1) return [question]
      return [question, `${name(wave, pass)}: ${together.join(' and ')} stay together; ${separates(together)}.`]
    })
}

function separates(ids: readonly ExplanationId[]): string {
  return ids.includes('partner-intrusion')
    ? 'only the logs and the answer of the copy’s holder can tell them apart'
    : 'the dates cannot tell them apart'
}

function dates(wave: ReportWave, changes: readonly ReadingChange[]): readonly string[] {
  return changes
    .filter((change) => change.wave === wave.id)
    .map(({ reading, newlyExcluded, leading }) => {
      const effects = [
        ...(newlyExcluded.length > 0 ? [`${newlyExcluded.join(', ')} would be excluded`] : []),
        ...(leading === null
          ? []
          : [`${leading.length === 0 ? 'none of the listed' : leading.join(' or ')} would lead`]),
      ]
      return `${wave.id}, disputed date: if ${reading.keeps} is right (and ${reading.drops.join(', ')} wrong), ${effects.join(' and ')}.`
    })
}

function name(wave: ReportWave, pass: Pass): string {
  const first = pass.record.byId.get(wave.events[0] ?? '')
  return first === undefined ? wave.id : `${wave.id} (from ${plainDay(first.at.nominal ?? first.at.earliest)})`
}
