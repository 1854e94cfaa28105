import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { approvalClient, organisationClient } from '@sigillo/api/client-people'
import { generateToken, hashToken } from '@sigillo/api/token'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './demo/stage.ts'
import { pullPackages } from './partner-hub.ts'
import { enrolmentOf, formatPartnerKey, generatePartnerKey, type PartnerKey } from './partner-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-two-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)
const WORDS = ['simple', 'plain', 'basic', 'easy', 'small', 'short', 'light', 'modest']
const text = Array.from({ length: 24 }, (_, index) => {
  const words = WORDS.map((word) => `${word}-${String(index)}`)
  return `It is ${words[0]} to see. <!-- sigillo:mark doc ${words.join(' | ')} -->\n`
}).join('')

let stage: Stage
let hub: Hub
let keys: readonly PartnerKey[] = []
let vendorKey = ''
const tokens = { ann: generateToken(), ben: generateToken() }

beforeAll(async () => {
  writeFileSync(at('desk.key'), formatIdentityFile(await generateIdentity(), '2030-01-01T00:00:00Z'), { mode: 0o600 })
  stage = openStage({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: { ...process.env, SIGILLO_VAULT: at('vault'), SIGILLO_IDENTITY: at('desk.key') },
    interactive: false,
    now: () => new Date(),
    random: (length) => randomBytes(length),
    randomness: 'system',
  })
  hub = await startHub({ dataDir: at('hub'), origin: 'hub.example/log' })
  const first = organisationClient(hub.url, hub.vendorToken ?? '', 'vendor')
  const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString()
  for (const [id, token] of Object.entries(tokens)) {
    const tokenHash = Buffer.from(hashToken(token)).toString('hex')
    await first.add(id, { role: 'administrator', token: { id: 'first', role: 'administrator', tokenHash, expiresAt } })
  }
  await approvalClient(hub.url, tokens.ann).setRules([
    'recipient.enrol',
    'package.issue',
    'escrow.open',
    'dossier.export',
  ])

  vendorKey = String((await stage.command('init', at('vault')))['releaseKey'])
  keys = await Promise.all(['p1', 'p2', 'p3'].map((id) => generatePartnerKey(id, (size) => randomBytes(size))))
  writeFileSync(at('partners.json'), JSON.stringify(keys.map((key) => ({ ...enrolmentOf(key), tier: 'full' }))))
  await stage.command('partner', 'import', at('partners.json'))
  await stage.command('case', 'new', 'c1', '--release', new Date(Date.now() + 86_400_000).toISOString())
  mkdirSync(at('bundle'))
  writeFileSync(at('bundle', 'guidance.md'), text)
  await stage.command('artefact', 'add', 'c1', at('bundle'), '--name', 'a1')
  writeFileSync(at('ann.token'), tokens.ann)
  await stage.command('connect', hub.url, '--token-file', at('ann.token'), '--log-key', hub.logKey)
}, 120_000)
afterAll(async () => {
  await hub.stop()
  rmSync(folder, { recursive: true })
})

test('a desk pushes what a second person agreed to, in two steps, and nothing before that', async () => {
  const seal = () => stage.command('seal', 'c1', '--to', 'all')
  await expect(seal()).rejects.toThrow(/recipient\.enrol of p1 needs a second person/)
  expect((await stage.command('approve', 'ask-push'))['asked']).toMatchObject([
    { action: 'recipient.enrol', subject: 'p1', askedBy: 'ann', givenBy: null },
    { action: 'recipient.enrol', subject: 'p2' },
    { action: 'recipient.enrol', subject: 'p3' },
  ])
  await expect(seal()).rejects.toThrow(/needs a second person/)
  const ben = approvalClient(hub.url, tokens.ben)
  for (const { id } of await ben.approvals()) await ben.give(id)
  await seal()
  await expect(stage.command('push')).rejects.toThrow(/package\.issue of c1\.d1 needs a second person/)
  expect((await stage.command('approve', 'ask-push'))['asked']).toMatchObject([
    { action: 'package.issue', subject: 'c1.d1', askedBy: 'ann', givenBy: null },
  ])
  await expect(stage.command('push')).rejects.toThrow(/needs a second person/)
  for (const { id } of await ben.approvals()) await ben.give(id)
  expect(await stage.command('push')).toMatchObject({ enrolled: 0, packages: 3 })
  expect(await ben.approvals()).toEqual([])
  expect((await stage.command('approve', 'ask-push'))['asked']).toEqual([])
})

