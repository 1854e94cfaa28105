import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { loadLogKey } from '@sigillo/hub/log/log-key'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import { afterAll, describe, expect, test } from 'vitest'
import { openProcesses } from './sigillo-process.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-witness-'))
const at = (name: string): string => join(folder, name)
const { run: sigillo, serve, killAll } = openProcesses({ SIGILLO_IDENTITY: at('desk.key'), SIGILLO_VAULT: at('vault') })
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})

describe('the commands about witnesses', () => {
  test('lead from a witness to a push that says who witnessed the log', async () => {
    mkdirSync(at('hub'))
    writeFileSync(at('desk.key'), formatIdentityFile(await generateIdentity(), '2026-01-01T00:00:00Z'), { mode: 0o600 })
    const { vkey: logKey } = await loadLogKey(at('hub'), 'vendor.example/log', randomBytes)
    const made = await sigillo('witness', 'init', at('w'), '--name', 'cert.example/w1', '--log', logKey, '--json')
    expect(made.stderr).toBe('')
    const { said: witness } = await serve('witness', 'run', at('w'), '--port', '0')
    expect(witness['vkey']).toBe(JSON.parse(made.stdout).vkey)
    const quorum = `witness cert ${witness['vkey'] ?? ''} ${witness['url'] ?? ''}\nquorum cert\n`
    writeFileSync(at('witnesses.txt'), `${quorum}release witnessed\n`)
    writeFileSync(at('policy.txt'), `log ${logKey}\n${quorum}`)
    const origin = ['--origin', 'vendor.example/log']
    const { said: hub } = await serve(
      'hub',
      '--data',
      at('hub'),
      '--port',
      '0',
      ...origin,
      '--witnesses',
      at('witnesses.txt'),
    )
    expect((await sigillo('init', at('vault'))).status).toBe(0)
    const key = await sigillo('keygen', 'partner-1', '-o', at('partner-1.key'))
    expect(key.status).toBe(0)
    const enrolment = ['--enrolment', at('partner-1.key.enrolment.json')]
    await sigillo('partner', 'add', 'partner-1', '--tier', 'full', '--country', 'DE', ...enrolment)
    const connect = ['connect', hub['url'] ?? '', '--token-file', hub['tokenFile'] ?? '', '--log-key', logKey]
    expect(await sigillo(...connect, '--policy', at('policy.txt'))).toMatchObject({ status: 0, stderr: '' })
    const pushed = await sigillo('push')
    expect(pushed).toMatchObject({ status: 0, stderr: '' })
    expect(pushed.stdout).toMatch(/^Log: checkpoint of .* at size 1, witnessed by cert \(quorum 1 of 1\) by 20/m)
    expect(await sigillo(...connect)).toMatchObject({ status: 0 })
    expect((await sigillo('push')).stdout).toContain('unwitnessed (the policy asks for no witness)')
  }, 180_000)

  test.each<[string, RegExp, () => readonly string[]]>([
    ['a name with a space', /no witness can have this name/, () => ['witness', 'init', at('x'), '--name', 'a b']],
    [
      'a log key that is none',
      /the log key: not a verifier key/,
      () => ['witness', 'init', at('x'), '--name', 'w', '--log', 'x'],
    ],
    ['a folder in use', /is not empty/, () => ['witness', 'init', folder, '--name', 'w']],
    ['no witness there', /holds no witness/, () => ['witness', 'run', at('none')]],
    ['a port that is none', /--port "x" must be a number/, () => ['witness', 'run', at('w'), '--port', 'x']],
    [
      'a policy file that is not there',
      /the witness policy: there is no file/,
      () => ['hub', '--data', at('h2'), '--witnesses', at('none')],
    ],
  ])('refuse %s in one line', async (_, message, args) => {
    const { status, stdout, stderr } = await sigillo(...args())
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^sigillo: [^\n]+\n$/)
    expect(stderr).toMatch(message)
  })
})
