import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partnerClient, vendorClient, type VendorClient } from '@sigillo/api/client'
import { generateToken, hashToken } from '@sigillo/api/token'
import { verifyFile } from '@sigillo/dossier/verify-file'
import { loadLogKey } from '@sigillo/hub/log/log-key'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { generateIdentity } from '@sigillo/seal/identity'
import { sealWhole } from '@sigillo/seal/package'
import { startPostgres, type TemporaryPostgres } from '@sigillo/testkit/postgres'
import { toHex, utf8 } from '@sigillo/tlog/encoding'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { spawnWitness, type WitnessProcess } from './witness-process.fixture.ts'

/** How often a package is asked for while there is no quorum. */
const ATTEMPTS = process.env['SLOW'] === undefined ? 20 : 1000
const ORIGIN = 'vendor.example/log'
const release = generateNoteKey('vendor.example/release')
const token = generateToken()
const temporary: string[] = []
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'witnessed-hub-'))
  temporary.push(path)
  return path
}
let postgres: TemporaryPostgres | null
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres?.stop()
  for (const path of temporary) rmSync(path, { recursive: true, force: true })
})

/** Two witnesses of one organisation, one of another. */
async function threeWitnesses(logKey: string): Promise<readonly WitnessProcess[]> {
  return await Promise.all([
    spawnWitness('cert.example/w1', logKey),
    spawnWitness('cert.example/w2', logKey),
    spawnWitness('lab.example/w', logKey),
  ])
}

/** Each organisation counts once, however many witnesses it runs; both are needed. */
function quorumOf(witnesses: readonly WitnessProcess[]): string {
  const names = ['cert-1', 'cert-2', 'lab-1']
  return [
    ...witnesses.map(({ vkey, url }, index) => `witness ${names[index] ?? ''} ${vkey} ${url}`),
    'group cert any cert-1 cert-2',
    'group lab any lab-1',
    'group organisations all cert lab',
    'quorum organisations',
    '',
  ].join('\n')
}

const report = (subject: string) => ({ type: 'leak.reported' as const, stream: 'admin', subject, data: {} })

/** Enrols a recipient and issues a package to it. */
async function issue(vendor: VendorClient): Promise<void> {
  const identity = await generateIdentity()
  const entry = {
    id: 'partner-001',
    name: 'Partner',
    kind: 'partner' as const,
    ageRecipient: identity.recipient,
    receiptKey: generateNoteKey('partner-001').vkey,
    tokenHash: toHex(hashToken(token)),
  }
  await vendor.enrol([entry])
  const bytes = await sealWhole({
    programme: 'Example programme',
    package: 'p-1',
    case: 'case-1',
    distribution: 'dist-1',
    recipient: 'partner-001',
    tier: 'full',
    notBefore: null,
    sealedAt: '2026-01-02T03:04:05Z',
    planHash: '0'.repeat(64),
    codeCommitment: '1'.repeat(64),
    ageRecipient: identity.recipient,
    files: [{ path: 'guidance.md', bytes: new Uint8Array(randomBytes(300)) }],
    signer: noteSigner(release.secret),
  })
  await vendor.putPackage('p-1', bytes, release.vkey)
}

const engines: [string, () => Promise<{ databaseUrl?: string } | null>][] = [
  ['embedded', () => Promise.resolve({})],
  ['server', async () => (postgres === null ? null : { databaseUrl: await postgres.createDatabase() })],
]

