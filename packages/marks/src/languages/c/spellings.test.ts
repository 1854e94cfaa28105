import { describe, expect, it } from 'vitest'
import { findSites } from '../../find-sites.ts'
import { cProposals } from './family.ts'
import { parseC } from './parse.ts'
import { inFile, inFunction } from './samples.ts'

async function found(text: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.c', text)
  return file.sites.filter((site) => site.kind === kind).map((site) => site.variants[1]!.shown)
}

/** Proposals of one kind, whether they could be read back or not. */
async function proposed(text: string, kind: string, cpp = false): Promise<string[]> {
  const { root, firstError } = await parseC(cpp ? 'cpp' : 'c', text)
  expect(firstError).toBeNull()
  return cProposals(text, root, cpp)
    .filter((draft) => draft.kind === kind)
    .map((draft) => draft.variants[1]!.shown)
}

const branches = (test: string): string =>
  `    if (${test}) {\n        zq_umask("zq-lantern");\n    } else {\n        zq_sync("zq-harbour", 4);\n    }`

describe('C: operands, branches, loops and static functions', () => {
  it.each([
    [
      'products',
      '    zq_use(base->zq_width * base->zq_height);',
      'operand-order',
      'base->zq_height before base->zq_width',
    ],
    ['flags', '    zq_use(ZQ_CREATE | ZQ_APPEND);', 'operand-order', 'ZQ_APPEND before ZQ_CREATE'],
    ['sums of numbers', '    long zq_a = 4;\n    zq_use(zq_a + zq_kzz);', 'operand-order', 'zq_kzz before zq_a'],
    [
      'tests of different things',
      '    if (zq_kzz > 4 && base != NULL)\n        zq_umask(23);',
      'condition-order',
      'base != NULL before zq_kzz > 4',
    ],
    ['an equality', branches('base->zq_first == zq_kzz'), 'branch-order', 'if base->zq_first != zq_kzz'],
    ['a call', branches('zq_ready(base)'), 'branch-order', 'if !zq_ready(base)'],
    [
      'a conditional expression',
      '    zq_use(base->zq_first == zq_kzz ? base->zq_left : zq_kzz);',
      'branch-order',
      'if base->zq_first != zq_kzz',
    ],
    [
      'a loop without end',
      '    while (1) {\n        if (zq_more("zq-lantern", base))\n            break;\n    }',
      'loop-form',
      'for',
    ],
    [
      'the same written the other way',
      '    for (;;) {\n        if (zq_more("zq-lantern", base))\n            break;\n    }',
      'loop-form',
      'while',
    ],
  ])('%s', async (_, body, kind, other) => {
    expect(await found(inFunction(body), kind)).toEqual([other])
  })

  it.each([
    ['pointers, which know + as well', '    zq_use(archive + base->zq_height);', 'operand-order'],
    ['differences', '    zq_use(zq_kzz - base->zq_height);', 'operand-order'],
    ['a product beside a quotient', '    long zq_a = 4, zq_b = 5;\n    zq_use(zq_a / zq_b * zq_kzz);', 'operand-order'],
    ['calls', '    zq_use(zq_a() * zq_b());', 'operand-order'],
    ['what a macro may print', '    ZQ_SAY(base->zq_width * base->zq_height);', 'operand-order'],
    ['a test that guards the next', '    if (base && base->zq_ready)\n        zq_umask(23);', 'condition-order'],
    [
      'a chain of tests',
      '    if (zq_kzz == 4) {\n        zq_umask(1);\n    } else if (zq_kzz == 5) {\n        zq_umask(2);\n    } else {\n        zq_umask(3);\n    }',
      'branch-order',
    ],
    ['a macro that may hold an operator', branches('ZQ_READY(base)'), 'branch-order'],
    ['a test of two things', branches('zq_kzz == 4 || !base'), 'branch-order'],
    [
      'branches without braces',
      '    if (zq_kzz == 4)\n        zq_umask(1);\n    else\n        zq_umask(2);',
      'branch-order',
    ],
    ['a loop that ends', '    while (zq_kzz)\n        zq_umask(1);', 'loop-form'],
  ])('not %s', async (_, body, kind) => {
    expect(await proposed(inFunction(body), kind)).toEqual([])
  })

  it.each([
    [
      'a static function',
      'static int fetch_rows(int zq_cable)\n{\n    return zq_second(zq_cable, "zq-harbour-close");\n}\n\nint zq_go(void)\n{\n    return fetch_rows(23);\n}',
      1,
    ],
    [
      'a function that other files see',
      'int fetch_rows(int zq_cable)\n{\n    return zq_second(zq_cable, "zq-harbour-close");\n}\n\nint zq_go(void)\n{\n    return fetch_rows(23);\n}',
      0,
    ],
    [
      'a function in a table',
      'static int fetch_rows(int zq_cable)\n{\n    return zq_second(zq_cable, "zq-harbour-close");\n}\n\nint (*zq_table[])(int) = {fetch_rows};',
      0,
    ],
    [
      'a function that a macro calls',
      '#define ZQ_GO fetch_rows(4)\nstatic int fetch_rows(int zq_cable)\n{\n    return zq_second(zq_cable, "zq-harbour-close");\n}\n\nint zq_go(void)\n{\n    return fetch_rows(23) + ZQ_GO;\n}',
      0,
    ],
  ])('names: %s', async (_, text, count) => {
    expect(await proposed(inFile(text), 'function-name')).toHaveLength(count)
  })
})

describe('C++: operands and branches', () => {
  const inCpp = (body: string): string => inFunction(body).replaceAll('zq_kzz', 'kzz')
  it.each([
    ['operands that may be objects', '    zq_use(base->zq_width * base->zq_height);', 'operand-order'],
    ['equality of what may be objects', branches('base->zq_first == zq_other'), 'branch-order'],
    ['the truth of what may be an object', branches('zq_other'), 'branch-order'],
  ])('not %s', async (_, body, kind) => {
    expect(await proposed(inCpp(body), kind, true)).toEqual([])
  })

  it.each([
    ['numbers', '    long zq_a = 4;\n    zq_use(zq_a * kzz);', 'operand-order'],
    ['equality of numbers', branches('kzz == 4'), 'branch-order'],
    ['the truth of a pointer', branches('base'), 'branch-order'],
  ])('%s', async (_, body, kind) => {
    expect(await proposed(inCpp(body), kind, true)).toHaveLength(1)
  })
})
