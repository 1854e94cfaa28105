import type { VendorClient } from '@sigillo/api/client'
import type { LoggedEvent } from '@sigillo/api/contracts'
import type { Match } from '@sigillo/dossier/content'
import { z } from 'zod'
import type { Desk } from './context.ts'
import { findHub, judgeLog, type LogStanding } from './hub-log.ts'

/** What the hub's log gives to a dossier. */
export interface LogEvidence {
  /** Verifier key of the log; null without a hub. */
  readonly logKey: string | null
  /** c2sp.org/tlog-proof files, all under one checkpoint. */
  readonly proofs: readonly Uint8Array[]
  /** Signed receipts of recipients whom a match names. */
  readonly receipts: readonly Uint8Array[]
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
  if (found === null) return { logKey: null, proofs: [], receipts: [], standing: null }
  const { client, hub } = found
  const shown = await shownEvents(client, distributions, namedIn(matches))
  const receipts = shown.flatMap(({ type, receipt }) => (type === 'copy.acknowledged' ? (receipt ?? []) : []))
  const proven = shown.length === 0 ? null : await client.proveAll(shown.map(({ index }) => index))
  const utf8 = new TextEncoder()
  return {
    logKey: hub.logKey,
    proofs: (proven?.events ?? []).map(({ proof }) => utf8.encode(proof)),
    receipts: receipts.map((text) => utf8.encode(text)),
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
async function shownEvents(
  client: VendorClient,
  distributions: readonly string[],
  named: ReadonlySet<string>,
): Promise<readonly ShownEvent[]> {
  const read = ({ index, type, subject, event }: LoggedEvent): readonly ShownEvent[] => {
    if (event === null) return []
    const { recipient, distribution, receipt } = eventFields.parse(JSON.parse(event)).data
    const about = type === 'key.enrolled' || distributions.some((id) => id === subject || id === distribution)
    return about && (recipient === undefined || named.has(recipient)) ? [{ index, type, receipt }] : []
  }
  return (await client.events()).flatMap(read)
}
