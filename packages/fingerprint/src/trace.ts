import { FingerprintError } from './errors.ts'
import { evidenceCeiling, expectedMatches, gatherEvidence, matchesOf } from './evidence.ts'
import type { Evidence, IssuedCopy, TracedSite } from './evidence.ts'
import { startJoint } from './joint.ts'
import { DENOMINATOR } from './law.ts'
import { testPairs } from './pairs.ts'
import type { PairLead } from './pairs.ts'
import { decodeSingle } from './single.ts'
import type { CopyTest } from './single.ts'

/** One leak to be traced. */
export interface TraceInput {
  /** All mark sites of the release, in the order of `reading` and of each copy's symbols. */
  readonly sites: readonly TracedSite[]
  /** What was read, blind to every copy: one symbol per site, null for "cannot tell". */
  readonly reading: readonly (number | null)[]
  /** Every copy that was issued. Copies left out can neither be accused nor recognised as accomplices. */
  readonly copies: readonly IssuedCopy[]
  /** N: how many copies the error budget is divided among; at least `copies.length`, and never lowered when a partner leaves. */
  readonly recipients: number
  /** Chance, for the whole case, of accusing any innocent copy. In (0, 1); default 1e-6. */
  readonly alpha?: number
  /** The same for leads. In (0, 1); default 1e-2. */
  readonly leadAlpha?: number
}

/** A copy that the evidence points at. Evidence names a copy, never a person. */
export interface Suspect {
  readonly recipient: string
  /** Chance that this copy, if innocent, would look at least as suspicious; exact, all models and both decoders paid for. */
  readonly p: number
  /** Chernoff bound on the same chance; at least `p`, and checkable by hand. */
  readonly bound: number
  /** The decoder that attained `p`: S looks at the copy alone, J next to hypothetical accomplices. */
  readonly decoder: 'S' | 'J'
  /** The model that attained `p`, in words. */
  readonly model: string
  /** Copies that the model took as accomplices. A hypothesis of the computation, not a statement about them. */
  readonly given: readonly string[]
  /** Readable marks that the copy shares with the leak, and how many an innocent copy shares on average. */
  readonly matches: number
  readonly expectedMatches: number
  readonly readable: number
  /** What `p` had to reach to be an accusation: alpha / N. */
  readonly threshold: number
}

/** What the marks say. */
export interface TraceResult {
  /**
   * `accusation`: at least one copy with p <= alpha/N. `lead`: none, but a copy or pair at the weaker level. `insufficient`: not even a
   * verbatim copy could be accused on so few marks. `none`: enough marks, and they point nowhere.
   */
  readonly verdict: 'accusation' | 'lead' | 'insufficient' | 'none'
  readonly alpha: number
  readonly leadAlpha: number
  readonly recipients: number
  readonly readable: number
  /** Smallest p first; ties by recipient. */
  readonly accusations: readonly Suspect[]
  readonly leads: readonly Suspect[]
  /** "At least one of these two": leads only, never accusations. */
  readonly pairs: readonly PairLead[]
  /** Estimate of how many more readable marks would be needed: for the strongest lead, or for a verbatim copy when insufficient. */
  readonly needed?: number
}

/** The share of each suspect's budget that decoder S may spend; J has the rest. Fixed before any case. */
export const SINGLE_SHARE: number = 1 / 16

/**
 * Traces one leak. Deterministic: equal inputs give equal results.
 *
 * Each copy is tested by decoder S and by decoder J, joined by weighted Bonferroni: p = min(p_S / (1/16), p_J / (15/16)), at most 1. As each
 * is a valid p-value for an innocent copy and the shares sum to 1, so is p; accusing at p <= alpha/N keeps the chance of any false
 * accusation in the case within alpha, for any number of leakers, any attack and any misreading, provided that symbols were drawn as
 * `generator` does and the reading was made blindly. J is tried on the 256 copies most suspicious to S (all, in most programmes); leaving a
 * copy out can only raise its p.
 *
 * Throws `bad-trace` or `bad-law` on malformed input, never anything else.
 */
export function trace(input: TraceInput): TraceResult {
  const alpha = level(input.alpha ?? 1e-6, 'alpha')
  const leadAlpha = level(input.leadAlpha ?? 1e-2, 'leadAlpha')
  const evidence = gatherEvidence(input.sites, input.reading, input.copies)
  checkRecipients(input)
  const { tests, pairs: found } = decode(evidence)
  const threshold = alpha / input.recipients
  const weak = leadAlpha / input.recipients
  const suspects = tests
    .filter((test) => test.p <= Math.max(weak, threshold))
    .map((test) => suspectOf(evidence, test, threshold))
    .sort((a, b) => a.p - b.p || compareText(a.recipient, b.recipient))
  const accusations = suspects.filter((suspect) => suspect.p <= threshold)
  const leads = suspects.filter((suspect) => suspect.p > threshold)
  const pairs = pairLeads(found, suspects, accusations, leadAlpha, input.recipients)
  const verdict = verdictOf(evidence, accusations.length, leads.length + pairs.length, threshold)
  const needed = neededMarks(input.sites, evidence, verdict, leads[0], threshold)
  return {
    verdict,
    alpha,
    leadAlpha,
    recipients: input.recipients,
    readable: evidence.readable,
    accusations,
    leads,
    pairs,
    ...(needed === undefined ? {} : { needed }),
  }
}