describe.each(engines)('a hub with three witnesses of two organisations, on the %s engine', (_, engine) => {
  let hub: Hub | undefined
  let vendor: VendorClient
  let witnesses: readonly WitnessProcess[] = []
  let verifierPolicy: string
  const lines: string[] = []
  beforeAll(async () => {
    const where = await engine()
    if (where === null) return
    const dataDir = folder()
    const { vkey } = await loadLogKey(dataDir, ORIGIN, randomBytes)
    witnesses = await threeWitnesses(vkey)
    hub = await startHub({
      dataDir,
      origin: ORIGIN,
      ...where,
      witnesses: `${quorumOf(witnesses)}release witnessed\n`,
      witnessWaitMs: 1_500,
      log: ({ message }) => lines.push(message),
    })
    vendor = vendorClient(hub.url, hub.vendorToken ?? '')
    verifierPolicy = `log ${hub.logKey}\n${quorumOf(witnesses)}`
    await issue(vendor)
  })
  beforeEach(({ skip }) => {
    if (hub === undefined) skip('no PostgreSQL server')
  })
  afterAll(async () => {
    await Promise.all(witnesses.map((witness) => witness.remove()))
    await hub?.stop()
  })
  const claim = async (file: string, id = 'log') =>
    (await verifyFile(utf8(file), { policy: verifierPolicy })).claims.find((one) => one.id === id)

  test('serves checkpoints and proofs that others verify offline as witnessed', async () => {
    const [event] = await vendor.commit([report('a')])
    expect(event?.index).toBe(2)
    expect(await claim(await vendor.checkpoint(5_000))).toMatchObject({
      verdict: 'proven',
      reason: expect.stringMatching(/at size 3, witnessed by cert, lab \(quorum 2 of 2\) by 20/),
    })
    const proven = await vendor.prove(event?.index ?? -1)
    expect(await claim(proven.proof, 'event/2')).toMatchObject({ verdict: 'proven' })
    const all = await vendor.proveAll([0, 1, 2])
    expect(await claim(all.checkpoint)).toMatchObject({ verdict: 'proven' })
    for (const one of all.events) expect(await claim(one.proof)).toMatchObject({ verdict: 'proven' })
  })

  test('writes into each event the newest witnessed tree, so that it cannot be older', async () => {
    const size = Number((await vendor.checkpoint(5_000)).split('\n')[1])
    const [later] = await vendor.commit([report('later')])
    expect(JSON.parse(later?.event ?? '')).toMatchObject({ floor: { size } })
  })

  test('gets quorums while its log grows without a pause', async () => {
    const writers = Array.from({ length: 4 }, async (_value, id) => {
      for (let i = 0; i < 25; i++) await vendor.commit([report(`${id}-${i}`)])
    })
    await Promise.all(writers)
    expect(await claim(await vendor.checkpoint(5_000))).toMatchObject({ verdict: 'proven' })
  })

  test('is honest when an organisation is missing, hands out nothing then, and goes on by itself after', async () => {
    const [cert1, , lab] = witnesses
    if (cert1 === undefined || lab === undefined) throw new Error('no witnesses')
    const partner = partnerClient(hub?.url ?? '', token)
    await cert1.kill()
    await partner.fetchPackage('p-1')
    await vendor.checkpoint(5_000)
    await lab.kill()
    const before = (await vendor.events()).length
    // The tree is witnessed, so the hub cannot know yet: it logs the hand-over, and then finds nobody to cosign it.
    await expect(partner.fetchPackage('p-1')).rejects.toMatchObject({ code: 'log-unavailable' })
    expect((await vendor.events({ after: before - 1 })).map(({ type }) => type)).toEqual(['copy.delivered'])
    const [event] = await vendor.commit([report('while alone')])
    const refused = await Promise.allSettled(Array.from({ length: ATTEMPTS }, () => partner.fetchPackage('p-1')))
    for (const one of refused)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'log-unavailable', status: 503 } })
    const types = (await vendor.events({ after: event?.index ?? 0 })).map(({ type }) => type)
    expect(types).toEqual([])
    expect(await claim(await vendor.checkpoint())).toMatchObject({
      verdict: 'unwitnessed',
      reason: expect.stringContaining('the quorum organisations is not met'),
    })
    expect(lines.join('\n')).toMatch(/witness lab-1 does not cosign: ECONNREFUSED/)
    await lab.restart()
    const back = performance.now()
    expect(await claim(await vendor.checkpoint(10_000))).toMatchObject({ verdict: 'proven' })
    await partner.fetchPackage('p-1')
    expect(performance.now() - back).toBeLessThan(10_000)
  })
})

