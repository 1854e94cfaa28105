import { extname } from 'node:path'
import { seededDraw } from '@sigillo/fingerprint/simulate'
import type { Draw } from '@sigillo/fingerprint/simulate'
import { findSites } from '@sigillo/marks/find-sites'
import { createPlan } from '@sigillo/marks/plan'
import type { MarkPlan } from '@sigillo/marks/plan'
import { readSample } from '@sigillo/marks/read-sample'
import { renderFile } from '@sigillo/marks/render'
import type { MarkSite, PlanFile, Reading } from '@sigillo/marks/site'
import { realFiles } from './corpus.ts'
import type { Corpus, RealFile } from './corpus.ts'
import { excerpt, renamed, shuffled, withoutComments } from '@sigillo/marks/leak/edits'
import { MERGES } from './merges.ts'
import { addOutcome, kindOf } from './tally.ts'
import type { Outcomes, SurvivalRow } from './tally.ts'
import { isThere, TOOLS } from './tools.ts'
import { survivors } from './survivors.ts'

/** One file with its plan, and a stranger's file that an excerpt is pasted into. */
export interface Marked {
  readonly plan: MarkPlan
  readonly file: PlanFile
  readonly host: string
}

/** Something that happens to `copies` copies of a file. */
export interface Damage {
  readonly name: string
  readonly nature: SurvivalRow['nature']
  readonly copies: number
  readonly run: (marked: Marked, copies: readonly string[], draw: Draw) => string | Promise<string>
}

/** Files of a corpus with their sites. Files that are too large for the grammars are no use to anybody and fail here. */
export async function markedFiles(corpus: Corpus, most: number): Promise<Marked[]> {
  const files = realFiles(corpus, most)
  const out: Marked[] = []
  for (const [at, { path, text }] of files.entries()) {
    const { file } = await findSites(path, text)
    const plan = createPlan('survival', [file])
    out.push({ plan, file: plan.files[0]!, host: hostFor(files, at) })
  }
  return out
}

/** All that can be done to copies of a corpus on this machine; names of tools that are missing go to `missing`. */
export function damagesOf(corpus: Corpus, missing: Set<string>): Damage[] {
  const tools = TOOLS.filter((tool) => tool.corpora.includes(corpus)).filter((tool) => {
    if (isThere(tool)) return true
    missing.add(`${tool.name} (install ${tool.needs})`)
    return false
  })
  return [
    { name: 'nothing', nature: 'edit', copies: 1, run: (_, [copy = '']) => copy },
    ...tools.map(({ name, nature, run }): Damage => ({ name, nature, copies: 1, run: (_, [copy = '']) => run(copy) })),
    { name: 'comments stripped', nature: 'edit', copies: 1, run: (_, [copy = '']) => withoutComments(corpus, copy) },
    { name: 'all renamed', nature: 'edit', copies: 1, run: (_, [copy = '']) => renamed(corpus, copy) },
    {
      name: 'functions shuffled',
      nature: 'shuffle',
      copies: 1,
      run: (_, [copy = ''], draw) => shuffled(corpus, copy, draw),
    },
    {
      name: '30 % pasted elsewhere',
      nature: 'edit',
      copies: 1,
      run: ({ host }, [copy = ''], draw) => excerpt(copy, host, draw),
    },
    ...MERGES.map(
      ({ name, copies, run }): Damage => ({
        name: `${copies} copies ${name}`,
        nature: 'merge',
        copies,
        run: ({ file }, texts, draw) => run(corpus, texts, file.text, draw),
      }),
    ),
  ]
}

/**
 * Reads `trials` damaged copies of each file. A reading is right when it is what one of the copies showed. What a shuffler does to the order of
 * functions is its own word and is counted as neither.
 */
export async function measureSurvival(
  corpus: Corpus,
  marked: readonly Marked[],
  damage: Damage,
  trials: number,
): Promise<SurvivalRow> {
  const draw = seededDraw(29)
  const row: SurvivalRow = {
    id: `${corpus}/${damage.name}`,
    corpus,
    damage: damage.name,
    nature: damage.nature,
    files: marked.length,
    refused: 0,
    ...(damage.nature === 'format' ? { unharmed: { right: 0, unsure: 0, wrong: 0 } } : {}),
    kinds: {},
  }
  for (const one of marked)
    for (let trial = 0; trial < trials; trial++) if (!(await readOne(row, one, damage, draw))) row.refused++
  if (damage.nature === 'minify') row.survivors = await survivors(marked, damage, draw)
  return row
}

async function readOne(row: SurvivalRow, marked: Marked, damage: Damage, draw: Draw): Promise<boolean> {
  const { file } = marked
  const words = Array.from({ length: damage.copies }, () => randomWord(file.sites, draw))
  const copies = words.map((word) => renderFile(file, (id) => word.get(id) ?? 0))
  const text = await attempt(() => damage.run(marked, copies, draw))
  if (text === null) return false
  const readings = await readText(marked, text)
  if (row.unharmed) await countUnharmed(row.unharmed, marked, copies[0] ?? '')
  for (const [at, { site: id, variant }] of readings.entries()) {
    const site = file.sites[at]!
    if (damage.nature === 'shuffle' && site.kind === 'function-order') continue
    const right = words.some((word) => word.get(id) === variant)
    addOutcome(row.kinds, kindOf(site), variant === null ? 'unsure' : right ? 'right' : 'wrong')
  }
  return true
}

/** What is read of a text whose name has kept its ending. */
export async function readText({ file, plan }: Marked, text: string): Promise<Reading[]> {
  return await readSample(plan, [{ path: `found${extname(file.path)}`, text }])
}

/** How much structure is read of a copy that no tool had: a kind that by chance shows one form throughout is left unread there too. */
async function countUnharmed(outcomes: Outcomes, marked: Marked, copy: string): Promise<void> {
  const readings = await readText(marked, copy)
  for (const [at, { variant }] of readings.entries())
    if (marked.file.sites[at]?.pool === 'structural') outcomes[variant === null ? 'unsure' : 'right']++
}

/** A codeword in which all variants are equally likely. */
export function randomWord(sites: readonly MarkSite[], draw: Draw): Map<string, number> {
  return new Map(sites.map((site) => [site.id, Math.floor(draw() * site.variants.length)]))
}

/** Null when a tool refuses a text: then there is no copy to be found either. */
export async function attempt(work: () => string | Promise<string>): Promise<string | null> {
  try {
    return await work()
  } catch {
    return null
  }
}

/** A file from the far side of the corpus: neighbours may share code, and what the host says is not the copy's. */
function hostFor(files: readonly RealFile[], at: number): string {
  return files[(at + Math.ceil(files.length / 2)) % files.length]?.text ?? ''
}
