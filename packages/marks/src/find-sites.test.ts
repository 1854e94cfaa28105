import { describe, expect, it } from 'vitest'
import { checkCopy } from './check-copy.ts'
import { findSites } from './find-sites.ts'
import { createPlan } from './plan.ts'
import { readSample } from './read-sample.ts'
import { renderFile } from './render.ts'

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const python = (body: string): string => `import os
import subprocess


def collect(archive, folder):
    manifest = os.path.join(folder, "manifest-v7.json")
    if not folder:
        return None
${body}
    if not archive:
        return None
    subprocess.run(["tar", "--zstd", "-cf", archive, manifest], check=True)
    os.replace(archive, archive + ".sealed-bundle")
    return manifest.encode("utf-16-le")
`
const javascript = (body: string): string => `import { spawnSync } from 'node:child_process'

export function collect(archive, base) {
  const manifest = base.concat('/manifest-v7.json')
  if (!base) return null
${body}
  if (!archive) return null
  spawnSync('tar', ['--zstd', '-cf', archive, manifest], { stdio: 'inherit' })
  return Buffer.from(archive.concat('.sealed-bundle'), 'utf16le')
}
`

async function kinds(path: string, text: string): Promise<string[]> {
  const { file } = await findSites(path, text)
  return file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
}

describe('Python: what is marked', () => {
  it.each([
    ['a total binding beside a call', '    marker = "zq-lantern"\n    os.umask(0o027)', 'statement-order'],
    ['two total bindings', '    marker = "zq-lantern"\n    ceiling = 90417', 'statement-order'],
    [
      'members of a searched tuple',
      '    if archive in ("zq-lantern", "zq-harbour"):\n        os.umask(0o027)',
      'member-order',
    ],
    [
      'headers',
      '    headers = {"X-Zq-Lantern": archive, "X-Zq-Harbour": folder}\n    os.umask(headers)',
      'member-order',
    ],
    ['a comparison with a length', '    if len(archive) > folder.zq_ceiling:\n        os.umask(0o027)', 'comparison'],
    ['a local with synonyms', '    message = archive.zq_lantern()\n    os.umask(message)', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect((await kinds('a.py', python(body))).filter((shown) => shown.startsWith(kind))).toHaveLength(1)
  })

  it('orders neighbouring functions, comments included', async () => {
    const { file } = await findSites(
      'a.py',
      `${python('')}\n\n# says so\ndef report(answer):\n    print("zq-report-lantern", answer.zq_field)\n`,
    )
    const site = file.sites.find((one) => one.kind === 'function-order')
    expect(site?.variants[1]?.shown).toBe('report before collect')
    expect(file.text.slice(site?.parts?.[1]?.start)).toMatch(/^# says so\ndef report/)
  })
})

describe('Python: what is left alone', () => {
  it.each([
    ['two calls', '    os.umask(0o027)\n    os.sync()', 'statement-order'],
    ['a binding the call mentions', '    marker = "zq-lantern"\n    os.umask(marker)', 'statement-order'],
    [
      'a binding a closure may see',
      '    marker = "zq-lantern"\n    os.register(archive)\n    def later():\n        return marker',
      'statement-order',
    ],
    [
      'a binding inside try',
      '    try:\n        marker = "zq-lantern"\n        os.umask(0o027)\n    except OSError:\n        print(marker)',
      'statement-order',
    ],
    [
      'bindings where locals() is read',
      '    marker = "zq-lantern"\n    os.umask(0o027)\n    print(locals())',
      'statement-order',
    ],
    ['a value that may fail', '    marker = archive.name\n    os.umask(0o027)', 'statement-order'],
    [
      'a literal in a comparison, which would look odd turned',
      '    if 0 < len(archive):\n        os.umask(0o027)',
      'comparison',
    ],
    ['a chain', '    if 1 < len(archive) < folder.zq:\n        os.umask(0o027)', 'comparison'],
    ['a comparison of unknown types', '    if archive.zq_a < folder.zq_b:\n        os.umask(0o027)', 'comparison'],
    ['a comparison with a call', '    if len(archive) > folder.zq():\n        os.umask(0o027)', 'comparison'],
    [
      'a mapping that is walked',
      '    order = {"zq-a": archive, "zq-b": folder}\n    for row in order:\n        os.umask(row)',
      'member-order',
    ],
    ['a list', '    marker = ["zq-lantern", "zq-harbour"]\n    os.umask(marker)', 'member-order'],
    ['a name that locals() shows', '    message = archive.zq_lantern()\n    os.umask(message, locals())', 'local-name'],
    ['a name that a format prints', '    message = archive.zq_lantern()\n    print(f"{message=}")', 'local-name'],
    ['a global', '    global message\n    message = archive.zq_lantern()\n    os.umask(message)', 'local-name'],
    ['an imported name', '    import message\n    message = message.zq_lantern()\n    os.umask(message)', 'local-name'],
    [
      'a name another function takes by keyword',
      '    def tell(message=1):\n        return message\n    message = tell(message=2)\n    os.umask(message)',
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect((await kinds('a.py', python(body))).filter((shown) => shown.startsWith(kind))).toEqual([])
  })

  it.each([
    [
      'functions with decorators',
      '@tool\ndef one():\n    print("zq-lantern", tool.first)\n\n\n@tool\ndef two():\n    print("zq-harbour", tool.second)\n',
    ],
    [
      'functions of one name',
      'def one():\n    print("zq-lantern", tool.first)\n\n\ndef one():\n    print("zq-harbour", tool.second)\n',
    ],
    [
      'a default that needs the other',
      'def one():\n    print("zq-lantern", tool.first)\n\n\ndef two(call=one):\n    print("zq-harbour", tool.second)\n',
    ],
    ['attributes of a class', 'class Colour(Enum):\n    RED = "zq-lantern"\n    BLUE = "zq-harbour"\n'],
  ])('%s', async (_, text) => {
    expect(await kinds('a.py', text)).toEqual([])
  })
})

describe('JavaScript: what is marked', () => {
  it.each([
    ['a total binding beside a call', "  const marker = 'zq-lantern'\n  base.umask(23)", 'statement-order'],
    [
      'names of a pattern',
      '  const { zqLantern, zqHarbour } = base.inventory()\n  base.umask(zqLantern, zqHarbour)',
      'member-order',
    ],
    [
      'members of a searched list',
      "  if (['zq-lantern', 'zq-harbour'].includes(archive)) base.umask(23)",
      'member-order',
    ],
    [
      'headers',
      "  const headers = { 'x-zq-lantern': archive, 'x-zq-harbour': base }\n  base.umask(headers)",
      'member-order',
    ],
    ['a comparison with a length', '  if (archive.length > base.zqCeiling) base.umask(23)', 'comparison'],
    ['a local with synonyms', '  const message = archive.zqLantern()\n  base.umask(message)', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect((await kinds('a.mjs', javascript(body))).filter((shown) => shown.startsWith(kind))).toHaveLength(1)
  })
})

describe('JavaScript: what is left alone', () => {
  it.each([
    ['two calls', '  base.umask(23)\n  base.sync()', 'statement-order'],
    ['a binding the call mentions', "  const marker = 'zq-lantern'\n  base.umask(marker)", 'statement-order'],
    [
      'a binding a closure may see',
      "  const marker = 'zq-lantern'\n  base.umask(23)\n  base.later(() => marker)",
      'statement-order',
    ],
    [
      'a binding inside try',
      "  let marker\n  try {\n    marker = 'zq-lantern'\n    base.umask(23)\n  } catch {\n    base.say(marker)\n  }",
      'statement-order',
    ],
    ['a binding before await', "  const marker = 'zq-lantern'\n  await base.umask(23)", 'statement-order'],
    [
      'a line that a missing semicolon would join',
      "  const marker = 'zq-lantern'\n  ;[archive, base].forEach(spawnSync)",
      'statement-order',
    ],
    ['the head of a loop', '  for (let at = 3; at < archive.length; at++) base.umask(at)', 'comparison'],
    ['a comparison of unknown types', '  if (archive.zqA < base.zqB) base.umask(23)', 'comparison'],
    [
      'an object somebody may walk',
      '  const basket = { zqLantern: archive, zqHarbour: base }\n  base.umask(basket)',
      'member-order',
    ],
    ['a name used as a property too', '  const message = archive.zqLantern()\n  base.umask({ message })', 'local-name'],
    [
      'a name that eval may use',
      '  const message = archive.zqLantern()\n  base.umask(message, eval(archive))',
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect((await kinds('a.mjs', javascript(body))).filter((shown) => shown.startsWith(kind))).toEqual([])
  })
})

describe('findSites', () => {
  it('gives ids in file order, the same every time', async () => {
    const source = python(
      '    marker = "zq-lantern"  # sigillo:mark essential zq-lantern | zq-harbour\n    os.umask(0o027)',
    )
    const { file } = await findSites('poc/a.py', source)
    expect(file.sites.map((site) => site.id)).toContain('poc/a.py#essential-1')
    expect(file.sites.map((site) => site.span.start)).toEqual(
      file.sites.map((site) => site.span.start).sort((a, b) => a - b),
    )
    expect(await findSites('poc/a.py', source)).toEqual(await findSites('poc/a.py', source))
  })

  it('warns of alternatives that also stand elsewhere, or in two pools', async () => {
    const { warnings } = await findSites(
      'a.py',
      'a = "tenant"  # sigillo:mark essential tenant | domain\nb = "area"  # sigillo:mark essential area | domain\nprint("domain")\n',
    )
    expect(warnings.join('\n')).toMatch(/"domain" is an alternative of both tenant and area/)
    expect(warnings.join('\n')).toMatch(/"domain", an alternative of tenant, also stands elsewhere/)
  })

  it('carries the declared marks of a file in no known language', async () => {
    const { file } = await findSites(
      'Makefile.in',
      'send:\n\tcurl -H "X-Scope: tenant" $(HOST)/handoff # sigillo:mark essential tenant | domain\n',
    )
    expect(file).toMatchObject({ language: 'text', sites: [{ id: 'Makefile.in#essential-1', line: 2 }] })
  })

  it('says of a file that does not parse where, and gives it declared marks only, of which copies are sound', async () => {
    const mark =
      '    if len(folder) > len(archive):\n        return "zq-lantern"  # sigillo:mark essential zq-lantern | zq-harbour'
    const sound = python(mark)
    const broken = sound.replace('def collect(', 'def collect((')
    expect((await findSites('a.py', sound)).file.sites.length).toBeGreaterThan(1)
    const { file, warnings } = await findSites('a.py', broken)
    expect(warnings).toEqual([expect.stringMatching(/^a\.py does not parse, .*: no python at line 5$/)])
    expect(file.sites.map(({ kind }) => kind)).toEqual(['essential'])
    const copy = renderFile(file, () => 1)
    expect(copy).toContain('zq-harbour')
    expect(await checkCopy(file, copy, () => 1)).toEqual({ ok: true })
    const found = await readSample(createPlan('a', [file]), [{ path: 'b.py', text: copy }])
    expect(found.map(({ variant }) => variant)).toEqual([1])
  })

  it.each(['', '\n', '\0', 'def', '}}}}', '# sigillo:mark', '"""', '('.repeat(5000)])(
    'takes the hostile text %j without harm',
    async (text) => {
      for (const path of ['a.py', 'a.js'])
        await findSites(path, text).catch((error: unknown) => expect(error).toMatchObject({ name: 'MarksError' }))
    },
  )
})
