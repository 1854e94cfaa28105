import { releaseInstant } from '@sigillo/programme/embargo'
import { deliveries, entitlements } from '@sigillo/programme/entitlement'
import { type Handling, strictest, type UseRight } from '@sigillo/programme/handling'
import type { Partner } from '@sigillo/programme/partner'
import { handlingOf, type Part, type Policy, partOf, tierOf } from '@sigillo/programme/policy'
import { standingOf } from '@sigillo/programme/vetting'
import type { CaseDocument } from './documents.ts'

/** One package to make: which files go to whom, and from when. */
export interface PlannedPackage {
  readonly recipient: Partner
  readonly paths: readonly string[]
  readonly parts: readonly Part[]
  /** Epoch milliseconds before which the hub gives nothing out. */
  readonly notBefore: number
  readonly why: string
  /** How all of it together is to be handled. */
  readonly handling: Handling
  /** What it may be used for; empty when the policy does not say. */
  readonly use: readonly UseRight[]
}

/** Who would get what, when, and why; and who gets nothing. */
export interface Audience {
  readonly packages: readonly PlannedPackage[]
  readonly left: readonly { readonly recipient: string; readonly why: string }[]
}

/**
 * Applies the policy to every recipient.
 * @param when epoch milliseconds: `now` decides whose vetting is over; a `notBefore` later than the policy's moves a package back, never forward
 */
export function planAudience(
  policy: Policy,
  document: CaseDocument,
  partners: readonly Partner[],
  paths: readonly string[],
  { now, notBefore = 0 }: { readonly now: number; readonly notBefore?: number | undefined },
): Audience {
  const releaseAt = releaseInstant(document.embargo)
  const packages: PlannedPackage[] = []
  const left: { recipient: string; why: string }[] = []
  for (const recipient of partners) {
    const standing = standingOf(policy, recipient, now)
    const granted = standing.ok ? entitlements(policy, recipient, releaseAt) : []
    const use = standing.ok ? (tierOf(policy, recipient.tier).use ?? []) : []
    const own = deliveries(granted).flatMap((delivery) => {
      const chosen = paths.filter((path) => delivery.parts.includes(partOf(path)))
      const why = granted.find((grant) => grant.notBefore === delivery.notBefore)?.why ?? ''
      return chosen.length === 0
        ? []
        : [
            {
              recipient,
              paths: chosen,
              parts: delivery.parts,
              notBefore: Math.max(delivery.notBefore, notBefore),
              why,
              handling: strictest(delivery.parts.map((part) => handlingOf(policy, part))),
              use,
            },
          ]
    })
    if (own.length === 0)
      left.push({
        recipient: recipient.id,
        why: standing.ok ? 'no rule gives it any file of this artefact' : standing.why,
      })
    packages.push(...own)
  }
  return { packages, left }
}
