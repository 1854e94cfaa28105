import { readFile } from '../find-sites.ts'
import type { PlanFile, Reading, SampleFile } from '../site.ts'
import { siteValues } from './code/classes.ts'
import { type RareWords, sharedWords } from './rare-words.ts'
import { areRelated } from './samples-for.ts'

/** What one sample says when it is taken for a copy of one file of a plan. */
export interface SampleReadings {
  readonly file: PlanFile
  readonly sample: SampleFile
  readonly readings: readonly Reading[]
}

/** Share of the rare words of the file that has fewer of them from which on two files may have code in common. */
const MIN_COMMON = 0.3
/** Share of a file's sites that another file shows too from which on copies of that one may show any site of it. */
const MUCH = 0.1
/** Rare words that only one of two files has and a sample must show, beyond twice those of the other, to be that one's copy. */
const CLEAR = 2

/**
 * Leaves unread what a sample may say for another file of the plan: where two files have code in common, as a program and its compiled form or
 * two versions of a tool, a copy of the one shows sites of the other. A sample speaks for the file of which it has words that the other lacks.
 *
 * @param found - every file of the plan with every sample that was taken for it
 */
export async function withoutTwins(found: readonly SampleReadings[], wordsOf: RareWords): Promise<SampleReadings[]> {
  const shownBy = twinSites(wordsOf)
  const told = found.filter(({ readings }) => readings.some(isTold))
  return await Promise.all(
    found.map(async (one) => {
      const rivals = told.filter(({ file, sample }) => sample === one.sample && file !== one.file)
      const doubtful = new Set<string>()
      for (const { file: rival } of rivals) {
        const shared = await shownBy(one.file, rival)
        if (shared.size === 0 || speaksFor(one.file, rival, one.sample, wordsOf)) continue
        const all = one.file.sites.map(({ id }) => id)
        for (const site of shared.size >= MUCH * all.length ? all : shared) doubtful.add(site)
      }
      return doubtful.size === 0 ? one : { ...one, readings: one.readings.map((reading) => without(reading, doubtful)) }
    }),
  )
}

function isTold({ variant }: Reading): boolean {
  return variant !== null
}

function without(reading: Reading, doubtful: ReadonlySet<string>): Reading {
  if (reading.variant === null || !doubtful.has(reading.site)) return reading
  return { ...reading, variant: null, where: null, why: 'another file of the plan has the same code' }
}

/** Sites of a file that the original of another one shows too. */
function twinSites(wordsOf: RareWords): (file: PlanFile, rival: PlanFile) => Promise<ReadonlySet<string>> {
  const known = new Map<PlanFile, Map<PlanFile, Promise<ReadonlySet<string>>>>()
  return (file, rival) => {
    const of = known.get(file) ?? new Map<PlanFile, Promise<ReadonlySet<string>>>()
    known.set(file, of)
    const sites = of.get(rival) ?? readTwin(file, rival, wordsOf)
    of.set(rival, sites)
    return sites
  }
}

async function readTwin(file: PlanFile, rival: PlanFile, wordsOf: RareWords): Promise<ReadonlySet<string>> {
  const [own, others] = [wordsOf(file.text), wordsOf(rival.text)]
  if (!areRelated(file.language, rival.language)) return new Set()
  if (sharedWords(own, others) < MIN_COMMON * Math.min(own.size, others.size)) return new Set()
  const readings = await readFile(file, { path: rival.path, text: rival.text })
  return new Set(readings.filter(isTold).map(({ site }) => site))
}

/**
 * True when a sample has words that only `file` has, and hardly any that only `rival` has. Words that copies choose count for neither. What
 * TypeScript compiles to has no words of its own: a sample in JavaScript never speaks against it.
 */
function speaksFor(file: PlanFile, rival: PlanFile, { text }: SampleFile, wordsOf: RareWords): boolean {
  if (file.language === 'javascript' && rival.language === 'typescript') return false
  const [own, others, found] = [wordsOf(file.text), wordsOf(rival.text), wordsOf(text)]
  const chosen = new Set([file, rival].flatMap(({ sites }) => sites.flatMap((site) => siteValues(site) ?? [])))
  const only = (one: ReadonlySet<string>, other: ReadonlySet<string>): number =>
    [...one].filter((word) => found.has(word) && !other.has(word) && !chosen.has(word)).length
  return only(own, others) >= CLEAR * (1 + only(others, own))
}
