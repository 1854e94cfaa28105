import { explainCase } from '@sigillo/chronology/explain'
import { writeCaseFile } from '@sigillo/chronology/write-case-file'
import type { VendorClient } from '@sigillo/api/client'
import type { ProvenEvent } from '@sigillo/api/contracts'
import type { DossierInput, Match, OpenedDistribution } from '@sigillo/dossier/content'
import { writeDossier } from '@sigillo/dossier/write-dossier'
import { noteSigner } from '@sigillo/seal/ed25519'
import { z } from 'zod'
import { planOf } from './artefacts.ts'
import { requireCase } from './cases.ts'
import { chronologyInput } from './chronology-input.ts'
import { openCodebook } from './codebook.ts'
import type { Desk } from './context.ts'
import { type DistributionDocument, keyDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { findHub, judgeLog, type LogStanding } from './hub-log.ts'
import { requireDistribution } from './seal-distribution.ts'
import { requireTrace, type TraceDocument, tracesOf } from './trace-record.ts'

const eventData = z.object({ data: z.record(z.string(), z.unknown()) })

/** A dossier and what it holds. */
export interface BuiltDossier {
  readonly bytes: Uint8Array
  readonly matches: number
  readonly events: number
  /** What the checkpoint of its proofs is worth by the desk's own policy; null when nothing was logged. */
  readonly log: LogStanding | null
}

/**
 * Puts a case's traces, the log's proofs and the chronology into one signed file. It opens the code keys of the distributions concerned: from then on everybody who
 * holds the dossier can recompute every codeword, which is what makes it checkable.
 * @param traceIds the traces to show; all of the case when empty
 * @throws DeskError `unknown-case`, `unknown-trace`, `nothing-to-do` when nothing was traced; DossierError
 */
export async function buildDossier(desk: Desk, caseId: string, traceIds: readonly string[]): Promise<BuiltDossier> {
  const document = await requireCase(desk, caseId)
  const traces =
    traceIds.length === 0
      ? await tracesOf(desk, caseId)
      : await Promise.all(traceIds.map((id) => requireTrace(desk, id)))
  if (traces.length === 0)
    throw new DeskError(
      'nothing-to-do',
      `nothing was traced in case "${caseId}" yet; a dossier needs at least one: sigillo trace SAMPLE --case ${caseId}`,
    )
  const matches = traces.flatMap((trace) => matchesOf(trace, caseId))
  const used = [...new Set(matches.map(({ distribution }) => distribution))]
  const distributions = await Promise.all(used.map((id) => requireDistribution(desk, id)))
  const secret = await desk.vault.read('keys', 'release', keyDocument)
  if (secret === null)
    throw new DeskError('vault-broken', `the vault ${desk.vault.dir} holds no release key; restore it from a backup`)
  const found = await findHub(desk)
  desk.progress('collecting proofs from the log')
  const proofs = found === null ? null : await proofsFor(found.client, distributions, matches)
  const events = proofs?.events ?? []
  const { caseFile, options } = await chronologyInput(desk, document)
  const input: DossierInput = {
    programme: desk.vault.header.programme,
    case: caseId,
    title: document.title,
    createdAt: desk.now().toISOString(),
    investigator: noteSigner(secret.secret),
    logKey: found?.hub.logKey ?? null,
    events: events.map(({ proof }) => new TextEncoder().encode(proof)),
    distributions: distributions.map(openDistribution),
    matches,
    chronology: { caseFile: writeCaseFile(caseFile), options, report: explainCase(caseFile, options) },
  }
  const log = found === null || proofs === null ? null : judgeLog(found.hub, proofs.checkpoint)
  return { bytes: writeDossier(input), matches: matches.length, events: events.length, log }
}

function openDistribution(document: DistributionDocument): OpenedDistribution {
  const key = new Uint8Array(Buffer.from(document.key, 'hex'))
  const { codeSites } = openCodebook(planOf(document), key, document.id, document.family)
  return {
    id: document.id,
    key,
    commitment: document.commitment,
    planHash: document.planHash,
    sites: codeSites,
    recipients: document.recipients.length,
  }
}

function matchesOf(trace: TraceDocument, caseId: string): readonly Match[] {
  return trace.parts
    .filter((part) => part.case === caseId)
    .map((part) => ({
      id: `${trace.id}.${part.distribution}`,
      distribution: part.distribution,
      samples: trace.samples.map(({ sha256 }) => sha256),
      readings: part.readings,
      candidates: part.tested,
      result: part.result,
    }))
}

/** Everything the log holds about these distributions that a dossier may show: the commitments, the readings, and the copies that a match names. */
async function proofsFor(
  client: VendorClient,
  distributions: readonly DistributionDocument[],
  matches: readonly Match[],
): Promise<{ readonly events: readonly ProvenEvent[]; readonly checkpoint: string } | null> {
  const named = new Set(
    matches.flatMap(({ result }) => [...result.accusations, ...result.leads].map(({ recipient }) => recipient)),
  )
  const wanted: number[] = []
  for (const logged of await client.events()) {
    if (logged.event === null) continue
    const { data } = eventData.parse(JSON.parse(logged.event))
    const about = distributions.some(({ id }) => id === logged.subject || id === data['distribution'])
    const shown = typeof data['recipient'] === 'string' ? named.has(data['recipient']) : true
    if (about && shown) wanted.push(logged.index)
  }
  return wanted.length === 0 ? null : await client.proveAll(wanted)
}
