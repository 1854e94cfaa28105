import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vendorClient, type VendorClient } from '@sigillo/api/client'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import { packageHash } from '@sigillo/seal/package'
import { signReceipt } from '@sigillo/seal/receipt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStage, type Stage } from './demo/stage.ts'
import { pullPackages, sendReceipt } from './partner-hub.ts'
import { enrolmentOf, formatPartnerKey, generatePartnerKey, type PartnerKey, receiptSigner } from './partner-key.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sigillo-push-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)
const env = { ...process.env, SIGILLO_VAULT: at('vault'), SIGILLO_IDENTITY: at('desk.key') }
const RECIPIENTS = 40
const WORDS = ['simple', 'plain', 'basic', 'easy', 'small', 'short', 'light', 'modest']

let stage: Stage
let hub: Hub
let vendor: VendorClient
let vendorKey = ''
const keys = new Map<string, PartnerKey>()
const keyOf = (id: string): PartnerKey => keys.get(id) ?? expect.unreachable(`no key of ${id}`)

function markedText(count: number): string {
  const line = (_: unknown, index: number): string => {
    const words = WORDS.map((word) => `${word}-note-${String(index).padStart(3, '0')}`)
    return `It is ${words[0]} to see. <!-- sigillo:mark doc ${words.join(' | ')} -->`
  }
  return `${Array.from({ length: count }, line).join('\n')}\n`
}

beforeAll(async () => {
  writeFileSync(at('desk.key'), formatIdentityFile(await generateIdentity(), '2030-01-01T00:00:00Z'), { mode: 0o600 })
  const io = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env, interactive: false } as const
  stage = openStage({
    ...io,
    now: () => new Date(),
    random: (length) => randomBytes(length),
    randomness: 'system',
  })
  vendorKey = String((await stage.command('init', at('vault')))['releaseKey'])
  for (let n = 1; n <= RECIPIENTS; n += 1)
    keys.set(`p${n}`, await generatePartnerKey(`p${n}`, (size) => randomBytes(size)))
  const partners = [...keys.values()].map((key) => ({ ...enrolmentOf(key), tier: 'full' }))
  writeFileSync(at('partners.json'), JSON.stringify(partners))
  await stage.command('partner', 'import', at('partners.json'))
  await stage.command('case', 'new', 'c1', '--release', new Date(Date.now() + 86_400_000).toISOString())
  mkdirSync(at('bundle'))
  writeFileSync(at('bundle', 'guidance.md'), markedText(24))
  await stage.command('artefact', 'add', 'c1', at('bundle'), '--name', 'a1')
  hub = await startHub({ dataDir: at('hub'), origin: 'hub.example/log' })
  vendor = vendorClient(hub.url, hub.vendorToken ?? '')
}, 120_000)
afterAll(async () => {
  await hub.stop()
  rmSync(folder, { recursive: true, force: true })
})

const connect = () =>
  stage.command('connect', hub.url, '--token-file', at('hub', 'vendor.token'), '--log-key', hub.logKey)

const indicesOf = async (type: string, distribution: string): Promise<readonly number[]> =>
  (await vendor.events())
    .filter((event) => event.type === type && `${event.subject}.`.startsWith(`${distribution}.`))
    .map(({ index }) => index)

