import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodesAnswer } from '@sigillo/api/contracts-sign-in'
import { vendorClient } from '@sigillo/api/client'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { codeAt, enrolWith, openBrowser, signInWith, siteOf } from '@sigillo/testkit/sign-in-browser'
import { softAuthenticator } from '@sigillo/testkit/soft-authenticator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHere } from './command-in-process.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-sign-in-'))
const file = (name: string): string => join(folder, name)
/** A day within the longest life of a token. */
const UNTIL = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10)
const local = () => ({ hub })
let hub: Hub

const sigillo = (...args: readonly string[]) => runHere(args)

/** Runs as somebody, by the name of the token's file. */
const as = (who: string, ...args: readonly string[]) =>
  sigillo('user', ...args, '--hub', hub.url, '--token-file', file(who))

/** Makes a person with a token of its own. */
async function add(by: string, id: string, role: string): Promise<void> {
  const { stdout } = await sigillo('token', 'draw', '-o', file(id), '--json')
  const hash = String(JSON.parse(stdout).tokenHash)
  const added = await as(by, 'add', id, '--role', role, '--token-hash', hash, '--until', UNTIL)
  expect(added).toMatchObject({ status: 0, stderr: '' })
}

/** The code behind the `#` of a link. */
const codeOf = (link: string): string => new URLSearchParams(new URL(link).hash.slice(1)).get('enrol') ?? ''

beforeAll(async () => {
  hub = await startHub({ dataDir: file('hub'), origin: 'hub.example/log' })
  await add('hub/vendor.token', 'ann', 'administrator')
  await add('ann', 'ben', 'coordinator')
})
afterAll(async () => {
  await hub.stop()
  rmSync(folder, { recursive: true })
})

describe('how people sign in, looked after by an administrator', () => {
  const browser = () => openBrowser(local())
  const laptop = browser
  let key: ReturnType<typeof softAuthenticator>
  let bens: ReturnType<typeof openBrowser>

  it('begins with a link, which is good once, for one person and a day', async () => {
    key = softAuthenticator(siteOf(local()))
    const made = await as('ann', 'enrol', 'ben')
    expect(made).toMatchObject({ status: 0, stderr: '' })
    const [link = '', note = ''] = made.stdout.split('\n')
    expect(link).toMatch(new RegExp(`^${siteOf(local())}/sign-in#enrol=sgl_[A-Za-z0-9_-]{48}$`))
    expect(note).toMatch(/^Good once, until \d{4}-\d\d-\d\dT\d\d:\d\dZ, for ben alone: hand it over safely\.$/)
    bens = laptop()
    expect((await enrolWith(bens, key, codeOf(link))).status).toBe(200)
    expect((await enrolWith(browser(), softAuthenticator(siteOf(local())), codeOf(link))).status).toBe(401)
    expect((await signInWith(bens, key)).status).toBe(200)
  })

  it('shows passkeys, one-time codes and sessions', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const shown = async () => (await as('ann', 'sessions', 'ben')).stdout
    expect(await shown()).toMatch(
      new RegExp(
        `^passkey \\S+  since ${today}  laptop\none-time codes: off\nsession \\S+  since ${today}T\\S+  last used ${today}T\\S+\n$`,
      ),
    )
    const { secret } = CodesAnswer.parse(await (await bens.send('POST', '/self/codes', {})).json())
    await bens.send('POST', '/self/codes/enrol', { code: codeAt(secret, new Date()) })
    expect(await shown()).toContain('one-time codes: on\n')
  })

  it('takes one-time codes away, when the app is lost', async () => {
    const revoked = await as('ann', 'revoke-key', 'ben', 'codes')
    expect(revoked).toEqual({ status: 0, stdout: 'codes of ben is good no more.\n', stderr: '' })
    expect((await as('ann', 'sessions', 'ben')).stdout).toContain('one-time codes: off\n')
  })

  it('ends all sessions, and lets the person sign in again', async () => {
    const out = await as('ann', 'sign-out', 'ben')
    expect(out).toEqual({ status: 0, stdout: 'ben is signed out everywhere.\n', stderr: '' })
    expect((await bens.send('GET', '/self')).status).toBe(401)
    expect((await as('ann', 'sessions', 'ben')).stdout).not.toContain('session ')
    expect((await signInWith(bens, key)).status).toBe(200)
  })

  it('ends a passkey, with the sessions that began with it', async () => {
    const { keys } = JSON.parse((await as('ann', 'sessions', 'ben', '--json')).stdout)
    const id = String(keys[0].id)
    const revoked = await as('ann', 'revoke-key', 'ben', id)
    expect(revoked).toEqual({ status: 0, stdout: `${id} of ben is good no more.\n`, stderr: '' })
    expect((await bens.send('GET', '/self')).status).toBe(401)
    expect((await signInWith(bens, key)).status).toBe(401)
    expect((await as('ann', 'sessions', 'ben')).stdout).toBe('one-time codes: off\n')
  })

  it('is for administrators: others are refused, and that is in the log, as is a link that was used again', async () => {
    for (const args of [
      ['enrol', 'ann'],
      ['sessions', 'ann'],
      ['sign-out', 'ann'],
      ['revoke-key', 'ann', 'codes'],
    ])
      expect(await as('ben', ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('is not for it') })
    const events = await vendorClient(hub.url, readFileSync(file('ann'), 'utf8').trim()).events({ stream: 'admin' })
    expect(events.filter(({ type }) => type === 'access.denied').map(({ subject }) => subject)).toEqual([
      'sign-in',
      'staff/ben',
      'staff/ben',
    ])
  })

  it('needs a second person where the rules say so: the code that was agreed to is the one that is handed over', async () => {
    await add('ann', 'cleo', 'administrator')
    const approve = (who: string, ...args: readonly string[]) =>
      sigillo('approve', ...args, '--hub', hub.url, '--token-file', file(who))
    expect((await approve('ann', 'rules', 'package.issue')).status).toBe(0)
    const asked = await as('ann', 'enrol', 'ben')
    expect(asked).toMatchObject({ status: 2, stdout: '' })
    const [, code = ''] = /with: --code (sgl_\S+)\n$/.exec(asked.stderr) ?? []
    const [, id = ''] = /sigillo approve give ([0-9a-f]+)/.exec(asked.stderr) ?? []
    expect(await approve('cleo', 'give', id)).toMatchObject({ status: 0, stderr: '' })
    expect((await approve('cleo', 'show', id)).stdout).not.toContain(code)
    const made = await as('ann', 'enrol', 'ben', '--code', code)
    expect(codeOf(made.stdout.split('\n')[0] ?? '')).toBe(code)
    expect((await enrolWith(browser(), key, code)).status).toBe(200)
  })
})

it.each([
  [['enrol', 'nobody'], 'there is no such person'],
  [['sessions', 'nobody'], 'there is no such person'],
  [['sign-out', 'nobody'], 'there is no such person'],
  [['revoke-key', 'ann', 'nothing'], 'there is no such'],
  [['revoke-key', 'ann', 'codes'], 'there is no such'],
  [['revoke-key', 'ann'], "missing required argument 'key'"],
  [['enrol', 'ann', '--code', 'short'], 'code'],
])('`user` with %j is refused in one line', async (args, line) => {
  const { status, stdout, stderr } = await as('ann', ...args)
  expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 2, stdout: '', lines: 2 })
  expect(stderr).toContain(line)
})
