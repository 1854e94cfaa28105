import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity } from '@sigillo/seal/identity'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createVault, openVault, type Vault, type VaultKey } from './vault.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-vault-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)
const PASSPHRASE = { passphrase: 'correct horse' }
const note = z.strictObject({ text: z.string() })
const facts = { programme: 'demo', releaseKey: 'demo+00000000+AA', created: new Date('2030-01-01T00:00:00Z') }

function create(name: string, key: Parameters<typeof createVault>[1]['key'] = PASSPHRASE): Promise<void> {
  return createVault(at(name), { ...facts, key, releaseSecret: 'SECRET-KEY-OF-THE-PROGRAMME' })
}

async function inVault<T>(name: string, key: VaultKey, work: (vault: Vault) => Promise<T>): Promise<T> {
  const vault = await openVault(at(name), key)
  try {
    return await work(vault)
  } finally {
    vault.close()
  }
}

/** A vault for an age identity, which opens at once: no passphrase is stretched. */
async function createShared(name: string): Promise<{ readonly identity: string }> {
  const { identity, recipient } = await generateIdentity()
  await create(name, { recipients: [recipient] })
  return { identity }
}

/** Another process that opens a vault and then runs `program`. */
function holder(name: string, key: VaultKey, program: string): ChildProcessWithoutNullStreams {
  const opened = `
    const { openVault } = await import(${JSON.stringify(new URL('vault.ts', import.meta.url).href)})
    const vault = await openVault(${JSON.stringify(at(name))}, ${JSON.stringify(key)})
    ${program}`
  return spawn(process.execPath, ['--conditions=@sigillo/source', '--input-type=module', '-e', opened])
}

async function killed(child: ChildProcessWithoutNullStreams): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}