/** Starts `sigillo push` in a process of its own and kills it as soon as the hub has `count` packages more than before. */
async function killedPush(count: number): Promise<void> {
  const before = (await vendor.packages()).length
  const child = spawn(process.execPath, ['--conditions=@sigillo/source', MAIN, 'push'], { env, stdio: 'ignore' })
  const exit = new Promise((resolve) => child.once('exit', resolve))
  while ((await vendor.packages()).length < before + count) {
    if (child.exitCode !== null) throw new Error('the push ended before it could be killed')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  child.kill('SIGKILL')
  await exit
}

describe('a push', () => {
  test('needs a hub that the vault knows', async () => {
    await expect(stage.command('push')).rejects.toThrow(/exit status 2: sigillo: the vault knows no hub/)
  })

  test('commits to what was sealed without a hub before the first copy leaves', async () => {
    await stage.command('seal', 'c1', '--to', 'p1', 'p2')
    await connect()
    expect(await stage.command('push')).toMatchObject({
      enrolled: RECIPIENTS,
      packages: 2,
      unchanged: 0,
      embargoes: ['c1'],
    })
    const [planned = Infinity] = (await vendor.events())
      .filter(({ type }) => type === 'embargo.set')
      .map((e) => e.index)
    expect(planned).toBeLessThan(Math.min(...(await indicesOf('copy.issued', 'c1.d1'))))
    const [committed = Infinity] = await indicesOf('codebook.committed', 'c1.d1')
    expect(committed).toBeLessThan(Math.min(...(await indicesOf('copy.issued', 'c1.d1'))))
  })

  test('that was killed goes on where it was: every package once, one commitment before all of them', async () => {
    await stage.command('seal', 'c1', '--to', 'all')
    expect(await indicesOf('codebook.committed', 'c1.d2')).toHaveLength(1)
    expect(await indicesOf('copy.issued', 'c1.d2')).toEqual([])
    await killedPush(3)
    const resumed = await stage.command('push')
    expect(Number(resumed['packages']) + Number(resumed['unchanged'])).toBe(RECIPIENTS)
    expect(Number(resumed['unchanged'])).toBeGreaterThanOrEqual(3)
    const issued = await indicesOf('copy.issued', 'c1.d2')
    expect(issued).toHaveLength(RECIPIENTS)
    expect(Math.max(...(await indicesOf('codebook.committed', 'c1.d2')))).toBeLessThan(Math.min(...issued))
    expect(await stage.command('push')).toMatchObject({ enrolled: 0, packages: 0, unchanged: 0, embargoes: [] })
  })

  test('says which sealed package is gone, and goes on once it is back', async () => {
    await stage.command('seal', 'c1', '--to', 'p1', 'p2')
    const [path, away] = [at('vault', 'outbox', 'c1.d3.p2.1.sigillo'), at('away')]
    renameSync(path, away)
    await expect(stage.command('push')).rejects.toThrow(/c1\.d3\.p2\.1\.sigillo is gone; restore the vault's outbox/)
    renameSync(away, path)
    await stage.command('push')
    expect(await indicesOf('copy.issued', 'c1.d3')).toHaveLength(2)
  })
})

describe('a dossier', () => {
  const receiptOf = (id: string, bytes: Uint8Array, distribution: string): string =>
    signReceipt(
      { recipient: id, distribution, package: packageHash(bytes), at: new Date().toISOString(), seen: null },
      receiptSigner(keyOf(id)),
    )
  const dossier = (...args: readonly string[]) => stage.command('dossier', 'c1', '-o', at('c1.dossier'), ...args)
  const policy = (name: string, ...lines: readonly string[]): string => {
    const own = [`log ${hub.logKey}`, `vendor ${vendorKey}`, 'quorum none']
    writeFileSync(at(name), `${[...own, ...lines].join('\n')}\n`)
    return at(name)
  }

  async function claims(policyFile: string): Promise<Readonly<Record<string, string>>> {
    const { claims: list } = await stage.command('verify', at('c1.dossier'), '--policy', policyFile)
    const found = list as readonly { readonly id: string; readonly verdict: string; readonly reason: string }[]
    return Object.fromEntries(found.map(({ id, verdict, reason }) => [id, `${verdict}: ${reason}`]))
  }

  beforeAll(async () => {
    const key = keyOf('p7')
    const { fetched } = await pullPackages(hub.url, key.token, at('pulled'), new Date())
    const bytes = readFileSync(fetched[0]?.path ?? '')
    await sendReceipt(hub.url, key.token, fetched[0]?.package ?? '', receiptOf('p7', bytes, 'c1.d2'))
    writeFileSync(at('p7.key'), formatPartnerKey(key, '2030-01-01T00:00:00Z'))
    const opened = ['--key', at('p7.key'), '--vendor', vendorKey, '-o', at('opened')]
    await stage.command('open', fetched[0]?.path ?? '', ...opened)
    const traced = await stage.command('trace', at('opened', 'guidance.md'), '--case', 'c1')
    expect(traced).toMatchObject({ verdict: 'accusation', accusations: [{ recipient: 'p7', distribution: 'c1.d2' }] })
    writeFileSync(at('p7.txt'), 'It was on a server that was broken into.\n')
  })

  test('is in the log with its hash, after the code key that it shows was opened, once each', async () => {
    await dossier()
    await dossier()
    const events = await vendor.events()
    const opened = events.filter(({ type }) => type === 'escrow.opened')
    const sealed = events.filter(({ type }) => type === 'dossier.sealed')
    expect(opened.map(({ subject }) => subject)).toEqual(['c1.d1', 'c1.d2', 'c1.d3'])
    expect(sealed).toHaveLength(2)
    expect(sealed[1]?.subject).toBe(
      createHash('sha256')
        .update(readFileSync(at('c1.dossier')))
        .digest('hex'),
    )
    expect(opened[0]?.index).toBeLessThan(sealed[0]?.index ?? 0)
  })

  test('holds the receipt that the hub took from the one it names, and the answer', async () => {
    expect(await dossier('--reply', at('p7.txt'))).toMatchObject({ receipts: 1, replies: 1 })
    const stranger = await claims(policy('stranger'))
    expect(stranger['receipt/1']).toMatch(/^unwitnessed: p7 says it received .* of c1\.d2 .* that event \d+ enrolled/)
    expect(stranger['reply/p7.txt']).toMatch(/^proven: an answer of 41 bytes/)
    expect(stranger['receipt/2']).toBeUndefined()
    const known = await claims(policy('known', `partner p7 ${enrolmentOf(keyOf('p7')).receiptKey}`))
    expect(known['receipt/1']).toMatch(/^proven: p7 says it received .*; signed by p7$/)
  })

  test('fails when its receipt was signed by somebody else than the verifier knows', async () => {
    const other = enrolmentOf(await generatePartnerKey('p7', (length) => randomBytes(length))).receiptKey
    await expect(claims(policy('other', `partner p7 ${other}`))).rejects.toThrow(/exit status 1/)
  })

  test('takes a receipt given as a file, once, and refuses one of somebody whom no trace names', async () => {
    const issued = async (id: string): Promise<Uint8Array> =>
      readFileSync(at('vault', 'outbox', `c1.d2.${id}.1.sigillo`))
    writeFileSync(at('p7.receipt'), receiptOf('p7', await issued('p7'), 'c1.d2'))
    expect(await dossier('--receipt', at('p7.receipt'), at('p7.receipt'))).toMatchObject({ receipts: 2 })
    writeFileSync(at('p8.receipt'), receiptOf('p8', await issued('p8'), 'c1.d2'))
    await expect(dossier('--receipt', at('p8.receipt'))).rejects.toThrow(/a receipt is of p8, whom no match names/)
    await expect(dossier('--receipt', at('p7.txt'))).rejects.toThrow(/exit status 2: sigillo: a receipt cannot be used/)
  })

  test('refuses an answer that is too large, or two of one name, and leaves the last dossier alone', async () => {
    const before = readFileSync(at('c1.dossier'))
    writeFileSync(at('large'), new Uint8Array(2 ** 20 + 1))
    await expect(dossier('--reply', at('large'))).rejects.toThrow(/is larger than 1 MiB/)
    await expect(dossier('--reply', at('p7.txt'), at('p7.txt'))).rejects.toThrow(/would be called reply\/p7\.txt/)
    expect(readFileSync(at('c1.dossier')).equals(before)).toBe(true)
  })

  test('needs a trace', async () => {
    await stage.command('case', 'new', 'c2', '--release', '2040-01-01T00:00:00Z')
    await expect(stage.command('dossier', 'c2', '-o', at('none'))).rejects.toThrow(
      /nothing was traced in case "c2" yet/,
    )
  })
})
