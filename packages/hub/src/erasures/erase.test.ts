import { randomBytes } from 'node:crypto'
import { erase } from '@sigillo/api/client-erasure'
import { vendorClient } from '@sigillo/api/client'
import { clockClient } from '@sigillo/api/client-clocks'
import { approvalClient } from '@sigillo/api/client-people'
import type { LoggedEvent } from '@sigillo/api/contracts'
import type { EraseRequest } from '@sigillo/api/contracts-erasure'
import { eraseWish, eventWish } from '@sigillo/api/wishes'
import type { Engine } from '@sigillo/db/engine'
import { openEmbedded } from '@sigillo/db/engine-embedded'
import { openServer } from '@sigillo/db/engine-server'
import type { Tx } from '@sigillo/db/schema'
import { sealBody, type SealedBody } from '@sigillo/seal/body'
import { noteSigner, noteVerifier, verifyEd25519 } from '@sigillo/seal/ed25519'
import { openPackage, packageHash, sealPackage } from '@sigillo/seal/package'
import { joinPackage } from '@sigillo/seal/package-parts'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { utf8 } from '@sigillo/tlog/encoding'
import { decodeEvent } from '@sigillo/tlog/event'
import { fsck } from '@sigillo/tlog/fsck'
import { decodeOpening, leafOfOpening } from '@sigillo/tlog/leaf'
import { leafHash } from '@sigillo/tlog/merkle'
import { parsePolicy } from '@sigillo/tlog/policy'
import { parseProofFile, verifyProofFile } from '@sigillo/tlog/proof-file'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addPair, type Pair, type TestPerson } from '../people/people.fixture.ts'
import {
  drawRecipient,
  receiptOf,
  release,
  startTestHub,
  type TestHub,
  type TestRecipient,
} from '../programme.fixture.ts'

let postgres: TemporaryPostgres | null
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres?.stop())

const engines: { engine: string; url: () => Promise<string | undefined> | null }[] = [
  { engine: 'embedded', url: () => Promise.resolve(undefined) },
  { engine: 'server', url: () => postgres?.createDatabase() ?? null },
]

const told = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )

