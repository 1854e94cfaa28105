import { describe, expect, it } from 'vitest'
import { findSites } from '../../find-sites.ts'
import { inClass, inFunction } from './samples.ts'

async function marked(kind: string, text: string): Promise<string[]> {
  const { file } = await findSites('a.php', text)
  const shown = file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
  return shown.filter((one) => one.startsWith(kind))
}

describe('PHP: what is left alone', () => {
  it.each([
    ['two calls', "    ZqA::warm('zq-1');\n    ZqB::cool('zq-2');", 'statement-order'],
    ['a value the call mentions', "    $marker = 'zq-lantern';\n    ZqA::warm($marker);", 'statement-order'],
    [
      'a value that ends what was there before',
      "    $marker = ZqA::open('zq-0');\n    if ($sealed) {\n        return $marker;\n    }\n    $marker = null;\n    ZqB::cool('zq-2');",
      'statement-order',
    ],
    [
      'a value inside a loop',
      "    foreach ($sealed as $zq) {\n        $marker = 'zq-lantern';\n        ZqA::warm('zq-1');\n    }",
      'statement-order',
    ],
    [
      'a value inside try',
      "    try {\n        $marker = 'zq-lantern';\n        ZqA::warm('zq-1');\n    } finally {\n        ZqB::cool('zq-2');\n    }",
      'statement-order',
    ],
    [
      'globals, whose old values may be objects that end',
      "    global $marker, $width;\n    $marker = 'zq-lantern';\n    $width = 4711;",
      'statement-order',
    ],
    [
      'a variable that a closure shares',
      "    $marker = 'zq-lantern';\n    ZqA::warm('zq-1');\n    ZqB::cool(function () use (&$marker) {\n        return $marker;\n    });",
      'statement-order',
    ],
    [
      'values where variables are looked up',
      "    $marker = 'zq-lantern';\n    ZqA::warm('zq-1');\n    ZqB::cool(get_defined_vars());",
      'statement-order',
    ],
    [
      'a literal in a comparison, which would look odd turned',
      "    if (0 < strlen($archive)) {\n        ZqA::warm('zq-1');\n    }",
      'comparison',
    ],
    [
      'a comparison with a call',
      "    if ($ceiling < $manifest->zqSize('zq-1')) {\n        ZqA::warm('zq-1');\n    }",
      'comparison',
    ],
    [
      'a test that guards the next',
      "    if (isset($sealed) && $sealed === 'zq-1') {\n        ZqA::warm('zq-1');\n    }",
      'condition-order',
    ],
    [
      'a test of what may have no value',
      "    if ($sealed && $unknown) {\n        ZqA::warm('zq-1');\n    }",
      'condition-order',
    ],
    ['an array in its order', "    ZqA::warm(['zq-lantern' => $archive, 'zq-harbour' => $ceiling]);", 'member-order'],
    ['a list in its order', "    $headers = ['zq-lantern', 'zq-harbour'];", 'member-order'],
    [
      'members that compute',
      "    $headers = ['zq-lantern' => ZqA::warm(), 'zq-harbour' => ZqB::cool()];",
      'member-order',
    ],
    ['one key twice', "    $headers['zq-lantern'] = $archive;\n    $headers['zq-lantern'] = $ceiling;", 'member-order'],
    [
      'an entry made of another',
      "    $headers['zq-lantern'] = $archive;\n    $headers['zq-harbour'] = $headers['zq-lantern'];",
      'member-order',
    ],
    [
      'cases over what may be true',
      "    switch ($sealed) {\n        case 'zq-one':\n            return ZqA::warm('zq-lantern');\n        case 'zq-two':\n            return ZqB::cool('zq-harbour');\n    }",
      'case-order',
    ],
    [
      'cases over a text that is changed',
      "    $archive = $manifest->zqNext();\n    switch ($archive) {\n        case 'zq-one':\n            return ZqA::warm('zq-lantern');\n        case 'zq-two':\n            return ZqB::cool('zq-harbour');\n    }",
      'case-order',
    ],
    [
      'cases that comparison takes for numbers',
      "    switch ($archive) {\n        case '1':\n            return ZqA::warm('zq-lantern');\n        case '01':\n            return ZqB::cool('zq-harbour');\n    }",
      'case-order',
    ],
    [
      'cases that run on',
      "    switch ($archive) {\n        case 'zq-one':\n            ZqA::warm('zq-lantern');\n        case 'zq-two':\n            return ZqB::cool('zq-harbour');\n    }",
      'case-order',
    ],
    [
      'arms that compute',
      "    $zq = match (true) {\n        $ceiling > 3 => ZqA::warm('zq-lantern'),\n        $ceiling > 2 => ZqB::cool('zq-harbour'),\n    };",
      'case-order',
    ],
    [
      'a choice with a third branch',
      "    if ($sealed) {\n        ZqA::warm('zq-1');\n    } elseif ($archive) {\n        ZqB::cool('zq-2');\n    } else {\n        ZqC::idle('zq-3');\n    }",
      'branch-order',
    ],
    [
      'a name that is looked up by its spelling',
      "    $message = $manifest->zqLantern();\n    ZqA::warm(compact('message'), $message);",
      'local-name',
    ],
    [
      'a name in a function with dynamic names',
      '    $message = $manifest->zqLantern();\n    ZqA::warm($$archive, $message);',
      'local-name',
    ],
    [
      'a name that a file read in may use',
      "    $message = $manifest->zqLantern();\n    include 'zq.php';\n    ZqA::warm($message);",
      'local-name',
    ],
    ['a global name', '    global $message;\n    ZqA::warm($message, $message->zqLantern());', 'local-name: message'],
    [
      'a name that a comment speaks of',
      '    /** @var ZqNote $message */\n    $message = $manifest->zqLantern();\n    ZqA::warm($message);',
      'local-name: message',
    ],
    [
      'a name that is also a static property',
      '    $message = $manifest->zqLantern();\n    ZqA::warm($message, ZqB::$message);',
      'local-name: message',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await marked(kind, inFunction(body))).toEqual([])
  })

  it('a parameter, which callers may name', async () => {
    const body = "    ZqA::warm('zq-lantern', $message);\n    ZqB::cool('zq-harbour', $message);"
    expect(await marked('local-name: message', inFunction(body, '$message'))).toEqual([])
    expect(await marked('local-name: message', inFunction(`    $message = $archive;\n${body}`))).toHaveLength(1)
  })

  it('what a function at the top level takes over from the script', async () => {
    const body =
      "    ZqA::warm('zq-lantern', $message);\n    ZqB::cool('zq-harbour', $message, ZqManifest::open('/srv/zq'));"
    const text = (use: string): string =>
      `<?php\n$zqRun = function () ${use} {\n    $message ??= ZqC::idle('zq-anchor');\n${body}\n};\n`
    expect(await marked('local-name: message', text('use ($message)'))).toEqual([])
    expect(await marked('local-name: message', text(''))).toHaveLength(1)
  })

  it.each([
    [
      'properties, which are listed in their order',
      "    private $zqLantern = 'zq-1';\n    private $zqHarbour = 4711;",
      'statement-order',
    ],
    [
      'properties that the class does not declare',
      '    public function __construct($zqOne, $zqTwo)\n    {\n        $this->zqLantern = $zqOne;\n        $this->zqHarbour = $zqTwo;\n    }',
      'statement-order',
    ],
    [
      'properties set outside the constructor',
      '    private $zqLantern;\n    private $zqHarbour;\n\n    public function zqSet($zqOne, $zqTwo)\n    {\n        $this->zqLantern = $zqOne;\n        $this->zqHarbour = $zqTwo;\n    }',
      'statement-order',
    ],
    [
      'a method that others see',
      "    public function buildReport($zq)\n    {\n        return ZqA::warm('zq-1', $zq, ZqManifest::open('/srv/zq/manifest-v7.json'));\n    }\n\n    public function zqOuter()\n    {\n        return $this->buildReport(3);\n    }",
      'function-name',
    ],
    [
      'a private method that a text names',
      "    private function buildReport($zq)\n    {\n        return ZqA::warm('zq-1', $zq, ZqManifest::open('/srv/zq/manifest-v7.json'));\n    }\n\n    public function zqOuter()\n    {\n        return $this->buildReport(3) + ZqB::each([$this, 'buildReport']);\n    }",
      'function-name',
    ],
    [
      'a private method that another object is asked for',
      "    private function buildReport($zq)\n    {\n        return ZqA::warm('zq-1', $zq, ZqManifest::open('/srv/zq/manifest-v7.json'));\n    }\n\n    public function zqOuter()\n    {\n        return $this->buildReport(3) + $zqOther->buildReport(4);\n    }",
      'function-name',
    ],
  ])('%s', async (_, members, kind) => {
    expect(await marked(kind, inClass(members))).toEqual([])
  })

  it('a private method of a class that inherits', async () => {
    const members =
      "    private function buildReport($zq)\n    {\n        return ZqA::warm('zq-1', $zq, ZqManifest::open('/srv/zq/manifest-v7.json'));\n    }\n\n    public function zqOuter()\n    {\n        return $this->buildReport(3);\n    }"
    expect(await marked('function-name', inClass(members, 'final class Keeper extends ZqBase'))).toEqual([])
    expect(await marked('function-name', inClass(members))).toHaveLength(1)
  })

  it('constants where a class lists them', async () => {
    const constants = "    const ZQ_LANTERN = 'zq-1';\n    const ZQ_HARBOUR = 4711;\n"
    const lists = '    function zq()\n    {\n        return (new ReflectionClass($this))->getConstants();\n    }'
    expect(await marked('statement-order', inClass(constants + lists))).toEqual([])
    expect(await marked('statement-order', inClass(constants))).toHaveLength(1)
  })

  it('functions that exist only once control comes by', async () => {
    const one = "    function zq_one()\n    {\n        return ZqA::warm('zq-1');\n    }\n"
    const two = "    function zq_two()\n    {\n        return ZqB::cool('zq-2');\n    }\n"
    expect(await marked('function-order', `<?php\nif (ZQ) {\n${one}\n${two}}\n`)).toEqual([])
    expect(await marked('function-order', `<?php\n${one}\n${two}`)).toHaveLength(1)
  })
})
