import type { HitExplanation } from '@sigillo/desk/screen-explanation'
import type { ArtefactHit, SampleResult } from '@sigillo/desk/screen-sample'
import type { RawSample, RefusedInput } from './sample.ts'

/** A hit with what a person needs to judge it. */
export interface ExplainedHit {
  readonly hit: ArtefactHit
  readonly explanation: HitExplanation
}

/** The line for one sample of `sigillo screen --json`. */
export function resultJson(
  { id, message }: RawSample,
  result: SampleResult,
  hits: readonly ExplainedHit[],
): Record<string, unknown> {
  return {
    sample: id,
    hits: hits.map(hitJson),
    ...(result.truncated ? { truncated: true } : {}),
    ...(message === undefined ? {} : { message }),
  }
}

/** The line for what could not be screened. */
export function refusalJson({ id, refused, message }: RefusedInput): Record<string, unknown> {
  return { sample: id, hits: [], refused, ...(message === undefined ? {} : { message }) }
}

function hitJson({ hit, explanation }: ExplainedHit): Record<string, unknown> {
  const { artefact, watched, others, score, nats, falseAlarmRate, p, extrapolated, uncalibrated, containment } = hit
  return {
    artefact,
    case: watched.case,
    file: watched.path,
    otherFiles: others,
    score,
    nats,
    falseAlarmRate,
    p,
    extrapolated,
    uncalibrated,
    cohort: hit.cohort,
    containment,
    byChannel: hit.byChannel,
    evidence: hit.evidence,
    regions: explanation.regions,
    trace: explanation.trace,
  }
}
