import { PLAIN_TEXT } from '../find-sites.ts'
import type { PlanFile, SampleFile } from '../site.ts'
import type { Detected } from './detect-language.ts'
import { type RareWords, sharedWords } from './rare-words.ts'

/** A sample with the language it seems to be in. */
export interface DetectedSample {
  readonly sample: SampleFile
  readonly detected: Detected
}

/** The samples that one file of a plan is looked for in. */
export interface SamplesFor {
  /** In the file's own language. */
  readonly own: readonly SampleFile[]
  /** Perhaps in it: of a language that compiles to it or from it, or too damaged for any language to be sure of. */
  readonly perhaps: readonly SampleFile[]
}

/** Languages whose texts are read as each other's: one compiles to the other, or is part of it. */
const FAMILIES: readonly ReadonlySet<string>[] = [new Set(['javascript', 'typescript']), new Set(['c', 'cpp'])]
/** Most samples beside its own that a file is looked for in; those that share most words with it. */
const MOST_PERHAPS = 16
/** Longest sample, in characters, that is tried without looking like the language: damaged texts parse slowly. */
const MAX_PERHAPS = 500_000
/** Words of a file that ordinary code does not use and a sample must share to be tried; fewer in files that have few. */
const MIN_SHARED = 8

/** Finds the samples that each file of a plan is looked for in, in the order of `files`. */
export function samplesFor(
  files: readonly PlanFile[],
  samples: readonly DetectedSample[],
  wordsOf: RareWords,
): SamplesFor[] {
  return files.map((file) => {
    const own = samples.filter(({ detected }) => detected.id === file.language)
    const perhaps = samples
      .filter(({ sample, detected }) => mayBe(detected, file.language) && sample.text.length <= MAX_PERHAPS)
      .map(({ sample }) => ({ sample, shared: sharedWords(wordsOf(file.text), wordsOf(sample.text)) }))
      .filter(({ shared }) => shared >= Math.max(1, Math.min(MIN_SHARED, wordsOf(file.text).size / 2)))
      .sort((a, b) => b.shared - a.shared)
      .slice(0, MOST_PERHAPS)
    return { own: own.map(({ sample }) => sample), perhaps: perhaps.map(({ sample }) => sample) }
  })
}

function mayBe({ id, sure }: Detected, language: string): boolean {
  if (id === language) return false
  // What its language does not understand is looked for by words, whatever stands around them.
  if (language === PLAIN_TEXT) return true
  return !sure || areRelated(id, language)
}

/** True for languages whose texts are read as each other's. */
export function areRelated(one: string, other: string): boolean {
  return one === other || FAMILIES.some((family) => family.has(one) && family.has(other))
}
