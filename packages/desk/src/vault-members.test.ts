import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AgeIdentity, generateIdentity } from '@sigillo/seal/identity'
import { decryptVaultFile } from '@sigillo/seal/vault-file'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Desk } from './context.ts'
import { createVault, type Members, openVault, type VaultKey } from './vault.ts'
import { addVaultMember, removeVaultMember, vaultMembers } from './vault-members.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-members-'))
const at = (...parts: readonly string[]): string => join(folder, ...parts)
const note = z.strictObject({ text: z.string() })
const TEXT = { text: 'the flaw is in the parser' }
/** A recipient of a key in hardware: its data is that of a compressed P-256 point. */
const HARDWARE = 'age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e'

let ann: AgeIdentity
let ben: AgeIdentity
let cleo: AgeIdentity

async function create(name: string, key: Parameters<typeof createVault>[1]['key']): Promise<void> {
  const facts = { programme: 'demo', releaseKey: 'demo+00000000+AA', created: new Date('2030-01-01T00:00:00Z') }
  await createVault(at(name), { ...facts, key, releaseSecret: 'SECRET-KEY-OF-THE-PROGRAMME' })
}

async function asDesk<T>(name: string, key: VaultKey, work: (desk: Desk) => Promise<T>): Promise<T> {
  const vault = await openVault(at(name), key)
  const progress = (): void => undefined
  try {
    return await work({ vault, now: () => new Date(), random: (length) => new Uint8Array(length), progress })
  } finally {
    vault.close()
  }
}

/** A vault of Ann's and Ben's with one document. */
async function shared(name: string): Promise<void> {
  await create(name, { recipients: [ann.recipient, ben.recipient] })
  await asDesk(name, ann, ({ vault }) => vault.write('notes', 'n1', TEXT))
}

const readNote = (name: string, key: VaultKey) => asDesk(name, key, ({ vault }) => vault.read('notes', 'n1', note))

/** Every encrypted document, wherever in the folder, that an identity opens by itself. */
async function openedBy(name: string, { identity }: AgeIdentity): Promise<readonly string[]> {
  const entries = readdirSync(at(name), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.json.age'),
  )
  const opened = await Promise.all(
    entries.map((path) =>
      decryptVaultFile(readFileSync(at(name, path)), [identity]).then(
        () => [path],
        () => [],
      ),
    ),
  )
  return opened.flat().sort()
}

const refusal = (code: string, says: RegExp) => ({ code, message: expect.stringMatching(says) })

beforeAll(async () => {
  ;[ann, ben, cleo] = await Promise.all([generateIdentity(), generateIdentity(), generateIdentity()])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a member who joins', () => {
  it('reads what was written before and after, by an identity of its own', async () => {
    await shared('joins')
    const joined = await asDesk('joins', ann, (desk) => addVaultMember(desk, { recipient: cleo.recipient }, 'cleo'))
    expect(joined).toMatchObject({ recipient: cleo.recipient, documents: 3 })
    expect(joined.members.map(({ name, opensBy, you }) => ({ name, opensBy, you }))).toEqual([
      { name: null, opensBy: 'identity', you: true },
      { name: null, opensBy: 'identity', you: false },
      { name: 'cleo', opensBy: 'identity', you: false },
    ])
    expect(await readNote('joins', cleo)).toEqual(TEXT)
    await asDesk('joins', cleo, ({ vault }) => vault.write('notes', 'n2', TEXT))
    for (const member of [ann, ben, cleo]) expect(await openedBy('joins', member)).toHaveLength(4)
  })

  it('may hold its key in hardware, and is said to open the vault with age only', async () => {
    await shared('hardware')
    const { members } = await asDesk('hardware', ann, (desk) => addVaultMember(desk, { recipient: HARDWARE }))
    expect(members.at(-1)).toMatchObject({ recipient: HARDWARE, opensBy: 'hardware' })
    const file = readFileSync(at('hardware', 'store', 'notes', 'n1.json.age'), 'latin1')
    expect(file).toMatch(/^-> p256tag /m)
    expect(await readNote('hardware', ben)).toEqual(TEXT)
  })

  it.each([
    ['a member already', 'exists', /is a member already/, () => ben.recipient, undefined],
    ['a secret key', 'bad-recipient', /this is an identity \(secret key\)/, () => cleo.identity, undefined],
    ['nothing that is known', 'bad-recipient', /is not a native age recipient/, () => 'age1yubikey1qqqq', undefined],
    ['damaged', 'bad-recipient', /age1/, () => cleo.recipient.slice(0, -1), undefined],
    ['named as another', 'exists', /there is a member "ben" already/, () => cleo.recipient, 'ben'],
    ['named oddly', 'bad-name', /the name "Cleo C" must be/, () => cleo.recipient, 'Cleo C'],
  ])('is refused when it is %s, and nothing changes', async (_, code, says, recipient, name) => {
    if (!existsSync(at('refusals'))) {
      await create('refusals', { recipients: [ann.recipient] })
      await asDesk('refusals', ann, (desk) => addVaultMember(desk, { recipient: ben.recipient }, 'ben'))
    }
    const before = readFileSync(at('refusals', 'vault.json'))
    const attempt = asDesk('refusals', ann, (desk) => addVaultMember(desk, { recipient: recipient() }, name))
    await expect(attempt).rejects.toMatchObject(refusal(code, says))
    await expect(attempt).rejects.not.toThrow(cleo.identity)
    expect(readFileSync(at('refusals', 'vault.json'))).toEqual(before)
  })

  it('is refused with a post-quantum key among classic ones, for the weaker would decide', async () => {
    await shared('mixed')
    const { recipient } = await generateIdentity('hybrid')
    await expect(asDesk('mixed', ann, (desk) => addVaultMember(desk, { recipient }))).rejects.toMatchObject(
      refusal('bad-recipient', /post-quantum and classic recipients cannot share/),
    )
  })
})

