import { durationMs } from './duration.ts'
import type { Partner } from './partner.ts'
import { PARTS, type Part, type Policy, tierOf } from './policy.ts'

/** What one recipient may get, when, and by which rule. */
export interface Entitlement {
  readonly part: Part
  /** Epoch milliseconds before which the part must not be fetchable. */
  readonly notBefore: number
  /** The rule in words, shown in the preview. */
  readonly why: string
}

/**
 * Who may get what and when: the one place where tier and jurisdiction rules meet. A jurisdiction rule overrides the tier, never widens it.
 * Suspended and removed partners get nothing.
 * @param releaseAt epoch milliseconds of the planned release
 * @throws ProgrammeError `unknown-tier`
 */
export function entitlements(policy: Policy, partner: Partner, releaseAt: number): readonly Entitlement[] {
  if (partner.state !== 'active') return []
  const tier = tierOf(policy, partner.tier)
  const jurisdiction =
    partner.kind === 'partner'
      ? policy.jurisdictions.find((rule) => rule.countries.includes(partner.country))
      : undefined
  if (jurisdiction !== undefined) {
    return jurisdiction.parts.map((part) => ({
      part,
      notBefore: releaseAt,
      why: `${jurisdiction.id}: ${jurisdiction.reason}`,
    }))
  }
  return PARTS.flatMap((part) => {
    const lead = tier.leadTime[part]
    return lead === undefined
      ? []
      : [{ part, notBefore: releaseAt - durationMs(lead), why: `tier ${tier.id}: ${lead} before release` }]
  })
}

/** Entitlements that share one instant travel in one package. Ordered by instant. */
export interface Delivery {
  readonly notBefore: number
  readonly parts: readonly Part[]
}

/** Groups entitlements into deliveries, earliest first. */
export function deliveries(granted: readonly Entitlement[]): readonly Delivery[] {
  const byInstant = new Map<number, Part[]>()
  for (const { part, notBefore } of granted) byInstant.set(notBefore, [...(byInstant.get(notBefore) ?? []), part])
  return [...byInstant].sort(([a], [b]) => a - b).map(([notBefore, parts]) => ({ notBefore, parts }))
}