describe.each(engines)('erasing on the $engine engine', ({ url }) => {
  let hub: TestHub
  let databaseUrl: string | undefined
  let isMissing = false
  let alice: TestRecipient
  let bob: TestRecipient
  let pair: Pair

  beforeAll(async () => {
    const found = url()
    isMissing = found === null
    if (found === null) return
    databaseUrl = await found
    hub = await startTestHub(databaseUrl === undefined ? {} : { databaseUrl })
    ;[alice, bob] = [await drawRecipient('partner-001'), await drawRecipient('partner-002')]
    await hub.vendor.enrol([alice.entry, bob.entry])
    pair = await addPair(hub)
  })
  afterAll(async () => {
    if (isMissing) return
    await hub.stop()
    hub.remove()
  })

  const run = (request: Partial<EraseRequest>, token = hub.vendorToken) =>
    erase(hub.hub.url, token, { reason: 'retention', events: [], packages: [], ...request })
  /** At the address of now: every start takes another. */
  const approvalsOf = ({ token }: TestPerson) => approvalClient(hub.hub.url, token)
  const note = async (stream: string, text: string): Promise<number> => {
    const [event] = await hub.vendor.commit([{ type: 'leak.reported', stream, subject: 's', data: { text } }])
    return event?.index ?? -1
  }
  const eventAt = async (index: number): Promise<LoggedEvent | undefined> =>
    (await hub.vendor.events({ after: index - 1 }))[0]
  const isSound = async (): Promise<boolean> => {
    const reader = {
      checkpoint: async () => utf8(await hub.vendor.checkpoint()),
      tile: (path: string) => hub.vendor.tile(path),
    }
    return (await fsck(reader, [noteVerifier(hub.hub.logKey)])).ok
  }
  const proves = (proof: string): boolean => {
    const file = parseProofFile(utf8(proof))
    const opening = decodeOpening(file.extra ?? new Uint8Array())
    const policy = parsePolicy(utf8(`log ${hub.hub.logKey}\nquorum none\n`))
    return verifyProofFile(file, leafHash(leafOfOpening(opening)), policy, verifyEd25519).ok
  }
  const bodyFor = (): Promise<SealedBody> =>
    sealBody([{ path: 'guidance.md', segments: [[new Uint8Array(randomBytes(2000))]] }])
  const issue = async (recipient: TestRecipient, id: string, of: { case: string; body: SealedBody }) => {
    const sealed = await sealPackage({
      programme: 'Example programme',
      package: id,
      case: of.case,
      distribution: `dist-${of.case}`,
      recipient: recipient.id,
      tier: 'tier-1',
      notBefore: null,
      sealedAt: '2026-01-02T03:04:05Z',
      planHash: '0'.repeat(64),
      codeCommitment: '1'.repeat(64),
      ageRecipient: recipient.age.recipient,
      body: of.body,
      copy: [{ path: 'guidance.md', pieces: [{ segment: 0, variant: 0 }] }],
      signer: noteSigner(release.secret),
    })
    await hub.vendor.putPackage(id, joinPackage(sealed, of.body.bytes), release.vkey)
    return sealed
  }
  const close = async (caseId: string): Promise<void> => {
    const clocks = clockClient(hub.hub.url, hub.vendorToken)
    await clocks.setEmbargo(caseId, { release: '2026-03-09T18:00:00Z' })
    await clocks.liftEmbargo(caseId)
  }
  /** Looks into the database, or changes it, while no hub runs. */
  const inDatabase = async <T>(work: (db: Tx) => Promise<T>): Promise<T> => {
    await hub.stop()
    const engine: Engine =
      databaseUrl === undefined ? await openEmbedded({ dataDir: hub.dataDir }) : await openServer({ url: databaseUrl })
    try {
      return await work(engine.db)
    } finally {
      await engine.close()
      hub = await hub.restart()
    }
  }

  test('takes body and salt of an event, and nothing else', async (context) => {
    if (isMissing) context.skip()
    const [kept, gone, after] = [await note('admin', 'kept'), await note('admin', 'gone'), await note('admin', 'after')]
    const { proof: before } = await hub.vendor.prove(kept)
    const commitment = (await eventAt(gone))?.commitment
    const status = await run({ events: [gone] })
    expect(status).toMatchObject({ events: 1, packages: 0, destroyed: expect.any(String) })

    const record = await eventAt(status.index)
    expect(decodeEvent(utf8(record?.event ?? ''))).toMatchObject({
      type: 'erasure.performed',
      data: { reason: 'retention', events: [{ index: gone, commitment }], packages: [], fourEyes: 'off' },
    })
    expect(await eventAt(gone)).toMatchObject({
      event: null,
      salt: null,
      commitment,
      erased: { index: status.index, at: status.at },
    })
    for (const index of [kept, after]) expect(proves((await hub.vendor.prove(index)).proof)).toBe(true)
    expect(proves(before)).toBe(true)
    expect(parseProofFile(utf8((await hub.vendor.prove(gone)).proof)).extra).toBeNull()
    expect(await isSound()).toBe(true)
  })

  test('says the same when it is asked the same again, and refuses what is erased by half or never there', async (context) => {
    if (isMissing) context.skip()
    const [one, two] = [await note('admin', 'one'), await note('admin', 'two')]
    const first = await run({ events: [one] })
    expect(await run({ events: [one, one] })).toEqual(first)
    expect(await told(run({ events: [one, two] }))).toBe('conflict')
    expect(await told(run({ events: [1_000_000] }))).toBe('not-found')
    expect(await told(run({ packages: ['p-none'] }))).toBe('not-found')
    expect(await told(run({}))).toBe('bad-request')
    expect(await told(run({ events: [first.index] }))).toBe('conflict')
    expect((await eventAt(two))?.event).toContain('two')
  })

  test('takes packages once their case is over: keys at once, a shared body with the last of them', async (context) => {
    if (isMissing) context.skip()
    const body = await bodyFor()
    const sealed = await issue(alice, 'a-1', { case: 'c-1', body })
    await issue(bob, 'b-1', { case: 'c-1', body })
    await hub.partner(alice).acknowledge('a-1', receiptOf(alice, packageHash(sealed), 'dist-c-1'))
    expect(await told(run({ packages: ['a-1'] }))).toBe('legal-hold')
    await close('c-1')

    const { index } = await run({ packages: ['a-1'] })
    const refusal = { code: 'erased', status: 410, message: expect.stringContaining(`event ${String(index)}`) }
    await expect(hub.partner(alice).fetchPackage('a-1')).rejects.toMatchObject(refusal)
    await expect(hub.partner(alice).fetchBody('a-1')).rejects.toMatchObject(refusal)
    expect((await hub.partner(alice).packages())[0]).toMatchObject({ id: 'a-1', erased: { index } })
    const keyed = await hub.partner(bob).fetchPackage('b-1')
    const opened = await openPackage({
      bytes: keyed.bytes,
      body: await hub.partner(bob).fetchBody('b-1'),
      identity: bob.age.identity,
      vendorKey: release.vkey,
    })
    expect(opened.files).toHaveLength(1)

    await run({ packages: ['b-1'] })
    const { rows } = await inDatabase((db) =>
      sql<{ left: number }>`select count(bytes)::int as left from blobs`.execute(db),
    )
    expect(rows).toEqual([{ left: 0 }])
    await expect(hub.vendor.putPackage('a-1', joinPackage(sealed, body.bytes), release.vkey)).rejects.toMatchObject({
      code: 'erased',
    })
    await expect(issue(bob, 'b-2', { case: 'c-1', body })).rejects.toMatchObject({ code: 'erased' })
    expect(await isSound()).toBe(true)
  })

  test('leaves alone what is evidence in an open case, whichever way it is', async (context) => {
    if (isMissing) context.skip()
    const body = await bodyFor()
    await issue(alice, 'a-2', { case: 'c-2', body })
    await hub.partner(alice).fetchPackage('a-2')
    const about = (await hub.vendor.events()).filter(
      ({ stream, subject, type }) => stream === 'partner:partner-001' && (subject === 'a-2' || type === 'key.enrolled'),
    )
    const own = await note('case:c-2', 'found')
    expect(about.map(({ type }) => type)).toEqual(['key.enrolled', 'copy.issued', 'copy.delivered'])
    for (const { index } of about) expect(await told(run({ events: [index] }))).toBe('legal-hold')
    expect(await told(run({ events: [own] }))).toBe('legal-hold')
    await close('c-2')
    await expect(run({ events: [own] })).rejects.toMatchObject({ message: expect.stringContaining('no dossier') })
    await hub.vendor.commit([{ type: 'dossier.sealed', stream: 'case:c-2', subject: 'x', data: {} }])
    expect(await run({ events: [own, ...about.map(({ index }) => index)] })).toMatchObject({ events: 4 })
  })

  test('takes copies of a body with it: the receipt, and what a second person read', async (context) => {
    if (isMissing) context.skip()
    const { ann, ben } = pair
    const approvals = { ann: approvalsOf(ann), ben: approvalsOf(ben) }
    await approvals.ann.setRules(['dossier.export'])
    const secret = `secret ${randomBytes(9).toString('hex')}`
    const event = { type: 'dossier.sealed' as const, stream: 'admin', subject: 's', data: { secret } }
    await approvals.ben.give((await approvals.ann.ask([eventWish('dossier.export', event)])).id)
    const [sealed] = await vendorClient(hub.hub.url, ann.token).commit([event])
    const receipt = (await hub.vendor.events()).find(({ type }) => type === 'copy.acknowledged')
    const request: EraseRequest = {
      reason: 'data-subject',
      events: [sealed?.index ?? -1, receipt?.index ?? -1],
      packages: [],
    }
    // Erasing is under four eyes as soon as anything is.
    expect(await told(run(request, ann.token))).toBe('approval-needed')
    expect(await told(run(request))).toBe('forbidden')
    const { id } = await approvals.ann.ask([eraseWish(request)])
    expect(await told(approvals.ann.give(id))).toBe('forbidden')
    await approvals.ben.give(id)
    expect(await told(run({ ...request, reason: 'order' }, ann.token))).toBe('approval-needed')
    const { index } = await run(request, ann.token)
    expect(decodeEvent(utf8((await eventAt(index))?.event ?? ''))).toMatchObject({
      actor: { id: 'staff/ann' },
      data: { fourEyes: id, givenBy: 'staff/ben' },
    })
    const left = await inDatabase(async (db) => ({
      payloads: (await db.selectFrom('approval_items').select('payload').execute()).map(({ payload }) => payload),
      receipts: await db.selectFrom('receipts').select('body').execute(),
    }))
    expect(left.payloads.join()).not.toContain(secret)
    expect(left.payloads).toContain('{"erased":true}')
    expect(left.receipts).toEqual([{ body: null }])
    await expect(hub.partner(alice).acknowledge('a-1', receiptOf(alice, '0'.repeat(64)))).rejects.toMatchObject({
      code: 'erased',
    })
  })

  test('is finished after a crash by the next start, and by the next try', async (context) => {
    if (isMissing) context.skip()
    const { ann, ben } = pair
    const erasing = async (index: number) => {
      const request: EraseRequest = { reason: 'order', events: [index], packages: [] }
      await approvalsOf(ben).give((await approvalsOf(ann).ask([eraseWish(request)])).id)
      return await run(request, ann.token)
    }
    const stuck = (is: boolean) =>
      inDatabase((db) =>
        is
          ? sql`alter table events add constraint stuck check (erased_index is null or body is not null) not valid`.execute(
              db,
            )
          : sql`alter table events drop constraint stuck`.execute(db),
      )
    const bodies = (indices: readonly number[]) =>
      inDatabase((db) => db.selectFrom('events').select(['body', 'salt']).where('idx', 'in', indices).execute())

    const first = await note('admin', 'first')
    await stuck(true)
    const interrupted = await erasing(first)
    expect(interrupted.destroyed).toBeNull()
    // The record is signed, so from now on nobody is shown what is still there.
    expect(await eventAt(interrupted.index)).toMatchObject({ type: 'erasure.performed' })
    expect(await eventAt(first)).toMatchObject({ event: null, salt: null })
    expect(parseProofFile(utf8((await hub.vendor.prove(first)).proof)).extra).toBeNull()
    expect((await bodies([first]))[0]?.body).toContain('first')
    expect((await run({ reason: 'order', events: [first] }, ann.token)).destroyed).toBeNull()

    await stuck(false)
    // That start finished it: nobody asked again.
    expect(await bodies([first])).toEqual([{ body: null, salt: null }])
    const again = await run({ reason: 'order', events: [first] }, ann.token)
    expect(again).toEqual({ ...interrupted, destroyed: expect.any(String) })
    expect(await isSound()).toBe(true)
  })
})
