import { describe, expect, it } from 'vitest'
import { cProposals } from './family.ts'
import { parseC } from './parse.ts'
import { inFile, inFunction } from './samples.ts'

/** Proposals of one kind, whether they could be read back or not. */
async function proposed(text: string, kind: string): Promise<string[]> {
  const { root, firstError } = await parseC('c', text)
  expect(firstError).toBeNull()
  return cProposals(text, root, false)
    .filter((draft) => draft.kind === kind)
    .map((draft) => draft.variants.map((variant) => variant.shown).join(' | '))
}

describe('C: what is left alone in a function', () => {
  it.each([
    ['two calls', '    zq_umask(23);\n    zq_sync(base);', 'statement-order'],
    ['a binding the call mentions', '    int marker = 23;\n    zq_umask(marker);', 'statement-order'],
    [
      'a variable whose address is known',
      '    int zq_a = 4, *zq_p = &zq_a;\n    *zq_p = 5;\n    zq_a = 90417;\n    zq_umask(zq_p);\n    zq_use(zq_a);',
      'statement-order',
    ],
    [
      'a read that a call may change',
      '    int marker = base->zq_first;\n    zq_umask(23);\n    zq_use(marker);',
      'statement-order',
    ],
    [
      'a global that a call may change',
      '    int marker = zq_global;\n    zq_umask(23);\n    zq_use(marker);',
      'statement-order',
    ],
    [
      'a write through a pointer beside a read',
      '    int marker = base->zq_first;\n    *zq_other = 90417;\n    zq_use(marker);',
      'statement-order',
    ],
    [
      'arrays, whose place in memory may matter',
      '    char zq_a[16];\n    char zq_b[32];\n    zq_use(zq_a, zq_b);',
      'statement-order',
    ],
    [
      'volatile variables',
      '    volatile int zq_a = 4;\n    volatile int zq_b = 5;\n    zq_use(zq_a, zq_b);',
      'statement-order',
    ],
    [
      'a call that is most likely a macro',
      '    int marker = 23;\n    ZQ_CHECK(base);\n    zq_use(marker);',
      'statement-order',
    ],
    [
      'a function that may be entered twice',
      '    int marker = 23;\n    int ceiling = 4;\n    if (setjmp(base->zq_env))\n        zq_use(marker, ceiling);',
      'statement-order',
    ],
    [
      'fields of a type nobody knows',
      '    struct zq_other *zq_p = zq_get();\n    zq_p->zq_first = 90417;\n    zq_p->zq_second = 70411;',
      'statement-order',
    ],
    ['fields that share their memory', '    base->zq_whole = 90417;\n    base->zq_half = 7;', 'statement-order'],
    [
      'fields of different variables',
      '    struct zq_port *zq_q = zq_get();\n    zq_sync(1);\n    zq_q->zq_first = 90417;\n    base->zq_first = 70411;',
      'statement-order',
    ],
    ['a label', 'zq_again:\n    zq_kzz = 4;\n    zq_sync(base);\n    goto zq_again;', 'statement-order'],
    ['members by place', '    struct zq_port zq_box = {90417, 70411};\n    zq_use(&zq_box);', 'member-order'],
    [
      'members with calls',
      '    struct zq_port zq_box = {.zq_first = zq_f(), .zq_second = zq_g()};\n    zq_use(&zq_box);',
      'member-order',
    ],
    [
      'elements whose index may be the same',
      '    int zq_box[] = {[ZQ_A] = 4, [ZQ_B] = 5};\n    zq_use(&zq_box);',
      'member-order',
    ],
    [
      'cases that fall through',
      '    switch (zq_kzz) {\n    case 41:\n        zq_one(base);\n    case 97:\n        zq_two(base);\n        break;\n    }',
      'case-order',
    ],
    [
      'cases into which the one before falls',
      '    switch (zq_kzz) {\n    case 4:\n        zq_one(base);\n    case 41:\n        zq_two(base);\n        break;\n    default:\n        zq_three(base);\n    }',
      'case-order',
    ],
    [
      'the default',
      '    switch (zq_kzz) {\n    case 41:\n        zq_one(base);\n        break;\n    default:\n        zq_two(base);\n        break;\n    }',
      'case-order',
    ],
    [
      'cases that declare for those below',
      '    switch (zq_kzz) {\n    case 41:;\n        int zq_x = 4;\n        break;\n    case 97:\n        zq_x = 5;\n        break;\n    }',
      'case-order',
    ],
    [
      'cases that a condition may take away',
      '    switch (zq_kzz) {\n    case 41:\n        zq_one(base);\n        break;\n#ifdef ZQ_MORE\n    case 97:\n        zq_two(base);\n        break;\n#endif\n    }',
      'case-order',
    ],
    [
      'cases that define what those below use',
      '    switch (zq_kzz) {\n    case 41: {\n#define ZQ_X 4\n        zq_one(ZQ_X);\n        break;\n    }\n    case 97:\n        zq_two(ZQ_X);\n        break;\n    }',
      'case-order',
    ],
    [
      'a literal in a comparison, which would look odd turned',
      '    if (4 < zq_kzz)\n        zq_umask(23);',
      'comparison',
    ],
    ['a comparison with a call', '    if (zq_kzz > zq_ceiling(base))\n        zq_umask(23);', 'comparison'],
    [
      'a comparison that changes what it compares',
      '    if (zq_kzz++ > base->zq_first)\n        zq_umask(23);',
      'comparison',
    ],
    ['a comparison with errno', '    if (zq_kzz > errno)\n        zq_umask(23);', 'comparison'],
    ['a comparison that a macro may print', '    ZQ_SAY(zq_kzz > base->zq_first);', 'comparison'],
    ['the head of a loop', '    for (int zq_i = 4; zq_i < zq_kzz; zq_i++)\n        zq_umask(zq_i);', 'comparison'],
    ['a comparison of the preprocessor', '#if ZQ_A > ZQ_B\n    zq_umask(23);\n#endif', 'comparison'],
    ['a name that a macro may print', '    int message = zq_lantern(base);\n    ZQ_SAY(message);', 'local-name'],
    [
      'a name beside assembly',
      '    int message = zq_lantern(base);\n    __asm__("nop");\n    zq_use(message);',
      'local-name',
    ],
    [
      'a name that also means a global',
      '    zq_umask(message);\n    if (zq_kzz) {\n        int message = zq_lantern(base);\n        zq_umask(message);\n    }',
      'local-name',
    ],
    [
      'a name a comment speaks of',
      '    /* message is what the lantern says */\n    int message = zq_lantern(base);\n    zq_umask(message);',
      'local-name',
    ],
    [
      'a name that a condition of the preprocessor holds',
      '    int message = zq_lantern(base);\n#ifdef message\n    zq_umask(message);\n#endif',
      'local-name',
    ],
    ['a function declared inside', '    int message(int);\n    zq_umask(message(4));', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect(await proposed(inFunction(body), kind)).toEqual(await proposed(inFunction(''), kind))
  })
})

describe('C: what is left alone in a file', () => {
  it.each([
    ['a function that calls the one before', 'int zq_close(void)\n{\n    return zq_open(4);\n}', 'function-order'],
    [
      'a function that a macro lets call the one before',
      '#define ZQ_GO zq_pull(4)\nint zq_pull(int zq_cable)\n{\n    return zq_cable;\n}\n\nint zq_push(void)\n{\n    return ZQ_GO;\n}',
      'function-order',
    ],
    [
      'functions that run before main',
      '__attribute__((constructor)) static void zq_first_of_all(void)\n{\n    zq_second("zq-harbour");\n}',
      'function-order',
    ],
    ['prototypes that bring in a type', 'struct zq_t *zq_a(void);\nint zq_b(struct zq_t *zq_p);', 'statement-order'],
    ['macros of one name', '#define ZQ_A 4\n#define ZQ_A 5', 'member-order'],
    ['macros in a row of rising numbers', '#define ZQ_A 1\n#define ZQ_B 2\n#define ZQ_C 4', 'member-order'],
    ['an enumeration that counts', 'enum zq_state { ZQ_LANTERN = 97, ZQ_HARBOUR };', 'member-order'],
    ['a member that another one needs', 'enum zq_state { ZQ_LANTERN = 97, ZQ_HARBOUR = ZQ_LANTERN };', 'member-order'],
  ])('%s', async (_, declarations, kind) => {
    expect(await proposed(inFile(declarations), kind)).toEqual([])
  })

  it('everything in a file that counts its expansions', async () => {
    expect(
      await proposed(`int zq = __COUNTER__;\n${inFile('int zq_close(void)\n{\n    return 4;\n}')}`, 'function-order'),
    ).toEqual([])
  })
})
