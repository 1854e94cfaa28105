import type { NewRecipient, VendorClient } from '@sigillo/api/client'
import { parseVerifierPolicy } from '@sigillo/dossier/policy'
import { verifyEnrolment } from '@sigillo/dossier/verify-enrolment'
import { type Partner, parsePartner } from '@sigillo/programme/partner'
import { z } from 'zod'
import type { Desk } from './context.ts'
import type { HubDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { findHub } from './hub-log.ts'
import { checkKeys, loadRoster, requirePartner, storeRoster } from './partners.ts'

/** Keys that the vault knows to be revoked, whatever a hub says; they are never used again. */
const revokedDocument = z.array(
  z.strictObject({ id: z.string(), ageRecipient: z.string(), receiptKey: z.string().nullable(), at: z.string() }),
)
/** The largest size of the log that the desk has seen. */
const seenDocument = z.strictObject({ size: z.number() })

/** A recipient as a hub takes it up; null when it has not given all of its keys. */
export function enrolmentOf(partner: Partner): NewRecipient | null {
  const { id, name, kind, ageRecipient, receiptKey, tokenHash } = partner
  return receiptKey === null || tokenHash === null ? null : { id, name, kind, ageRecipient, receiptKey, tokenHash }
}

/**
 * Refuses recipients whose keys may not be sealed to: revoked by this desk, or, with a hub, not what its log proves to be enrolled (goal P3). Those that the
 * hub does not know yet are enrolled first. A recipient that gave no receipt key or token is no business of a hub: its keys come from the vault alone.
 * @throws DeskError `bad-key` naming recipient and reason, before anything is sealed; ApiError, also where enrolling needs a second person
 */
export async function checkRecipientKeys(desk: Desk, recipients: readonly Partner[]): Promise<void> {
  const revoked = (await desk.vault.read('programme', 'revoked-keys', revokedDocument)) ?? []
  for (const { id, ageRecipient, receiptKey } of recipients)
    if (revoked.some((key) => key.ageRecipient === ageRecipient || (key.receiptKey ?? '') === receiptKey))
      throw refused(id, 'its keys were revoked; replace them with: sigillo partner replace-keys')
  const found = await findHub(desk)
  const entries = recipients.map(enrolmentOf).filter((entry) => entry !== null)
  if (found === null || entries.length === 0) return
  await found.client.enrol(entries)
  await checkAgainstLog(desk, found, entries)
}

async function checkAgainstLog(
  desk: Desk,
  { client, hub }: { readonly client: VendorClient; readonly hub: HubDocument },
  entries: readonly NewRecipient[],
): Promise<void> {
  const proofs = await keyProofs(
    client,
    entries.map(({ id }) => id),
  )
  const policy = parseVerifierPolicy(new TextEncoder().encode(hub.policy ?? `log ${hub.logKey}\nquorum none\n`))
  const leastSize = (await desk.vault.read('programme', 'log-seen', seenDocument))?.size ?? 0
  let seen = leastSize
  for (const entry of entries) {
    const verdict = verifyEnrolment(entry, proofs.get(entry.id) ?? [], { policy, leastSize })
    if (!verdict.ok) throw refused(entry.id, verdict.reason)
    seen = Math.max(seen, verdict.size)
  }
  await desk.vault.write('programme', 'log-seen', { size: seen })
}

/** The proofs of all events about these recipients' keys, by recipient, as the hub gives them. */
async function keyProofs(
  client: VendorClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Uint8Array[]>> {
  const of = new Map(ids.map((id) => [`partner:${id}`, id]))
  const events = (await client.events()).filter(({ type, stream }) => type.startsWith('key.') && of.has(stream))
  const proofs = new Map<string, Uint8Array[]>()
  for (let at = 0; at < events.length; at += MOST_PROOFS) {
    const batch = events.slice(at, at + MOST_PROOFS)
    const proven = await client.proveAll(batch.map(({ index }) => index))
    for (const [place, { proof }] of proven.events.entries()) {
      const id = of.get(batch[place]?.stream ?? '') ?? ''
      proofs.set(id, [...(proofs.get(id) ?? []), new TextEncoder().encode(proof)])
    }
  }
  return proofs
}

/** Most proofs in one request. */
const MOST_PROOFS = 1000

/**
 * Ends a recipient's keys: in the vault first, so that nothing is sealed to them whatever a hub says, then at the hub. Safe to repeat.
 * @returns the place of `key.revoked` in the log, or null without a hub or where the hub never knew the keys
 * @throws DeskError `unknown-partner`; ApiError, also where it needs a second person
 */
export async function revokeRecipientKeys(desk: Desk, id: string): Promise<number | null> {
  const partner = await requirePartner(desk, id)
  const known = (await desk.vault.read('programme', 'revoked-keys', revokedDocument)) ?? []
  if (!known.some((key) => key.ageRecipient === partner.ageRecipient)) {
    const { ageRecipient, receiptKey } = partner
    const ended = { id, ageRecipient, receiptKey, at: desk.now().toISOString() }
    await desk.vault.write('programme', 'revoked-keys', [...known, ended])
  }
  const found = await findHub(desk)
  return found === null || enrolmentOf(partner) === null ? null : (await found.client.revokeKeys(id)).index
}

/**
 * Gives a recipient whose keys were revoked its new ones; the next seal or push enrols them.
 * @param enrolment what the partner made with `sigillo keygen`
 * @throws DeskError `bad-key` while the old keys are good, or when one of the new ones was revoked; ProgrammeError `bad-partner`
 */
export async function replaceRecipientKeys(desk: Desk, id: string, enrolment: unknown, at: string): Promise<Partner> {
  const partner = await requirePartner(desk, id)
  const revoked = (await desk.vault.read('programme', 'revoked-keys', revokedDocument)) ?? []
  const isRevoked = (key: string | null): boolean =>
    revoked.some(({ ageRecipient, receiptKey }) => key !== null && (ageRecipient === key || receiptKey === key))
  if (!isRevoked(partner.ageRecipient))
    throw refused(id, `its present keys are good; end them first: sigillo partner revoke-keys ${id}`)
  const given = parsePartner({ tier: partner.tier, ...(typeof enrolment === 'object' ? enrolment : {}) }, at)
  if (given.id !== id) throw refused(id, `${at} is the enrolment of ${given.id}`)
  if (isRevoked(given.ageRecipient) || isRevoked(given.receiptKey))
    throw refused(id, `a key of ${at} was revoked; it needs new ones: sigillo keygen`)
  const { ageRecipient, receiptKey, tokenHash } = given
  const replaced: Partner = { ...partner, ageRecipient, receiptKey, tokenHash }
  await checkKeys(replaced, at)
  await storeRoster(
    desk,
    (await loadRoster(desk)).map((each) => (each.id === id ? replaced : each)),
  )
  return replaced
}

function refused(id: string, why: string): DeskError {
  return new DeskError('bad-key', `the keys of ${id} cannot be used: ${why}`)
}
