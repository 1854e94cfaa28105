import { seededDraw } from '@sigillo/fingerprint/simulate'
import { createPlan } from '@sigillo/marks/plan'
import { renderFile } from '@sigillo/marks/render'
import { coverageOf, siteReaches } from '@sigillo/marks/site-reach'
import type { SiteReach } from '@sigillo/marks/site-reach'
import type { MarkSite, PlanFile } from '@sigillo/marks/site'
import type { Corpus } from '../survival/corpus.ts'
import { excerpt } from '@sigillo/marks/leak/edits'
import { attempt, damagesOf, randomWord, readText } from '../survival/measure.ts'
import type { Damage, Marked } from '../survival/measure.ts'
import { calibrationFiles } from './calibration-files.ts'
import { withDeclaredMarks } from './declare-marks.ts'
import { scenarioOf } from './scenario-names.ts'

/** Sites of one kind and how they were read: how many, and how many right less how many wrong. */
export type Count = readonly [sites: number, net: number]

/** One damaged leak of one file. */
export interface Observation {
  readonly corpus: Corpus
  readonly scenario: string
  readonly leakers: number
  /** By `kind[ by name]/agree` or `/differ`, as the leakers' copies do there; for excerpts `/whole` and `/part`, as the site lay in it. */
  readonly kinds: Readonly<Record<string, Count>>
  /** By `kind[ by name]/variants`: sites that were read and where not all copies agree, and how many of these show the first copy's variant. */
  readonly led: Readonly<Record<string, Count>>
}

/** Damages copies of the calibration files of a corpus, `trials` times each, and reads them. */
export async function observe(
  corpus: Corpus,
  most: number,
  trials: number,
  wanted: (scenario: string) => boolean,
): Promise<Observation[]> {
  const files = calibrationFiles(corpus, most)
  const damages = damagesOf(corpus, new Set()).filter(({ name }) => wanted(scenarioOf(name) ?? ''))
  const out: Observation[] = []
  for (const [at, source] of files.entries()) {
    const plan = createPlan('calibration', [await withDeclaredMarks(source, corpus)])
    const host = files[(at + Math.ceil(files.length / 2)) % files.length]?.text ?? ''
    const marked: Marked = { plan, file: plan.files[0]!, host }
    for (const damage of damages) out.push(...(await observeDamage(corpus, marked, damage, 101 * at, trials)))
  }
  return out
}

/** The key under which a site is counted: its kind, and whether only names tell it from its neighbours. */
export function kindKey({ kind, anchor }: MarkSite): string {
  return anchor['names'] === true ? `${kind} by name` : kind
}

async function observeDamage(
  corpus: Corpus,
  marked: Marked,
  damage: Damage,
  seed: number,
  trials: number,
): Promise<Observation[]> {
  const found = []
  for (let trial = 0; trial < trials; trial++) found.push(await observeOne(corpus, marked, damage, seed + trial))
  return found.filter((one) => one !== null)
}

async function observeOne(corpus: Corpus, marked: Marked, damage: Damage, seed: number): Promise<Observation | null> {
  const draw = seededDraw(seed)
  const { file, host } = marked
  const scenario = scenarioOf(damage.name)
  if (scenario === null || file.sites.length === 0) return null
  const words = Array.from({ length: damage.copies }, () => randomWord(file.sites, draw))
  const copies = words.map((word) => renderFile(file, (id) => word.get(id) ?? 0))
  const start = draw()
  const isExcerpt = scenario === 'excerpt'
  const text = await attempt(() =>
    isExcerpt ? excerpt(copies[0] ?? '', host, () => start) : damage.run(marked, copies, draw),
  )
  if (text === null) return null
  const readings = await readText(marked, text)
  const state = isExcerpt ? windowOf(copies[0] ?? '', start) : agreement(words)
  const variants = readings.map(({ variant }) => variant)
  return { corpus, scenario, leakers: damage.copies, ...tally(file, words, variants, state) }
}

function tally(
  file: PlanFile,
  words: readonly ReadonlyMap<string, number>[],
  variants: readonly (number | null)[],
  state: State,
): Pick<Observation, 'kinds' | 'led'> {
  const kinds: Record<string, Count> = {}
  const led: Record<string, Count> = {}
  for (const [at, reach] of siteReaches(file).entries()) {
    const { site } = reach
    const held = words.map((word) => word.get(site.id))
    const how = state(reach)
    const net = netOf(variants[at] ?? null, held)
    add(kinds, `${kindKey(site)}/${how}`, net)
    if (how === 'differ' && net > 0)
      add(led, `${kindKey(site)}/${site.variants.length}`, variants[at] === held[0] ? 1 : 0)
  }
  return { kinds, led }
}

/** One for a right reading, minus one for a wrong one. */
function netOf(variant: number | null, held: readonly (number | undefined)[]): number {
  if (variant === null) return 0
  return held.includes(variant) ? 1 : -1
}

type State = (reach: SiteReach) => string

function agreement(words: readonly ReadonlyMap<string, number>[]): State {
  return ({ site }) => (new Set(words.map((word) => word.get(site.id))).size > 1 ? 'differ' : 'agree')
}

/** The lines that `excerpt` takes. */
function windowOf(copy: string, start: number): State {
  const lines = copy.split('\n').length
  const length = Math.ceil(0.3 * lines)
  const from = Math.floor(start * (lines - length + 1))
  return (reach) => coverageOf(reach, from + 1, from + length)
}

function add(into: Record<string, Count>, key: string, net: number): void {
  const [sites, sum] = into[key] ?? [0, 0]
  into[key] = [sites + 1, sum + net]
}
