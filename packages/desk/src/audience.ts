import { releaseInstant } from '@sigillo/programme/embargo'
import { deliveries, entitlements } from '@sigillo/programme/entitlement'
import type { Partner } from '@sigillo/programme/partner'
import { type Part, type Policy, partOf } from '@sigillo/programme/policy'
import type { CaseDocument } from './documents.ts'

/** One package to make: which files go to whom, and from when. */
export interface PlannedPackage {
  readonly recipient: Partner
  readonly paths: readonly string[]
  readonly parts: readonly Part[]
  /** Epoch milliseconds before which the hub gives nothing out. */
  readonly notBefore: number
  readonly why: string
}

/** Who would get what, when, and why; and who gets nothing. */
export interface Audience {
  readonly packages: readonly PlannedPackage[]
  readonly left: readonly { readonly recipient: string; readonly why: string }[]
}

/**
 * Applies the policy to every recipient.
 * @param notBefore epoch milliseconds; a later instant than the policy's moves a package back, never forward
 */
export function planAudience(
  policy: Policy,
  document: CaseDocument,
  partners: readonly Partner[],
  paths: readonly string[],
  notBefore = 0,
): Audience {
  const releaseAt = releaseInstant(document.embargo)
  const packages: PlannedPackage[] = []
  const left: { recipient: string; why: string }[] = []
  for (const recipient of partners) {
    const granted = entitlements(policy, recipient, releaseAt)
    const own = deliveries(granted).flatMap((delivery) => {
      const chosen = paths.filter((path) => delivery.parts.includes(partOf(path)))
      const why = granted.find((grant) => grant.notBefore === delivery.notBefore)?.why ?? ''
      return chosen.length === 0
        ? []
        : [{ recipient, paths: chosen, parts: delivery.parts, notBefore: Math.max(delivery.notBefore, notBefore), why }]
    })
    if (own.length === 0)
      left.push({
        recipient: recipient.id,
        why: recipient.state === 'active' ? 'no rule gives it any file of this artefact' : `it is ${recipient.state}`,
      })
    packages.push(...own)
  }
  return { packages, left }
}
