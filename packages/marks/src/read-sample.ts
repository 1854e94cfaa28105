import { readDistinctive } from './internal/distinctive.ts'
import { detectLanguage } from './internal/detect-language.ts'
import { withoutNormalised } from './internal/normalised-kinds.ts'
import { readFile } from './find-sites.ts'
import type { MarkPlan } from './plan.ts'
import type { MarkSite, Reading, SampleFile } from './site.ts'

/**
 * Reads the marks of a plan from texts found in the wild, blind to every codeword: nothing but the plan and the samples goes in.
 *
 * Each sample is read as the language its content looks like; names of samples are hints. Samples that disagree about a site leave it unread.
 * Values of a plan file that no sample shares its language with are looked for as plain text when they are distinctive. Kinds that a tool seems
 * to have put into its own form are left unread (fingerprinting.md section 9).
 *
 * @returns one reading per site of the plan, in plan order
 */
export async function readSample(plan: MarkPlan, samples: readonly SampleFile[]): Promise<Reading[]> {
  const languages = [...new Set(plan.files.map((file) => file.language))]
  const detected = await Promise.all(samples.map((sample) => detectLanguage(sample, languages)))
  const out: Reading[] = []
  for (const file of plan.files) {
    const own = samples.filter((_, at) => detected[at] === file.language)
    const found =
      own.length > 0
        ? await Promise.all(own.map((sample) => readFile(file, sample)))
        : [readDistinctive(file, plan, samples)]
    const combined = file.sites.map((site, at) =>
      combine(
        site,
        found.map((readings) => readings[at]).filter((one) => one !== undefined),
      ),
    )
    out.push(...withoutNormalised(file, combined))
  }
  return out
}

/** One reading from those of several samples. */
function combine(site: MarkSite, readings: readonly Reading[]): Reading {
  const told = readings.filter((reading) => reading.variant !== null)
  const first = told[0] ?? readings[0] ?? { site: site.id, variant: null, where: null, why: 'no sample' }
  if (told.every((reading) => reading.variant === first.variant)) return first
  return { site: site.id, variant: null, where: null, why: 'the samples disagree' }
}