describe('a member who is taken out', () => {
  it('reads neither what is written later nor what was there, in the folder as it is now', async () => {
    await shared('leaves')
    await asDesk('leaves', ann, (desk) => addVaultMember(desk, { recipient: cleo.recipient }, 'cleo'))
    const left = await asDesk('leaves', ann, (desk) => removeVaultMember(desk, 'cleo'))
    expect(left).toMatchObject({ recipient: cleo.recipient, documents: 3 })
    await asDesk('leaves', ben, ({ vault }) => vault.write('notes', 'n2', TEXT))
    expect(await openedBy('leaves', cleo)).toEqual([])
    await expect(openVault(at('leaves'), cleo)).rejects.toMatchObject(
      refusal('no-key', /none of the 2 members of .*leaves/),
    )
    expect(await openedBy('leaves', ben)).toHaveLength(4)
    expect(await readNote('leaves', ann)).toEqual(TEXT)
    expect(await asDesk('leaves', ben, ({ vault }) => vaultMembers(vault))).toHaveLength(2)
  })

  it('is named by the beginning of its recipient too, when that names one', async () => {
    await shared('named')
    const remove = (who: string) => asDesk('named', ann, (desk) => removeVaultMember(desk, who))
    for (const who of ['age1', 'dora', ben.recipient.slice(0, 7), ''])
      await expect(remove(who)).rejects.toMatchObject(refusal('unknown-member', /sigillo vault members/))
    expect(await remove(`${ben.recipient.slice(0, 20)}…`)).toMatchObject({ recipient: ben.recipient })
  })

  it('is never the last one, nor who opened the vault: that another can open it is shown by its doing so', async () => {
    await shared('last')
    const remove = (key: AgeIdentity, who: AgeIdentity) =>
      asDesk('last', key, (desk) => removeVaultMember(desk, who.recipient))
    await expect(remove(ann, ann)).rejects.toMatchObject(refusal('needed-member', /another one has to take you out/))
    await remove(ben, ann)
    await expect(remove(ben, ben)).rejects.toMatchObject(refusal('needed-member', /this is the last member/))
    expect(await readNote('last', ben)).toEqual(TEXT)
  })

  it('stays in when a document cannot be opened, or a file is none: nothing changes', async () => {
    await shared('broken')
    const path = at('broken', 'store', 'notes', 'n1.json.age')
    const whole = readFileSync(path)
    const remove = () => asDesk('broken', ann, (desk) => removeVaultMember(desk, ben.recipient))
    writeFileSync(path, whole.subarray(0, -1))
    await expect(remove()).rejects.toMatchObject(refusal('vault-broken', /n1\.json\.age .*Nothing was changed/))
    writeFileSync(path, whole)
    writeFileSync(at('broken', 'store', 'notes', 'todo.txt'), 'x')
    await expect(remove()).rejects.toMatchObject(refusal('vault-broken', /todo\.txt .*move it away/))
    expect(readdirSync(at('broken')).sort()).toEqual(['store', 'vault.json'])
    expect(await readNote('broken', ben)).toEqual(TEXT)
  })
})

