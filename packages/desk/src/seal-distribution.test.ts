import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commitment } from '@sigillo/fingerprint/generator'
import { openPackage, packageHash } from '@sigillo/seal/package'
import type { AgeIdentity } from '@sigillo/seal/identity'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { planOf } from './artefacts.ts'
import { openCodebook } from './codebook.ts'
import { renderCopy } from './copies.ts'
import type { DistributionDocument } from './documents.ts'
import { addMarked, addRecipients, type ExampleDesk, openExampleDesk, sealToAll } from './example-desk.fixture.ts'
import { outboxPath, readWholePackage } from './outbox.ts'
import { addPartners, loadRoster } from './partners.ts'
import { type Commitments, commitmentsOf, distributionsOf } from './seal-distribution.ts'

let world: ExampleDesk
let keys: ReadonlyMap<string, AgeIdentity>

const outbox = (): readonly string[] => {
  try {
    return readdirSync(join(world.folder, 'vault', 'outbox')).sort()
  } catch {
    return []
  }
}
const ids = async (): Promise<readonly string[]> => (await distributionsOf(world.desk)).map(({ id }) => id)

beforeAll(async () => {
  world = await openExampleDesk()
  keys = await addRecipients(world.desk, { one: 'full', two: 'full', three: 'rules', four: 'entry' })
  await addMarked(world, 'a1', [6, 6])
})
afterAll(() => world.remove())

