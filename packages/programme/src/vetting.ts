import type { Partner } from './partner.ts'
import type { Policy } from './policy.ts'

const DAY = 86_400_000

/** Whether somebody may get anything new at all, and the reason in words when not. */
export type Standing = { readonly ok: true } | { readonly ok: false; readonly why: string }

/**
 * Whether a recipient may get anything new at `now` (epoch milliseconds). Suspended and removed recipients may not; nor may one whose vetting
 * ended, or, where the policy asks for vetting, a partner without any. What was handed over before stays handed over.
 */
export function standingOf(policy: Policy, partner: Partner, now: number): Standing {
  if (partner.state !== 'active') return { ok: false, why: `it is ${partner.state}` }
  const { vettedUntil, kind } = partner
  if (vettedUntil === undefined) {
    const isNeeded = policy.vetting === 'required' && kind === 'partner'
    return isNeeded ? { ok: false, why: 'it was never vetted, and the policy asks for it' } : { ok: true }
  }
  return now < vettingEnds(vettedUntil) ? { ok: true } : { ok: false, why: `its vetting ended on ${vettedUntil}` }
}

/** First instant (epoch milliseconds) at which a vetting with this last day, `YYYY-MM-DD` in UTC, is over. */
export function vettingEnds(vettedUntil: string): number {
  return Date.parse(`${vettedUntil}T00:00:00Z`) + DAY
}
