import { parseCaseFile, parseEvent } from '@sigillo/chronology/case-file'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chronologyOf, importEvents, newCase, requireCase } from './cases.ts'
import { type ExampleDesk, openExampleDesk } from './example-desk.fixture.ts'

let world: ExampleDesk
beforeEach(async () => {
  world = await openExampleDesk()
})
afterEach(() => world.remove())

function seen(id: string, at: string, note = 'seen') {
  const value = { id, kind: 'attack-observed', at: { earliest: at, latest: at }, note, source: { title: 'Sensor 7' } }
  return parseEvent(value, 'test')
}
const events = async () => chronologyOf(await requireCase(world.desk, 'c1')).events

describe('a case', () => {
  it('is under embargo from the start, until an instant with hour and zone', async () => {
    expect((await requireCase(world.desk, 'c1')).embargo).toEqual({
      state: 'active',
      releaseAt: '2030-03-09T18:00:00Z',
    })
    for (const release of ['2030-03-09', '2030-03-09T18:00:00', 'soon'])
      await expect(newCase(world.desk, 'c2', 'x', release)).rejects.toMatchObject({ code: 'bad-embargo' })
    expect(await world.desk.vault.list('cases')).toEqual(['c1'])
  })

  it('is never replaced by another of the same name', async () => {
    await expect(newCase(world.desk, 'c1', 'Other', '2031-01-01T10:00:00Z')).rejects.toMatchObject({ code: 'exists' })
    expect((await requireCase(world.desk, 'c1')).title).toBe('A case')
  })

  it('is asked for by its name', async () => {
    await expect(requireCase(world.desk, 'c9')).rejects.toMatchObject({ code: 'unknown-case' })
    await expect(requireCase(world.desk, '../c1')).rejects.toMatchObject({ code: 'bad-name' })
  })
})

describe('an import', () => {
  it('adds what is new and leaves alone what is there', async () => {
    const both = [seen('e1', '2030-02-01T00:00:00Z'), seen('e2', '2030-02-02T00:00:00Z')]
    expect(await importEvents(world.desk, 'c1', { events: both })).toEqual({ added: 2, unchanged: 0, conflicts: [] })
    expect(await importEvents(world.desk, 'c1', { events: both })).toEqual({ added: 0, unchanged: 2, conflicts: [] })
    expect(await events()).toHaveLength(2)
  })

  it('keeps both sides of a contradiction and says so', async () => {
    await importEvents(world.desk, 'c1', { events: [seen('e1', '2030-02-01T00:00:00Z')] })
    const { added, conflicts } = await importEvents(world.desk, 'c1', { events: [seen('e1', '2030-02-05T00:00:00Z')] })
    expect({ added, conflicts }).toMatchObject({
      added: 1,
      conflicts: [expect.stringMatching(/^event e1 was there with other content; both are kept/)],
    })
    const kept = await events()
    expect(kept.map(({ at }) => at.earliest)).toEqual([Date.parse('2030-02-01'), Date.parse('2030-02-05')])
    expect(kept[1]?.conflictsWith).toContain('e1')
  })

  it('keeps declared orders and clock errors, each once', async () => {
    const file = parseCaseFile({
      schema: 'sigillo-case/1',
      id: 'x',
      title: 'x',
      events: [],
      orders: [{ first: 'e1', second: 'e2', source: 'a report' }],
      clocks: [{ source: 'Sensor 7', ahead_seconds: { min: 1, max: 2 }, why: 'measured' }],
    })
    const both = [seen('e1', '2030-02-01T00:00:00Z'), seen('e2', '2030-02-02T00:00:00Z')]
    await importEvents(world.desk, 'c1', { events: both })
    for (let n = 0; n < 2; n += 1) await importEvents(world.desk, 'c1', file)
    expect(chronologyOf(await requireCase(world.desk, 'c1')).extra).toMatchObject({
      orders: file.extra['orders'],
      clocks: file.extra['clocks'],
    })
  })

  it('that does not fit the case changes nothing', async () => {
    const orders = [{ first: 'e1', second: 'nobody', source: 'a report' }]
    const bad = { events: [seen('e1', '2030-02-01T00:00:00Z')], extra: { orders } }
    await expect(importEvents(world.desk, 'c1', bad)).rejects.toMatchObject({ name: 'ChronologyError' })
    expect(await events()).toEqual([])
  })

  it('keeps what was stated about hand-overs', async () => {
    const document = { ...(await requireCase(world.desk, 'c1')), handOversComplete: true }
    await world.desk.vault.write('cases', 'c1', document)
    await importEvents(world.desk, 'c1', { events: [seen('e1', '2030-02-01T00:00:00Z')] })
    expect((await requireCase(world.desk, 'c1')).handOversComplete).toBe(true)
  })
})
