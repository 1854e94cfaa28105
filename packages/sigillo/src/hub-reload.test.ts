import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { vendorClient, type VendorClient } from '@sigillo/api/client'
import { retireLogKey, rotateLogKey } from '@sigillo/hub/signer/rotate-key'
import { generateNoteKey, noteVerifier, verifyEd25519 } from '@sigillo/seal/ed25519'
import { rotateWitnessKey } from '@sigillo/witness/rotate-key'
import { openCheckpoint } from '@sigillo/tlog/checkpoint'
import { utf8 } from '@sigillo/tlog/encoding'
import { fsck } from '@sigillo/tlog/fsck'
import { parsePolicy } from '@sigillo/tlog/policy'
import { verifyWitnessed } from '@sigillo/tlog/witnessed'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandProcess, runCommand } from './command-process.fixture.ts'
import { spawnWitness, type WitnessProcess } from './witness-process.fixture.ts'

const ORIGIN = 'hub.example/log'
const READ = / info: read again: /
const REFUSED = / error: nothing was read again, all stays as it was: /

let folder: string
let hub: CommandProcess
let vendor: VendorClient
let witnesses: WitnessProcess[] = []
/** Aborted when `busy` shall end. */
let ending = new AbortController()
const at = (name: string): string => join(folder, name)
const key = (): string => String(hub.facts['logKey'])
const startHub = async (...args: readonly string[]): Promise<void> => {
  hub = await runCommand('hub', '--data', at('hub'), '--port', '0', '--origin', ORIGIN, ...args)
  vendor = vendorClient(String(hub.facts['url']), readFileSync(at('hub/vendor.token'), 'utf8').trim())
}
const signedBy = (note: string, ...keys: readonly string[]): boolean =>
  keys.every((one) => openCheckpoint(utf8(note), [noteVerifier(one)]).ok)
const event = (subject: string) => ({ type: 'leak.reported' as const, stream: 'admin', subject, data: {} })

/** Asks the hub in several ways at once until it is told to stop; gives all checkpoints that it saw. */
async function busy(): Promise<{ stop(): Promise<readonly string[]> }> {
  const seen: string[] = []
  ending = new AbortController()
  const { signal } = ending
  const forEver = async (ask: () => Promise<unknown>): Promise<void> => {
    while (!signal.aborted) await ask().then(() => pause(5))
  }
  await vendor.commit([event('zero')])
  const workers = [
    forEver(() => vendor.commit([event('one')])),
    forEver(() => vendor.commit([event('two'), event('three')])),
    forEver(async () => void seen.push(await vendor.checkpoint())),
    forEver(async () => void seen.push((await vendor.proveAll([0])).checkpoint)),
  ]
  const all = Promise.all(workers)
  all.catch(() => undefined)
  return {
    stop: async () => {
      ending.abort()
      // A request that was dropped or refused rejects here.
      await all
      return seen
    },
  }
}

/** Distinct trees of one size that checkpoints speak of; a log has one of each. */
function forks(notes: readonly string[]): readonly string[] {
  const roots = new Map<string, Set<string>>()
  for (const note of notes) {
    const [, size = '', root = ''] = note.split('\n')
    roots.set(size, (roots.get(size) ?? new Set()).add(root))
  }
  return [...roots].filter(([, found]) => found.size > 1).map(([size]) => size)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reload-'))
})
afterEach(async () => {
  ending.abort()
  await hub.stop()
  for (const witness of witnesses) await witness.remove()
  witnesses = []
  rmSync(folder, { recursive: true, force: true })
})

