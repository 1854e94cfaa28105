import { createHash } from 'node:crypto'
import type { DeskEvent } from '@sigillo/api/client'
import { approvalClient } from '@sigillo/api/client-people'
import { ApiError } from '@sigillo/api/errors'
import { EVENT_ACTION, eventWish } from '@sigillo/api/wishes'
import { canonicalBytes, type JsonObject } from '@sigillo/tlog/canonical-json'
import { z } from 'zod'
import { type BuiltDossier, buildDossier, type DossierParts, distributionsTraced } from './build-dossier.ts'
import type { Desk } from './context.ts'
import { findHub, requireHub } from './hub-log.ts'
import { requireDistribution } from './seal-distribution.ts'

/** A dossier that waits for a second person, as the vault keeps it. Once it is in the log, only its place is kept. */
const dossierDocument = z.strictObject({
  schema: z.literal('sigillo-desk-dossier/1'),
  case: z.string(),
  sha256: z.string(),
  /** Place of its event in the log, or null while it waits. */
  sealed: z.number().nullable(),
  dossier: z.string().nullable(),
  counts: z.strictObject({ matches: z.number(), events: z.number(), receipts: z.number(), replies: z.number() }),
  /** What was erased from the log and so is not in it; a vault of before erasures has none. */
  erased: z
    .array(z.strictObject({ index: z.number(), type: z.string(), subject: z.string(), on: z.string(), by: z.number() }))
    .default([]),
  log: z
    .strictObject({
      verdict: z.enum(['proven', 'unwitnessed', 'unproven', 'consistent', 'failed']),
      reason: z.string(),
    })
    .nullable(),
})
type DossierDocument = z.infer<typeof dossierDocument>

/**
 * Makes a dossier and puts into the hub's log first that the code keys it shows are opened (`escrow.opened`, once for each distribution), then that it was sealed
 * (`dossier.sealed`, with its hash). Where these are under four eyes it asks for the second person; the same call goes on with the same dossier once
 * somebody agreed. Without a hub nothing is logged.
 * @throws as `buildDossier`; ApiError `approval-needed` naming the approval, and others of the hub
 */
export async function sealDossier(desk: Desk, caseId: string, parts: DossierParts): Promise<BuiltDossier> {
  if ((await findHub(desk)) === null) return await buildDossier(desk, caseId, parts)
  const traced = await distributionsTraced(desk, caseId, parts.traces ?? [])
  for (const id of traced.distributions) await logOpening(desk, id)
  const name = nameOf(caseId, traced.traces, parts)
  const waiting = await desk.vault.read('dossiers', name, dossierDocument)
  const document = waiting?.dossier == null ? documentOf(caseId, await buildDossier(desk, caseId, parts)) : waiting
  await desk.vault.write('dossiers', name, document)
  const sealed = await commitOrAsk(desk, {
    type: 'dossier.sealed',
    stream: `case:${caseId}`,
    subject: document.sha256,
    data: { dossier: document.sha256, matches: document.counts.matches },
  })
  await desk.vault.write('dossiers', name, { ...document, sealed, dossier: null })
  const { counts, erased, log } = document
  return { ...counts, bytes: Buffer.from(document.dossier ?? '', 'base64'), erased, log }
}

/** Logs once that a distribution's code key leaves the vault. */
async function logOpening(desk: Desk, id: string): Promise<void> {
  const distribution = await requireDistribution(desk, id)
  if (distribution.opened !== undefined || distribution.log === null) return
  const opened = await commitOrAsk(desk, {
    type: 'escrow.opened',
    stream: `case:${distribution.case}`,
    subject: id,
    data: { commitment: distribution.commitment },
  })
  await desk.vault.write('distributions', id, { ...distribution, opened })
}

/** Commits one event; asks for a second person where it needs one. @returns its place in the log */
async function commitOrAsk(desk: Desk, event: DeskEvent & { readonly data: JsonObject }): Promise<number> {
  const { client, hub } = await requireHub(desk)
  try {
    const [logged] = await client.commit([event])
    if (logged === undefined) throw new ApiError('bad-answer', 'the hub did not log the event', 200)
    return logged.index
  } catch (error) {
    const action = EVENT_ACTION[event.type]
    if (action === undefined || !(error instanceof ApiError && error.code === 'approval-needed')) throw error
    const { id } = await approvalClient(hub.url, hub.token).ask([eventWish(action, event)])
    throw new ApiError(
      'approval-needed',
      `${event.type} of ${event.subject} needs a second person. It is asked for as ${id}: somebody else runs: sigillo approve give ${id}; then run this again`,
      error.status,
    )
  }
}

/** One name for one request: what waits for a second person is that of the same request only. */
function nameOf(caseId: string, traces: readonly string[], { receipts = [], replies = [] }: DossierParts): string {
  const request = {
    case: caseId,
    traces: [...traces],
    receipts: receipts.map(sha256),
    replies: replies.map(({ name, bytes }) => [name, sha256(bytes)]),
  }
  return sha256(canonicalBytes(request)).slice(0, 32)
}

function documentOf(caseId: string, built: BuiltDossier): DossierDocument {
  const { bytes, erased, log, matches, events, receipts, replies } = built
  return {
    schema: 'sigillo-desk-dossier/1',
    case: caseId,
    sha256: sha256(bytes),
    sealed: null,
    dossier: Buffer.from(bytes).toString('base64'),
    counts: { matches, events, receipts, replies },
    erased: [...erased],
    log,
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