describe('the passphrase', () => {
  it('is one member: of a vault that began with it, it lets identities in, and goes when one of them takes it out', async () => {
    await create('pass', { passphrase: 'correct horse' })
    const { members } = await asDesk('pass', { passphrase: 'correct horse' }, async (desk) => {
      await desk.vault.write('notes', 'n1', TEXT)
      return addVaultMember(desk, { recipient: ann.recipient }, 'ann')
    })
    expect(members.map(({ opensBy }) => opensBy)).toEqual(['passphrase', 'identity'])
    expect(await readNote('pass', { passphrase: 'correct horse' })).toEqual(TEXT)
    const backup = readFileSync(at('pass', 'identity.age'))
    await asDesk('pass', ann, (desk) => removeVaultMember(desk, members[0]?.recipient ?? ''))
    expect(existsSync(at('pass', 'identity.age'))).toBe(false)
    await expect(openVault(at('pass'), { passphrase: 'correct horse' })).rejects.toMatchObject({ code: 'no-key' })
    writeFileSync(at('pass', 'identity.age'), backup)
    await expect(openVault(at('pass'), { passphrase: 'correct horse' })).rejects.toMatchObject(
      refusal('no-key', /none of the 1 members/),
    )
  })

  it('can be given to a vault of identities, once', async () => {
    await shared('recovery')
    const add = () => asDesk('recovery', ann, (desk) => addVaultMember(desk, { passphrase: 'six words' }, 'safe'))
    expect((await add()).members.at(-1)).toMatchObject({ name: 'safe', opensBy: 'passphrase' })
    expect(await readNote('recovery', { passphrase: 'six words' })).toEqual(TEXT)
    await expect(add()).rejects.toMatchObject({ code: 'exists' })
    const again = asDesk('recovery', ann, (desk) => addVaultMember(desk, { passphrase: 'other words' }))
    await expect(again).rejects.toMatchObject(refusal('exists', /has a passphrase already/))
  })
})

describe('a change of members that the disk stops after it was decided', () => {
  it('lets nothing be written that would be lost, and is finished by the next opening', async () => {
    await shared('stopped')
    mkdirSync(at('stopped', 'identity.age', 'in the way'), { recursive: true })
    await asDesk('stopped', ann, async ({ vault, progress }) => {
      const recipients = [ann.recipient, cleo.recipient]
      const members = { recipients, passphraseMember: cleo.recipient, identityFile: Buffer.from('x') }
      await expect(vault.changeMembers(members, progress)).rejects.toMatchObject(
        refusal('not-writable', /the change of members of .* cannot be finished/),
      )
      await expect(vault.write('notes', 'n2', TEXT)).rejects.toThrow(/open it again to finish/)
    })
    rmSync(at('stopped', 'identity.age'), { recursive: true })
    expect(await readNote('stopped', cleo)).toEqual(TEXT)
    expect(readFileSync(at('stopped', 'identity.age'), 'utf8')).toBe('x')
  })
})