const JOINT_LIMIT = 256
const PAIR_LIMIT = 10
/** The cheapest factor between the chance of matching everywhere and p: J without accomplices has 15/16 * .4 / 4 of the budget. */
const LEAST_FACTOR = 4 / 0.4 / (1 - SINGLE_SHARE)

interface DecodedTest extends CopyTest {
  readonly decoder: 'S' | 'J'
}

function decode(evidence: Evidence): { tests: DecodedTest[]; pairs: PairLead[] } {
  if (evidence.readable === 0 || evidence.copies.length === 0) return { tests: [], pairs: [] }
  const tests: DecodedTest[] = decodeSingle(evidence).map((test) => spend(test, 'S', SINGLE_SHARE))
  const joint = startJoint(evidence)
  const order = tests.toSorted((a, b) => a.p - b.p || a.copy - b.copy).slice(0, JOINT_LIMIT)
  for (const { copy, p } of order) {
    const together = spend(joint.test(copy), 'J', 1 - SINGLE_SHARE)
    if (together.p < p) tests[copy] = together
  }
  return { tests, pairs: testPairs(evidence, joint) }
}

function spend(test: CopyTest, decoder: 'S' | 'J', share: number): DecodedTest {
  return { ...test, decoder, p: Math.min(1, test.p / share), bound: Math.min(1, test.bound / share) }
}

function suspectOf(evidence: Evidence, test: DecodedTest, threshold: number): Suspect {
  return {
    recipient: evidence.copies[test.copy] ?? '',
    p: test.p,
    bound: test.bound,
    decoder: test.decoder,
    model: test.model,
    given: test.given,
    matches: matchesOf(evidence, test.copy),
    expectedMatches: expectedMatches(evidence),
    readable: evidence.readable,
    threshold,
  }
}

/** Pairs that pass C(N, 2) at the lead level, hold nobody accused, and say more than either member's own lead. */
function pairLeads(
  pairs: readonly PairLead[],
  suspects: readonly Suspect[],
  accusations: readonly Suspect[],
  leadAlpha: number,
  recipients: number,
): PairLead[] {
  const count = (recipients * (recipients - 1)) / 2
  const own = (recipient: string): number => suspects.find((suspect) => suspect.recipient === recipient)?.p ?? 1
  return pairs
    .filter(
      ({ p, recipients: members }) =>
        p * count <= leadAlpha && members.every((name) => p * count < own(name) * recipients),
    )
    .filter(({ recipients: members }) => !accusations.some((accused) => members.includes(accused.recipient)))
    .map((pair) => ({ ...pair, threshold: leadAlpha / count }))
    .slice(0, PAIR_LIMIT)
}

function verdictOf(evidence: Evidence, accused: number, leads: number, threshold: number): TraceResult['verdict'] {
  if (accused > 0) return 'accusation'
  if (leads > 0) return 'lead'
  return evidenceCeiling(evidence) < Math.log(LEAST_FACTOR / threshold) ? 'insufficient' : 'none'
}

function neededMarks(
  sites: readonly TracedSite[],
  evidence: Evidence,
  verdict: TraceResult['verdict'],
  lead: Suspect | undefined,
  threshold: number,
): number | undefined {
  if (verdict === 'insufficient') {
    const missing = Math.log(LEAST_FACTOR / threshold) - evidenceCeiling(evidence)
    const perMark = sites.reduce((sum, site) => sum + entropy(site), 0) / sites.length
    return sites.length === 0 ? undefined : Math.max(1, Math.ceil(missing / perMark))
  }
  if (verdict !== 'lead' || lead === undefined) return undefined
  const shown = -Math.log(lead.p)
  return Math.max(1, Math.ceil(((-Math.log(threshold) - shown) * evidence.readable) / shown))
}

/** What a matching mark is worth on average to the copy that it comes from, in nats. */
function entropy(site: TracedSite): number {
  return site.numerators.reduce((sum, n) => sum - (n / DENOMINATOR) * Math.log(n / DENOMINATOR), 0)
}

function level(value: number, name: string): number {
  if (!(value > 0 && value < 1)) throw new FingerprintError('bad-trace', `${name} lies between 0 and 1, not ${value}`)
  return value
}

function checkRecipients({ recipients, copies }: TraceInput): void {
  if (!Number.isSafeInteger(recipients) || recipients < Math.max(1, copies.length)) {
    throw new FingerprintError(
      'bad-trace',
      `recipients must be a whole number, at least the ${copies.length} copies, not ${recipients}`,
    )
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
