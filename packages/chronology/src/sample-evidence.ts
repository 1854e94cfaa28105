import type { WaveEvidence } from './explain.ts'
import { EXPLANATION_IDS, type ExplanationId } from './explanations.ts'
import { CARRIES_FROM } from './priors.ts'

/** What a trace of a sample found, without names of its tools: whose kind of copy, and how surely. */
export interface TraceSummary {
  readonly id: string
  /** `none`: enough marks were read and they point nowhere; `insufficient`: too few were read to say anything. */
  readonly verdict: 'accusation' | 'lead' | 'insufficient' | 'none'
  /** N: how many copies were issued. */
  readonly recipients: number
  /** The copies that the marks point at. `p`: the chance that this copy, if innocent, would look as suspicious. */
  readonly copies: readonly { readonly recipient: string; readonly kind: CopyHolder; readonly p: number }[]
}

/** Who held a copy: every recipient is marked, the vendor's own groups and the finder too. */
export type CopyHolder = 'partner' | 'vendor' | 'finder'

/** What screening a sample against everything that was shared found. */
export interface ScreenSummary {
  readonly id: string
  readonly derived: boolean
  /** The chance that an unrelated sample would score as high; what is asked of a hit. */
  readonly falseAlarmRate: number
  /** The chance that a derived sample would be missed; `null` when nobody measured it, and then a miss says nothing. */
  readonly missRate: number | null
}

/** A sample whose marks point nowhere speaks this much against a marked copy (assumed): merged or thoroughly rewritten copies point nowhere as well. */
export const NO_MARKS_RATIO: number = 0.2

const BY_HOLDER: Readonly<Record<CopyHolder, readonly ExplanationId[]>> = {
  partner: ['partner-leak', 'partner-intrusion', 'partner-accidental-publication'],
  vendor: ['vendor-side-leak', 'vendor-accidental-publication'],
  finder: ['finder-side-leak'],
}
const BY_ANY_COPY: readonly ExplanationId[] = [...BY_HOLDER.partner, ...BY_HOLDER.vendor, ...BY_HOLDER.finder]
const MOST = 1e6
/** A lead is a weaker hint and never an accusation: it stays below what carries one. */
const MOST_OF_LEAD = CARRIES_FROM / 2

/**
 * A p-value as a likelihood ratio: the calibrator (1 - p + p ln p) / (p ln² p) of Vovk and Wang ("E-values: calibration, combination and applications", Annals of Statistics
 * 2021). Its mean for an innocent copy is at most 1, so it never overstates; at most a million.
 * @param p above 0, at most 1
 */
export function ratioOfPValue(p: number): number {
  if (!(p > 0 && p <= 1)) throw new RangeError(`a p-value lies above 0 and at most at 1, not at ${p}`)
  const log = Math.log(p)
  // Near 1 both sides vanish; the limit is 1/2.
  if (p > 1 - 1e-4) return 0.5
  return Math.min(MOST, (1 - p + p * log) / (p * log * log))
}

/**
 * What a trace says about how a wave's tools came about; `null` when it says nothing. The marks name a copy: every way by which that copy can have come out is favoured
 * alike, a leak by its holder no more than an intrusion there, and the chance is divided among all copies that were issued.
 * @param wave a wave's id, or the id of an event in it
 */
export function evidenceOfTrace(wave: string, trace: TraceSummary): WaveEvidence | null {
  if (trace.verdict === 'insufficient') return null
  if (trace.verdict === 'none') {
    return {
      wave,
      ratios: same(BY_ANY_COPY, NO_MARKS_RATIO),
      source: `${trace.id}: the marks in the sample point at none of ${trace.recipients} copies`,
    }
  }
  const best = [...trace.copies].sort((a, b) => a.p - b.p)
  const most = trace.verdict === 'lead' ? MOST_OF_LEAD : MOST
  const ratios: Partial<Record<ExplanationId, number>> = {}
  for (const { kind, p } of best) {
    const shared = Math.min(1, Math.max(p, Number.MIN_VALUE) * trace.recipients)
    const ratio = Math.min(most, Math.max(1, ratioOfPValue(shared)))
    for (const id of BY_HOLDER[kind]) ratios[id] = Math.max(ratios[id] ?? 1, ratio)
  }
  if (Object.keys(ratios).length === 0) return null
  const named = best.map(({ recipient, p }) => `${recipient} (p ${p.toExponential(1)})`).join(', ')
  return {
    wave,
    ratios,
    source: `${trace.id}: the sample carries marks of the copy issued to ${named}; ${trace.verdict === 'lead' ? 'a lead only; ' : ''}a copy is named, not who let it go`,
  }
}

/**
 * Evidence from several samples of one wave as one piece: for each explanation the strongest, not the product, for samples of one wave come from one source and say the same
 * thing again. `null` without any.
 */
export function strongestEvidence(pieces: readonly WaveEvidence[]): WaveEvidence | null {
  const [first] = pieces
  if (first === undefined) return null
  const named = EXPLANATION_IDS.filter((id) => pieces.some((piece) => piece.ratios[id] !== undefined))
  const strongest = named.map((id): readonly [ExplanationId, number] => [
    id,
    Math.max(...pieces.map((piece) => piece.ratios[id] ?? 1)),
  ])
  return {
    wave: first.wave,
    ratios: Object.fromEntries(pieces.length === 1 ? named.map((id) => [id, first.ratios[id] ?? 1]) : strongest),
    source: pieces.map((piece) => piece.source).join('; '),
  }
}

/** What screening says: a derived sample favours every way in which something shared came out; `null` when it says nothing. */
export function evidenceOfScreen(wave: string, screen: ScreenSummary): WaveEvidence | null {
  if (screen.derived) {
    const ratio = Math.max(1, ratioOfPValue(Math.min(1, Math.max(screen.falseAlarmRate, Number.MIN_VALUE))))
    const source = `${screen.id}: the sample derives from what was shared (false alarms ${screen.falseAlarmRate})`
    return ratio === 1 ? null : { wave, ratios: same(BY_ANY_COPY, ratio), source }
  }
  if (screen.missRate === null || !(screen.missRate > 0 && screen.missRate < 1)) return null
  const ratio = screen.missRate / (1 - Math.min(screen.falseAlarmRate, 0.5))
  return {
    wave,
    ratios: same(BY_ANY_COPY, Math.min(1, ratio)),
    source: `${screen.id}: the sample does not derive from what was shared (missed ${screen.missRate} of the time)`,
  }
}

function same(ids: readonly ExplanationId[], ratio: number): WaveEvidence['ratios'] {
  return Object.fromEntries(ids.map((id) => [id, ratio]))
}
