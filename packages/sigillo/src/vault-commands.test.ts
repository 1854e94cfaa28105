import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorClient, type VendorClient } from '@sigillo/api/client'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import { decryptVaultFile } from '@sigillo/seal/vault-file'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './demo/stage.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-backup-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)

let hub: Hub
let client: VendorClient
let liar: Server
const deskOf = (vault: string, env: Readonly<Record<string, string>> = {}): Stage =>
  openStage({
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: { ...process.env, SIGILLO_VAULT: at(vault), SIGILLO_IDENTITY: at('desk.key'), ...env },
    interactive: false,
    now: () => new Date(),
    random: (length) => randomBytes(length),
    randomness: 'system',
  })
const restore = (dir: string, url = hub.url, key = 'desk.key', logKey = hub.logKey) =>
  deskOf('vault').command(
    'vault',
    'restore',
    at(dir),
    '--hub',
    url,
    '--token-file',
    at('hub', 'vendor.token'),
    '--log-key',
    logKey,
    '--identity',
    at(key),
  )

beforeAll(async () => {
  for (const name of ['desk.key', 'stranger.key'])
    writeFileSync(at(name), formatIdentityFile(await generateIdentity(), '2030-01-01T00:00:00Z'), { mode: 0o600 })
  hub = await startHub({ dataDir: at('hub'), origin: 'hub.example/log' })
  client = vendorClient(hub.url, hub.vendorToken ?? '')
  const desk = deskOf('vault')
  const member = await generateIdentity()
  writeFileSync(at('member.key'), formatIdentityFile(member, '2030-01-01T00:00:00Z'), { mode: 0o600 })
  await desk.command('init', at('vault'), '--member', member.recipient)
  await desk.command('case', 'new', 'c1', '--release', '2040-01-01T00:00:00Z', '--title', 'canary-title-7141')
  await desk.command('connect', hub.url, '--token-file', at('hub', 'vendor.token'), '--log-key', hub.logKey)
}, 60_000)
afterAll(async () => {
  liar.close()
  await hub.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a vault that was backed up is restored elsewhere by a member’s identity, and goes on from there', async () => {
  expect(await deskOf('vault').command('vault', 'backup')).toMatchObject({ version: 1 })
  expect(await restore('second', hub.url, 'member.key')).toMatchObject({ version: 1 })
  // A restore that is cut off is no vault that lacks documents: the header comes last.
  const writtenAt = (path: string): bigint => statSync(path, { bigint: true }).mtimeNs
  for (const entry of readdirSync(at('second'), { recursive: true, encoding: 'utf8' }))
    expect(writtenAt(at('second', 'vault.json'))).toBeGreaterThanOrEqual(writtenAt(at('second', entry)))
  expect(await deskOf('second').command('case', 'list')).toMatchObject({ cases: [{ title: 'canary-title-7141' }] })
  await deskOf('second').command('case', 'new', 'c2', '--release', '2040-01-01T00:00:00Z')
  expect(await deskOf('second').command('vault', 'backup')).toMatchObject({ version: 2 })
  const logged = (await client.events({ stream: 'admin' })).filter(({ subject }) => subject === 'vault')
  expect(logged.map(({ type }) => type)).toEqual(['admin.action', 'admin.action'])
})

test('a desk that is behind overwrites nobody, and nobody else restores', async () => {
  await expect(deskOf('vault').command('vault', 'backup')).rejects.toThrow(/newest backup is version 2, not 1/)
  expect(await client.backups()).toHaveLength(2)
  await expect(restore('third', hub.url, 'stranger.key')).rejects.toThrow(/sealed to another key/)
  await expect(restore('vault')).rejects.toThrow(/is not empty/)
  for (const key of ['', hub.logKey.slice(0, -4), 'AGE'])
    await expect(restore('third', hub.url, 'desk.key', key)).rejects.toThrow(/--log-key ".*" must be a key as the hub/)
})