const filesOf = (name: string): readonly string[] =>
  readdirSync(at(name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** What a refusal must look like: its code, and one line. */
const refusal = (code: string, says: RegExp) => ({
  code,
  message: expect.stringMatching(new RegExp(`^(?=[^\\n]*$).*${says.source}`)),
})

beforeAll(async () => {
  await create('main')
  await inVault('main', PASSPHRASE, (vault) => vault.write('notes', 'n1', { text: 'the flaw is in the parser' }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a vault on disk', () => {
  it('shows nothing secret: every file but the header is encrypted, and only its owner may read it', () => {
    const files = filesOf('main')
    expect(files.map((path) => path.slice(at('main').length + 1)).sort()).toEqual([
      'identity.age',
      'store/keys/release.json.age',
      'store/notes/n1.json.age',
      'vault.json',
    ])
    for (const path of files) {
      expect(readFileSync(path, 'latin1')).not.toMatch(/SECRET-KEY|parser|correct horse/)
      expect(statSync(path).mode & 0o077).toBe(0)
    }
  })

  it('is made in a new or empty folder only', async () => {
    await expect(create('main')).rejects.toMatchObject(refusal('exists', /is not empty/))
    expect(filesOf('main')).toHaveLength(4)
  })

  it('can be opened by those it is encrypted to, and has no passphrase then', async () => {
    const [own, other] = await Promise.all([generateIdentity(), generateIdentity()])
    await create('shared', { recipients: [own.recipient, other.recipient] })
    const read = (vault: Vault) => vault.read('keys', 'release', z.unknown())
    for (const { identity } of [own, other])
      expect(await inVault('shared', { identity }, read)).toEqual({ secret: 'SECRET-KEY-OF-THE-PROGRAMME' })
    const stranger = await generateIdentity()
    await expect(inVault('shared', { identity: stranger.identity }, read)).rejects.toMatchObject(
      refusal('no-key', /this identity is none of the 2 members/),
    )
    await expect(openVault(at('shared'), PASSPHRASE)).rejects.toMatchObject(refusal('no-key', /--identity FILE/))
  })
})

describe('opening', () => {
  it('refuses a wrong passphrase, and leaves the vault free for the right one', async () => {
    await expect(openVault(at('main'), { passphrase: 'wrong' })).rejects.toMatchObject(
      refusal('wrong-passphrase', /does not open the vault/),
    )
    expect(await inVault('main', PASSPHRASE, (vault) => vault.read('notes', 'n1', note))).toEqual({
      text: 'the flaw is in the parser',
    })
  })

  it('refuses a folder that is no vault, or whose header is broken', async () => {
    await expect(openVault(folder, PASSPHRASE)).rejects.toMatchObject(refusal('not-a-vault', /sigillo init/))
    cpSync(at('main'), at('header'), { recursive: true })
    for (const text of [
      '',
      '{"schema":"sigillo-vault/1"}',
      '[]',
      readFileSync(at('main', 'vault.json'), 'utf8').slice(9),
    ]) {
      writeFileSync(at('header', 'vault.json'), text)
      await expect(openVault(at('header'), PASSPHRASE)).rejects.toMatchObject(
        refusal('vault-broken', /restore it from a backup. Nothing was changed/),
      )
    }
  })

  it('is for one process at a time; a backup copied meanwhile opens by itself', async () => {
    const key = await createShared('held')
    await inVault('held', key, (vault) => vault.write('notes', 'n1', { text: 'kept' }))
    const child = holder('held', key, "console.log('open'); setTimeout(() => undefined, 60_000)")
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await expect(openVault(at('held'), key)).rejects.toMatchObject(
      refusal('vault-locked', new RegExp(`in use by process ${child.pid}`)),
    )
    cpSync(at('held'), at('backup'), { recursive: true })
    await killed(child)
    for (const name of ['held', 'backup'])
      expect(await inVault(name, key, (vault) => vault.read('notes', 'n1', note))).toEqual({ text: 'kept' })
  })
})

describe('documents', () => {
  let vault: Vault
  beforeAll(async () => {
    vault = await openVault(at('main'), PASSPHRASE)
  })
  afterAll(() => vault.close())

  it('are null when missing, replaced as a whole, and listed by id', async () => {
    expect(await vault.read('notes', 'n9', note)).toBeNull()
    expect(await vault.list('nothing')).toEqual([])
    for (const text of ['old', 'new']) await vault.write('list', 'b', { text })
    await vault.write('list', 'a', { text: 'a' })
    expect(await vault.read('list', 'b', note)).toEqual({ text: 'new' })
    expect(await vault.list('list')).toEqual(['a', 'b'])
  })

  it.each(['../n1', 'a/b', '.hidden', '', 'UPPER', 'x'.repeat(101), 'n\n1'])(
    'have no name such as %j',
    async (name) => {
      await expect(vault.read('notes', name, note)).rejects.toMatchObject({ code: 'bad-name' })
      await expect(vault.write('notes', name, {})).rejects.toMatchObject({ code: 'bad-name' })
    },
  )

  it('that do not have the form expected are refused, not guessed at', async () => {
    await vault.write('notes', 'odd', { text: 7 })
    await expect(vault.read('notes', 'odd', note)).rejects.toMatchObject(refusal('vault-broken', /odd\.json\.age/))
  })

  it('cut off anywhere are refused in one line; the others stay readable, and the backup of one file mends it', async () => {
    const path = at('main', 'store', 'notes', 'n1.json.age')
    const whole = readFileSync(path)
    await vault.write('notes', 'n2', { text: 'second' })
    for (const length of [0, 1, 50, whole.length >> 1, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length))
      await expect(vault.read('notes', 'n1', note)).rejects.toMatchObject(
        refusal('vault-broken', /n1\.json\.age cannot be opened .*restore it from a backup/),
      )
    }
    expect(await vault.read('notes', 'n2', note)).toEqual({ text: 'second' })
    writeFileSync(path, whole)
    expect(await vault.read('notes', 'n1', note)).toEqual({ text: 'the flaw is in the parser' })
  })

  it('half written by a process that was killed do not count', async () => {
    writeFileSync(at('main', 'store', 'list', '.0123456789abcdef.tmp'), 'half')
    expect(await vault.list('list')).toEqual(['a', 'b'])
  })
})

describe('a process killed while it writes', () => {
  it('leaves every document whole, the old one or the new one, and the vault free', async () => {
    const key = await createShared('killed')
    const program = `
      for (let n = 0; ; n += 1) {
        await vault.write('notes', 'n' + (n % 5), { text: String(n).repeat(20_000) })
        if (n === 5) console.log('writing')
      }`
    for (let round = 0; round < 4; round += 1) {
      const child = holder('killed', key, program)
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await new Promise((resolve) => setTimeout(resolve, 40 + 37 * round))
      await killed(child)
      await inVault('killed', key, async (vault) => {
        expect(await vault.list('notes')).toHaveLength(5)
        for (const id of await vault.list('notes'))
          expect((await vault.read('notes', id, note))?.text).toMatch(/^(\d+?)\1{19999}$/)
      })
    }
  })
})
