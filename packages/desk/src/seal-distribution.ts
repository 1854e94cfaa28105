import { commitment } from '@sigillo/fingerprint/generator'
import { type BiasFamily } from '@sigillo/fingerprint/law'
import { catalogueHash } from '@sigillo/dossier/catalogue'
import { chooseFamily } from '@sigillo/fingerprint/planner'
import { type MarkPlan, planHash } from '@sigillo/marks/plan'
import type { Partner } from '@sigillo/programme/partner'
import { planOf, requireArtefact } from './artefacts.ts'
import { type Audience, planAudience } from './audience.ts'
import { requireCase } from './cases.ts'
import { type Codebook, hasCollision, openCodebook } from './codebook.ts'
import type { Desk } from './context.ts'
import { renderCopy, testCopy } from './copies.ts'
import { type DistributionDocument, distributionDocument, type SealingDocument } from './documents.ts'
import { DeskError } from './errors.ts'
import { keepInOutbox } from './outbox.ts'
import { loadPolicy, loadRoster, requirePartner } from './partners.ts'
import { checkRecipientKeys } from './recipient-keys.ts'
import { sealCopies } from './seal-copies.ts'

export interface SealOptions {
  readonly caseId: string
  readonly artefactId: string
  /** Recipient ids, or everybody on the roster. */
  readonly to: readonly string[] | 'all'
  /** Epoch milliseconds; moves packages back, never forward. */
  readonly notBefore?: number
  /** How many copies the artefact's own test is run on. */
  readonly testSamples: number
  readonly randomness: 'system' | 'seeded'
  /** Called with the frozen plan's hash and the key's commitment before any copy is rendered; returns their places in the log, or null without a hub. */
  readonly commit: (commitments: Commitments) => Promise<DistributionDocument['log']>
}

/** What is made public before any copy exists. */
export interface Commitments {
  readonly distribution: string
  readonly case: string
  readonly planHash: string
  /** Hash of the sites as the code sees them, so that a dossier can show them without the artefact. */
  readonly catalogueHash: string
  readonly sites: number
  readonly commitment: string
  readonly family: BiasFamily
  readonly recipients: number
}

/**
 * Checks the recipients' keys, freezes the plan, draws the code key, commits to both, renders and checks one copy per recipient, seals each to its recipient's key and stores the packages in the
 * vault's outbox. The key is stored before it is committed to, so that it is never lost while a commitment or a copy made with it exists; the distribution is stored
 * last and counts from then on. An attempt that ended in between keeps its id to itself: a second commitment under the same id would contradict the first.
 * @throws DeskError, MarksError, SealError, ProgrammeError; there is no distribution then, and nothing to hand over
 */
export async function sealDistribution(desk: Desk, options: SealOptions): Promise<DistributionDocument> {
  const document = await requireCase(desk, options.caseId)
  const artefact = await requireArtefact(desk, options.artefactId)
  const plan = planOf(artefact)
  const recipients =
    options.to === 'all' ? await loadRoster(desk) : await Promise.all(options.to.map((id) => requirePartner(desk, id)))
  const audience = planAudience(
    await loadPolicy(desk),
    document,
    recipients,
    plan.files.map((file) => file.path),
    { now: desk.now().getTime(), notBefore: options.notBefore },
  )
  if (audience.packages.length === 0)
    throw new DeskError(
      'nothing-to-do',
      'no rule gives any of these recipients any file of this artefact; nothing was sealed',
    )
  await checkRecipientKeys(desk, distinctRecipients(audience))
  const id = await nextId(desk, options.caseId)
  const names = audienceNames(audience)
  const book = drawCode(desk, plan, id, names)
  const facts = commitmentsTo(plan, book, options.caseId, names.length)
  await reserve(desk, book, facts)
  const log = await options.commit(facts)
  await testSample(desk, { plan, book, audience, command: artefact.test, samples: options.testSamples })
  const sealed = await sealCopies(desk, { plan, book, audience, facts, sealedAt: desk.now() })
  const distribution: DistributionDocument = {
    schema: 'sigillo-desk-distribution/1',
    id,
    case: options.caseId,
    artefact: artefact.id,
    planHash: facts.planHash,
    plan,
    family: facts.family,
    key: Buffer.from(book.key).toString('hex'),
    commitment: facts.commitment,
    randomness: options.randomness,
    sealedAt: desk.now().toISOString(),
    recipients: [...names],
    packages: sealed.map(({ record }) => record),
    log,
    pushed: false,
  }
  await keepInOutbox(desk, sealed)
  await desk.vault.write('distributions', id, distribution)
  return distribution
}

