import type { LoggedEvent } from '@sigillo/api/contracts'
import type { Match } from '@sigillo/dossier/content'
import { z } from 'zod'
import type { Desk } from './context.ts'
import { findHub, judgeLog, type LogStanding } from './hub-log.ts'
import { requireDistribution } from './seal-distribution.ts'

/** An event that is gone: what its place in the log still tells. */
export interface ErasedEvent {
  readonly index: number
  readonly type: string
  readonly subject: string
  /** When it was erased, and the event that says so. */
  readonly on: string
  readonly by: number
}

/** What the hub's log gives to a dossier. */
export interface LogEvidence {
  /** Verifier key of the log; null without a hub. */
  readonly logKey: string | null
  /** c2sp.org/tlog-proof files, all under one checkpoint. */
  readonly proofs: readonly Uint8Array[]
  /** Signed receipts of recipients whom a match names. */
  readonly receipts: readonly Uint8Array[]
  /** What belongs here and was erased from the log, so that nothing of it can be shown. */
  readonly erased: readonly ErasedEvent[]
  /** What that checkpoint is worth by the desk's own policy; null when nothing was logged. */
  readonly standing: LogStanding | null
}

/**
 * Everything the log holds about these distributions that a dossier may show: the commitments, the readings, the copies that a match names with the receipts for
 * them, and the enrolment of the keys that signed these. Without a hub there is nothing.
 * @throws ApiError; DeskError `bad-log` when the hub's checkpoint does not hold
 */
export async function collectLogEvidence(
  desk: Desk,
  distributions: readonly string[],
  matches: readonly Match[],
): Promise<LogEvidence> {
  const found = await findHub(desk)
  if (found === null) return { logKey: null, proofs: [], receipts: [], erased: [], standing: null }
  const { client, hub } = found
  const events = await client.events()
  const named = namedIn(matches)
  const shown = shownEvents(events, distributions, named)
  const receipts = shown.flatMap(({ type, receipt }) => (type === 'copy.acknowledged' ? (receipt ?? []) : []))
  const proven = shown.length === 0 ? null : await client.proveAll(shown.map(({ index }) => index))
  const utf8 = new TextEncoder()
  return {
    logKey: hub.logKey,
    proofs: (proven?.events ?? []).map(({ proof }) => utf8.encode(proof)),
    receipts: receipts.map((text) => utf8.encode(text)),
    erased: erasedEvents(events, await subjectsOf(desk, distributions, named)),
    standing: proven === null ? null : judgeLog(hub, proven.checkpoint),
  }
}

function namedIn(matches: readonly Match[]): ReadonlySet<string> {
  return new Set(
    matches.flatMap(({ result }) => [...result.accusations, ...result.leads].map(({ recipient }) => recipient)),
  )
}

const eventFields = z.object({
  data: z.looseObject({
    recipient: z.string().optional(),
    distribution: z.string().optional(),
    receipt: z.string().optional(),
  }),
})

interface ShownEvent {
  readonly index: number
  readonly type: string
  readonly receipt: string | undefined
}

/** Nothing about recipients whom no match names, and nothing that was erased. */
function shownEvents(
  events: readonly LoggedEvent[],
  distributions: readonly string[],
  named: ReadonlySet<string>,
): readonly ShownEvent[] {
  const read = ({ index, type, subject, event }: LoggedEvent): readonly ShownEvent[] => {
    if (event === null) return []
    const { recipient, distribution, receipt } = eventFields.parse(JSON.parse(event)).data
    const about = type === 'key.enrolled' || distributions.some((id) => id === subject || id === distribution)
    return about && (recipient === undefined || named.has(recipient)) ? [{ index, type, receipt }] : []
  }
  return events.flatMap(read)
}

/** What events that belong into the dossier are about: distributions, and the packages and keys of recipients whom a match names. */
async function subjectsOf(
  desk: Desk,
  distributions: readonly string[],
  named: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const documents = await Promise.all(distributions.map((id) => requireDistribution(desk, id)))
  const packages = documents.flatMap((document) => document.packages.filter(({ recipient }) => named.has(recipient)))
  return new Set([...distributions, ...packages.map(({ id }) => id), ...named])
}

function erasedEvents(events: readonly LoggedEvent[], subjects: ReadonlySet<string>): readonly ErasedEvent[] {
  return events.flatMap(({ index, type, subject, erased }) =>
    erased === null || !subjects.has(subject) ? [] : [{ index, type, subject, on: erased.at, by: erased.index }],
  )
}
