import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vendorClient } from '@sigillo/api/client'
import { noteVerifier } from '@sigillo/seal/ed25519'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProcesses, type Serving } from './sigillo-process.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-signer-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)
const ORIGIN = ['--origin', 'vendor.example/log']
const { run, serve, killAll } = openProcesses()
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})

const startHub = (...more: readonly string[]) => serve('hub', '--data', at('hub'), '--port', '0', ...ORIGIN, ...more)
const startSigner = () => serve('signer', 'run', '--data', at('signer'), '--socket', at('run', 'socket'), ...ORIGIN)
const access = (hub: Serving) => ['--hub', String(hub.said['url']), '--token-file', at('hub', 'vendor.token')]
const client = (hub: Serving) =>
  vendorClient(String(hub.said['url']), readFileSync(at('hub', 'vendor.token'), 'utf8').trim())

/** Which of these keys signed the hub's newest checkpoint. */
async function signersOf(hub: Serving, keys: readonly string[]): Promise<readonly string[]> {
  const note = utf8(await client(hub).checkpoint())
  return keys.filter((key) => openCheckpoint(note, [noteVerifier(key)]).ok)
}

/** A refusal: status 2 and one line. */
async function refused(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^sigillo: [^\n]+\n$/)
  return stderr
}

describe('the life of a log key', () => {
  let key: string
  let newKey: string

  beforeAll(async () => {
    const hub = await startHub()
    key = String(hub.said['logKey'])
    expect(await refused('signer', 'adopt', '--data', at('signer'), '--hub', at('hub'))).toMatch(/is already in use/)
    expect((await hub.stop()).status).toBe(0)
  }, 120_000)

  test('begins in the hub’s folder, and moves out of it into a signer’s when the hub has stopped', async () => {
    const adopted = await run('signer', 'adopt', '--data', at('signer'), '--hub', at('hub'))
    expect(adopted).toMatchObject({ status: 0, stderr: '' })
    expect(adopted.stdout).toContain(`The log key is now in ${at('signer')}, and nowhere else.`)
    expect(existsSync(at('hub', 'log.key'))).toBe(false)
    expect(statSync(at('signer', 'log.key')).mode & 0o777).toBe(0o600)
    expect(await refused('signer', 'adopt', '--data', at('signer'), '--hub', at('hub'))).toContain('no log.key')
  })

  test('the hub does not go on without its signer, nor under another key', async () => {
    await expect(startHub()).rejects.toThrow(
      /log\.key is missing, but the log exists: restore it, or name its signer with --signer/,
    )
    expect(existsSync(at('hub', 'log.key'))).toBe(false)
  }, 120_000)

  test('signs for the hub from there, under the same key', async () => {
    const signer = await startSigner()
    expect(signer.said).toEqual({ socket: at('run', 'socket'), keys: [key] })
    expect(await refused('signer', '--data', at('signer'), '--socket', at('run', 'two'), ...ORIGIN)).toMatch(/in use/)
    const hub = await startHub('--signer', at('run', 'socket'))
    expect(hub.said['logKey']).toBe(key)
    await client(hub).commit([{ type: 'leak.reported', stream: 'admin', subject: 'x', data: {} }])
    expect(await signersOf(hub, [key])).toEqual([key])
    await hub.stop()
    expect((await signer.stop()).status).toBe(0)
  }, 120_000)

  test('is followed by another: both sign, and the log says so', async () => {
    const rotated = await run('signer', 'rotate', '--data', at('signer'), '-o', at('log.note'), '--json')
    expect(rotated).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(rotated.stdout)).toMatchObject({ oldKey: key, introduction: at('log.note') })
    newKey = String(JSON.parse(rotated.stdout).newKey)
    const again = await run('signer', 'rotate', '--data', at('signer'), '-o', at('log.note'))
    expect(again.stdout).toContain(`New key of the log: ${newKey}\n`)
    const signer = await startSigner()
    expect(signer.said['keys']).toEqual([key, newKey])
    const hub = await startHub('--signer', at('run', 'socket'))
    expect((await run('key', 'announce', at('log.note'), ...access(hub))).stdout).toMatch(
      /^Entry \d+ of the log: key\.enrolled /,
    )
    expect(await signersOf(hub, [key, newKey])).toEqual([key, newKey])
    expect((await run('key', 'revoke', at('log.note'), ...access(hub))).stdout).toMatch(/^Entry \d+ of the log: key\.r/)
    await hub.stop()
    await signer.stop()
  }, 120_000)

  test('ends when it is named: the new one signs alone', async () => {
    expect(await refused('signer', 'retire', '--data', at('signer'), '--old', newKey)).toContain('not the one given')
    const retired = await run('signer', 'retire', '--data', at('signer'), '--old', key)
    expect(retired.stdout).toContain(`The log is signed with ${newKey} alone`)
    const signer = await startSigner()
    const hub = await startHub('--signer', at('run', 'socket'))
    expect(hub.said['logKey']).toBe(newKey)
    await client(hub).commit([{ type: 'leak.reported', stream: 'admin', subject: 'y', data: {} }])
    expect(await signersOf(hub, [key, newKey])).toEqual([newKey])
    await hub.stop()
    await signer.stop()
    expect(await refused('signer', 'retire', '--data', at('signer'), '--old', newKey)).toContain('has no new log key')
  }, 120_000)
})

test.each<[string, RegExp, () => readonly string[]]>([
  ['no socket', /required option '--socket <path>' not specified/, () => ['signer', 'run', '--data', at('x')]],
  [
    'a socket that everybody may reach',
    /everybody may enter .*chmod o=/,
    () => {
      mkdirSync(at('open'))
      chmodSync(at('open'), 0o755)
      return ['signer', 'run', '--data', at('x'), '--socket', at('open', 'socket')]
    },
  ],
  [
    'a name that no log can have',
    /no log can be named "a b"/,
    () => ['signer', 'run', '--data', at('x2'), '--socket', at('s', 'socket'), '--origin', 'a b'],
  ],
  [
    'a key that is damaged',
    /log\.key is damaged/,
    () => {
      mkdirSync(at('damaged'))
      writeFileSync(at('damaged', 'log.key'), 'no key')
      return ['signer', 'rotate', '--data', at('damaged'), '-o', at('o')]
    },
  ],
  ['no key there', /holds no log key/, () => ['signer', 'rotate', '--data', at('none'), '-o', at('o')]],
  ['a folder of no hub', /not the folder of a hub/, () => ['signer', 'adopt', '--data', at('a'), '--hub', at('none')]],
])('%s is refused in one line', async (_, message, args) => {
  expect(await refused(...args())).toMatch(message)
})
