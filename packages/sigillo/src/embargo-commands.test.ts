import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStage, type Stage } from './demo/stage.ts'
import { enrolmentOf, formatPartnerKey, generatePartnerKey } from './partner-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-embargo-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)
const env = { ...process.env, SIGILLO_VAULT: at('vault'), SIGILLO_IDENTITY: at('desk.key') }
const DAY = 86_400_000
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()
const RELEASE = inMs(DAY)

let stage: Stage
let hub: Hub
let vendorKey = ''
beforeAll(async () => {
  writeFileSync(at('desk.key'), formatIdentityFile(await generateIdentity(), '2030-01-01T00:00:00Z'), { mode: 0o600 })
  const io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env, interactive: false } as const
  stage = openStage({ ...io, now: () => new Date(), random: (length) => randomBytes(length), randomness: 'system' })
  vendorKey = String((await stage.command('init', at('vault')))['releaseKey'])
  const key = await generatePartnerKey('p1', (size) => randomBytes(size))
  writeFileSync(at('p1.key'), formatPartnerKey(key, '2030-01-01T00:00:00Z'), { mode: 0o600 })
  writeFileSync(at('partners.json'), JSON.stringify([{ ...enrolmentOf(key), tier: 'full' }]))
  await stage.command('partner', 'import', at('partners.json'))
  await stage.command('case', 'new', 'c1', '--release', RELEASE)
  mkdirSync(at('bundle'))
  const words = ['simple', 'plain', 'basic', 'easy'].map((word) => `${word}-note`)
  writeFileSync(
    at('bundle', 'guidance.md'),
    `It is ${words[0] ?? ''} to see. <!-- sigillo:mark doc ${words.join(' | ')} -->\n`,
  )
  await stage.command('artefact', 'add', 'c1', at('bundle'), '--name', 'a1')
  hub = await startHub({ dataDir: at('hub'), origin: 'hub.example/log' })
  await stage.command('connect', hub.url, '--token-file', at('hub', 'vendor.token'), '--log-key', hub.logKey)
}, 120_000)
afterAll(async () => {
  await hub.stop()
  rmSync(folder, { recursive: true, force: true })
})

const pull = () => stage.command('pull', '--hub', hub.url, '--key', at('p1.key'), '-o', at('pulled'))

describe('sigillo embargo', () => {
  test("plans the case's own release at the hub, and then holds its packages", async () => {
    expect(await stage.command('embargo', 'schedule', 'c1')).toMatchObject({
      lift: 'scheduled',
      releaseAt: RELEASE,
      state: 'Vfdpxa',
    })
    await stage.command('seal', 'c1', '--to', 'p1', '--not-before', RELEASE)
    await stage.command('push')
    expect(await pull()).toMatchObject({ fetched: [], later: [expect.stringContaining(RELEASE)] })
    expect(await stage.command('embargo', 'state', 'c1', 'fix-ready')).toMatchObject({ state: 'VFdpxa' })
  })

  test('freezes it when it broke, and says what can follow', async () => {
    expect(await stage.command('embargo', 'break', 'c1', '--because', 'leak')).toMatchObject({ frozen: true })
    expect(await pull()).toMatchObject({ fetched: [], later: [expect.stringContaining('planned anew')] })
    await expect(stage.command('embargo', 'break', 'c1', '--because', 'rumour')).rejects.toThrow('must be one of')
  })

  test('lifts by the clock after a new plan; who does not come for it is silent', async () => {
    const soon = inMs(1_500)
    await stage.command('embargo', 'schedule', 'c1', '--release', soon)
    expect(await stage.command('case', 'show', 'c1')).toMatchObject({ embargo: { state: 'active', releaseAt: soon } })
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(await stage.command('embargo', 'list')).toMatchObject({
      embargoes: [{ case: 'c1', lift: 'lifted', lifted: { how: 'clock' } }],
    })
    const silence = async () => (await stage.command('case', 'silent', 'c1'))['silent']
    expect(await silence()).toMatchObject([{ recipient: 'p1', silence: 'never-fetched' }])
    const { fetched } = await pull()
    expect(fetched).toHaveLength(1)
    const [{ path } = { path: '' }] = fetched as { path: string }[]
    expect(await silence()).toMatchObject([{ silence: 'never-opened' }])
    const partner = ['--key', at('p1.key'), '--vendor', vendorKey, '--hub', hub.url]
    await stage.command('open', path, '-o', at('opened'), ...partner)
    expect(await silence()).toMatchObject([{ silence: 'never-answered' }])
    await stage.command('receipt', path, ...partner)
    expect(await silence()).toEqual([])
    await expect(stage.command('embargo', 'lift', 'c1')).rejects.toThrow('was lifted')
  })
})

describe('sigillo notify', () => {
  test('sets and shows where somebody hears of news, for a partner and for the vendor', async () => {
    const partner = ['notify', '--hub', hub.url, '--key', at('p1.key')]
    expect(await stage.command(...partner)).toMatchObject({ endpoints: [], webhook: { secret: null } })
    expect(await stage.command(...partner, '--mail', 'psirt@partner.example')).toMatchObject({
      endpoints: [{ channel: 'mail', address: 'psirt@partner.example', disabled: null }],
    })
    const vendor = await stage.command('notify', '--webhook', 'https://vendor.example/hook')
    expect(vendor).toMatchObject({
      endpoints: [{ channel: 'webhook' }],
      webhook: { key: expect.stringMatching(/^whpk_/) },
    })
    expect(await stage.command('notify', '--webhook', 'none')).toMatchObject({ endpoints: [] })
  })
})