describe('sealing that cannot be finished', () => {
  it.each([
    ['the artefact’s own test fails on a copy', async () => addMarked(world, 'failing', [6, 6], 'exit 4 #'), 'failing'],
    [
      'an artefact has too few marks to tell the recipients apart',
      async () => addMarked(world, 'bare', [0, 0]),
      'bare',
    ],
  ])('leaves nothing to hand over when %s', async (_, prepare, artefact) => {
    await prepare()
    await expect(sealToAll(world.desk, artefact)).rejects.toMatchObject({
      code: artefact === 'failing' ? 'test-failed' : 'nothing-to-do',
    })
    expect(await ids()).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('leaves nothing to hand over when the log does not take the commitments', async () => {
    const commit = () => Promise.reject(new Error('the hub is away'))
    await expect(sealToAll(world.desk, 'a1', { commit })).rejects.toThrow('the hub is away')
    expect(await ids()).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('leaves nothing to hand over when the last recipient’s key turns out to be none', async () => {
    const roster = await loadRoster(world.desk)
    const broken = { ...roster[0], id: 'zz', ageRecipient: `age1${'q'.repeat(58)}` }
    await world.desk.vault.write('programme', 'roster', [...roster, broken])
    await expect(sealToAll(world.desk, 'a1', { to: ['one', 'zz'] })).rejects.toMatchObject({ name: 'SealError' })
    await world.desk.vault.write('programme', 'roster', roster)
    expect(await ids()).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('leaves no distribution when its packages cannot be written', async () => {
    const path = join(world.folder, 'vault', 'outbox')
    rmSync(path, { recursive: true, force: true })
    writeFileSync(path, 'in the way')
    const attempt = sealToAll(world.desk, 'a1', { to: ['one'] })
    await expect(attempt).rejects.toMatchObject({ code: 'not-writable' })
    rmSync(path)
    mkdirSync(path)
    expect(await ids()).toEqual([])
  })

  it('never commits to a second key under the same id: the log would contradict itself', async () => {
    const committed: Commitments[] = []
    const commit = (facts: Commitments) => {
      committed.push(facts)
      return Promise.resolve({ catalogue: 0, codebook: 1 })
    }
    await expect(sealToAll(world.desk, 'failing', { commit, to: ['one'] })).rejects.toMatchObject({
      code: 'test-failed',
    })
    await sealToAll(world.desk, 'a1', { commit, to: ['one'] })
    expect(new Set(committed.map(({ distribution }) => distribution)).size).toBe(2)
    // The key of the attempt that failed is still there, so that its commitment can be opened.
    const [failed] = committed
    const kept = await world.desk.vault.read('sealings', failed?.distribution ?? '', z.looseObject({ key: z.string() }))
    expect(Buffer.from(commitment(Buffer.from(kept?.key ?? '', 'hex'))).toString('hex')).toBe(failed?.commitment)
  })
})

describe('a sealed distribution', () => {
  let distribution: DistributionDocument
  let told: Commitments | undefined
  let outboxWhenTold: readonly string[]

  beforeAll(async () => {
    const before = outbox()
    distribution = await sealToAll(world.desk, 'a1', {
      to: ['one', 'two', 'three', 'four'],
      commit: (facts) => {
        told = facts
        outboxWhenTold = outbox().filter((name) => !before.includes(name))
        return Promise.resolve({ catalogue: 7, codebook: 8 })
      },
    })
  })

  it('was committed to before any copy existed, by hashes that follow from what is kept', () => {
    expect(outboxWhenTold).toEqual([])
    expect(told).toEqual(commitmentsOf(distribution))
    expect(told?.commitment).toBe(Buffer.from(commitment(Buffer.from(distribution.key, 'hex'))).toString('hex'))
    expect(JSON.stringify(told)).not.toContain(distribution.key)
    expect(distribution.log).toEqual({ catalogue: 7, codebook: 8 })
  })

  it('holds a package for every recipient and time that the policy names, and counts everybody who gets one', () => {
    const planned = distribution.packages.map(({ recipient, paths, notBefore }) => [recipient, paths, notBefore])
    expect(planned).toEqual([
      ['one', ['guidance.md', 'poc/tool.md'], '2030-02-23T18:00:00.000Z'],
      ['two', ['guidance.md', 'poc/tool.md'], '2030-02-23T18:00:00.000Z'],
      ['three', ['guidance.md'], '2030-02-23T18:00:00.000Z'],
      ['four', ['guidance.md'], '2030-03-08T18:00:00.000Z'],
    ])
    expect(distribution.recipients).toEqual(['one', 'two', 'three', 'four'])
  })

  it('gives each recipient the copy that its codeword says, and nobody else can open it', async () => {
    const plan = planOf(distribution)
    const book = openCodebook(plan, Buffer.from(distribution.key, 'hex'), distribution.id, distribution.family)
    const texts = new Set<string>()
    for (const record of distribution.packages) {
      const { id, recipient, paths, sha256 } = record
      const bytes = await readWholePackage(world.desk, record)
      expect(packageHash(bytes)).toBe(sha256)
      expect(
        createHash('sha256')
          .update(readFileSync(outboxPath(world.desk, id)))
          .digest('hex'),
      ).toBe(sha256)
      const open = (identity = '') => openPackage({ bytes, vendorKey: world.releaseKey, identity })
      const { files } = await open(keys.get(recipient)?.identity)
      expect(files).toEqual(await renderCopy(plan, book, recipient, paths))
      texts.add(files.map((file) => Buffer.from(file.bytes).toString()).join())
      const stranger = [...keys].find(([other]) => other !== recipient)?.[1].identity
      await expect(open(stranger)).rejects.toMatchObject({ name: 'SealError' })
    }
    expect(texts.size).toBe(4)
  })

  it('has one body for each tier and set of files, whoever gets a copy of them', () => {
    const bodies = distribution.packages.map(({ body }) => body)
    expect(bodies[0]).toBe(bodies[1])
    expect(new Set(bodies).size).toBe(3)
    for (const body of bodies) expect(outbox()).toContain(`${String(body)}.body.age`)
  })

  it('keeps to its artefact as it was: what is sealed next has another id, key and copies', async () => {
    const next = await sealToAll(world.desk, 'a1', { to: ['one'] })
    expect(next.id).not.toBe(distribution.id)
    expect(next.key).not.toBe(distribution.key)
    expect(next.planHash).toBe(distribution.planHash)
  })

  it('is refused when nobody would get anything, naming no recipient', async () => {
    await addPartners(
      world.desk,
      [{ id: 'gone', tier: 'full', state: 'removed', ageRecipient: keys.get('one')?.recipient }],
      'test',
    )
    await expect(sealToAll(world.desk, 'a1', { to: ['gone'] })).rejects.toMatchObject({ code: 'nothing-to-do' })
    await expect(sealToAll(world.desk, 'a1', { to: ['nobody'] })).rejects.toMatchObject({ code: 'unknown-partner' })
  })
})
