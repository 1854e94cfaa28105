import { ChronologyError } from '../errors.ts'
import { EVENT_KINDS, type EventKind } from '../event-kinds.ts'
import type { ExplainOptions, RuledOut, WaveEvidence } from '../explain.ts'
import { EXPLANATION_IDS } from '../explanations.ts'
import type { Prior } from '../priors.ts'
import type { WaveOptions } from '../waves.ts'

/** Checked options with their defaults. */
export interface Settings {
  readonly waves: WaveOptions
  readonly evidence: readonly WaveEvidence[]
  readonly ruledOut: readonly RuledOut[]
  /** The events of each wave that evidence names, once the waves are known: another reading may number its waves otherwise. */
  readonly named: ReadonlyMap<string, readonly string[]>
  readonly completeFor: readonly EventKind[]
  readonly priors: readonly Prior[]
  readonly maxReadings: number
  readonly maxLeftOut: number
}

const DEFAULTS: Settings = {
  waves: {},
  evidence: [],
  ruledOut: [],
  completeFor: [],
  priors: [],
  named: new Map(),
  maxReadings: 100,
  maxLeftOut: 400,
}

export function checkOptions(options: ExplainOptions): Settings {
  checkEvidence(options)
  const unknownKind = options.completeFor?.find((kind) => !EVENT_KINDS.includes(kind))
  if (unknownKind !== undefined) throw bad(`completeFor: ${unknownKind} is not a kind of event`)
  options.priors?.forEach(checkPrior)
  for (const name of ['maxReadings', 'maxLeftOut'] as const) {
    const value = options[name] ?? DEFAULTS[name]
    if (!Number.isSafeInteger(value) || value < 0) throw bad(`${name}: expected a whole number of at least 0`)
  }
  return { ...DEFAULTS, ...options }
}

function checkEvidence({ evidence, ruledOut }: ExplainOptions): void {
  for (const item of evidence ?? []) {
    requireSource(item.source, 'evidence')
    for (const [id, ratio] of Object.entries(item.ratios)) {
      requireId(id, 'evidence')
      if (ratio > 0 && Number.isFinite(ratio)) continue
      throw bad(`evidence for ${id}: expected a likelihood ratio above 0, found ${ratio}`)
    }
  }
  for (const item of ruledOut ?? []) {
    requireSource(item.source, 'ruledOut')
    requireId(item.explanation, 'ruledOut')
  }
}

function checkPrior(prior: Prior): void {
  requireId(prior.explanation, 'priors')
  requireSource(prior.source, 'priors')
  const { tempo } = prior
  const numbers = tempo.form === 'rate' ? [tempo.perYear] : [tempo.probability, tempo.meanLagDays]
  if (numbers.every((value) => value > 0 && Number.isFinite(value))) return
  throw bad(`priors for ${prior.explanation}: expected numbers above 0`)
}

function requireSource(source: string, where: string): void {
  if (source.trim() === '') throw bad(`${where}: expected a source in words, found an empty text`)
}

function requireId(id: string, where: string): void {
  if (!EXPLANATION_IDS.some((known) => known === id))
    throw bad(`${where}: ${id} is not one of ${EXPLANATION_IDS.join(', ')}`)
}

function bad(message: string): ChronologyError {
  return new ChronologyError('bad-option', message)
}
