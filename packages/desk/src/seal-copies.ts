import type { MarkPlan } from '@sigillo/marks/plan'
import { type SealedBody, sealBody } from '@sigillo/seal/body'
import { joinCopy } from '@sigillo/seal/cut-copy'
import type { NoteSigner } from '@sigillo/seal/ed25519'
import { packageHash, sealPackage } from '@sigillo/seal/package'
import type { Audience, PlannedPackage } from './audience.ts'
import type { Codebook } from './codebook.ts'
import type { Desk } from './context.ts'
import { type CutPlan, cutPlan, renderCopy } from './copies.ts'
import { DeskError } from './errors.ts'
import type { SealedCopy } from './outbox.ts'
import { releaseSigner } from './release-key.ts'
import type { Commitments } from './seal-distribution.ts'

/** Everything that the copies of a distribution are made from. */
export interface SealJob {
  readonly plan: MarkPlan
  readonly book: Codebook
  readonly audience: Audience
  readonly facts: Commitments
  readonly sealedAt: Date
}

/** What all who get the same files in the same tier share. */
interface Shared {
  readonly cut: CutPlan
  readonly body: SealedBody
}

/**
 * Renders, checks and seals one copy for each planned package. There is one body for each tier and set of files; a package holds the keys of its variants.
 * @throws DeskError `vault-broken`, `test-failed`; SealError
 */
export async function sealCopies(desk: Desk, job: SealJob): Promise<readonly SealedCopy[]> {
  const signer = await releaseSigner(desk.vault)
  const bodies = new Map<string, Shared>()
  const ordinals = new Map<string, number>()
  const sealed: SealedCopy[] = []
  for (const planned of job.audience.packages) {
    desk.progress(`rendering, checking and sealing package ${sealed.length + 1} of ${job.audience.packages.length}`)
    const key = JSON.stringify([planned.recipient.tier, ...planned.paths])
    const shared = bodies.get(key) ?? (await shareBody(job.plan, planned.paths))
    bodies.set(key, shared)
    const ordinal = (ordinals.get(planned.recipient.id) ?? 0) + 1
    ordinals.set(planned.recipient.id, ordinal)
    const id = `${job.facts.distribution}.${planned.recipient.id}.${ordinal}`
    sealed.push(await sealCopy(desk, { job, planned, shared, id, signer }))
  }
  return sealed
}

async function shareBody(plan: MarkPlan, paths: readonly string[]): Promise<Shared> {
  const cut = cutPlan(plan, paths)
  return { cut, body: await sealBody(cut.files) }
}

interface CopyJob {
  readonly job: SealJob
  readonly planned: PlannedPackage
  readonly shared: Shared
  readonly id: string
  readonly signer: NoteSigner
}

async function sealCopy(desk: Desk, { job, planned, shared, id, signer }: CopyJob): Promise<SealedCopy> {
  const recipient = planned.recipient.id
  const rendered = await renderCopy(job.plan, job.book, recipient, planned.paths)
  const copy = shared.cut.choose(job.book, recipient)
  for (const [index, { path, bytes }] of joinCopy(shared.body.files, copy).entries())
    if (rendered[index]?.path !== path || !Buffer.from(rendered[index].bytes).equals(bytes))
      throw new DeskError(
        'test-failed',
        `${path} for ${recipient} cannot be put together from its parts. Nothing was sent`,
      )
  const bytes = await sealPackage({ ...packageFacts(desk, job, planned, id), body: shared.body, copy, signer })
  return {
    bytes,
    body: shared.body.bytes,
    record: {
      id,
      recipient,
      paths: [...planned.paths],
      notBefore: new Date(planned.notBefore).toISOString(),
      sha256: packageHash(bytes),
      bytes: bytes.length,
      body: shared.body.part.sha256,
    },
  }
}

function packageFacts(desk: Desk, { facts, sealedAt }: SealJob, planned: PlannedPackage, id: string) {
  return {
    programme: desk.vault.header.programme,
    package: id,
    case: facts.case,
    distribution: facts.distribution,
    recipient: planned.recipient.id,
    tier: planned.recipient.tier,
    ageRecipient: planned.recipient.ageRecipient,
    notBefore: new Date(planned.notBefore).toISOString(),
    sealedAt: sealedAt.toISOString(),
    planHash: facts.planHash,
    codeCommitment: facts.commitment,
  }
}
