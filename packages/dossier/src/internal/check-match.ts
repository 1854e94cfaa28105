import { FingerprintError } from '@sigillo/fingerprint/errors'
import { codeword, drawSite, symbolOf } from '@sigillo/fingerprint/generator'
import { type Suspect, trace, type TraceResult } from '@sigillo/fingerprint/trace'
import type { Claim, ClaimVerdict } from '../claim.ts'
import type { OpenedDistribution } from '../content.ts'
import { firstDifference, toPortable } from '../portable.ts'
import { readingHash } from '../reading-hash.ts'
import { copyEvents, eventAbout, leakEvents } from './check-distribution.ts'
import type { LogState } from './check-log.ts'
import type { StoredMatch } from './decoded.ts'

/** Symbols that a verifier is willing to recompute for one match: sites times candidates. */
const MAX_SYMBOLS = 4_000_000

/** Checks a match: the trace recomputed from key and reading, the reading's hash in the log, and each accused copy's place in the order of events. */
export function checkMatch(
  match: StoredMatch,
  opened: OpenedDistribution | undefined,
  log: LogState,
  base: ClaimVerdict,
): readonly Claim[] {
  const id = `trace/${match.id}`
  if (opened === undefined) {
    return [{ id, verdict: 'failed', reason: `the dossier does not open distribution ${match.distribution}` }]
  }
  return [
    checkTrace(match, opened, base),
    checkReading(match, opened, log),
    ...match.accused.map((recipient) => checkIssued(match, recipient, log)),
  ]
}

/**
 * Draws laws and codewords from the opened key and runs the decoder again.
 *
 * @throws FingerprintError when key, sites, reading or candidates do not fit together
 */
export function recomputeTrace(match: StoredMatch, opened: OpenedDistribution): TraceResult {
  const drawn = opened.sites.map((site) => drawSite(opened.key, opened.id, site))
  return trace({
    sites: drawn.map(({ id, numerators }) => ({ id, numerators })),
    reading: drawn.map((site, index) => {
      const variant = match.readings[index]?.variant ?? null
      return variant === null ? null : symbolOf(site, variant)
    }),
    copies: match.candidates.map((recipient) => ({
      recipient,
      symbols: codeword(opened.key, opened.id, drawn, recipient),
    })),
    recipients: opened.recipients,
    alpha: match.alpha,
    leadAlpha: match.leadAlpha,
  })
}

function checkTrace(match: StoredMatch, opened: OpenedDistribution, base: ClaimVerdict): Claim {
  const id = `trace/${match.id}`
  const problem = shapeProblem(match, opened)
  if (problem !== null) return { id, verdict: 'failed', reason: problem }
  try {
    const result = recomputeTrace(match, opened)
    const difference = firstDifference(toPortable(result), match.result)
    if (difference !== null)
      return { id, verdict: 'failed', reason: `the decoder, run again, gives another result at ${difference}` }
    return { id, verdict: base, reason: `recomputed for ${match.candidates.length} copies: ${describe(result)}` }
  } catch (error) {
    if (!(error instanceof FingerprintError)) throw error
    return { id, verdict: 'failed', reason: `the trace cannot be recomputed: ${error.message}` }
  }
}

function shapeProblem(match: StoredMatch, opened: OpenedDistribution): string | null {
  if (opened.sites.length * match.candidates.length > MAX_SYMBOLS) return `it asks for more than ${MAX_SYMBOLS} symbols`
  if (match.readings.length !== opened.sites.length)
    return `${match.readings.length} readings for ${opened.sites.length} sites`
  const wrong = match.readings.findIndex((reading, index) => reading.site !== opened.sites[index]?.id)
  return wrong === -1 ? null : `reading ${wrong + 1} is not of site ${opened.sites[wrong]?.id}`
}

function describe(result: TraceResult): string {
  const marks = `${result.readable} readable marks, N = ${result.recipients}, alpha = ${result.alpha}`
  if (result.accusations.length === 0) return `no copy is accused (verdict "${result.verdict}"; ${marks})`
  return `${result.accusations.map(accusation).join('; ')} (${marks})`
}

function accusation(suspect: Suspect): string {
  return `the sample carries the marks of the copy issued to ${suspect.recipient}, p = ${suspect.p.toExponential(2)}, Chernoff bound ${suspect.bound.toExponential(2)}, decoder ${suspect.decoder}`
}

function checkReading(match: StoredMatch, opened: OpenedDistribution, log: LogState): Claim {
  const id = `reading/${match.id}`
  const hash = readingHash(opened.planHash, match.samples, match.readings)
  const found = log.events.find(({ event }) => event.type === 'sample.received' && event.data['reading'] === hash)
  if (found === undefined)
    return { id, verdict: 'unproven', reason: 'the dossier does not show this reading in the log' }
  return { id, verdict: log.level, reason: `the reading was fixed by its hash in event ${found.index}` }
}

function checkIssued(match: StoredMatch, recipient: string, log: LogState): Claim {
  const id = `issued/${match.id}/${recipient}`
  const code = eventAbout(log, 'codebook.committed', match.distribution)
  const issued = copyEvents(log, match.distribution).find(({ event }) => event.data['recipient'] === recipient)
  const [leak] = leakEvents(log, match.distribution)
  if (code === undefined || issued === undefined || leak === undefined) {
    return {
      id,
      verdict: 'unproven',
      reason: 'the dossier does not show commitment, issue of this copy and leak report in the log',
    }
  }
  if (issued.index < code.index || issued.index > leak.index) {
    return {
      id,
      verdict: 'failed',
      reason: `issued at ${issued.index}, not between the commitment (${code.index}) and the leak (${leak.index})`,
    }
  }
  return {
    id,
    verdict: log.level,
    reason: `issued at ${issued.index}, after the commitment (${code.index}) and before the leak (${leak.index})`,
  }
}