test('a dossier leaves when a second person agreed to the opening and then to exactly these bytes', async () => {
  const key = keys[0] ?? expect.unreachable('no key')
  const { fetched } = await pullPackages(hub.url, key.token, at('pulled'), new Date())
  writeFileSync(at('p1.key'), formatPartnerKey(key, '2030-01-01T00:00:00Z'))
  const own = ['--key', at('p1.key'), '--vendor', vendorKey, '-o', at('opened')]
  await stage.command('open', fetched[0]?.path ?? '', ...own)
  await stage.command('trace', at('opened', 'guidance.md'), '--case', 'c1')
  const ben = approvalClient(hub.url, tokens.ben)
  const dossier = () => stage.command('dossier', 'c1', '-o', at('c1.dossier'))
  for (const event of ['escrow.opened', 'dossier.sealed']) {
    await expect(dossier()).rejects.toThrow(new RegExp(`${event} of .* needs a second person`))
    expect(existsSync(at('c1.dossier'))).toBe(false)
    for (const { id } of await ben.approvals()) await ben.give(id)
  }
  await dossier()
  const [{ subject } = { subject: '' }] = (await vendorClient(hub.url, hub.vendorToken ?? '').events()).filter(
    ({ type }) => type === 'dossier.sealed',
  )
  expect(
    createHash('sha256')
      .update(readFileSync(at('c1.dossier')))
      .digest('hex'),
  ).toBe(subject)
})

test('keys are revoked by two people, nothing is sealed to them from then on, and others take their place', async () => {
  const ben = approvalClient(hub.url, tokens.ben)
  const agree = async (): Promise<void> => {
    for (const { id } of await ben.approvals()) await ben.give(id)
  }
  const seal = () => stage.command('seal', 'c1', '--to', 'p1', 'p2')
  await expect(
    stage.command('partner', 'replace-keys', 'p1', '--enrolment', at('new.key.enrolment.json')),
  ).rejects.toThrow()
  const revoke = () => stage.command('partner', 'revoke-keys', 'p1')
  await expect(revoke()).rejects.toThrow(/needs a second person/)
  // Whatever the hub waits for, the desk itself uses them no more.
  await expect(seal()).rejects.toThrow(/the keys of p1 cannot be used: its keys were revoked/)
  await agree()
  expect(await revoke()).toMatchObject({ recipient: 'p1', revoked: expect.any(Number) })

  await stage.command('keygen', 'p1', '-o', at('new.key'), '--rotate', at('p1.key'))
  await expect(stage.command('keygen', 'p2', '-o', at('p2.key'), '--rotate', at('p1.key'))).rejects.toThrow(
    /is the key of p1/,
  )
  await stage.command('partner', 'replace-keys', 'p1', '--enrolment', at('new.key.enrolment.json'))
  await expect(seal()).rejects.toThrow(/needs a second person/)
  await stage.command('approve', 'ask-push')
  await agree()
  await seal()
  await stage.command('approve', 'ask-push')
  await agree()
  await stage.command('push')
  const pulled = await stage.command('pull', '--hub', hub.url, '--key', at('new.key'), '-o', at('new'))
  expect(pulled['fetched']).toHaveLength(2)
  const path = at('new', 'c1.d2.p1.1.sigillo')
  await stage.command('open', path, '--key', at('new.key'), '--vendor', vendorKey, '-o', at('new', 'copy'))
})
