import { readSample } from '@sigillo/marks/read-sample'
import type { MarkPlan } from '@sigillo/marks/plan'
import { alignedRegions, type Region } from '@sigillo/similarity/align'
import { tryDecode } from './read-input.ts'
import type { ArtefactHit, Watch } from './screen-sample.ts'

/** Whether a trace could name a copy. Found blind: no code key is opened, so it costs no look at the case. */
export interface TraceOutlook {
  /** `unknown` when the sample is no text or too large to be read here, or the marks are not known here. */
  readonly verdict: 'enough' | 'perhaps' | 'too few' | 'unknown'
  readonly readable: number
  readonly marks: number
  /** Copies that a trace would have to tell apart; 0 when nothing was sent yet. */
  readonly recipients: number
}

/** What a person needs to judge a hit. */
export interface HitExplanation {
  /** Longest first; places in the sample and in the artefact's file. */
  readonly regions: readonly Region[]
  readonly trace: TraceOutlook
}

/** Bytes of a sample that are aligned. */
const ALIGNED_BYTES = 1 << 20
/** Larger samples are not read for marks here: the reader may take minutes on them. */
const READ_BYTES = 256 << 10
/** For a verbatim copy, -ln p has to pass ln(N / alpha) and this, which the two decoders and their models cost. */
const DECODER_COST = Math.log(10.7)
const ALPHA = 1e-6
/** Marks that are drawn unevenly say less than the logarithm of their variants, down to about this share. */
const UNEVEN = 0.7

/** Regions of a hit, and whether enough is left to trace it. */
export async function explainHit(
  watch: Watch,
  hit: ArtefactHit,
  sample: { readonly id: string; readonly bytes: Uint8Array; readonly name?: string },
): Promise<HitExplanation> {
  const { source } = hit.watched
  if (source === null) return { regions: [], trace: UNREAD }
  const { file, plan } = source
  const bytes = sample.bytes.subarray(0, ALIGNED_BYTES)
  const found = sample.name === undefined ? { bytes } : { bytes, name: sample.name }
  const regions = alignedRegions(found, { name: file.path, bytes: Buffer.from(file.text, 'utf8') }, { limit: 20 })
  return { regions, trace: await outlook(plan, watch.recipients.get(hit.artefact) ?? 0, sample) }
}

const UNREAD: TraceOutlook = { verdict: 'unknown', readable: 0, marks: 0, recipients: 0 }

async function outlook(
  plan: MarkPlan,
  recipients: number,
  sample: { readonly id: string; readonly bytes: Uint8Array; readonly name?: string },
): Promise<TraceOutlook> {
  const marks = plan.files.reduce((sum, file) => sum + file.sites.length, 0)
  const text = sample.bytes.length > READ_BYTES ? null : tryDecode(sample.bytes)
  if (text === null) return { verdict: 'unknown', readable: 0, marks, recipients }
  const readings = await readSample(plan, [{ path: sample.name ?? sample.id, text }])
  const variants = new Map(plan.files.flatMap(({ sites }) => sites.map((site) => [site.id, site.variants.length])))
  const read = readings.filter(({ variant }) => variant !== null)
  const most = read.reduce((sum, { site }) => sum + Math.log(variants.get(site) ?? 1), 0)
  const wanted = Math.log(Math.max(1, recipients) / ALPHA) + DECODER_COST
  const verdict = most < wanted ? 'too few' : most * UNEVEN < wanted ? 'perhaps' : 'enough'
  return { verdict, readable: read.length, marks, recipients }
}
