import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { c } from './language.ts'
import { inFile, inFunction } from './samples.ts'

const fixture = readFileSync(join(import.meta.dirname, '../../../fixtures/c/ledger.c'), 'utf8')

async function kindsOf(text: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.c', text)
  return file.sites
    .filter((site) => site.kind === kind)
    .map((site) => site.variants.map((variant) => variant.shown).join(' | '))
}

const CASES =
  'switch (zq_kzz) {\n    case 41:\n    case 43:\n        zq_one(base);\n        break;\n    case 97:\n        return zq_two("zq-harbour");\n    }'

describe('C: what is marked', () => {
  it.each([
    [
      'two total bindings',
      '    const char *marker = "zq-lantern";\n    int ceiling = 90417;\n    zq_use(marker, ceiling);',
      'statement-order',
    ],
    [
      'a total binding beside a call',
      '    const char *marker = "zq-lantern";\n    zq_umask(027);\n    zq_use(marker);',
      'statement-order',
    ],
    [
      'two reads through pointers',
      '    int lantern = base->zq_first;\n    char harbour = archive[4];\n    zq_use(lantern, harbour);',
      'statement-order',
    ],
    [
      'assignments',
      '    int zq_a, zq_b;\n    zq_fill(&zq_a, &zq_b);\n    zq_a = 90417;\n    zq_b = 70411 * 3;\n    zq_use(zq_a, zq_b);',
      'statement-order',
    ],
    ['fields of a struct of this file', '    base->zq_first = 90417;\n    base->zq_second = 70411;', 'statement-order'],
    [
      'designated members',
      '    struct zq_port zq_box = {.zq_first = 90417, .zq_second = 70411};\n    zq_use(&zq_box);',
      'member-order',
    ],
    ['cases that nothing falls into or out of', `    ${CASES}`, 'case-order'],
    ['a comparison', '    if (zq_kzz > base->zq_ceiling)\n        zq_umask(23);', 'comparison'],
    ['a local with synonyms', '    int message = zq_lantern(base);\n    zq_umask(message);', 'local-name'],
    [
      'a name that an inner block declares anew',
      '    for (int message = 4; zq_more(message);)\n        zq_umask(message);',
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(inFunction(body), kind)).toHaveLength(1)
  })

  it.each([
    [
      'neighbouring functions',
      'static int zq_close(int zq_cable)\n{\n    return zq_second(zq_cable, "zq-harbour-close");\n}',
      'function-order',
    ],
    [
      'functions that know each other from prototypes',
      'void zq_later(int);\nint zq_early(void)\n{\n    return zq_later(1), zq_q("zq-harbour-close");\n}\n\nvoid zq_later(int zq_x)\n{\n    zq_r("zq-pier-close", zq_x);\n}',
      'function-order',
    ],
    ['prototypes', 'int zq_lantern_up(int zq_height);\nvoid zq_harbour_down(const char *zq_name);', 'statement-order'],
    ['macros', '#define ZQ_LANTERN "zq-lantern-name"\n#define ZQ_HARBOUR(x) zq_harbour_of(x)', 'member-order'],
    [
      'an enumeration where every member says its value',
      'enum zq_state { ZQ_LANTERN = 97, ZQ_HARBOUR = 41 };',
      'member-order',
    ],
  ])('%s', async (_, declarations, kind) => {
    expect(await kindsOf(inFile(declarations), kind)).toHaveLength(1)
  })

  it('reads a file whose macros say how functions are stored', async () => {
    const text = inFile(
      '#define local static\n\nlocal int zq_close(int zq_cable)\n{\n    return zq_second(zq_cable, "zq-harbour-close");\n}\n\nlocal int zq_pull(int zq_cable)\n{\n    return zq_third(zq_cable, "zq-pier-pull");\n}',
    )
    expect(await kindsOf(text, 'function-order')).toHaveLength(1)
  })

  it('takes the comments above a function with it', async () => {
    const { file } = await findSites(
      'a.c',
      inFile('/* says so */\nint zq_close(int zq_cable)\n{\n    return zq_second(zq_cable, "zq-harbour-close");\n}'),
    )
    const site = file.sites.find((one) => one.kind === 'function-order')
    expect(file.text.slice(site?.parts?.[1]?.start)).toMatch(/^\/\* says so \*\/\nint zq_close/)
  })
})

describe('C: declared marks', () => {
  it.each([
    ['static const char *zq = "a\\tb\\101";', 'a\tbA', '"c \\"d\\""'],
    ['#define ZQ_NAME "plain"', 'plain', '"c \\"d\\""'],
    ['static const wchar_t *zq = L"wide";', 'wide', '"c \\"d\\""'],
  ])('%s', async (line, value, other) => {
    const source = `${line} // sigillo:mark essential ${JSON.stringify(value)} | "c \\"d\\""\n`
    const { file } = await findSites('a.c', source)
    expect(file.text).toBe(`${line}\n`)
    const [literal] = (await c.literals!(file.text)).literals
    expect(literal?.value).toBe(value)
    const { start, end } = literal!.span
    expect(file.text.slice(0, start) + literal!.encode('c "d"') + file.text.slice(end)).toContain(other)
  })

  it('numbers of macros', async () => {
    const source =
      '#define ZQ_PORT 8080 // sigillo:mark tuning 8080 | 8443 | 9090 | 8888\nint zq(void) { return zq_dial("zq-host-name", ZQ_PORT); }\n'
    const { file } = await findSites('a.c', source)
    expect(file.sites.filter((site) => site.kind === 'tuning')).toHaveLength(1)
    for (const variant of [0, 1, 2, 3])
      expect(
        await checkCopy(file, trialCopy(file, new Map(file.sites.map(({ id }) => [id, variant]))), () => variant),
      ).toEqual({ ok: true })
  })

  it('refuses what an escape could not end safely, and trigraphs', async () => {
    const { literals } = await c.literals!('char *a = "plain";\n')
    expect(literals[0]!.encode('bell \x07')).toBeNull()
    expect(literals[0]!.encode('what??/')).toBeNull()
    expect(literals[0]!.encode('line\n')).toBe('line\\n')
  })
})

describe('C: the fixture', () => {
  it('reads back from 200 random codewords, and every copy is the original but for its marks', async () => {
    const { file, warnings } = await findSites('ledger.c', fixture)
    expect(warnings).toEqual([])
    expect(file.sites.length).toBeGreaterThan(30)
    const next = numbersFrom(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const copy = trialCopy(file, word)
      const readings = await readFile(file, { path: 'found', text: copy })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word.get(site.id)))
      if (trial < 20) expect(await checkCopy(file, copy, (id) => word.get(id)!)).toEqual({ ok: true })
    }
  })

  it('sees a copy whose meaning was changed', async () => {
    const { file } = await findSites('ledger.c', fixture)
    for (const [from, to] of [
      ['summary->credits += amount', 'summary->credits -= amount'],
      ['            failures++;\n', ''],
      ['amount > store->largest', 'amount < store->largest'],
    ] as const) {
      expect(file.text).toContain(from)
      expect(await checkCopy(file, file.text.replace(from, to), () => 0)).toMatchObject({ ok: false })
    }
  })

  it('takes code for C that macros keep from parsing, and no prose', async () => {
    expect(await c.parseError(`${fixture}\nZQ_MODULE("ledger")\n`)).toBeNull()
    expect(await c.parseError('This is a report ((( of what we found.\n')).toMatch(/^no c at line 1/)
  })
})
