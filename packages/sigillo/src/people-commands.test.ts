import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hub, startHub } from '@sigillo/hub/start-hub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runHere } from './command-in-process.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-people-'))
let hub: Hub
const file = (name: string): string => join(folder, name)

beforeAll(async () => {
  hub = await startHub({ dataDir: file('hub'), origin: 'hub.example/log' })
})
afterAll(async () => {
  await hub.stop()
  rmSync(folder, { recursive: true })
})

const sigillo = (...args: readonly string[]) => runHere(args, { env: { SIGILLO_PASSPHRASE: 'a passphrase' } })

/** Runs as somebody, by the name of the token's file. */
const as = (who: string, ...args: readonly string[]) => sigillo(...args, '--hub', hub.url, '--token-file', file(who))
/** A day within the longest life of a token. */
const UNTIL = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10)

async function drawn(who: string): Promise<string> {
  const { stdout } = await sigillo('token', 'draw', '-o', file(who), '--json')
  return JSON.parse(stdout).tokenHash
}

describe('people of the vendor', () => {
  it('draw their own tokens, which no other user of the machine can read', async () => {
    const hash = await drawn('ann')
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(statSync(file('ann')).mode & 0o777).toBe(0o600)
    expect((await sigillo('token', 'draw', '-o', file('ann'))).stderr).toMatch(
      /exists already; a token is never overwr/,
    )
    const token = readFileSync(file('hub/vendor.token'), 'utf8')
    writeFileSync(file('first'), token)
    const added = await as(
      'first',
      'user',
      'add',
      'ann',
      '--role',
      'administrator',
      '--token-hash',
      hash,
      '--until',
      UNTIL,
    )
    expect(added).toEqual({ status: 0, stdout: 'ann is administrator now.\n', stderr: '' })
  })

  it('see whom their token speaks for', async () => {
    const shown = await as('ann', 'token', 'show')
    expect(shown.stdout).toBe(`ann of vendor: administrator\nuntil ${UNTIL}T23:59:59.000Z\n`)
    expect((await as('first', 'token', 'show')).stdout).toMatch(/^nobody in particular of vendor: administrator\n/)
  })

  it('need each other once the rules say so: asked for by one, read and given by another, done by the first', async () => {
    const hash = await drawn('ben')
    await as('ann', 'user', 'add', 'ben', '--role', 'administrator', '--token-hash', hash, '--until', UNTIL)
    expect((await as('ann', 'approve', 'rules', 'package.issue')).stdout).toBe(
      'Under four eyes: erasure.perform, package.issue, policy.change, role.change\n',
    )
    const refused = await as('ann', 'user', 'add', 'cleo', '--role', 'reader')
    expect(refused.status).toBe(2)
    const id = /sigillo approve give ([0-9a-f]+);/.exec(refused.stderr)?.[1] ?? ''
    expect((await as('ann', 'approve', 'give', id)).stderr).toMatch(/^sigillo: you asked for this yourself/)
    expect((await as('ben', 'approve', 'list')).stdout).toContain(`${id}  role.change of cleo, asked by ann`)
    expect((await as('ben', 'approve', 'show', id)).stdout).toContain(
      '{"change":"add","person":"cleo","role":"reader","token":null}',
    )
    expect((await as('ben', 'approve', 'give', id)).stdout).toBe('ann may do it now: role.change of cleo.\n')
    expect((await as('ann', 'user', 'add', 'cleo', '--role', 'reader')).stdout).toBe('cleo is reader now.\n')
    expect((await as('ben', 'approve', 'list')).stdout).toBe('Nothing is asked for.\n')
    expect((await as('ann', 'user', 'list')).stdout).toMatch(
      /^ann +administrator +1 tokens\nben .*\ncleo +reader +0 tokens\n$/,
    )
  })

  it('erase by two, for a reason of the list, and read what it would be before', async () => {
    const before = await as('ann', 'erase', '--stream', 'partner:nobody', '--because', 'retention')
    expect(before.stderr).toMatch(/^sigillo: nothing is named that can be erased/)
    expect((await as('ann', 'erase', '--event', '1')).stderr).toMatch(
      /^sigillo: name the reason with --because: one of/,
    )
    const shown = await as('ann', 'erase', '--person', 'staff/cleo', '--because', 'data-subject', '--dry-run', '--json')
    const { events } = JSON.parse(shown.stdout)
    expect(events).toHaveLength(1)
    const asked = await as('ann', 'erase', '--person', 'staff/cleo', '--because', 'data-subject')
    expect(asked.status).toBe(2)
    const id = /sigillo erase --approved ([0-9a-f]+)/.exec(asked.stderr)?.[1] ?? ''
    expect((await as('ben', 'approve', 'show', id)).stdout).toContain(
      `{"events":[${String(events[0])}],"packages":[],"reason":"data-subject"}`,
    )
    await as('ben', 'approve', 'give', id)
    const erased = await as('ann', 'erase', '--approved', id)
    expect(erased.stdout).toMatch(
      /^Erased 1 events and 0 packages: entry \d+ of the log, .*Backups from before still hold/,
    )
    // Nothing is left that would be about her.
    expect((await as('ann', 'erase', '--person', 'staff/cleo', '--because', 'order')).stderr).toMatch(
      /nothing is named/,
    )
  })

  it('renew their own tokens alone, and never with more rights', async () => {
    const hash = await drawn('ann-reads')
    const added = await as(
      'ann',
      'token',
      'add',
      'self',
      'reading',
      '--token-hash',
      hash,
      '--until',
      UNTIL,
      '--role',
      'reader',
    )
    expect(added.stdout).toBe(`ann has the token reading now, until ${UNTIL}.\n`)
    const more = await as(
      'ann-reads',
      'token',
      'add',
      'self',
      'more',
      '--token-hash',
      await drawn('more'),
      '--until',
      UNTIL,
      '--role',
      'administrator',
    )
    expect(more).toMatchObject({ status: 2, stderr: expect.stringContaining('it is more than its own') })
    expect((await as('ann-reads', 'user', 'list')).stderr).toContain('person.list is not for it')
    await as('ann', 'token', 'revoke', 'self', 'reading')
    expect((await as('ann-reads', 'token', 'show')).stderr).toContain('it may have expired or been revoked')
  })
})

it.each([
  [['user', 'add', 'x', '--role', 'king'], '"king" is no role here'],
  [['user', 'add', 'x', '--role', 'partner-reader'], '"partner-reader" is no role here'],
  [['user', 'add', 'x', '--role', 'reader', '--token-hash', 'abc'], '--token-hash must be the 64 hex digits'],
  [['user', 'add', 'x', '--role', 'reader', '--token-hash', '0'.repeat(64)], '--until "" must be a date'],
  [
    ['user', 'add', 'x', '--role', 'reader', '--token-hash', '0'.repeat(64), '--until', '2026-02-31x'],
    'must be a date',
  ],
  [['user', 'remove', 'nobody'], 'there is no such person'],
  [['approve', 'show', 'nothing'], 'there is no such approval'],
  [['approve', 'rules', 'everything'], 'actions are package.issue'],
  [['approve', 'ask-lift', 'nothing'], 'the hub has no embargo of case "nothing"'],
])('%j is refused in one line', async (args, line) => {
  const { status, stdout, stderr } = await as('ann', ...args)
  expect({ status, stdout, lines: stderr.split('\n').length }).toEqual({ status: 2, stdout: '', lines: 2 })
  expect(stderr).toContain(line)
})
