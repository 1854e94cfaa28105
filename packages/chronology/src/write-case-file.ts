import type { CaseFile, ChronologyEvent, EventSource, EventTime, KnownOutcome } from './case-file.ts'
import { formatDay, formatInstant } from './instant.ts'

/** Writes a case in the format that parseCaseFile reads; times in UTC. Reading it again gives an equal case. */
export function writeCaseFile(caseFile: CaseFile): Record<string, unknown> {
  return {
    schema: 'sigillo-case/1',
    id: caseFile.id,
    title: caseFile.title,
    cves: caseFile.cves,
    vendor: caseFile.vendor,
    product: caseFile.product,
    summary: caseFile.summary,
    source_quality: caseFile.sourceQuality,
    control: caseFile.control,
    events: caseFile.events.map(writeEvent),
    ...(caseFile.knownOutcome === null ? {} : { known_outcome: writeOutcome(caseFile.knownOutcome) }),
    not_found: caseFile.notFound,
    ...caseFile.extra,
  }
}

/** Writes one event as an entry of `events`; fields without a value are left out. */
export function writeEvent(event: ChronologyEvent): Record<string, unknown> {
  return {
    id: event.id,
    at: writeTime(event.at),
    kind: event.kind,
    ...present({
      actor: event.actor,
      actor_count: event.actorCount,
      recipients: event.recipients,
      recipient_count: event.recipientCount,
    }),
    note: event.note,
    ...present({ analysis: event.analysis }),
    source: writeSource(event.source),
    confidence: event.confidence,
    ...(event.conflictsWith.length === 0 ? {} : { conflicts_with: event.conflictsWith }),
    ...(event.refs.length === 0 ? {} : { refs: event.refs }),
    ...event.extra,
  }
}

function writeTime(at: EventTime): Record<string, unknown> {
  const nominal = at.nominal === null ? null : at.exactNominal ? formatInstant(at.nominal) : formatDay(at.nominal)
  return {
    earliest: formatInstant(at.earliest),
    latest: formatInstant(at.latest),
    ...present({ nominal }),
    ...(at.assumed.length === 0 ? {} : { assumed: at.assumed }),
    ...at.extra,
  }
}

function writeSource(source: EventSource): Record<string, unknown> {
  const { title, publisher, url, date, via, extra } = source
  return { title, ...present({ publisher, url, date, via }), ...extra }
}

function writeOutcome(outcome: KnownOutcome): Record<string, unknown> {
  return {
    hypothesis: outcome.hypothesis,
    status: outcome.status,
    note: outcome.note,
    ...(outcome.alternatives.length === 0 ? {} : { alternatives: outcome.alternatives }),
    ...(outcome.excluded.length === 0 ? {} : { excluded: outcome.excluded }),
    ...outcome.extra,
  }
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
