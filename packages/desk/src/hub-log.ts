import { vendorClient, type VendorClient } from '@sigillo/api/client'
import type { ClaimVerdict } from '@sigillo/dossier/claim'
import { parseVerifierPolicy } from '@sigillo/dossier/policy'
import { verifyCheckpoint } from '@sigillo/dossier/verify-proof'
import type { Desk } from './context.ts'
import { type HubDocument, hubDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import type { Commitments } from './seal-distribution.ts'
import type { BlindReading } from './trace-samples.ts'

/** What a checkpoint is worth by the desk's own policy. */
export interface LogStanding {
  /** `proven` when the policy's quorum of witnesses cosigned it, `unwitnessed` when only the log vouches for it. */
  readonly verdict: ClaimVerdict
  readonly reason: string
}

/** Remembers a hub in the vault, once it has answered to the token and its checkpoint carries the log key. @throws ApiError when it does not answer; DeskError `bad-log` */
export async function connectHub(desk: Desk, hub: HubDocument): Promise<void> {
  judgeLog(hub, await vendorClient(hub.url, hub.token).checkpoint())
  await desk.vault.write('programme', 'hub', hub)
}

/** The hub that the vault remembers, or null. */
export async function findHub(
  desk: Desk,
): Promise<{ readonly client: VendorClient; readonly hub: HubDocument } | null> {
  const hub = await desk.vault.read('programme', 'hub', hubDocument)
  return hub === null ? null : { hub, client: vendorClient(hub.url, hub.token) }
}

/** The hub that the vault remembers. @throws DeskError `no-hub` */
export async function requireHub(desk: Desk): Promise<{ readonly client: VendorClient; readonly hub: HubDocument }> {
  const found = await findHub(desk)
  if (found === null)
    throw new DeskError(
      'no-hub',
      'the vault knows no hub; name one with: sigillo connect URL --token-file FILE --log-key VKEY',
    )
  return found
}

/** Longest wait for witnesses before the state of the log is told, in milliseconds. */
const WITNESS_WAIT = 5_000

/** The newest checkpoint of the hub's log, judged, after waiting a little for its witnesses. @throws ApiError; DeskError `bad-log` */
export async function logStanding({
  client,
  hub,
}: {
  readonly client: VendorClient
  readonly hub: HubDocument
}): Promise<LogStanding> {
  return judgeLog(hub, await client.checkpoint(hub.policy === undefined ? 0 : WITNESS_WAIT))
}

/** Judges a checkpoint by the policy that the vault holds for this hub; without one, by its log key alone. @throws DeskError `bad-log` when the log did not sign it; DossierError `bad-policy` */
export function judgeLog(hub: HubDocument, note: string): LogStanding {
  const utf8 = new TextEncoder()
  const policy = parseVerifierPolicy(utf8.encode(hub.policy ?? `log ${hub.logKey}\nquorum none\n`))
  const [claim] = verifyCheckpoint(utf8.encode(note), { policy }).claims
  if (claim === undefined || (claim.verdict !== 'proven' && claim.verdict !== 'unwitnessed'))
    throw new DeskError('bad-log', `the checkpoint of ${hub.url} does not hold: ${claim?.reason ?? 'nothing to check'}`)
  return { verdict: claim.verdict, reason: claim.reason }
}

/** The two events that bind plan and code before any copy leaves. Data are hashes and counts, nothing that tells about the flaw. */
export function commitmentEvents(facts: Commitments) {
  const stream = `case:${facts.case}`
  return [
    {
      type: 'catalogue.committed' as const,
      stream,
      subject: facts.distribution,
      data: { plan: facts.planHash, catalogue: facts.catalogueHash, sites: facts.sites },
    },
    {
      type: 'codebook.committed' as const,
      stream,
      subject: facts.distribution,
      data: { commitment: facts.commitment, family: facts.family, recipients: facts.recipients },
    },
  ]
}

/** Puts a distribution's commitments into the hub's log; null when the vault knows no hub yet (then `push` does it before the first package). */
export async function commitDistribution(
  desk: Desk,
  facts: Commitments,
): Promise<{ catalogue: number; codebook: number } | null> {
  const found = await findHub(desk)
  if (found === null) return null
  const [catalogue, codebook] = await found.client.commit(commitmentEvents(facts))
  if (catalogue === undefined || codebook === undefined)
    throw new DeskError('no-hub', 'the hub did not log the commitments; nothing was sealed')
  return { catalogue: catalogue.index, codebook: codebook.index }
}

/** Puts the hash of a blind reading into the hub's log before a code key is used on it; returns nothing to wait for when there is no hub. */
export async function commitReading(desk: Desk, reading: BlindReading): Promise<void> {
  const found = await findHub(desk)
  if (found === null) return
  await found.client.commit([
    {
      type: 'sample.received',
      stream: `case:${reading.distribution.case}`,
      subject: reading.distribution.id,
      data: { reading: reading.hash, samples: [...reading.samples] },
    },
  ])
}