describe('a process killed while members change', () => {
  /** Before its n-th change of the disk it is killed; of a folder that it removes, one file is gone then. */
  const FAULT = `
    import fs from 'node:fs'
    import { join } from 'node:path'
    import { syncBuiltinESMExports } from 'node:module'
    const die = () => process.kill(process.pid, 'SIGKILL')
    const half = (path) => {
      const file = fs.readdirSync(path, { recursive: true, withFileTypes: true }).find((entry) => entry.isFile())
      if (file !== undefined) fs.rmSync(join(file.parentPath, file.name))
    }
    for (const name of ['mkdir', 'open', 'rename', 'rm']) {
      const real = fs.promises[name]
      fs.promises[name] = (...args) => {
        if (globalThis.stepsLeft-- === 0) {
          if (name === 'rm' && args[1]?.recursive && fs.existsSync(args[0])) half(args[0])
          die()
        }
        return real(...args)
      }
    }
    syncBuiltinESMExports()`

  /** @returns true when it was killed, false when it came to the end first */
  async function killedAt(step: number, name: string, key: AgeIdentity, members: Members): Promise<boolean> {
    const { identityFile, ...others } = members
    const program = `
      const { openVault } = await import(${JSON.stringify(new URL('vault.ts', import.meta.url).href)})
      const vault = await openVault(${JSON.stringify(at(name))}, ${JSON.stringify(key)})
      const members = ${JSON.stringify(others)}
      if (${identityFile !== undefined}) members.identityFile = Buffer.from('under a passphrase')
      globalThis.stepsLeft = ${step}
      await vault.changeMembers(members, () => undefined)
      globalThis.stepsLeft = Infinity
      vault.close()`
    const preload = `data:text/javascript,${encodeURIComponent(FAULT)}`
    const args = ['--conditions=@sigillo/source', '--import', preload, '--input-type=module', '-e', program]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
      child.once('close', (...end) => resolve(end)),
    )
    if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the process ended by itself: ${errors}`)
    return signal === 'SIGKILL'
  }

  /** Opens what was left, which must be the members before or after, all of them and only they. */
  async function settled(name: string, before: readonly AgeIdentity[], after: readonly AgeIdentity[]) {
    const { recipients } = z
      .looseObject({ recipients: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(at(name, 'vault.json'), 'utf8')))
    const decided = recipients.length === after.length
    const members = decided ? after : before
    expect(recipients).toEqual(members.map(({ recipient }) => recipient))
    for (const member of new Set([...after, ...before])) {
      if (members.includes(member)) expect(await readNote(name, member)).toEqual(TEXT)
      else await expect(openVault(at(name), member)).rejects.toMatchObject({ code: 'no-key' })
      expect(await openedBy(name, member)).toHaveLength(members.includes(member) ? 2 : 0)
    }
    expect(readdirSync(at(name)).filter((entry) => entry.startsWith('.rekey'))).toEqual([])
    return decided
  }

  const everybody = (members: readonly AgeIdentity[]) => members.map(({ recipient }) => recipient)

  it.each<[string, () => readonly AgeIdentity[], () => readonly AgeIdentity[], 'passphrase' | undefined]>([
    ['one joins', () => [ann, ben], () => [ann, ben, cleo], undefined],
    ['one leaves', () => [ann, ben, cleo], () => [ann, ben], undefined],
    ['one joins by passphrase', () => [ann, ben], () => [ann, ben, cleo], 'passphrase'],
    ['one leaves who had the passphrase', () => [ann, ben, cleo], () => [ann, ben], 'passphrase'],
  ])(
    'leaves the members before or after, whole, at whichever step (%s)',
    async (title, from, to, passphrase) => {
      const [before, after] = [from(), to()]
      const start = `start of ${title}`
      await create(start, { recipients: everybody(before.slice(0, 2)) })
      const byPassphrase = passphrase === undefined ? null : cleo.recipient
      const of = (members: readonly AgeIdentity[]): Members => ({
        recipients: everybody(members),
        passphraseMember: members.includes(cleo) ? byPassphrase : null,
        ...(members.includes(cleo) && byPassphrase !== null ? { identityFile: Buffer.from('under a passphrase') } : {}),
      })
      await asDesk(start, ann, async ({ vault, progress }) => {
        await vault.write('notes', 'n1', TEXT)
        if (before.length > 2) await vault.changeMembers(of(before), progress)
      })
      const outcomes: boolean[] = []
      for (let step = 0, killed = true; killed; step += 1) {
        const name = `${title} ${step}`
        cpSync(at(start), at(name), { recursive: true })
        killed = await killedAt(step, name, ann, of(after))
        const decided = await settled(name, before, after)
        expect(existsSync(at(name, 'identity.age'))).toBe(
          byPassphrase !== null && (decided ? after : before).includes(cleo),
        )
        outcomes.push(decided)
      }
      // Not decided up to one step, decided from there on; both happened.
      expect(outcomes).toEqual(outcomes.toSorted((a, b) => Number(a) - Number(b)))
      expect(new Set(outcomes).size).toBe(2)
      expect(outcomes.length).toBeGreaterThan(15)
    },
    180_000,
  )
})
