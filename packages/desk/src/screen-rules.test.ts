import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderFile } from '@sigillo/marks/render'
import { huntingHits } from '@sigillo/similarity/hunting'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addArtefact, planOf, requireArtefact } from './artefacts.ts'
import { type ExampleDesk, openExampleDesk } from './example-desk.fixture.ts'
import { addRequired } from './required-parts.ts'
import { huntingRules, ruleAlarms, yaraText } from './screen-rules.ts'

const BUNDLE = fileURLToPath(new URL('../../../examples/posta/bundle/poc', import.meta.url))

let example: ExampleDesk
beforeAll(async () => {
  example = await openExampleDesk()
  await addArtefact(example.desk, 'c1', [BUNDLE], { name: 'poc' })
})
afterAll(() => example.remove())

/** Numbers that repeat, so that a failure can be looked at. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

describe('hunting rules', () => {
  test('hold what every copy holds: whatever the marks show, each feature is there', async () => {
    const { rules } = await huntingRules(example.desk, 'poc')
    const { files } = planOf(await requireArtefact(example.desk, 'poc'))
    expect(rules.map(({ file }) => file)).toEqual(files.map(({ path }) => path))
    for (const [at, file] of files.entries()) {
      const { features } = rules[at]!
      expect(features.length).toBeGreaterThan(12)
      for (let round = 0; round < 20; round += 1) {
        const random = seeded(round)
        const variants = new Map(file.sites.map(({ id, variants: all }) => [id, Math.floor(random() * all.length)]))
        const copy = renderFile(file, (site) => variants.get(site) ?? 0)
        const missing = features.filter((feature) => huntingHits([feature], Buffer.from(copy)) === 0)
        expect(missing.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([])
      }
    }
  })

  test('hold nothing that the flaw requires', async () => {
    const before = yaraText(await huntingRules(example.desk, 'poc'), null)
    expect(before).toContain('this Posta is not the toy')
    await addRequired(example.desk, 'poc', { values: ['this Posta is not the toy'] })
    expect(yaraText(await huntingRules(example.desk, 'poc'), null)).not.toContain('this Posta is not the toy')
  })

  test('hold nothing of the lines that the flaw requires, said by comments or afterwards', async () => {
    const tool = (begin = '', end = ''): string => `${begin}
def claim_vexillology(board):
    return board.hand_off("quartermaster-lantern/claim", proof="wombat-vellum-quarto")
${end}
def report_vexillology(board):
    for entry in board.waiting("cassowary-ledger/open"):
        print("the cassowary ledger still holds", entry["gannet_number"], "for", entry["puffin_title"])
    return board.close("cassowary-ledger/close", reason="nothing is left on the cassowary ledger")
`
    example.file('said/tool.py', tool('# sigillo:required begin', '# sigillo:required end'))
    const said = await addArtefact(example.desk, 'c1', [`${example.folder}/said`], { name: 'said' })
    expect(said.requiredLines).toEqual([{ path: 'tool.py', first: 1, last: 4 }])
    example.file('later/tool.py', tool())
    await addArtefact(example.desk, 'c1', [`${example.folder}/later`], { name: 'later' })
    const rulesOf = async (id: string): Promise<string> => yaraText(await huntingRules(example.desk, id), null)
    expect(await rulesOf('later')).toMatch(/quartermaster-lantern|wombat-vellum/)
    await addRequired(example.desk, 'later', { lines: [{ path: 'tool.py', first: 1, last: 4 }] })
    for (const id of ['said', 'later']) {
      const text = await rulesOf(id)
      expect(text).not.toMatch(/quartermaster|lantern|wombat|vellum/)
      expect(text).toContain('cassowary')
    }
  })

  test('say how often they alarm on public files', async () => {
    const found = await huntingRules(example.desk, 'poc')
    const copy = readFileSync(`${BUNDLE}/posta_handoff.py`)
    const files = [
      { id: 'copy', name: 'copy', bytes: copy },
      { id: 'other', name: 'other', bytes: Buffer.from('print("hello")\n') },
    ]
    expect(ruleAlarms(found, files)).toEqual({ files: 2, alarms: 1 })
    expect(yaraText(found, { files: 2, alarms: 1 })).toContain('false_alarms = "1 of 2 public files"')
  })

  test('are not made of what is too plain', async () => {
    example.file('plain/a.py', 'import os\nprint(os.name)\n')
    await addArtefact(example.desk, 'c1', [`${example.folder}/plain`], { name: 'plain' })
    await expect(huntingRules(example.desk, 'plain')).rejects.toThrow('no rule was made')
  })
})
