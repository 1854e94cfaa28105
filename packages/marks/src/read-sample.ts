import { withCopyEvidence } from './internal/copy-evidence.ts'
import { readDistinctive } from './internal/distinctive.ts'
import { detectLanguage } from './internal/detect-language.ts'
import { withoutNormalised } from './internal/normalised-kinds.ts'
import { pastedStretches } from './internal/pasted-stretches.ts'
import { rareWords } from './internal/rare-words.ts'
import { type SamplesFor, samplesFor } from './internal/samples-for.ts'
import { type SampleReadings, withoutTwins } from './internal/twin-files.ts'
import { readFile } from './find-sites.ts'
import type { MarkPlan } from './plan.ts'
import type { MarkSite, PlanFile, Reading, SampleFile } from './site.ts'

/**
 * Reads the marks of a plan from texts found in the wild, blind to every codeword: nothing but the plan and the samples goes in.
 *
 * Each sample is read as the language its content looks like; names of samples are hints. Samples too damaged for that, as merged and cut ones
 * are, are tried against every file they share words with. Samples that disagree about a site leave it unread, and so does one that may show
 * another file of the plan. Values of a plan file are also
 * looked for as plain text in samples of other languages, when they are distinctive. Kinds that a tool seems to have put into its own form are
 * left unread (fingerprinting.md section 9).
 *
 * @returns one reading per site of the plan, in plan order
 */
export async function readSample(plan: MarkPlan, samples: readonly SampleFile[]): Promise<Reading[]> {
  const languages = [...new Set(plan.files.map((file) => file.language))]
  const detected = await Promise.all(
    samples.map(async (sample) => ({ sample, detected: await detectLanguage(sample, languages) })),
  )
  const wordsOf = rareWords()
  const candidates = samplesFor(plan.files, detected, wordsOf)
  const read = await Promise.all(plan.files.map((file, at) => readCandidates(file, candidates[at]!)))
  const settled = await withoutTwins(read.flat(), wordsOf)
  return plan.files.flatMap((file, at) => {
    const found = settled.filter((one) => one.file === file)
    const { own } = candidates[at]!
    const known = found.some(({ sample, readings }) => own.includes(sample) && readings.some(isTold))
    const others = samples.filter((sample) => !own.includes(sample))
    const all = [
      ...found.map(({ readings }) => readings),
      readDistinctive(file, plan, others, known ? 'copies' : 'ports'),
    ]
    return withoutNormalised(file, combineAll(file, all))
  })
}

/** Reads a file from every sample that is or may be in its language. */
async function readCandidates(file: PlanFile, { own, perhaps }: SamplesFor): Promise<SampleReadings[]> {
  const read = async (sample: SampleFile, isOwn: boolean): Promise<SampleReadings> => {
    const whole = await readFile(file, sample)
    const readings = [isOwn ? whole : withCopyEvidence(file, whole), ...(await readPasted(file, sample))]
    return { file, sample, readings: combineAll(file, readings) }
  }
  return await Promise.all([
    ...own.map((sample) => read(sample, true)),
    ...perhaps.map((sample) => read(sample, false)),
  ])
}

/** Reads the stretches of a sample that were copied from a file, without the program that they were pasted into. */
async function readPasted(file: PlanFile, { path, text }: SampleFile): Promise<(readonly Reading[])[]> {
  const out = []
  for (const stretch of pastedStretches(file, text)) {
    const readings = withCopyEvidence(file, await readFile(file, { path, text: stretch.text }))
    out.push(
      readings.map(({ where, ...reading }) => ({
        ...reading,
        where: where === null ? null : { ...where, line: where.line + stretch.before },
      })),
    )
  }
  return out
}

function combineAll(file: PlanFile, all: readonly (readonly Reading[])[]): Reading[] {
  return file.sites.map((site, at) =>
    combine(
      site,
      all.map((readings) => readings[at]).filter((one) => one !== undefined),
    ),
  )
}

function isTold({ variant }: Reading): boolean {
  return variant !== null
}

/** One reading from those of several samples. */
function combine(site: MarkSite, readings: readonly Reading[]): Reading {
  const told = readings.filter((reading) => reading.variant !== null)
  const first = told[0] ?? readings[0] ?? { site: site.id, variant: null, where: null, why: 'no sample' }
  if (told.every((reading) => reading.variant === first.variant)) return first
  return { site: site.id, variant: null, where: null, why: 'the samples disagree' }
}
