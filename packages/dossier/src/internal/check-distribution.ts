import { commitment } from '@sigillo/fingerprint/generator'
import { catalogueHash } from '../catalogue.ts'
import type { Claim, ClaimVerdict } from '../claim.ts'
import type { OpenedDistribution } from '../content.ts'
import type { LogState, ProvenEvent } from './check-log.ts'

/** Checks an opened distribution: key against commitment, sites against the logged catalogue, and what was logged before what. */
export function checkDistribution(opened: OpenedDistribution, log: LogState, base: ClaimVerdict): readonly Claim[] {
  return [checkCommitment(opened, base), checkCatalogue(opened, log), checkOrder(opened, log)]
}

/** The event of that type about a distribution. */
export function eventAbout(log: LogState, type: string, distribution: string): ProvenEvent | undefined {
  return log.events.find(({ event }) => event.type === type && event.subject === distribution)
}

/** Events by which a leak, or a sample read against this distribution, became known. */
export function leakEvents(log: LogState, distribution: string): readonly ProvenEvent[] {
  return log.events.filter(
    ({ event }) =>
      event.type === 'leak.reported' || (event.type === 'sample.received' && event.subject === distribution),
  )
}

/** Copies of a distribution that left, in the log's words. */
export function copyEvents(log: LogState, distribution: string): readonly ProvenEvent[] {
  return log.events.filter(
    ({ event }) =>
      (event.type === 'copy.issued' || event.type === 'copy.delivered') && event.data['distribution'] === distribution,
  )
}

function checkCommitment(opened: OpenedDistribution, base: ClaimVerdict): Claim {
  const id = `commitment/${opened.id}`
  const computed = Buffer.from(commitment(opened.key)).toString('hex')
  if (computed !== opened.commitment)
    return { id, verdict: 'failed', reason: 'the opened code key does not match the commitment' }
  return { id, verdict: base, reason: `the opened code key matches the commitment ${computed.slice(0, 16)}…` }
}

function checkCatalogue(opened: OpenedDistribution, log: LogState): Claim {
  const id = `catalogue/${opened.id}`
  const found = eventAbout(log, 'catalogue.committed', opened.id)
  if (found === undefined)
    return { id, verdict: 'unproven', reason: 'the dossier shows no logged plan for this distribution' }
  const { data } = found.event
  if (data['plan'] !== opened.planHash)
    return { id, verdict: 'failed', reason: `event ${found.index} logs another plan` }
  if (data['catalogue'] === undefined) {
    return {
      id,
      verdict: 'unproven',
      reason: 'the plan was logged by its hash only; whether these are its sites cannot be seen without it',
    }
  }
  const computed = catalogueHash(opened.sites)
  if (data['catalogue'] !== computed)
    return { id, verdict: 'failed', reason: `the sites are not the ones that event ${found.index} logs` }
  return {
    id,
    verdict: log.level,
    reason: `all ${opened.sites.length} sites are the ones that event ${found.index} logs`,
  }
}

function checkOrder(opened: OpenedDistribution, log: LogState): Claim {
  const id = `order/${opened.id}`
  const plan = eventAbout(log, 'catalogue.committed', opened.id)
  const code = eventAbout(log, 'codebook.committed', opened.id)
  if (plan === undefined || code === undefined) {
    return { id, verdict: 'unproven', reason: 'the dossier does not show both plan and code commitment in the log' }
  }
  const problem = codebookProblem(opened, code)
  if (problem !== null) return { id, verdict: 'failed', reason: problem }
  const fixed = Math.max(plan.index, code.index)
  const early = [...copyEvents(log, opened.id), ...leakEvents(log, opened.id)].find(({ index }) => index < fixed)
  if (early !== undefined) {
    return {
      id,
      verdict: 'failed',
      reason: `${early.event.type} at ${early.index} came before the commitments at ${plan.index} and ${code.index}`,
    }
  }
  return {
    id,
    verdict: log.level,
    reason: `plan (${plan.index}) and code key (${code.index}) were logged before every copy and leak shown here`,
  }
}

function codebookProblem(opened: OpenedDistribution, { index, event }: ProvenEvent): string | null {
  if (event.data['commitment'] !== opened.commitment) return `event ${index} logs another commitment`
  if (event.data['recipients'] !== opened.recipients)
    return `event ${index} logs another number of recipients than ${opened.recipients}`
  const family = event.data['family']
  const other = opened.sites.find((site) => site.q === 2 && family !== undefined && site.family !== family)
  return other === undefined ? null : `event ${index} logs another bias family than site ${other.id} has`
}
