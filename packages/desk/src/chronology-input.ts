import { type CaseFile, type ChronologyEvent, parseEvent } from '@sigillo/chronology/case-file'
import type { ExplainOptions, WaveEvidence } from '@sigillo/chronology/explain'
import { intervalOf } from '@sigillo/chronology/order'
import {
  type CopyHolder,
  evidenceOfTrace,
  strongestEvidence,
  type TraceSummary,
} from '@sigillo/chronology/sample-evidence'
import { findWaves, type WaveOptions } from '@sigillo/chronology/waves'
import type { TraceResult } from '@sigillo/fingerprint/trace'
import { chronologyOf } from './cases.ts'
import type { Desk } from './context.ts'
import type { CaseDocument, DistributionDocument } from './documents.ts'
import { loadRoster } from './partners.ts'
import { distributionsOf } from './seal-distribution.ts'
import { type TraceDocument, tracesOf } from './trace-record.ts'

/** What the vault knows for the reasoning about a case. */
export interface ChronologyInput {
  /** The case's chronology with the hand-overs of the programme's own log. */
  readonly caseFile: CaseFile
  readonly options: Pick<ExplainOptions, 'evidence' | 'completeFor'>
  /** Plain sentences: what was added, and which traces are not used and why. */
  readonly notes: readonly string[]
}

/**
 * Gathers a case's chronology, the hand-overs that the programme itself made, and its traces as evidence for the waves in which their samples were found. A trace counts
 * for the event that names it in its field `trace`; a trace that no event of a wave names is not used, for nobody said when its sample was seen.
 * @param waves how the waves will be grouped, so that evidence is tied to one of them
 */
export async function chronologyInput(
  desk: Desk,
  document: CaseDocument,
  waves: WaveOptions = {},
): Promise<ChronologyInput> {
  const recorded = chronologyOf(document)
  const all = await distributionsOf(desk)
  const own = all.filter((distribution) => distribution.case === document.id)
  const added = own.map(handOverEvent).filter((event) => !isRecorded(event, recorded.events))
  const caseFile = { ...recorded, events: [...recorded.events, ...added] }
  const traced = await traceEvidence(desk, document.id, caseFile, waves)
  const complete = document.handOversComplete ?? own.length > 0
  return {
    caseFile,
    options: { evidence: traced.evidence, ...(complete ? { completeFor: ['shared-with-partners'] } : {}) },
    notes: [
      ...added.map((event) => `${event.id}: hand-over taken from the programme's own log.`),
      ...handOverNotes(document, { own: own.length, all: all.length }),
      ...traced.notes,
    ],
  }
}

/** What is taken for granted about hand-overs, on whose word, and how to say otherwise. Nothing for a vault that distributes nothing. */
function handOverNotes(document: CaseDocument, distributions: { readonly own: number; readonly all: number }) {
  const say = `sigillo case hand-overs ${document.id}`
  if (document.handOversComplete === true)
    return ['It was stated that all hand-overs of this case are on record: one that is not did not happen.']
  if (document.handOversComplete === false)
    return ['It was stated that hand-overs of this case may be missing: one that is not on record may have happened.']
  if (distributions.own > 0)
    return [
      `This vault distributed the case's artefact, so its hand-overs count as all there were; if any was made outside of it, say so: ${say} incomplete`,
    ]
  if (distributions.all > 0)
    return [
      `This vault handed nothing over in this case, but something may have been shared outside of it; if nothing was, say so: ${say} complete`,
    ]
  return []
}

/** A distribution as an event: nothing left before its first package might, and when the last was fetched is not known here. */
function handOverEvent(distribution: DistributionDocument): ChronologyEvent {
  const opens = distribution.packages.map((each) => Date.parse(each.notBefore)).filter(Number.isFinite)
  const sealed = Date.parse(distribution.sealedAt)
  const earliest = new Date(opens.length === 0 ? sealed : Math.max(sealed, Math.min(...opens))).toISOString()
  return parseEvent(
    {
      id: `log-${distribution.id}`,
      kind: 'shared-with-partners',
      at: { earliest, latest: earliest, assumed: ['latest'] },
      actor: 'this programme',
      note: `Distribution ${distribution.id} to ${distribution.recipients.length} recipients.`,
      source: { title: 'the programme’s own log' },
      confidence: 'high',
      recipient_count: distribution.recipients.length,
    },
    `distribution ${distribution.id}`,
  )
}

/** Whether the chronology has this hand-over already. */
function isRecorded(event: ChronologyEvent, events: readonly ChronologyEvent[]): boolean {
  return events.some((other) => {
    if (other.kind !== 'shared-with-partners' || other.confidence === 'low') return false
    const { earliest, latest } = intervalOf(other)
    return earliest <= event.at.earliest && event.at.earliest <= latest
  })
}

async function traceEvidence(
  desk: Desk,
  caseId: string,
  caseFile: CaseFile,
  waves: WaveOptions,
): Promise<{ readonly evidence: readonly WaveEvidence[]; readonly notes: readonly string[] }> {
  const traces = await tracesOf(desk, caseId)
  if (traces.length === 0) return { evidence: [], notes: [] }
  const kinds = new Map((await loadRoster(desk)).map(({ id, kind }) => [id, kind]))
  const waveOf = new Map(
    findWaves(caseFile, waves).flatMap((wave) => wave.events.map((id): [string, string] => [id, wave.id])),
  )
  const byWave = new Map<string, readonly WaveEvidence[]>()
  const notes: string[] = []
  for (const trace of traces) {
    const named = caseFile.events.filter((event) => event.extra['trace'] === trace.id)
    const found = named.find((event) => waveOf.has(event.id))
    if (found === undefined) {
      notes.push(`${trace.id} is not used: ${whyUnused(trace, named)}`)
      continue
    }
    const wave = waveOf.get(found.id) ?? found.id
    const pieces = summariesOf(trace, caseId, kinds).flatMap((summary) => evidenceOfTrace(found.id, summary) ?? [])
    byWave.set(wave, [...(byWave.get(wave) ?? []), ...pieces])
  }
  return { evidence: [...byWave.values()].flatMap((pieces) => strongestEvidence(pieces) ?? []), notes }
}

function whyUnused(trace: TraceDocument, named: readonly ChronologyEvent[]): string {
  const [first] = named
  if (first !== undefined) return `${first.id}, which names it, belongs to no wave.`
  return `no event says when its sample was seen; add one with: sigillo case event add … --trace ${trace.id}`
}

/** One summary for each distribution; without any mark of one, its copies say nothing about the sample. */
function summariesOf(
  trace: TraceDocument,
  caseId: string,
  kinds: ReadonlyMap<string, CopyHolder>,
): readonly TraceSummary[] {
  return trace.parts
    .filter((part) => part.case === caseId)
    .map(({ distribution, result }) => ({
      id: `${trace.id} (${distribution})`,
      verdict: result.verdict,
      recipients: result.recipients,
      copies: suspectsOf(result).map(({ recipient, p }) => ({ recipient, kind: kinds.get(recipient) ?? 'partner', p })),
    }))
}

function suspectsOf({ accusations, leads }: TraceResult): TraceResult['leads'] {
  return accusations.length > 0 ? accusations : leads
}
