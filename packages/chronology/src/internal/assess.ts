import type { ChronologyEvent } from '../case-file.ts'
import { EXPLANATIONS, type ExplanationId } from '../explanations.ts'
import type { WaveEvidence } from '../explain.ts'
import { CARRIES_FROM, type Prior, priorClassOf, priorsFor } from '../priors.ts'
import { findWaves, type Wave, type WaveKind } from '../waves.ts'
import type { Assessed, Weights } from './judge.ts'
import type { Settings } from './options.ts'
import { buildRecord, type EventRecord } from './record.ts'
import { applyRequirement } from './requirement.ts'
import { unlistedLog, weigh } from './weigh.ts'

/** One pass over a set of events: the waves and every explanation of each. */
export interface Pass {
  readonly record: EventRecord
  readonly waves: readonly AssessedWave[]
}

/** A wave, its explanations, the sources of what the caller added, and the groups that it carries. */
export interface AssessedWave {
  readonly wave: Wave
  readonly weights: Weights
  readonly evidence: readonly string[]
  readonly favoured: ReadonlySet<string>
}

export function assess(events: readonly ChronologyEvent[], settings: Settings): Pass {
  const waves = findWaves({ events }, settings.waves)
  const record = buildRecord(events, waves, settings.completeFor)
  return {
    record,
    waves: waves.map((wave) => {
      const evidence = settings.evidence.filter((item) => concerns(item.wave, wave, settings))
      const ruledOut = settings.ruledOut.filter((item) => concerns(item.wave, wave, settings))
      const listed = EXPLANATIONS.map(({ id }) => {
        const out = ruledOut.find((item) => item.explanation === id)
        if (out !== undefined) return excluded(id, [], `ruled out by the investigators: ${out.source}`)
        const ratio = evidenceRatio(id, evidence)
        return assessOne(id, wave, record, settings, ratio)
      })
      const favoured = EXPLANATIONS.filter(({ id }) => evidenceRatio(id, evidence) >= Math.log(CARRIES_FROM))
      return {
        wave,
        weights: { listed, unlistedLog: unlistedLog(wave) },
        evidence: [...evidence, ...ruledOut].map((item) => item.source),
        favoured: new Set(favoured.map((each) => each.group)),
      }
    }),
  }
}

/** All evidence for one explanation together, as a logarithm. */
function evidenceRatio(id: ExplanationId, evidence: readonly WaveEvidence[]): number {
  return evidence.reduce((sum, item) => sum + Math.log(item.ratios[id] ?? 1), 0)
}

/** Evidence names a wave by its id or by any of its events; in another reading it goes with the events of the wave that it named. */
export function concerns(name: string, wave: Wave, { named }: Settings): boolean {
  const events = named.get(name)
  if (events !== undefined) return events.some((id) => wave.events.includes(id))
  return wave.id === name || wave.events.includes(name)
}

/** The priors for a wave with the caller's own numbers in place. */
export function priorFor(id: ExplanationId, kind: WaveKind, settings: Settings): Prior {
  const own = settings.priors.find(
    (prior) => prior.explanation === id && (prior.waves ?? priorClassOf(kind)) === priorClassOf(kind),
  )
  const printed = own ?? priorsFor(kind).find((prior) => prior.explanation === id)
  if (printed === undefined) throw new RangeError(`no prior for ${id}`)
  return printed
}

function assessOne(id: ExplanationId, wave: Wave, record: EventRecord, settings: Settings, ratio: number): Assessed {
  const requires = EXPLANATIONS.find((each) => each.id === id)?.requires ?? null
  const finding = requires === null ? null : applyRequirement(requires, wave, record)
  if (finding?.status === 'excluded')
    return excluded(
      id,
      finding.events.map((event) => event.id),
      finding.reason,
    )
  const weight = weigh(priorFor(id, wave.kind, settings), finding, wave, record)
  const carried =
    weight.because.length > 0 ? `it could have come from ${weight.because.join(', ')}` : 'no date can exclude it'
  return {
    id,
    excluded: false,
    because: weight.because,
    reason: finding?.reason ?? carried,
    basis: finding?.basis ?? 'none',
    log: weight.log + ratio,
    evidenceLog: ratio,
  }
}

function excluded(id: ExplanationId, because: readonly string[], reason: string): Assessed {
  return { id, excluded: true, because, reason, basis: 'none', log: -Infinity, evidenceLog: 0 }
}
