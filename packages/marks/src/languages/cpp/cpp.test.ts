import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { cProposals } from '../c/family.ts'
import { parseC } from '../c/parse.ts'
import { inClass, inFile, inFunction } from './samples.ts'

const fixture = readFileSync(join(import.meta.dirname, '../../../fixtures/cpp/ledger.cpp'), 'utf8')

async function kindsOf(text: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.cpp', text)
  return file.sites
    .filter((site) => site.kind === kind)
    .map((site) => site.variants.map((variant) => variant.shown).join(' | '))
}

/** Proposals of one kind, whether they could be read back or not. */
async function proposed(text: string, kind: string): Promise<string[]> {
  const { root, firstError } = await parseC('cpp', text)
  expect(firstError).toBeNull()
  return cProposals(text, root, true)
    .filter((draft) => draft.kind === kind)
    .map((draft) => draft.variants.map((variant) => variant.shown).join(' | '))
}

const CASES =
  'switch (zqKzz) {\n    case ZqKind::lantern:\n        zqOne(base);\n        break;\n    case ZqKind::harbour:\n        return zqTwo("zq-harbour");\n    }'

describe('C++: what is marked', () => {
  it.each([
    [
      'two total bindings',
      '    const char *marker = "zq-lantern";\n    int ceiling = 90417;\n    zqUse(marker, ceiling);',
      'statement-order',
    ],
    [
      'a number declared beside a call',
      '    std::size_t marker = 90417;\n    zqUmask(027);\n    zqUse(marker);',
      'statement-order',
    ],
    [
      'number fields of a class of this file',
      '    base->zqFirst = 90417;\n    base->zqSecond = 70411;',
      'statement-order',
    ],
    ['cases that nothing falls into or out of', `    ${CASES}`, 'case-order'],
    ['a comparison of numbers', '    if (archive.size() > manifest.length())\n        zqUmask(23);', 'comparison'],
    ['a local with synonyms', '    auto message = zqLantern(base);\n    zqUmask(message);', 'local-name'],
    [
      'a name that a lambda captures',
      '    auto message = zqLantern(base);\n    zqLater([message] { return zqSay(message); });',
      'local-name',
    ],
    [
      'the name of a loop over a range',
      '    for (const auto &message : zqLantern(base))\n        zqUmask(message);',
      'local-name',
    ],
    [
      'the name of what is caught',
      '    try { zqRisk(base); } catch (const ZqError &message) { zqSay(message); }',
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(inFunction(body), kind)).toHaveLength(1)
  })

  it.each([
    [
      'neighbouring functions',
      inFile('int zqClose(int zqCable)\n{\n    return zqSecond(zqCable, "zq-harbour-close");\n}'),
    ],
    [
      'methods defined outside their class, which knows them',
      inFile(
        'int Zq::zqClose(int zqCable)\n{\n    return zqPull("zq-harbour-close");\n}\n\nint Zq::zqPull(const char *zqCable)\n{\n    return zqThird(zqCable, "zq-pier-pull");\n}',
      ),
    ],
    [
      'methods of a class, which know each other',
      inClass(
        '    int zqClose(int zqCable)\n    {\n        return zqOpen(zqCable) + zqThird("zq-harbour-close");\n    }',
      ),
    ],
  ])('%s', async (_, text) => {
    expect(await kindsOf(text, 'function-order')).toHaveLength(1)
  })
})

