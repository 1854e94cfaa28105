import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sigillo-bad-input-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)
const env = { ...process.env, SIGILLO_PASSPHRASE: 'correct horse', SIGILLO_VAULT: at('vault') }

interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function sigillo(args: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@sigillo/source', MAIN, ...args], {
      env: { ...env, ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const outcome = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString('utf8')))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...outcome }))
  })
}

/** Hash over every file of the vault, so that a refused command can be shown to have changed nothing. */
function vaultState(): string {
  const hash = createHash('sha256')
  const files = readdirSync(at('vault'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort())
    hash.update(path).update(readFileSync(path))
  return hash.digest('hex')
}

async function refused(
  args: readonly string[],
  says: RegExp,
  extra: Readonly<Record<string, string>> = {},
): Promise<void> {
  const before = vaultState()
  const { status, stdout, stderr } = await sigillo(args, extra)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^sigillo: [^\n]+\n$/)
  expect(stderr).toMatch(says)
  expect(vaultState()).toBe(before)
}

async function done(args: readonly string[]): Promise<void> {
  const { status, stderr } = await sigillo(args)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
}

let releaseKey = ''
let packagePath = ''

beforeAll(async () => {
  mkdirSync(at('artefact'))
  writeFileSync(
    at('artefact', 'guidance.md'),
    'The flaw is simple. <!-- sigillo:mark doc simple | plain | basic | easy -->\n',
  )
  writeFileSync(at('binary'), new Uint8Array([0, 1, 2, 0xff, 0xfe]))
  await done(['init', at('vault')])
  releaseKey = JSON.parse(readFileSync(at('vault', 'vault.json'), 'utf8')).releaseKey
  for (const id of ['one', 'two']) await done(['keygen', id, '-o', at(`${id}.key`)])
  await done(['partner', 'add', 'one', '--tier', 'full', '--enrolment', at('one.key.enrolment.json')])
  await done(['case', 'new', 'c1', '--release', '2030-01-01T10:00:00Z'])
  await done(['artefact', 'add', 'c1', at('artefact'), '--name', 'a1'])
  await done(['seal', 'c1', '--to', 'all', '-o', at('sealed')])
  packagePath = at('sealed', readdirSync(at('sealed'))[0] ?? '')
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('bad input gives one clear line and exit status 2, and loses nothing', () => {
  test('a missing file', () =>
    refused(['case', 'event', 'import', 'c1', at('nowhere.json')], /there is no file .*nowhere\.json/))
  test('a folder where a file is wanted', () =>
    refused(['case', 'event', 'import', 'c1', folder], /is a folder, a file is wanted/))
  test('binary where text is wanted', async () => {
    await refused(['case', 'event', 'import', 'c1', at('binary')], /is binary, a text file \(UTF-8\) is wanted/)
    await refused(['artefact', 'add', 'c1', at('binary'), '--name', 'a2'], /is binary/)
    await refused(['trace', at('binary')], /is binary/)
  })
  test('text that is no JSON', () =>
    refused(['case', 'event', 'import', 'c1', at('artefact', 'guidance.md')], /is not JSON/))
  test('a truncated package', async () => {
    writeFileSync(at('short.sigillo'), readFileSync(packagePath).subarray(0, 1500))
    await refused(
      ['open', at('short.sigillo'), '--key', at('one.key'), '--vendor', releaseKey, '-o', at('opened')],
      /truncated|ends|cut|incomplete/i,
    )
    expect(readdirSync(folder)).not.toContain('opened')
  })
  test.each([
    ['the manifest', (bytes: Uint8Array) => bytes.length - 2000, /the manifest is not what .* signed: bad signature/],
    ['the sealed body', () => 700, /body\.age is not the one that the manifest signs: its hash differs/],
  ])('a package with one changed byte in %s', async (_, place, says) => {
    const bytes = new Uint8Array(readFileSync(packagePath))
    const index = place(bytes)
    bytes[index] = (bytes[index] ?? 0) ^ 1
    writeFileSync(at('changed.sigillo'), bytes)
    await refused(
      ['open', at('changed.sigillo'), '--key', at('one.key'), '--vendor', releaseKey, '-o', at('opened')],
      says,
    )
    expect(readdirSync(folder)).not.toContain('opened')
  })
  test("another partner's key", async () => {
    await refused(
      ['open', packagePath, '--key', at('two.key'), '--vendor', releaseKey, '-o', at('opened')],
      /another key|not sealed to|no identity/i,
    )
    expect(readdirSync(folder)).not.toContain('opened')
  })
  test('a file that is no key', () =>
    refused(
      ['open', packagePath, '--key', at('artefact', 'guidance.md'), '--vendor', releaseKey, '-o', at('opened')],
      /is not a partner key/,
    ))
  test('an unknown partner, case, artefact', async () => {
    await refused(['seal', 'c1', '--to', 'nobody'], /there is no partner "nobody"/)
    await refused(['case', 'show', 'c9'], /there is no case "c9"/)
    await refused(['plan', 'a9'], /there is no artefact "a9"/)
  })
  test('a wrong passphrase, none at all, and a folder that is no vault', async () => {
    await refused(['case', 'list'], /the passphrase does not open the vault/, { SIGILLO_PASSPHRASE: 'wrong' })
    await refused(['case', 'list'], /no passphrase: set SIGILLO_PASSPHRASE/, { SIGILLO_PASSPHRASE: '' })
    await refused(['case', 'list'], /is not a vault/, { SIGILLO_VAULT: at('artefact') })
  })
  test('a broken vault file', async () => {
    const path = at('vault', 'store', 'cases', 'c1.json.age')
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, whole.length - 20))
    await refused(['case', 'show', 'c1'], /cannot be opened .*restore it from a backup\. Nothing was changed/)
    writeFileSync(path, whole)
    await done(['case', 'show', 'c1', '--json'].slice(0, 3))
  })
  test('a second process on the same vault', async () => {
    const holder = spawn('sleep', ['30'])
    const ticks = readFileSync(`/proc/${holder.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? ''
    writeFileSync(at('vault', 'lock'), `${holder.pid} ${ticks}`)
    await refused(['case', 'list'], new RegExp(`the vault is in use by process ${holder.pid}`))
    holder.kill()
    rmSync(at('vault', 'lock'))
  })
  test('a lock whose process is gone is taken over', async () => {
    writeFileSync(at('vault', 'lock'), '999999999 1')
    await done(['case', 'list'])
  })
  test('a statement about hand-overs that is none', () =>
    refused(['case', 'hand-overs', 'c1', 'maybe'], /"maybe" must be complete or incomplete/))
  test('an unknown option and an unknown command', async () => {
    await refused(['case', 'list', '--colour'], /unknown option '--colour'/)
    await refused(['accuse'], /unknown command 'accuse'/)
  })
  test('a file that verify does not know', () =>
    refused(['verify', at('artefact', 'guidance.md')], /this is not a dossier, package, receipt, proof or checkpoint/))
})
