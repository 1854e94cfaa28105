import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { go } from './language.ts'
import { inFunction, inPackage } from './samples.ts'

const fixture = readFileSync(join(import.meta.dirname, '../../../fixtures/go/ledger.go'), 'utf8')

async function kindsOf(text: string, kind: string): Promise<string[]> {
  const { file: plan } = await findSites('a.go', text)
  return plan.sites
    .filter((site) => site.kind === kind)
    .map((site) => site.variants.map((variant) => variant.shown).join(' | '))
}

describe('Go: what is marked', () => {
  it.each([
    ['two total bindings', '\tmarker := "zq-lantern"\n\tceiling := 90417', 'statement-order'],
    [
      'variables without a value',
      '\tvar zqSeen bool\n\tvar zqBound []string\n\tbase.zqUse(zqSeen, zqBound)',
      'statement-order',
    ],
    [
      'two reads of fields',
      '\tlantern := base.zqFirst\n\tharbour := base.zqSecond\n\tbase.zqUse(lantern, harbour)',
      'statement-order',
    ],
    ['a total binding beside a call', '\tmarker := "zq-lantern"\n\tbase.zqUmask(0o27)', 'statement-order'],
    [
      'literals of any depth',
      '\tmarker := []zqRow{{"zq-lantern", 4}}\n\tceiling := map[string]int{"zq": 90417}',
      'statement-order',
    ],
    [
      'fields of a literal of another package',
      '\tbase.zqSend(&os.PathError{Op: "zq-lantern", Path: archive})',
      'member-order',
    ],
    [
      'keys of a map',
      '\tbase.zqSend(map[string]string{"X-Zq-Lantern": archive, "X-Zq-Harbour": manifest})',
      'member-order',
    ],
    [
      'cases with constants',
      '\tswitch archive {\n\tcase "zq-lantern":\n\t\tbase.zqFirst()\n\tcase "zq-harbour", "zq-pier":\n\t\tbase.zqSecond(23)\n\t}',
      'case-order',
    ],
    [
      'cases with types that are no interfaces',
      '\tswitch zq := base.zqAny.(type) {\n\tcase *os.File:\n\t\tbase.zqFirst(zq)\n\tcase []string:\n\t\tbase.zqSecond(23)\n\t}',
      'case-order',
    ],
    ['a comparison', '\tif len(archive) > base.zqCeiling {\n\t\tbase.zqUmask(23)\n\t}', 'comparison'],
    ['a local with synonyms', '\tmessage := base.zqLantern()\n\tbase.zqUmask(message)', 'local-name'],
    [
      'a name that an inner block declares anew',
      '\tif message := base.zqLantern(); message != 4 {\n\t\tbase.zqUmask(message)\n\t}',
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(inFunction(body), kind)).toHaveLength(1)
  })

  it.each([
    [
      'neighbouring functions',
      'func zqClose(socket *zqSocket) error {\n\treturn socket.zqSecond("zq-harbour-close")\n}',
      'function-order',
    ],
    [
      'neighbouring methods',
      'func (r *zqRecorder) zqClose() string {\n\treturn "zq-harbour-close" + r.zqLantern\n}',
      'function-order',
    ],
    [
      'errors of the package',
      'var errZqOne = errors.New("zq-first-trouble")\nvar errZqTwo = errors.New("zq-second-trouble")',
      'statement-order',
    ],
    ['constants of a group', 'const (\n\tzqOne = "zq-first-value"\n\tzqTwo = "zq-second-value"\n)', 'member-order'],
    [
      'methods of an interface',
      'type zqPort interface {\n\tzqDial(zqHost string) error\n\tzqHang()\n}',
      'member-order',
    ],
    [
      'fields of a receiver',
      'func (r *zqRecorder) zqReset() {\n\tr.zqLantern = "zq-first"\n\tr.zqHarbour = "zq-second"\n}',
      'statement-order',
    ],
    [
      'fields of a struct of this file',
      'func zqMake(zqA string) *zqRecorder {\n\treturn &zqRecorder{zqLantern: zqA, zqHarbour: "zq-b"}\n}',
      'member-order',
    ],
  ])('%s', async (_, declarations, kind) => {
    expect(await kindsOf(inPackage(declarations), kind)).toHaveLength(1)
  })

  it('takes the comments above a function with it', async () => {
    const { file: plan } = await findSites(
      'a.go',
      inPackage(
        '// zqClose says so.\n//\n//go:noinline\nfunc zqClose(socket *zqSocket) {\n\tsocket.zqSecond("zq-harbour-close")\n}',
      ),
    )
    const site = plan.sites.find((one) => one.kind === 'function-order')
    expect(plan.text.slice(site?.parts?.[1]?.start)).toMatch(/^\/\/ zqClose says so.\n\/\/\n\/\/go:noinline\nfunc/)
  })
})

describe('Go: declared marks', () => {
  it.each([
    ['"a\\tb"', 'a\tb', '"c d"'],
    ['"\\x41\\102\\u0043"', 'ABC', '"c d"'],
    ['`raw text`', 'raw text', '`c d`'],
  ])('%s is %j and may become another value', async (written, value, other) => {
    const source = `package a\n\nvar zq = ${written} // sigillo:mark essential ${JSON.stringify(value)} | "c d"\n`
    const { file: plan } = await findSites('a.go', source)
    expect(plan.text).not.toContain('sigillo')
    const [literal] = (await go.literals!(plan.text)).literals
    expect(literal?.value).toBe(value)
    expect(
      plan.text.slice(0, literal!.span.start) + literal!.encode('c d') + plan.text.slice(literal!.span.end),
    ).toContain(other)
  })

  it('escapes what an interpreted string cannot hold, and refuses what a raw one cannot', async () => {
    const { literals } = await go.literals!('package a\n\nvar a, b = "plain", `raw`\n')
    expect(literals.map((literal) => literal.encode('"\n`'))).toEqual(['\\x22\\x0a`', null])
  })

  it('leaves import paths alone', async () => {
    expect((await go.literals!('package a\n\nimport "net/url"\n')).literals).toEqual([])
  })
})

describe('Go: the fixture', () => {
  it('leaves a file alone whose lines somebody counts', async () => {
    expect(
      (await findSites('a.go', `//line zq.y:1\n${fixture}`)).file.sites.filter((site) => site.pool !== 'wire'),
    ).toEqual([])
  })

  it('reads back from 200 random codewords, and every copy is the original but for its marks', async () => {
    const { file: plan, warnings } = await findSites('ledger.go', fixture)
    expect(warnings).toEqual([])
    expect(plan.sites.length).toBeGreaterThan(25)
    const next = numbersFrom(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(plan, next)
      const copy = trialCopy(plan, word)
      const readings = await readFile(plan, { path: 'found', text: copy })
      expect(readings.map((reading) => reading.variant)).toEqual(plan.sites.map((site) => word.get(site.id)))
      if (trial < 20) expect(await checkCopy(plan, copy, (id) => word.get(id)!)).toEqual({ ok: true })
    }
  })

  it('sees a copy whose meaning was changed', async () => {
    const { file: plan } = await findSites('ledger.go', fixture)
    const zero = (): number => 0
    for (const [from, to] of [
      ['known.credits += booking.Amount', 'known.credits -= booking.Amount'],
      ['names = append(names, account)\n', ''],
      ['value > limit', 'value < limit'],
    ] as const) {
      expect(fixture).toContain(from)
      expect(await checkCopy(plan, plan.text.replace(from, to), zero)).toMatchObject({ ok: false })
    }
  })
})