async function reserve(desk: Desk, book: Codebook, { distribution, ...facts }: Commitments): Promise<void> {
  const document: SealingDocument = {
    schema: 'sigillo-desk-sealing/1',
    id: distribution,
    key: Buffer.from(book.key).toString('hex'),
    startedAt: desk.now().toISOString(),
    ...facts,
  }
  await desk.vault.write('sealings', distribution, document)
}

/** What was, or will be, committed to for a distribution. */
export function commitmentsOf(distribution: DistributionDocument): Commitments {
  const plan = planOf(distribution)
  const book = openCodebook(plan, Buffer.from(distribution.key, 'hex'), distribution.id, distribution.family)
  return commitmentsTo(plan, book, distribution.case, distribution.recipients.length)
}

/** The distribution of that id. @throws DeskError `unknown-distribution` */
export async function requireDistribution(desk: Desk, id: string): Promise<DistributionDocument> {
  const found = await desk.vault.read('distributions', id, distributionDocument)
  if (found === null) throw new DeskError('unknown-distribution', `there is no distribution "${id}"`)
  return found
}

/** All distributions, of one case or of all. */
export async function distributionsOf(desk: Desk, caseId?: string): Promise<readonly DistributionDocument[]> {
  const all = await Promise.all((await desk.vault.list('distributions')).map((id) => requireDistribution(desk, id)))
  return all.filter((distribution) => caseId === undefined || distribution.case === caseId)
}

/** The bias family that fits the plan (fingerprinting.md section 9): by the structural marks expected to survive in its largest file group. */
function familyOf(plan: MarkPlan): BiasFamily {
  const perFile = plan.files.map((file) =>
    file.sites.filter((site) => site.variants.length === 2).reduce((sum, site) => sum + site.survival.format, 0),
  )
  return chooseFamily(Math.max(0, ...perFile))
}

function commitmentsTo(plan: MarkPlan, book: Codebook, caseId: string, recipients: number): Commitments {
  return {
    distribution: book.release,
    case: caseId,
    planHash: planHash(plan),
    catalogueHash: catalogueHash(book.codeSites),
    sites: book.sites.length,
    commitment: Buffer.from(commitment(book.key)).toString('hex'),
    family: familyOf(plan),
    recipients,
  }
}

function drawCode(desk: Desk, plan: MarkPlan, id: string, names: readonly string[]): Codebook {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const book = openCodebook(plan, desk.random(32), id, familyOf(plan))
    if (!hasCollision(book, names)) return book
  }
  throw new DeskError(
    'nothing-to-do',
    `the artefact has too few mark sites (${plan.files.flatMap((file) => file.sites).length}) to tell ${names.length} recipients apart; see: sigillo plan`,
  )
}

function distinctRecipients(audience: Audience): readonly Partner[] {
  return [...new Map(audience.packages.map(({ recipient }) => [recipient.id, recipient])).values()]
}

function audienceNames(audience: Audience): readonly string[] {
  return distinctRecipients(audience).map(({ id }) => id)
}

interface TestJob {
  readonly plan: MarkPlan
  readonly book: Codebook
  readonly audience: Audience
  readonly command: string | null
  readonly samples: number
}

async function testSample(desk: Desk, { plan, book, audience, command, samples }: TestJob): Promise<void> {
  if (command === null) return
  const names = audienceNames(audience)
  const step = Math.max(1, Math.floor(names.length / Math.max(1, samples)))
  const chosen = names.filter((_, index) => index % step === 0).slice(0, samples)
  for (const [index, recipient] of chosen.entries()) {
    desk.progress(`running the artefact's own test on copy ${index + 1} of ${chosen.length}`)
    await testCopy(
      command,
      await renderCopy(
        plan,
        book,
        recipient,
        plan.files.map((file) => file.path),
      ),
      recipient,
    )
  }
}

async function nextId(desk: Desk, caseId: string): Promise<string> {
  const known = new Set([...(await desk.vault.list('distributions')), ...(await desk.vault.list('sealings'))])
  for (let n = 1; ; n += 1) if (!known.has(`${caseId}.d${n}`)) return `${caseId}.d${n}`
}