test('the hub holds ciphertext only, and takes nothing else', async () => {
  for (const { version } of await client.backups())
    expect(Buffer.from(await client.fetchBackup(version)).toString('latin1')).not.toContain('canary-title')
  const clear = client.putBackup(new TextEncoder().encode('{"programme":"x"}'), 2)
  await expect(clear).rejects.toMatchObject({ code: 'bad-request' })
})

test('an older version in place of the newest is a rollback that the log shows', async () => {
  const token = readFileSync(at('hub', 'vendor.token'), 'utf8').trim()
  liar = createServer((request, response) => {
    void (async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of request) chunks.push(chunk as Uint8Array)
      const answer = await fetch(`${hub.url}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers: {
          authorization: `Bearer ${token}`,
          ...(chunks.length > 0 ? { 'content-type': 'application/json' } : {}),
        },
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      })
      const bytes = Buffer.from(await answer.arrayBuffer())
      const shown =
        request.url === '/v1/vault/backups' ? JSON.stringify({ backups: (await client.backups()).slice(0, 1) }) : bytes
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(shown)
    })()
  })
  await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
  const address = liar.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const rolledBack = restore('fourth', `http://127.0.0.1:${port}`)
  await expect(rolledBack).rejects.toThrow(/gives version 1 of the vault, but its log says that the newest is 2/)
  expect(() => readdirSync(at('fourth'))).toThrow()
  expect(await restore('fifth')).toMatchObject({ version: 2 })
})

test('a member who joins later restores what is backed up from then on; one who is taken out, what was before', async () => {
  const cleo = await generateIdentity()
  writeFileSync(at('cleo.key'), formatIdentityFile(cleo, '2030-01-01T00:00:00Z'), { mode: 0o600 })
  const desk = deskOf('fifth')
  const opensNewest = async (): Promise<boolean> => {
    const bytes = await client.fetchBackup((await client.backups()).at(-1)?.version ?? 0)
    return decryptVaultFile(bytes, [cleo.identity]).then(
      () => true,
      () => false,
    )
  }
  await desk.command('vault', 'add-member', '--identity-recipient', cleo.recipient, '--name', 'cleo')
  expect(await opensNewest()).toBe(false)
  await desk.command('vault', 'backup')
  expect(await restore('sixth', hub.url, 'cleo.key')).toMatchObject({ version: 3 })
  expect(await deskOf('sixth').command('vault', 'members', '--identity', at('cleo.key'))).toMatchObject({
    members: [
      { you: false },
      { you: false },
      { recipient: cleo.recipient, name: 'cleo', opensBy: 'identity', you: true },
    ],
  })
  await desk.command('vault', 'remove-member', 'cleo')
  expect(await opensNewest()).toBe(true)
  expect(await desk.command('vault', 'backup')).toMatchObject({ version: 4 })
  await expect(restore('seventh', hub.url, 'cleo.key')).rejects.toThrow(/sealed to another key/)
  await expect(deskOf('fifth').command('case', 'list', '--identity', at('cleo.key'))).rejects.toThrow(
    /this identity is none of the 2 members/,
  )
  expect(await restore('eighth', hub.url, 'member.key')).toMatchObject({ version: 4 })
})

test.each([
  [[], /either --identity-recipient age1… .* or --passphrase/],
  [['--identity-recipient', 'age1x', '--passphrase'], /either --identity-recipient age1… .* or --passphrase/],
  [['--identity-recipient', 'bob'], /"bob" is not a native age recipient/],
])('`vault add-member` with %j is refused', async (args, says) => {
  await expect(deskOf('fifth').command('vault', 'add-member', ...args)).rejects.toThrow(says)
})

test('an empty SIGILLO_IDENTITY is none: the passphrase opens the vault', async () => {
  await deskOf('fifth', { SIGILLO_PASSPHRASE: 'six words' }).command('vault', 'add-member', '--passphrase')
  const { members } = await deskOf('fifth', { SIGILLO_IDENTITY: '', SIGILLO_PASSPHRASE: 'six words' }).command(
    'vault',
    'members',
  )
  expect(members).toMatchObject([{}, {}, { opensBy: 'passphrase', you: true }])
})
