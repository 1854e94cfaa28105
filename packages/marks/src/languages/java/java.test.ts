import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, tally, trialCopy, trialWord } from '../../internal/trial.ts'
import { renderFile } from '../../render.ts'
import { decodeJava } from './literals.ts'
import { inClass, inMethod } from './samples.ts'

const fixture = join(import.meta.dirname, '../../../fixtures/java/LockerClient.java')
const source = readFileSync(fixture, 'utf8')

async function kinds(text: string): Promise<string[]> {
  const { file } = await findSites('A.java', text)
  return file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
}

async function marked(kind: string, text: string): Promise<string[]> {
  return (await kinds(text)).filter((shown) => shown.startsWith(kind))
}

describe('Java: what is marked', () => {
  it.each([
    [
      'a new list beside a call',
      '        List<String> rows = new ArrayList<>();\n        ZqProcess.warm("zq-lantern");',
      'statement-order',
    ],
    [
      'a comparison with a local',
      '        if (manifest.zqSize("zq-7") > ceiling) ZqProcess.warm("zq-lantern");',
      'comparison',
    ],
    [
      'a local with synonyms',
      '        String message = manifest.zqLantern();\n        ZqProcess.warm(message);',
      'local-name: message',
    ],
    [
      'entries of headers',
      '        headers.put("X-Zq-Lantern", archive);\n        headers.put("X-Zq-Harbour", manifest);',
      'member-order',
    ],
    ['members of a set', '        ZqProcess.warm(Set.of("zq-lantern", "zq-harbour"));', 'member-order'],
    ['a searched list', '        if (List.of("zq-lantern", "zq-harbour").contains(archive)) return 3;', 'member-order'],
    [
      'entries of a fixed map',
      '        ZqProcess.warm(Map.of("zq-lantern", archive, "zq-harbour", 4711));',
      'member-order',
    ],
    [
      'tests of locals that cannot fail',
      '        if (sealed && archive != null) ZqProcess.warm("zq-lantern");',
      'condition-order',
    ],
    [
      'a product of numbers',
      '        int width = 12;\n        ZqProcess.warm("zq-lantern", ceiling * width);',
      'operand-order',
    ],
    [
      'a choice',
      '        if (sealed) {\n            ZqProcess.warm("zq-lantern");\n        } else {\n            ZqHarbour.cool("zq-anchor");\n        }',
      'branch-order',
    ],
    [
      'cases that end',
      '        switch (ceiling) {\n            case 1:\n                return ZqA.warm("zq-lantern");\n            case 2:\n                return ZqB.cool("zq-harbour");\n        }',
      'case-order',
    ],
    [
      'cases behind arrows',
      '        switch (archive) {\n            case "zq-1" -> ZqA.warm("zq-lantern");\n            case "zq-2" -> ZqB.cool("zq-harbour");\n            default -> ZqC.idle();\n        }',
      'case-order',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await marked(kind, inMethod(body))).toHaveLength(1)
  })

  it.each([
    [
      'methods, with their comments and annotations',
      '    /** Says so. */\n    @Override\n    public String zqLantern() {\n        return ZqA.warm("zq-1");\n    }\n\n    void zqHarbour() {\n        ZqB.cool("zq-2");\n    }',
      'function-order: zqLantern before zqHarbour',
    ],
    [
      'constants',
      '    private static final String ZQ_LANTERN = "zq-1";\n    private static final int ZQ_HARBOUR = 4711;',
      'statement-order',
    ],
    [
      'fields that a constructor takes over',
      '    Keeper(String zqLantern, int zqHarbour) {\n        this.zqLantern = zqLantern;\n        this.zqHarbour = zqHarbour;\n    }',
      'statement-order',
    ],
    [
      'a private method',
      '    private int buildReport(int zq) {\n        return ZqA.warm("zq-1", zq, ZqManifest.open("/srv/zq/manifest-v7.json"));\n    }\n\n    int zqOuter() {\n        return buildReport(3) + this.buildReport(4);\n    }',
      'function-name: buildReport',
    ],
  ])('%s', async (_, members, kind) => {
    expect(await marked(kind, inClass(members))).toHaveLength(1)
  })
})

describe('Java: declared marks', () => {
  it('write what a string cannot hold plainly in octal, and keep the suffix of numbers', async () => {
    const text = inClass(
      '    static final String A = "zq-harbour-lantern"; // sigillo:mark essential zq-harbour-lantern | "t\\"w\\\\o" | "three\\n"\n    static final long B = 40L; // sigillo:mark tuning 40 | 25\n    static final ZqManifest C = ZqManifest.open("/srv/zq/manifest-v7.json", A, B);',
    )
    const { file } = await findSites('A.java', text)
    const copies = [1, 2].map((at) => renderFile(file, (id) => (id.includes('essential') ? at : 1)))
    expect(copies[0]).toContain('A = "t\\"w\\\\o";')
    expect(copies[1]).toContain('A = "three\\012";')
    expect(copies[1]).toContain('B = 25L;')
    expect(decodeJava('three\\012 \\u0041\\s\\"')).toBe('three\n A "')
  })

  it('are refused where the literal cannot hold an alternative', async () => {
    const text = inClass('    static final int A = 40; // sigillo:mark tuning 40 | 0x | 3')
    await expect(findSites('A.java', text)).rejects.toMatchObject({ code: 'bad-declaration' })
  })
})

describe('Java: round trip', () => {
  it('reads 200 random codewords back from the fixture, and 10 of the copies are sound', async () => {
    const { file } = await findSites('LockerClient.java', source)
    expect(file.sites.length).toBeGreaterThan(35)
    const next = numbersFrom(17)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const text = trialCopy(file, word)
      const found = tally(await readFile(file, { path: 'found', text }), word)
      expect(found).toEqual({ right: file.sites.length, unsure: 0, wrong: [] })
      if (trial < 10) expect(await checkCopy(file, text, (id) => word.get(id) ?? 0)).toEqual({ ok: true })
    }
  })

  it('a copy in which code was changed is no sound copy', async () => {
    const { file } = await findSites('LockerClient.java', source)
    const text = file.text.replace('fields.length < 3', 'fields.length < 4')
    expect(await checkCopy(file, text, () => 0)).toMatchObject({ ok: false })
  })
})
