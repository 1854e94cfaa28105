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

/** One question for each group that still holds a share, largest first; inseparable explanations share theirs. */
function questions(wave: ReportWave, pass: Pass): readonly string[] {
  if (wave.doubtful) return []
  const asked = new Set<string>()
  const ranked = wave.explanations
    .filter((each) => each.status !== 'excluded' && each.posterior >= WORTH_ASKING / 2)
    .sort((a, b) => b.posterior - a.posterior)
  const sentences: string[] = []
  for (const { id } of ranked) {
    const { group, settledBy } = explanation(id)
    if (asked.has(group) || sentences.length === MOST_QUESTIONS) continue
    asked.add(group)
    const together = ranked.filter((each) => explanation(each.id).group === group).map((each) => each.id)
    sentences.push(`${name(wave, pass)}, ${together.join(' or ')}: ${settledBy}.`)
    if (together.length > 1)
      sentences.push(`${name(wave, pass)}: ${together.join(' and ')} stay together; ${separates(together)}.`)
  }
  return sentences
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