describe('several hubs on one PostgreSQL', () => {
  test('get one quorum between them, and each proves under it', async ({ skip }) => {
    if (postgres === null) {
      skip('no PostgreSQL server')
      return
    }
    const options = { dataDir: folder(), origin: ORIGIN, databaseUrl: await postgres.createDatabase() }
    const { vkey } = await loadLogKey(options.dataDir, ORIGIN, randomBytes)
    const witnesses = await threeWitnesses(vkey)
    const warnings: string[] = []
    const log = ({ message }: { message: string }) => void warnings.push(message)
    const first = await startHub({ ...options, witnesses: quorumOf(witnesses), log })
    const second = await startHub({ ...options, witnesses: quorumOf(witnesses), log })
    const clients = [first, second].map(({ url }) => vendorClient(url, first.vendorToken ?? ''))
    await Promise.all(
      clients.map(async (client, id) => {
        for (let i = 0; i < 20; i++) await client.commit([report(`${id}-${i}`)])
      }),
    )
    const policy = `log ${vkey}\n${quorumOf(witnesses)}`
    for (const client of clients) {
      const note = await client.checkpoint(10_000)
      expect(await verifyFile(utf8(note), { policy })).toMatchObject({ verdict: 'proven' })
      const { checkpoint } = await client.proveAll(Array.from({ length: 40 }, (_, index) => index))
      expect(await verifyFile(utf8(checkpoint), { policy })).toMatchObject({ verdict: 'proven' })
    }
    expect(warnings.filter((line) => !line.includes('shows no checkpoint'))).toEqual([])
    await Promise.all([first.stop(), second.stop(), ...witnesses.map((witness) => witness.kill())])
  })
})

describe('a log that its witnesses have seen longer', () => {
  let witnesses: readonly WitnessProcess[] = []
  afterEach(() => Promise.all(witnesses.map((witness) => witness.kill())))

  test('is not continued from a backup, even when the mark outside the database is gone, and a copy is never witnessed', async () => {
    const dataDir = folder()
    const options = { dataDir, origin: ORIGIN }
    const first = await startHub(options)
    const { logKey, vendorToken } = first
    await first.stop()
    witnesses = await threeWitnesses(logKey)
    const policy = quorumOf(witnesses)
    const backup = folder()
    cpSync(dataDir, backup, { recursive: true })
    rmSync(join(backup, 'log.high-water'))
    const hub = await startHub({ ...options, witnesses: policy })
    const vendor = vendorClient(hub.url, vendorToken ?? '')
    await vendor.commit([report('kept'), report('from all')])
    await vendor.checkpoint(5_000)
    await expect(startHub({ dataDir: backup, origin: ORIGIN, witnesses: policy })).rejects.toMatchObject({
      code: 'log-rolled-back',
      message: expect.stringMatching(/^witness \S+ cosigned a newer log: the database knows 0 leaves[^\n]*$/),
    })
    // Whoever holds the key and does not ask first gets no further: the witnesses follow one history.
    const thief = await startHub({ dataDir: backup, origin: ORIGIN })
    await vendorClient(thief.url, vendorToken ?? '').commit(['x', 'y', 'z'].map(report))
    await thief.stop()
    await expect(startHub({ dataDir: backup, origin: ORIGIN, witnesses: policy })).rejects.toMatchObject({
      code: 'log-rolled-back',
      message: expect.stringContaining('another tree of 2 leaves'),
    })
    const forked = await startHub({ dataDir: backup, origin: ORIGIN })
    const note = await vendorClient(forked.url, vendorToken ?? '').checkpoint()
    const answers = await Promise.all(
      witnesses.map(async ({ url }) => {
        const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body: `old 2\n\n${note}` })
        return response.status
      }),
    )
    expect(answers).toEqual([422, 422, 422])
    await forked.stop()
    await hub.stop()
  })
})
