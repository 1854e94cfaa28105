/**
 * How far a claim goes.
 *
 * - `proven`: checked, with keys that the verifier's policy names, and time and order vouched for by the witnesses that it asks for.
 * - `unwitnessed`: checked likewise, but only the vendor's own log vouches for time and order.
 * - `consistent`: everything in the file agrees, but its keys were not checked against a policy; whoever made the file could have made it so.
 * - `unproven`: the file does not hold what would show it.
 * - `failed`: it is not so, or the file was changed.
 */
export type ClaimVerdict = 'proven' | 'unwitnessed' | 'consistent' | 'unproven' | 'failed'

/** One statement and what became of it. */
export interface Claim {
  /** Stable: `container`, `manifest`, `log`, `event/<index>`, `commitment/<distribution>`, `trace/<match>`, … */
  readonly id: string
  readonly verdict: ClaimVerdict
  /** One line for people: what was checked and what was found. */
  readonly reason: string
}

/** What a file turned out to be. */
export type FileKind = 'dossier' | 'package' | 'receipt' | 'proof' | 'checkpoint'

/** The answer of every verification; a stable JSON shape. */
export interface Verification {
  /** True when no claim failed. Without a policy that means no more than internal consistency: see `verdict`. */
  readonly ok: boolean
  readonly kind: FileKind
  /** Whether the verifier gave a policy. */
  readonly policy: 'given' | 'none'
  /** The weakest verdict of all claims. */
  readonly verdict: ClaimVerdict
  readonly claims: readonly Claim[]
}

const ORDER: readonly ClaimVerdict[] = ['proven', 'unwitnessed', 'unproven', 'consistent', 'failed']

/** The weaker of two verdicts. */
export function weaker(a: ClaimVerdict, b: ClaimVerdict): ClaimVerdict {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b
}

/** Puts claims together to the answer. */
export function concludeVerification(kind: FileKind, policy: 'given' | 'none', claims: readonly Claim[]): Verification {
  const verdict = claims.map((claim) => claim.verdict).reduce(weaker, 'proven')
  return { ok: verdict !== 'failed', kind, policy, verdict, claims }
}
