import { withCopyEvidence } from './internal/copy-evidence.ts'
import { readDistinctive } from './internal/distinctive.ts'
import { detectLanguage } from './internal/detect-language.ts'
import { withoutNormalised } from './internal/normalised-kinds.ts'
import { samplesFor } from './internal/samples-for.ts'
import { readFile } from './find-sites.ts'
import type { MarkPlan } from './plan.ts'
import type { MarkSite, Reading, SampleFile } from './site.ts'

/**
 * Reads the marks of a plan from texts found in the wild, blind to every codeword: nothing but the plan and the samples goes in.
 *
 * Each sample is read as the language its content looks like; names of samples are hints. Samples too damaged for that, as merged and cut ones
 * are, are tried against every file they share words with. Samples that disagree about a site leave it unread. Values of a plan file are also
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
  const out: Reading[] = []
  for (const [at, { own, perhaps }] of samplesFor(plan.files, detected).entries()) {
    const file = plan.files[at]!
    const read = (sample: SampleFile): Promise<readonly Reading[]> => readFile(file, sample)
    const inOwn = await Promise.all(own.map(read))
    const others = samples.filter((sample) => !own.includes(sample))
    const known = inOwn.some((readings) => readings.some(({ variant }) => variant !== null))
    const found = [
      ...inOwn,
      ...(await Promise.all(perhaps.map(read))).map((readings) => withCopyEvidence(file, readings)),
      readDistinctive(file, plan, others, known ? 'copies' : 'ports'),
    ]
    const combined = file.sites.map((site, index) =>
      combine(
        site,
        found.map((readings) => readings[index]).filter((one) => one !== undefined),
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
