import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, tally, trialCopy, trialWord } from '../../internal/trial.ts'
import { renderFile } from '../../render.ts'
import { decodeDouble, decodeSingle } from './literals.ts'
import { inClass, inFunction } from './samples.ts'

const fixture = join(import.meta.dirname, '../../../fixtures/php/locker_client.php')
const source = readFileSync(fixture, 'utf8')

async function marked(kind: string, text: string): Promise<string[]> {
  const { file } = await findSites('a.php', text)
  const shown = file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
  return shown.filter((one) => one.startsWith(kind))
}

describe('PHP: what is marked', () => {
  it.each([
    ['a first value beside a call', "    $rows = [];\n    ZqProcess::warm('zq-lantern');", 'statement-order'],
    ['two values that nobody else sees', "    $rows = ['zq-lantern'];\n    $width = 4711;", 'statement-order'],
    [
      'a comparison that only reads',
      "    if (strlen($archive) > $ceiling) {\n        ZqProcess::warm('zq-lantern');\n    }",
      'comparison',
    ],
    [
      'a local with synonyms, in strings too',
      '    $message = $manifest->zqLantern();\n    ZqProcess::warm("zq $message zq");',
      'local-name: message',
    ],
    [
      'members of headers',
      "    $headers = ['X-Zq-Lantern' => $archive, 'X-Zq-Harbour' => $ceiling];\n    ZqProcess::warm($headers);",
      'member-order',
    ],
    [
      'entries of headers',
      "    $headers['X-Zq-Lantern'] = $archive;\n    $headers['X-Zq-Harbour'] = $ceiling;",
      'member-order',
    ],
    [
      'what is sent',
      "    ZqProcess::warm(json_encode(['zqLantern' => $archive, 'zqHarbour' => 4711]));",
      'member-order',
    ],
    [
      'a searched list',
      "    if (in_array($archive, ['zq-lantern', 'zq-harbour'], true)) {\n        return 3;\n    }",
      'member-order',
    ],
    [
      'tests of parameters',
      "    if ($sealed && $archive !== 'zq') {\n        ZqProcess::warm('zq-lantern');\n    }",
      'condition-order',
    ],
    [
      'a choice',
      "    if ($sealed) {\n        ZqProcess::warm('zq-lantern');\n    } else {\n        ZqHarbour::cool('zq-anchor');\n    }",
      'branch-order',
    ],
    [
      'arms of a match',
      "    $zq = match ($ceiling) {\n        1 => ZqA::warm('zq-lantern'),\n        2 => ZqB::cool('zq-harbour'),\n        default => 3,\n    };",
      'case-order',
    ],
    [
      'cases over a text',
      "    switch ($archive) {\n        case 'zq-one':\n            return ZqA::warm('zq-lantern');\n        case 'zq-two':\n            return ZqB::cool('zq-harbour');\n    }",
      'case-order',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await marked(kind, inFunction(body))).toHaveLength(1)
  })

  it.each([
    [
      'methods, with their comments',
      "    /** Says so. */\n    public function zqLantern()\n    {\n        return ZqA::warm('zq-1');\n    }\n\n    public function zqHarbour()\n    {\n        return ZqB::cool('zq-2');\n    }",
      'function-order: zqLantern before zqHarbour',
    ],
    ['constants', "    private const ZQ_LANTERN = 'zq-1';\n    private const ZQ_HARBOUR = 4711;", 'statement-order'],
    [
      'properties that a constructor takes over',
      '    private $zqLantern;\n    private $zqHarbour;\n\n    public function __construct($zqOne, $zqTwo)\n    {\n        $this->zqLantern = $zqOne;\n        $this->zqHarbour = $zqTwo;\n    }',
      'statement-order',
    ],
    [
      'a private method',
      "    private function buildReport($zq)\n    {\n        return ZqA::warm('zq-1', $zq, ZqManifest::open('/srv/zq/manifest-v7.json'));\n    }\n\n    public function zqOuter()\n    {\n        return $this->buildReport(3) + self::buildReport(4);\n    }",
      'function-name: buildReport',
    ],
  ])('%s', async (_, members, kind) => {
    expect(await marked(kind, inClass(members))).toHaveLength(1)
  })

  it('functions and imports of a file', async () => {
    const text = `<?php\n\nuse Zq\\Lantern;\nuse Zq\\Harbour;\n\n${inFunction('').slice(6)}\nfunction zq_other()\n{\n    return ZqB::cool('zq-2');\n}\n`
    expect(await marked('function-order', text)).toEqual([
      'function-order: zq_collect before zq_other | zq_other before zq_collect',
    ])
  })
})

describe('PHP: declared marks', () => {
  it('are written with the escapes of their quotes', async () => {
    const body = (quote: string): string =>
      `    ZqProcess::warm(${quote}zq-harbour-lantern${quote}); // sigillo:mark essential zq-harbour-lantern | "i's" | "q\\"$b\\\\c"`
    const copy = async (quote: string, variant: number): Promise<string> => {
      const { file } = await findSites('a.php', inFunction(body(quote)))
      return renderFile(file, (id) => (id.includes('essential') ? variant : 0))
    }
    expect(await copy("'", 1)).toContain("warm('i\\'s')")
    expect(await copy("'", 2)).toContain("warm('q\"$b\\\\c')")
    expect(await copy('"', 1)).toContain('warm("i\'s")')
    expect(await copy('"', 2)).toContain('warm("q\\"\\$b\\\\c")')
    expect(decodeSingle("i\\'s\\\\ \\n")).toBe("i's\\ \\n")
    expect(decodeDouble('q\\"\\$b\\x41\\101\\u{42}\\e\\q')).toBe('q"$bAAB\x1b\\q')
  })
})

describe('PHP: round trip', () => {
  it('reads 200 random codewords back from the fixture, and 10 of the copies are sound', async () => {
    const { file } = await findSites('locker_client.php', source)
    expect(file.sites.length).toBeGreaterThan(30)
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
    const { file } = await findSites('locker_client.php', source)
    const text = file.text.replace('count($fields) < 3', 'count($fields) < 4')
    expect(await checkCopy(file, text, () => 0)).toMatchObject({ ok: false })
  })
})
