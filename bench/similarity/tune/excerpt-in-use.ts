import { seededDraw } from '@sigillo/fingerprint/simulate'
import { screenScores } from '@sigillo/similarity/screen'
import { TOOLS } from '../../marks/survival/tools.ts'
import { contestOf } from '../contests.ts'
import { shareAbove, thresholdAt } from '../metrics.ts'
import { documentOf, screenOf } from '../ours.ts'
import { relatedPairs } from '../sets/clones.ts'
import { castOf } from '../sets/draw.ts'
import { statementsInto } from '../sets/javascript.ts'
import { textOf } from '../sets/public-files.ts'
import { robustnessSet } from '../sets/robustness.ts'

/**
 * What is found of an excerpt after terser, by how much of it terser leaves: as in the sets, where nothing calls what was pasted, and in use.
 * `node --conditions=@sigillo/source bench/similarity/tune/excerpt-in-use.ts` [held-back]; the held-back draw is for reports, never for tuning.
 */
const terser = TOOLS.find((each) => each.name === 'terser')!
const set = await robustnessSet('javascript', process.argv[2] === 'held-back' ? 'held-back' : 'tuning', 30)
const hosts = castOf('javascript', 30).hosts.map((file) => textOf(file))
const clones = relatedPairs(set)
const screen = screenOf(contestOf(set), false)
const unrelated = set.samples.flatMap((sample, column) =>
  [...screenScores(screen, documentOf(sample.path))].filter(
    (_, row) => sample.of !== row && !clones.has(`${row}/${column}`),
  ),
)
const thresholds = [0.01, 0.001].map((share) => thresholdAt(unrelated, share))

for (const isUsed of [false, true]) {
  const found: { readonly left: number; readonly score: number }[] = []
  for (const [row, path] of set.originals.entries()) {
    const made = await pasted(textOf({ path }), row, isUsed)
    if (made === null) continue
    const bytes = Buffer.from(made.text)
    const score = screenScores(screen, { id: 'made', files: [{ name: 'made.js', bytes }] })[row]!
    found.push({ left: made.left, score })
  }
  report(isUsed ? 'in use' : 'unused', found)
}

/** The minified text, and the share of the excerpt's minified size that is in it. */
async function pasted(text: string, of: number, isUsed: boolean): Promise<{ text: string; left: number } | null> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const host = hosts[(of + 7 * attempt) % hosts.length]!
    try {
      const whole = await terser.run(statementsInto(text, host, seededDraw(1000 * of + attempt), isUsed))
      const used = await terser.run(statementsInto(text, host, seededDraw(1000 * of + attempt), true))
      const alone = (await terser.run(host)).length
      return { text: whole, left: (whole.length - alone) / Math.max(1, used.length - alone) }
    } catch {
      // The tool refuses this text: the next host may do.
    }
  }
  return null
}

function report(name: string, found: readonly { readonly left: number; readonly score: number }[]): void {
  const shares = thresholds.map((threshold) =>
    shareAbove(
      found.map(({ score }) => score),
      threshold,
    ).toFixed(3),
  )
  console.log(`${name}: ${found.length} excerpts, found at 1 % and 0.1 %: ${shares.join(' ')}`)
  for (const { left, score } of found.filter((each) => each.score <= thresholds[0]!))
    console.log(`  missed at 1 %: ${(100 * left).toFixed(0)} % of it left, ${score.toFixed(1)} nats`)
}
