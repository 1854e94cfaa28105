import type { VendorClient } from '@sigillo/api/client'
import type { Desk } from './context.ts'
import type { DistributionDocument, PackageRecord } from './documents.ts'
import { commitDistribution, type LogStanding, logStanding, requireHub } from './hub-log.ts'
import { readPackage, readWholePackage } from './outbox.ts'
import { loadRoster } from './partners.ts'
import { planEmbargoes } from './plan-embargoes.ts'
import { releaseKeyOf } from './release-key.ts'
import { commitmentsOf, distributionsOf } from './seal-distribution.ts'

/** What a push did. */
export interface PushResult {
  readonly enrolled: number
  readonly packages: number
  readonly unchanged: number
  readonly notEnrolled: readonly string[]
  /** Cases whose release was planned at the hub by this push. */
  readonly embargoes: readonly string[]
  /** What the newest checkpoint of the log is worth by the desk's own policy. */
  readonly log: LogStanding
}

const PARALLEL = 8

/**
 * Brings the hub up to date: enrols recipients, plans releases of cases under embargo, commits distributions that were sealed without a hub, uploads packages. Safe to repeat after any failure.
 * @throws DeskError `no-hub`; ApiError in one clear line when the hub does not answer or refuses
 */
export async function pushAll(desk: Desk): Promise<PushResult> {
  const found = await requireHub(desk)
  const { client } = found
  const roster = await loadRoster(desk)
  const able = roster.flatMap(({ id, name, kind, ageRecipient, receiptKey, tokenHash }) =>
    receiptKey === null || tokenHash === null ? [] : [{ id, name, kind, ageRecipient, receiptKey, tokenHash }],
  )
  desk.progress(`enrolling ${able.length} recipients`)
  const enrolled = able.length === 0 ? [] : await client.enrol(able)
  const known = new Set(able.map(({ id }) => id))
  const result = { packages: 0, unchanged: 0 }
  const waiting = (await distributionsOf(desk)).filter((candidate) => !candidate.pushed)
  // Before the packages: what is issued under an embargo keeps its distance from the release.
  const embargoes = await planEmbargoes(
    desk,
    found.hub,
    waiting.map((distribution) => distribution.case),
  )
  for (const distribution of waiting) {
    const log = distribution.log ?? (await commitDistribution(desk, commitmentsOf(distribution)))
    const states = await uploadAll(
      desk,
      client,
      distribution.packages.filter(({ recipient }) => known.has(recipient)),
    )
    result.packages += states.filter((state) => state === 'issued').length
    result.unchanged += states.filter((state) => state === 'unchanged').length
    const complete = distribution.packages.every(({ recipient }) => known.has(recipient))
    const document: DistributionDocument = { ...distribution, log, pushed: complete }
    await desk.vault.write('distributions', distribution.id, document)
  }
  return {
    enrolled: enrolled.filter(({ state }) => state === 'enrolled').length,
    ...result,
    embargoes,
    notEnrolled: roster.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    log: await logStanding(found),
  }
}

/** The first package of each body takes it along; the others find it there. */
async function uploadAll(
  desk: Desk,
  client: VendorClient,
  records: readonly PackageRecord[],
): Promise<readonly string[]> {
  const states: string[] = []
  const upload = async (record: PackageRecord, bytes: Uint8Array): Promise<void> => {
    states.push((await client.putPackage(record.id, bytes, releaseKeyOf(desk.vault, bytes))).state)
    desk.progress(`uploaded ${states.length} of ${records.length} packages`)
  }
  const isFirst = ({ body }: PackageRecord, index: number): boolean =>
    body !== undefined && records.findIndex((other) => other.body === body) === index
  for (const record of records.filter(isFirst)) await upload(record, await readWholePackage(desk, record))
  const queue = records.filter((record, index) => !isFirst(record, index))
  const worker = async (): Promise<void> => {
    for (let record = queue.shift(); record !== undefined; record = queue.shift())
      await upload(record, await readPackage(desk, record))
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  return states
}