describe('C++: what is left alone', () => {
  it.each([
    [
      'objects, whose making may do anything',
      '    std::string zqA = "zq-lantern";\n    std::vector<int> zqB(4);\n    zqUse(zqA, zqB);',
      'statement-order',
    ],
    [
      'an assignment to an object',
      '    std::string zqA, zqB;\n    zqSync(1);\n    zqA = "zq-lantern";\n    zqB = "zq-harbour";\n    zqUse(zqA, zqB);',
      'statement-order',
    ],
    [
      'a variable that a call may have a reference to',
      '    int zqA = zqGet(base);\n    zqKeep(zqA);\n    zqA = 90417;\n    zqUmask(23);\n    zqUse(zqA);',
      'statement-order',
    ],
    [
      'a variable with another name',
      '    int zqA = 4;\n    int &zqB = zqA;\n    zqSync(1);\n    zqB = 90417;\n    zqUse(zqA);',
      'statement-order',
    ],
    [
      'an assignment that a handler may see',
      '    int zqA = zqGet();\n    try {\n        zqA = 90417;\n        zqRisk();\n    } catch (...) {\n        throw zqA;\n    }',
      'statement-order',
    ],
    ['fields that are objects', '    base->zqName = "zq-lantern";\n    base->zqFirst = 90417;', 'statement-order'],
    [
      'reads, which may be operators',
      '    int zqA = base->zqFirst;\n    int zqB = archive[4];\n    zqA += zqB;',
      'statement-order',
    ],
    ['a comparison of what may be objects', '    if (zqLeft > base->zqFirst)\n        zqUmask(23);', 'comparison'],
    ['a comparison in the arguments of a template', '    zqCheck<(sizeof(int) > sizeof(zqKzz))>(base);', 'comparison'],
    [
      'designated members, whose order is the law',
      '    ZqPort zqBox = {.zqFirst = 90417, .zqSecond = 70411};\n    zqUse(&zqBox);',
      'member-order',
    ],
    [
      'a name that is a field of a class inside',
      '    auto message = zqLantern(base);\n    struct Zq { int message; int zqSay() { return message; } };\n    zqUmask(message);',
      'local-name',
    ],
    [
      'a name that also means a member',
      '    zqUmask(message);\n    if (zqKzz) {\n        int message = zqLantern(base);\n        zqUmask(message);\n    }',
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await proposed(inFunction(body), kind)).toEqual(await proposed(inFunction(''), kind))
  })

  it.each([
    ['overloads', inFile('int zqOpen(const char *zqCable)\n{\n    return zqSecond(zqCable, "zq-harbour");\n}')],
    [
      'operators, which are called without their name',
      inFile('int operator<<(Zq &zqA, int zqB)\n{\n    return zqSecond(zqA, zqB);\n}'),
    ],
    ['functions that loops call', inFile('int *begin(Zq &zqA)\n{\n    return zqSecond(zqA);\n}')],
    [
      'functions whose type only their body tells',
      inFile('auto zqClose(int zqCable)\n{\n    return zqSecond(zqCable);\n}'),
    ],
    ['functions that constants need', inFile('constexpr int zqClose(int zqCable)\n{\n    return zqCable + 4;\n}')],
    ['templates', inFile('template <class T> int zqClose(T zqCable)\n{\n    return zqSecond(zqCable);\n}')],
    [
      'virtual methods, which have a place in a table',
      inClass('    virtual int zqClose(int zqCable)\n    {\n        return zqThird("zq-harbour-close");\n    }'),
    ],
    [
      'constructors, which people put first',
      inClass('    ZqRecorder(int zqCable)\n    {\n        zqThird("zq-harbour-close", zqCable);\n    }'),
    ],
  ])('%s', async (_, text) => {
    expect(await proposed(text, 'function-order')).toEqual([])
  })
})

describe('C++: the fixture', () => {
  it('reads back from 200 random codewords, and every copy is the original but for its marks', async () => {
    const { file, warnings } = await findSites('ledger.cpp', fixture)
    expect(warnings).toEqual([])
    expect(file.sites.length).toBeGreaterThan(20)
    const next = numbersFrom(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const copy = trialCopy(file, word)
      const readings = await readFile(file, { path: 'found', text: copy })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word.get(site.id)))
      if (trial < 20) expect(await checkCopy(file, copy, (id) => word.get(id)!)).toEqual({ ok: true })
    }
  })
})