describe('a hub that is told to read its keys again', () => {
  test('signs with a new key of the log and without the old one, while it answers, and its log stays one', async () => {
    await startHub()
    const load = await busy()
    const before = await vendor.commit([event('before')]).then(() => vendor.checkpoint())
    const { newKey } = await rotateLogKey(at('hub'), randomBytes)
    expect(await hub.signal('SIGHUP', READ)).toContain(`${key()} and ${newKey}`)
    const both = await vendor.checkpoint()
    expect(signedBy(both, key(), newKey)).toBe(true)
    await vendor.commit([event('between')])
    await retireLogKey(at('hub'), key())
    expect(await hub.signal('SIGHUP', READ)).toContain(`signed with ${newKey};`)
    await vendor.commit([event('after')])
    const after = await vendor.checkpoint()
    expect([signedBy(after, key()), signedBy(after, newKey)]).toEqual([false, true])
    const seen = await load.stop()
    expect(seen.length).toBeGreaterThan(20)
    expect(forks([before, both, after, ...seen])).toEqual([])
    const newest = await vendor.checkpoint()
    const reader = { checkpoint: async () => utf8(newest), tile: (path: string) => vendor.tile(path) }
    const kept = { kept: [before, both, after].map(utf8) }
    expect(await fsck(reader, [key(), newKey].map(noteVerifier), kept)).toMatchObject({ ok: true })
  })

  test('signs the newest tree with the new key at once, without an event', async () => {
    await startHub()
    await vendor.commit([event('only')])
    const before = await vendor.checkpoint()
    const { newKey } = await rotateLogKey(at('hub'), randomBytes)
    await hub.signal('SIGHUP', READ)
    const both = await vendor.checkpoint()
    expect(signedBy(both, key(), newKey)).toBe(true)
    expect(both.split('\n\n')[0]).toBe(before.split('\n\n')[0])
  })

  test('goes on with the keys it has when those in its folder are bad, and says why in one line each time', async () => {
    await startHub()
    const load = await busy()
    const good = readFileSync(at('hub/log.key'))
    const cases: readonly (readonly [() => void, RegExp])[] = [
      [() => writeFileSync(at('hub/log.key.next'), 'nonsense\n'), /log\.key\.next is damaged/],
      [() => writeFileSync(at('hub/log.key.next'), secretOf('other.example/log')), /of the log other\.example/],
      [() => rmSync(at('hub/log.key')), /log\.key is missing; restore it$/],
      [() => writeFileSync(at('hub/log.key'), secretOf(ORIGIN)), /none of the log's keys that sign now/],
    ]
    for (const [spoil, why] of cases) {
      spoil()
      expect(await hub.signal('SIGHUP', REFUSED)).toMatch(why)
      await vendor.commit([event('after')])
      expect(signedBy(await vendor.checkpoint(), key())).toBe(true)
      rmSync(at('hub/log.key.next'), { force: true })
      writeFileSync(at('hub/log.key'), good)
    }
    await hub.signal('SIGHUP', READ)
    expect(forks(await load.stop())).toEqual([])
    expect(hub.lines().filter((one) => REFUSED.test(one))).toHaveLength(cases.length)
  })

  test('asks the witnesses that its file names now, and keeps those it has when the file is bad', async () => {
    const file = at('witnesses.txt')
    writeFileSync(file, 'quorum none\n')
    await startHub('--witnesses', file)
    witnesses = [await spawnWitness('cert.example/w1', key()), await spawnWitness('lab.example/w', key())]
    const lines = witnesses.map(({ vkey, url }, index) => `witness w${index} ${vkey} ${url}\n`)
    const quorum = `${lines.join('')}group all all w0 w1\nquorum all\n`
    const witnessed = (note: string): boolean => {
      const verdict = verifyWitnessed(utf8(note), parsePolicy(utf8(`log ${key()}\n${quorum}`)), verifyEd25519)
      return verdict.ok && verdict.witnessed
    }
    const load = await busy()
    writeFileSync(file, `${quorum}release witnessed\n`)
    expect(await hub.signal('SIGHUP', READ)).toMatch(/witnesses: 2$/)
    expect(witnessed(await vendor.checkpoint(5_000))).toBe(true)
    for (const bad of ['quorum nobody\n', `${lines[0]}release witnessed\n`, 'witness w0\n']) {
      writeFileSync(file, bad)
      expect(await hub.signal('SIGHUP', REFUSED)).toContain('policy')
    }
    rmSync(file)
    await hub.signal('SIGHUP', REFUSED)
    await vendor.commit([event('after')])
    expect(witnessed(await vendor.checkpoint(5_000))).toBe(true)
    expect(forks(await load.stop())).toEqual([])
  })

  test('knows the new key of a witness, which reads it again too', async () => {
    const file = at('witnesses.txt')
    writeFileSync(file, 'quorum none\n')
    await startHub('--witnesses', file)
    const witness = await spawnWitness('cert.example/w1', key())
    witnesses = [witness]
    const load = await busy()
    const { newKey } = await rotateWitnessKey(witness.dir)
    process.kill(witness.pid, 'SIGHUP')
    const lines = [witness.vkey, newKey].map((vkey, index) => `witness w${index} ${vkey} ${witness.url}\n`).join('')
    writeFileSync(file, `${lines}group cert any w0 w1\nquorum cert\n`)
    await hub.signal('SIGHUP', READ)
    await load.stop()
    await vendor.commit([event('last')])
    await vendor.checkpoint(5_000)
    const policy = parsePolicy(utf8(`log ${key()}\nwitness w ${newKey}\nquorum w\n`))
    const underNew = async (): Promise<boolean> => {
      const verdict = verifyWitnessed(utf8(await vendor.checkpoint()), policy, verifyEd25519)
      return verdict.ok && verdict.witnessed
    }
    await expect.poll(underNew, { timeout: 10_000 }).toBe(true)
  })

  test('learns the new key of a signer in a process of its own, which reads it again too', async () => {
    const [dir, socket] = [at('signer'), at('run/socket')]
    const signer = await runCommand('signer', 'run', '--data', dir, '--socket', socket, '--origin', ORIGIN)
    try {
      await startHub('--signer', socket)
      const load = await busy()
      const { newKey } = await rotateLogKey(dir, randomBytes)
      await signer.signal('SIGHUP', / read again: /)
      await hub.signal('SIGHUP', READ)
      await vendor.commit([event('between')])
      expect(signedBy(await vendor.checkpoint(), key(), newKey)).toBe(true)
      await retireLogKey(dir, key())
      expect(await signer.signal('SIGHUP', / read again: /)).toContain(newKey)
      expect(await hub.signal('SIGHUP', READ)).not.toContain(key())
      await vendor.commit([event('after')])
      expect(signedBy(await vendor.checkpoint(), newKey)).toBe(true)
      writeFileSync(join(dir, 'log.key'), 'nonsense\n')
      expect(await signer.signal('SIGHUP', / nothing was read again/)).toContain('is damaged')
      await vendor.commit([event('still')])
      expect(forks(await load.stop())).toEqual([])
    } finally {
      await hub.stop()
      await signer.stop()
    }
  })
})

function secretOf(name: string): string {
  return `${generateNoteKey(name).secret}\n`
}
