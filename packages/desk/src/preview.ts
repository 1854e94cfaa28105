import { type AudienceRecord, unusual, type Warning } from '@sigillo/programme/unusual'
import { type Part, partOf } from '@sigillo/programme/policy'
import { vettingEnds } from '@sigillo/programme/vetting'
import { planOf, requireArtefact } from './artefacts.ts'
import { type Audience, planAudience } from './audience.ts'
import { requireCase } from './cases.ts'
import type { Desk } from './context.ts'
import type { DistributionDocument } from './documents.ts'
import { loadPolicy, loadRoster, requirePartner } from './partners.ts'
import { distributionsOf } from './seal-distribution.ts'

/** Who would get what, when and why; who gets nothing; and what is unusual about it. */
export interface Preview extends Audience {
  readonly warnings: readonly (Warning | VettingWarning)[]
}

/** A vetting that ends before the package may be fetched. */
export interface VettingWarning {
  readonly kind: 'vetting-ends'
  readonly recipient: string
  readonly why: string
}

/**
 * What sealing an artefact now would send: the same rules, and nothing is drawn, frozen or written.
 * @throws DeskError, ProgrammeError
 */
export async function previewDistribution(
  desk: Desk,
  options: {
    readonly caseId: string
    readonly artefactId: string
    readonly to: readonly string[] | 'all'
    readonly notBefore?: number
  },
): Promise<Preview> {
  const document = await requireCase(desk, options.caseId)
  const paths = planOf(await requireArtefact(desk, options.artefactId)).files.map((file) => file.path)
  const roster = await loadRoster(desk)
  const recipients = options.to === 'all' ? roster : await Promise.all(options.to.map((id) => requirePartner(desk, id)))
  const when = { now: desk.now().getTime(), notBefore: options.notBefore }
  const audience = planAudience(await loadPolicy(desk), document, recipients, paths, when)
  const seats = new Map(roster.map(({ id, country }) => [id, country]))
  const before = [...(await distributionsOf(desk))].sort((a, b) => a.sealedAt.localeCompare(b.sealedAt))
  const planned = { case: options.caseId, shares: sharesOf(audience, seats) }
  return {
    ...audience,
    warnings: [
      ...endingVettings(audience),
      ...unusual(
        planned,
        before.map((each) => recordOf(each, seats)),
      ),
    ],
  }
}

type Share = AudienceRecord['shares'][number]

function sharesOf(audience: Audience, seats: ReadonlyMap<string, string>): readonly Share[] {
  return merged(
    audience.packages.map(({ recipient, paths }) => ({ recipient: recipient.id, parts: paths.map(partOf) })),
    seats,
  )
}

function recordOf(distribution: DistributionDocument, seats: ReadonlyMap<string, string>): AudienceRecord {
  const got = distribution.packages.map(({ recipient, paths }) => ({ recipient, parts: paths.map(partOf) }))
  return { case: distribution.case, shares: merged(got, seats) }
}

/** One share a recipient, however many packages it is sent in. */
function merged(
  got: readonly { readonly recipient: string; readonly parts: readonly Part[] }[],
  seats: ReadonlyMap<string, string>,
): readonly Share[] {
  const parts = new Map<string, Set<Part>>()
  for (const each of got) parts.set(each.recipient, new Set([...(parts.get(each.recipient) ?? []), ...each.parts]))
  return [...parts].map(([recipient, own]) => ({ recipient, country: seats.get(recipient) ?? 'XX', parts: [...own] }))
}

function endingVettings(audience: Audience): readonly VettingWarning[] {
  return audience.packages.flatMap(({ recipient, notBefore }) =>
    recipient.vettedUntil !== undefined && vettingEnds(recipient.vettedUntil) <= notBefore
      ? [
          {
            kind: 'vetting-ends' as const,
            recipient: recipient.id,
            why: `its vetting ends on ${recipient.vettedUntil}, before it may fetch this`,
          },
        ]
      : [],
  )
}
