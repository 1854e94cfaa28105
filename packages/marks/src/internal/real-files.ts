import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { findSites, readFile } from '../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from './trial.ts'
import type { PlanFile, Reading } from '../site.ts'

/** How many sites of one kind were read how. */
export interface Tally {
  right: number
  unsure: number
  wrong: number
}

/** Tallies by kind, by pool, under `all`, and under `nameless` for structure that is found without names. */
export type Tallies = Record<string, Tally>

const plans = new Map<string, Promise<PlanFile>>()

/** For tests: the plan of a file on this machine, found once. */
export function planOf(path: string): Promise<PlanFile> {
  const known = plans.get(path) ?? findSites(basename(path), readFileSync(path, 'utf8')).then(({ file }) => file)
  plans.set(path, known)
  return known
}

/** Reads one random copy of each file after `tool` had it. */
export async function survey(
  paths: readonly string[],
  tool: (text: string) => string | Promise<string>,
): Promise<Tallies> {
  const next = numbersFrom(7)
  const out: Tallies = {}
  for (const path of paths) {
    const file = await planOf(path)
    const word = trialWord(file, next)
    const text = await tool(trialCopy(file, word))
    count(out, file, await readFile(file, { path: 'found', text }), (site, variant) => word.get(site) === variant)
  }
  return out
}

/** Reads what comes of two random copies of each file when lines of one and the other are taken in turns of ten. */
export async function mergedLines(paths: readonly string[]): Promise<Tallies> {
  const next = numbersFrom(23)
  const out: Tallies = {}
  for (const path of paths) {
    const file = await planOf(path)
    const words = [trialWord(file, next), trialWord(file, next)]
    const [a = [], b = []] = words.map((word) => trialCopy(file, word).split('\n'))
    const text = a.map((line, at) => (Math.floor(at / 10) % 2 === 0 ? line : (b[at] ?? line))).join('\n')
    const readings = await readFile(file, { path: 'found', text })
    count(out, file, readings, (site, variant) => words.some((word) => word.get(site) === variant))
  }
  return out
}

/** The middle third of a text between the halves of another one. */
export function excerptIn(text: string, other: string): string {
  const lines = text.split('\n')
  const host = other.split('\n')
  const third = lines.slice(Math.floor(lines.length / 3), Math.floor((2 * lines.length) / 3))
  return [...host.slice(0, host.length / 2), ...third, ...host.slice(host.length / 2)].join('\n')
}

function count(
  out: Tallies,
  file: PlanFile,
  readings: readonly Reading[],
  isRight: (site: string, variant: number) => boolean,
): void {
  for (const [at, { site: id, variant }] of readings.entries()) {
    const site = file.sites[at]!
    const outcome = variant === null ? 'unsure' : isRight(id, variant) ? 'right' : 'wrong'
    const nameless = site.pool === 'structural' && site.anchor['names'] !== true ? ['nameless'] : []
    for (const key of ['all', site.pool, site.kind, ...nameless]) {
      out[key] ??= { right: 0, unsure: 0, wrong: 0 }
      out[key][outcome]++
    }
  }
}

/** Share of the sites of a kind or pool that were read right; 1 when there are none. */
export function share(tallies: Tallies, key: string): number {
  const tally = tallies[key]
  return tally ? tally.right / (tally.right + tally.unsure + tally.wrong) : 1
}
