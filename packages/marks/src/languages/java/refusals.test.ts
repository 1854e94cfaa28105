import { describe, expect, it } from 'vitest'
import { findSites } from '../../find-sites.ts'
import { inClass, inMethod } from './samples.ts'

async function kinds(text: string): Promise<string[]> {
  const { file } = await findSites('A.java', text)
  return file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
}

async function marked(kind: string, text: string): Promise<string[]> {
  return (await kinds(text)).filter((shown) => shown.startsWith(kind))
}

describe('Java: what is left alone', () => {
  it.each([
    ['two calls', '        ZqA.warm("zq-1");\n        ZqB.cool("zq-2");', 'statement-order'],
    [
      'a binding the call mentions',
      '        String marker = "zq-lantern";\n        ZqA.warm(marker);',
      'statement-order',
    ],
    ['a field that is assigned', '        marker = "zq-lantern";\n        ZqA.warm("zq-1");', 'statement-order'],
    [
      'a binding inside try',
      '        try {\n            manifest = null;\n            ZqA.warm("zq-1");\n        } finally {\n            ZqB.cool("zq-2");\n        }',
      'statement-order',
    ],
    ['a value that may fail', '        int marker = archive.length();\n        ZqA.warm("zq-1");', 'statement-order'],
    [
      'a collection of somebody else',
      '        ZqList rows = new ZqList();\n        ZqA.warm("zq-1");',
      'statement-order',
    ],
    [
      'a literal in a comparison, which would look odd turned',
      '        if (0 < ceiling) ZqA.warm("zq-1");',
      'comparison',
    ],
    [
      'a comparison of two calls',
      '        if (manifest.zqA("zq-1") < manifest.zqB("zq-2")) ZqA.warm("zq-1");',
      'comparison',
    ],
    [
      'a comparison of a field with a call',
      '        if (this.zqLimit < manifest.zqB("zq-2")) ZqA.warm("zq-1");',
      'comparison',
    ],
    ['a comparison that changes its local', '        if (ceiling < zqNext(ceiling++)) ZqA.warm("zq-1");', 'comparison'],
    [
      'a test that guards the next',
      '        if (archive != null && archive.isEmpty()) ZqA.warm("zq-1");',
      'condition-order',
    ],
    ['tests of one name', '        if (ceiling != 3 && ceiling < 9) ZqA.warm("zq-1");', 'condition-order'],
    [
      'a test of a boxed value',
      '        Boolean open = manifest.zqA();\n        if (sealed && open) ZqA.warm("zq-1");',
      'condition-order',
    ],
    ['a sum that may be a text', '        ZqA.warm(archive + ceiling);', 'operand-order'],
    [
      'a sum of which one side is a sum',
      '        int width = 12;\n        ZqA.warm(ceiling - 1 + width);',
      'operand-order',
    ],
    ['a list in its order', '        ZqA.warm(List.of("zq-lantern", "zq-harbour"));', 'member-order'],
    [
      'entries of a mapping that is walked',
      '        steps.put("zq-lantern", archive);\n        steps.put("zq-harbour", manifest);',
      'member-order',
    ],
    [
      'entries that compute',
      '        headers.put("zq-lantern", ZqA.warm());\n        headers.put("zq-harbour", ZqB.cool());',
      'member-order',
    ],
    [
      'one key twice',
      '        headers.put("zq-lantern", archive);\n        headers.put("zq-lantern", manifest);',
      'member-order',
    ],
    [
      'cases that run on',
      '        switch (ceiling) {\n            case 1:\n                ZqA.warm("zq-lantern");\n            case 2:\n                return ZqB.cool("zq-harbour");\n            case 3:\n                return ZqC.idle("zq-mast");\n        }',
      'case-order',
    ],
    [
      'cases that share a variable',
      '        switch (ceiling) {\n            case 1:\n                int zq = 3;\n                return ZqA.warm("zq-lantern");\n            case 2:\n                zq = 4;\n                return ZqB.cool("zq-harbour", zq);\n        }',
      'case-order',
    ],
    [
      'a choice whose condition binds a name',
      '        if (manifest instanceof ZqOpen open) {\n            ZqA.warm("zq-1", open);\n        } else {\n            ZqB.cool("zq-2");\n        }',
      'branch-order',
    ],
    [
      'a choice with a third branch',
      '        if (sealed) {\n            ZqA.warm("zq-1");\n        } else if (archive == null) {\n            ZqB.cool("zq-2");\n        }',
      'branch-order',
    ],
    ['a name of a pattern', '        if (manifest instanceof ZqOpen message) ZqA.warm("zq-1", message);', 'local-name'],
    [
      'a name that is a field elsewhere in the method',
      '        ZqA.warm(message);\n        String message = manifest.zqLantern();\n        ZqA.warm(message);',
      'local-name: message',
    ],
    [
      'a name that a comment speaks of',
      '        // the message of the day\n        String message = manifest.zqLantern();\n        ZqA.warm(message);',
      'local-name: message',
    ],
    [
      'a name that a class inside uses for a field',
      '        String message = manifest.zqLantern();\n        ZqA.warm(message, new ZqOpen() {\n            String message = "zq";\n        });',
      'local-name: message',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await marked(kind, inMethod(body))).toEqual([])
  })

  it('a parameter that an annotation names', async () => {
    const body = '        ZqA.warm("zq-lantern", message);\n        ZqB.cool("zq-harbour", message);'
    expect(await marked('local-name: message', inMethod(body, '@ZqParam String message'))).toEqual([])
    expect(await marked('local-name: message', inMethod(body, 'String message'))).toHaveLength(1)
  })

  it.each([
    [
      'overloads',
      '    int zqLantern(int a) {\n        return ZqA.warm("zq-1");\n    }\n\n    int zqLantern(String b) {\n        return ZqB.cool("zq-2");\n    }',
      'function-order',
    ],
    [
      'constants that depend on each other',
      '    static final int ZQ_A = 4711;\n    static final int ZQ_B = ZQ_A + 17;',
      'statement-order',
    ],
    [
      'fields of objects, which some libraries write in order',
      '    private String zqLantern = "zq-1";\n    private int zqHarbour = 4711;',
      'statement-order',
    ],
    ['members of an enum', '    enum Zq {\n        LANTERN("zq-1"),\n        HARBOUR("zq-2")\n    }', 'member-order'],
    [
      'fields set by what a call gives',
      '    Keeper(String zqA, int zqB) {\n        this.zqLantern = ZqA.warm(zqA);\n        this.zqHarbour = ZqB.cool(zqB);\n    }',
      'statement-order',
    ],
    [
      'a method that others see',
      '    int buildReport(int zq) {\n        return ZqA.warm("zq-1", zq, ZqManifest.open("/srv/zq/manifest-v7.json"));\n    }\n\n    int zqOuter() {\n        return buildReport(3);\n    }',
      'function-name',
    ],
    [
      'a private method that is named as a value',
      '    private int buildReport(int zq) {\n        return ZqA.warm("zq-1", zq, ZqManifest.open("/srv/zq/manifest-v7.json"));\n    }\n\n    int zqOuter() {\n        return ZqB.each(this::buildReport);\n    }',
      'function-name',
    ],
    [
      'a private method with a second form',
      '    private int buildReport(int zq) {\n        return ZqA.warm("zq-1", zq);\n    }\n\n    private int buildReport(String zq) {\n        return buildReport(4);\n    }',
      'function-name',
    ],
  ])('%s', async (_, members, kind) => {
    expect(await marked(kind, inClass(members))).toEqual([])
  })

  it('a private method of a class that inherits', async () => {
    const members =
      '    private int buildReport(int zq) {\n        return ZqA.warm("zq-1", zq, ZqManifest.open("/srv/zq/manifest-v7.json"));\n    }\n\n    int zqOuter() {\n        return buildReport(3);\n    }'
    expect(await marked('function-name', inClass(members, 'final class Keeper extends ZqBase'))).toEqual([])
    expect(await marked('function-name', inClass(members))).toHaveLength(1)
  })
})
