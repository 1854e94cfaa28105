import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEvent } from '@sigillo/chronology/case-file'
import { explainCase } from '@sigillo/chronology/explain'
import { generateIdentity } from '@sigillo/seal/identity'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importEvents, newCase, requireCase, stateHandOvers } from './cases.ts'
import { chronologyInput } from './chronology-input.ts'
import type { Desk } from './context.ts'
import type { DistributionDocument } from './documents.ts'
import { createVault, openVault } from './vault.ts'

let folder = ''
let desk: Desk

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigillo-chronology-'))
  const { identity, recipient } = await generateIdentity()
  const created = new Date('2021-01-01T00:00:00Z')
  const release = { releaseKey: 'demo+00000000+AA', releaseSecret: 'unused' }
  await createVault(join(folder, 'v'), { programme: 'demo', key: { recipients: [recipient] }, created, ...release })
  const vault = await openVault(join(folder, 'v'), { identity })
  desk = { vault, now: () => created, random: (n) => new Uint8Array(n), progress: () => undefined }
  await newCase(desk, 'c1', 'A case', '2021-03-09T18:00:00Z')
})
afterEach(async () => {
  desk.vault.close()
  await rm(folder, { recursive: true, force: true })
})

const attack = (trace?: string) =>
  parseEvent(
    {
      id: 'hit',
      kind: 'attack-observed',
      at: { earliest: '2021-02-28T00:00:00Z', latest: '2021-02-28T23:59:59Z' },
      source: { title: 'own observation' },
      confidence: 'high',
      ...(trace === undefined ? {} : { trace }),
    },
    'the event',
  )

async function handOver(caseId = 'c1', notBefore = '2021-02-23T18:00:00Z'): Promise<void> {
  const record = { recipient: 'p1', paths: ['a'], sha256: '00', bytes: 1, notBefore }
  const document: DistributionDocument = {
    schema: 'sigillo-desk-distribution/1',
    id: `${caseId}.d1`,
    case: caseId,
    artefact: 'a1',
    planHash: '00',
    plan: {},
    family: 'HALF',
    key: '00',
    commitment: '00',
    randomness: 'seeded',
    sealedAt: '2021-02-20T09:00:00Z',
    recipients: ['p1', 'p2'],
    packages: [{ id: 'k1', ...record }],
    log: null,
    pushed: false,
  }
  await desk.vault.write('distributions', document.id, document)
}

async function traced(p: number): Promise<void> {
  const suspect = {
    recipient: 'p1',
    p,
    bound: p,
    decoder: 'S',
    model: 'alone',
    given: [],
    matches: 9,
    expectedMatches: 4,
  }
  const accusations = [{ ...suspect, readable: 9, threshold: 1e-6 / 2 }]
  const result = {
    verdict: 'accusation',
    alpha: 1e-6,
    leadAlpha: 0.01,
    recipients: 2,
    readable: 9,
    accusations,
    leads: [],
    pairs: [],
  }
  const part = { distribution: 'c1.d1', case: 'c1', readingHash: '00', readings: [], tested: ['p1', 'p2'], result }
  const document = {
    schema: 'sigillo-desk-trace/1',
    id: 'trace-1',
    at: '2021-03-01T00:00:00Z',
    alpha: 1e-6,
    samples: [],
    parts: [part],
  }
  await desk.vault.write('traces', 'trace-1', document)
}

const input = async () => chronologyInput(desk, await requireCase(desk, 'c1'))

async function partnerStatuses(): Promise<readonly (string | undefined)[]> {
  const { caseFile, options } = await input()
  const [wave] = explainCase(caseFile, options).waves
  return ['partner-leak', 'partner-intrusion'].map((id) => wave?.explanations.find((each) => each.id === id)?.status)
}

describe('what the vault knows for the reasoning', () => {
  it('a vault that never handed anything over says nothing about hand-overs', async () => {
    await importEvents(desk, 'c1', { events: [attack()] })
    const { caseFile, options, notes } = await input()
    expect(caseFile.events.map((event) => event.id)).toEqual(['hit'])
    expect(options).toEqual({ evidence: [] })
    expect(notes).toEqual([])
  })

  it('its own hand-over comes into the case, not before its first package may be opened', async () => {
    await handOver()
    await importEvents(desk, 'c1', { events: [attack()] })
    const { caseFile, options, notes } = await input()
    const event = caseFile.events.find((each) => each.id === 'log-c1.d1')
    expect(event).toMatchObject({ kind: 'shared-with-partners', recipientCount: 2, at: { assumed: ['latest'] } })
    expect(event?.at.earliest).toBe(Date.parse('2021-02-23T18:00:00Z'))
    expect(options.completeFor).toEqual(['shared-with-partners'])
    expect(notes[0]).toContain('log-c1.d1')
  })

  it('a hand-over that is on record already is not told twice', async () => {
    await handOver()
    const at = { earliest: '2021-02-23T00:00:00Z', latest: '2021-02-23T23:59:59Z' }
    const told = { id: 'told', kind: 'shared-with-partners', at, source: { title: 'x' }, confidence: 'high' }
    await importEvents(desk, 'c1', { events: [attack(), parseEvent(told, 'told')] })
    expect((await input()).caseFile.events.map((event) => event.id)).toEqual(['hit', 'told'])
  })

  it('a vault that handed something over in another case does not clear the partners in this one: it may have been shared outside', async () => {
    await newCase(desk, 'c2', 'Another case', '2021-03-09T18:00:00Z')
    await handOver('c2')
    await importEvents(desk, 'c1', { events: [attack()] })
    expect(await partnerStatuses()).toEqual(['possible', 'possible'])
    expect((await input()).notes).toEqual([expect.stringContaining('sigillo case hand-overs c1 complete')])
  })

  it('only the statement that nothing was shared excludes leak by and intrusion at partners, and it can be taken back', async () => {
    await importEvents(desk, 'c1', { events: [attack()] })
    await stateHandOvers(desk, 'c1', true)
    expect(await partnerStatuses()).toEqual(['excluded', 'excluded'])
    expect((await input()).notes.join()).toContain('one that is not did not happen')
    await stateHandOvers(desk, 'c1', false)
    expect(await partnerStatuses()).toEqual(['possible', 'possible'])
    expect((await input()).notes.join()).toContain('may be missing')
  })

  it('the hand-overs of a case that this vault distributed count as all there were, unless somebody states otherwise', async () => {
    await handOver()
    await importEvents(desk, 'c1', { events: [attack()] })
    const before = await input()
    expect(before.options.completeFor).toEqual(['shared-with-partners'])
    expect(before.notes.join()).toContain('sigillo case hand-overs c1 incomplete')
    await stateHandOvers(desk, 'c1', false)
    expect((await input()).options).not.toHaveProperty('completeFor')
  })

  it('a trace counts for the wave whose event names it, for leak and intrusion alike', async () => {
    await handOver()
    await traced(1e-12)
    await importEvents(desk, 'c1', { events: [attack('trace-1')] })
    const { caseFile, options } = await input()
    const [wave] = explainCase(caseFile, options).waves
    expect(wave?.leading).toEqual(['partner-leak', 'partner-intrusion'])
    expect(wave?.verdict).toBe('likely')
    expect(wave?.evidence.join()).toContain('trace-1')
  })

  it('a trace that no event names is not used, and the reason is said', async () => {
    await handOver()
    await traced(1e-12)
    await importEvents(desk, 'c1', { events: [attack()] })
    const { options, notes } = await input()
    expect(options.evidence).toEqual([])
    expect(notes.join()).toContain('trace-1 is not used: no event says when its sample was seen')
  })
})
