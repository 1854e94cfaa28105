import type { Draw } from '@sigillo/fingerprint/simulate'
import type { PlanFile } from '@sigillo/marks/site'
import type { Corpus } from '../survival/corpus.ts'
import { excerpt, renamed, shuffled, withoutComments } from '@sigillo/marks/leak/edits'
import { MERGES } from '../survival/merges.ts'
import { isThere, TOOLS } from '../survival/tools.ts'
import { corpusOf } from './bundles.ts'
import { scenarioOf } from './scenario-names.ts'

/** What is done to every file of a leak that it can be done to; documents and rules stay as they are. */
export interface LeakDamage {
  readonly name: string
  readonly leakers: number
  /** What the planner calls it; null when it has no word for it. */
  readonly scenario: string | null
  /** Languages it works on. */
  readonly corpora: readonly Corpus[]
  readonly run: (file: PlanFile, copies: readonly string[], host: string, draw: Draw) => string | Promise<string>
}

type Run = (
  corpus: Corpus,
  copies: readonly string[],
  file: PlanFile,
  host: string,
  draw: Draw,
) => string | Promise<string>

const CODE: readonly Corpus[] = ['python', 'javascript']

/** All damages, single leakers first. */
export function leakDamages(): LeakDamage[] {
  const tools = TOOLS.filter((tool) => CODE.some((corpus) => tool.corpora.includes(corpus)) && isThere(tool)).map(
    (tool) => damage(tool.name, 1, (_, [copy = '']) => tool.run(copy), tool.corpora),
  )
  return [
    damage('nothing', 1, (_, [copy = '']) => copy),
    ...tools,
    damage('comments stripped', 1, (corpus, [copy = '']) => withoutComments(corpus, copy)),
    damage('all renamed', 1, (corpus, [copy = '']) => renamed(corpus, copy)),
    damage('functions shuffled', 1, (corpus, [copy = ''], _, __, draw) => shuffled(corpus, copy, draw)),
    damage('30 % pasted elsewhere', 1, (_, [copy = ''], __, host, draw) => excerpt(copy, host, draw)),
    ...MERGES.map(({ name, copies, run }) =>
      damage(`${copies} copies ${name}`, copies, (corpus, texts, file, _, draw) => run(corpus, texts, file.text, draw)),
    ),
  ]
}

function damage(name: string, leakers: number, run: Run, corpora: readonly Corpus[] = CODE): LeakDamage {
  return {
    name,
    leakers,
    scenario: scenarioOf(name),
    corpora,
    run: (file, copies, host, draw) => {
      const corpus = corpusOf(file.language)
      return corpus === null || !corpora.includes(corpus) ? (copies[0] ?? '') : run(corpus, copies, file, host, draw)
    },
  }
}
