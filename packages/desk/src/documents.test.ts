import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requireArtefact } from './artefacts.ts'
import { requireCase } from './cases.ts'
import { type ExampleDesk, openExampleDesk } from './example-desk.fixture.ts'
import { requireHub } from './hub-log.ts'
import { loadRoster, readPartnerFile, requirePartner } from './partners.ts'
import { readJsonInput } from './read-input.ts'
import { requireDistribution } from './seal-distribution.ts'
import { requireTrace } from './trace-record.ts'

let world: ExampleDesk
beforeAll(async () => {
  world = await openExampleDesk()
})
afterAll(() => world.remove())

const readers = {
  cases: () => requireCase(world.desk, 'x'),
  artefacts: () => requireArtefact(world.desk, 'x'),
  distributions: () => requireDistribution(world.desk, 'x'),
  traces: () => requireTrace(world.desk, 'x'),
} as const

const HOSTILE: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a list', []],
  ['a text', 'case'],
  ['a deep nest', JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`)],
  ['another schema', { schema: 'sigillo-desk-other/9', id: 'x' }],
  ['a prototype in disguise', JSON.parse('{"__proto__":{"schema":"sigillo-desk-case/1"},"id":"x"}')],
]

describe.each(Object.entries(readers))('a document among the %s that is not what it should be', (collection, read) => {
  it.each(HOSTILE)('is refused in one line that names the file: %s', async (_, value) => {
    await world.desk.vault.write(collection, 'x', value)
    await expect(read()).rejects.toMatchObject({
      name: 'DeskError',
      code: 'vault-broken',
      message: expect.stringMatching(new RegExp(`^[^\\n]*${collection}/x\\.json\\.age cannot be opened [^\\n]*$`)),
    })
  })
})

describe('a case with a field too many or too few', () => {
  it('is refused: it may come from a later version, whose fields would be lost', async () => {
    const { ...whole } = await requireCase(world.desk, 'c1')
    for (const document of [
      { ...whole, colour: 'red' },
      { ...whole, title: undefined },
    ]) {
      await world.desk.vault.write('cases', 'x', document)
      await expect(requireCase(world.desk, 'x')).rejects.toMatchObject({ code: 'vault-broken' })
    }
  })
})

describe('a roster with a bad record', () => {
  it('is refused with the place of the record', async () => {
    await world.desk.vault.write('programme', 'roster', [{ id: 'p1' }])
    await expect(loadRoster(world.desk)).rejects.toThrow(/^the roster in the vault, entry 1: "ageRecipient" is missing/)
    await expect(requirePartner(world.desk, 'p1')).rejects.toMatchObject({ code: 'bad-partner' })
  })
})

describe('a hub that is half remembered', () => {
  it('is refused, and one that is not remembered is said to be missing', async () => {
    await expect(requireHub(world.desk)).rejects.toMatchObject({ code: 'no-hub' })
    await world.desk.vault.write('programme', 'hub', { url: 'http://localhost' })
    await expect(requireHub(world.desk)).rejects.toMatchObject({ code: 'vault-broken' })
  })
})

describe('a file that a user names', () => {
  it.each([
    ['cut off', '{"partners": [', 'bad-json'],
    ['not JSON', 'partners', 'bad-json'],
    ['binary', new Uint8Array([123, 0, 125]), 'not-text'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'not-text'],
  ])('is refused in one line when it is %s', async (_, content, code) => {
    const path = world.file('in.json', content)
    await expect(readJsonInput(path, 'the input')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^the input: [^\n]+in\.json[^\n]*$/),
    })
  })

  it('is no partner list when it is cut off, a number or a ragged table', async () => {
    for (const text of ['[{"id": "a"}', '{"partners": [', 'id,tier\na,full,DE,more\n']) {
      const path = world.file('partners', text)
      await expect(readPartnerFile(path)).rejects.toMatchObject({
        code: 'bad-json',
        message: expect.stringMatching(/^the partner list: [^\n]+$/),
      })
    }
  })

  it('gives its partners as JSON list, JSON object or table alike', async () => {
    const rows = [
      { id: 'a', tier: 'full' },
      { id: 'b', tier: 'rules' },
    ]
    for (const text of [JSON.stringify(rows), JSON.stringify({ partners: rows }), '\ufeffid,tier\na,full\nb,rules\n'])
      expect(await readPartnerFile(world.file('partners', text))).toEqual(rows)
  })
})
