import { randomBytes } from 'node:crypto'
import { type PartnerClient, partnerClient, type VendorClient } from '@sigillo/api/client'
import { generateToken, hashToken } from '@sigillo/api/token'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { type AgeIdentity, generateIdentity } from '@sigillo/seal/identity'
import { sealBody } from '@sigillo/seal/body'
import { sealPackage } from '@sigillo/seal/package'
import { joinPackage } from '@sigillo/seal/package-parts'
import { signReceipt } from '@sigillo/seal/receipt'
import { toHex } from '@sigillo/tlog/encoding'

/** The vendor's release key in the drills. */
export const release = generateNoteKey('vendor.example/release')

/** A partner with all of its secrets. */
export interface DrillPartner {
  readonly id: string
  readonly age: AgeIdentity
  readonly receiptSecret: string
  readonly token: string
}

/** Draws partners and enrols them. */
export async function enrolPartners(vendor: VendorClient, count: number): Promise<readonly DrillPartner[]> {
  const partners = await Promise.all(Array.from({ length: count }, (_, i) => draw(`partner-${String(i)}`)))
  for (let at = 0; at < partners.length; at += 50) {
    await vendor.enrol(
      partners.slice(at, at + 50).map(({ id, age, token, receiptSecret }) => ({
        id,
        name: `Organisation ${id}`,
        kind: 'partner' as const,
        ageRecipient: age.recipient,
        receiptKey: noteSigner(receiptSecret).vkey,
        tokenHash: toHex(hashToken(token)),
      })),
    )
  }
  return partners
}

/** Segments of a copy: its keys have about 8 KB. */
const SEGMENTS = 160

/** Seals one file for a partner and issues it as package `id`; fetchable at once, unless `of` says otherwise. */
export async function issueTo(
  vendor: VendorClient,
  partner: DrillPartner,
  id: string,
  bytes: Uint8Array = new Uint8Array(randomBytes(500)),
  of: { readonly case?: string; readonly notBefore?: string } = {},
): Promise<void> {
  const step = Math.ceil(bytes.length / SEGMENTS)
  const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
    bytes.subarray(at * step, (at + 1) * step),
  )
  const body = await sealBody([{ path: 'guidance.md', segments: pieces.map((piece) => [piece]) }])
  const sealed = await sealPackage({
    programme: 'Example programme',
    package: id,
    case: of.case ?? 'case-1',
    distribution: 'dist-1',
    recipient: partner.id,
    tier: 'full',
    notBefore: of.notBefore ?? null,
    sealedAt: '2026-01-02T03:04:05Z',
    planHash: '0'.repeat(64),
    codeCommitment: '1'.repeat(64),
    ageRecipient: partner.age.recipient,
    body,
    copy: [{ path: 'guidance.md', pieces: pieces.map((_, segment) => ({ segment, variant: 0 })) }],
    signer: noteSigner(release.secret),
  })
  await vendor.putPackage(id, joinPackage(sealed, body.bytes), release.vkey)
}

/** What a partner uses of the hub. */
export function clientOf(url: string, partner: DrillPartner): PartnerClient {
  return partnerClient(url, partner.token)
}

/** Acknowledges a package. */
export async function acknowledge(
  client: PartnerClient,
  partner: DrillPartner,
  id: string,
  sha256: string,
): Promise<void> {
  const receipt = {
    recipient: partner.id,
    distribution: 'dist-1',
    package: sha256,
    at: '2026-01-03T00:00:00Z',
    seen: null,
  }
  await client.acknowledge(id, signReceipt(receipt, noteSigner(partner.receiptSecret)))
}

async function draw(id: string): Promise<DrillPartner> {
  return { id, age: await generateIdentity(), receiptSecret: generateNoteKey(id).secret, token: generateToken() }
}
