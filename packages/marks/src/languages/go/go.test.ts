import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTree } from '@sigillo/syntax/tree'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { go, goProposals } from './language.ts'

const fixture = readFileSync(join(import.meta.dirname, '../../../fixtures/go/ledger.go'), 'utf8')

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const fn = (body: string): string => `package zq

import (
	"errors"
	"os"
	"strings"
)

func collect(archive string, base *zqBase) (string, error) {
	manifest := strings.Join([]string{base.zqFolder, "manifest-v7.json"}, "/zq-separator/")
	if !strings.HasPrefix(archive, "zq-archive-prefix") {
		return "zq-refused", errors.New("zq-no-archive")
	}
${body}
	base.zqTouch(archive + ".sealed-bundle")
	return strings.ToUpper(manifest), os.Remove("zq-temporary-bundle")
}
`
const file = (declarations: string): string => `package zq

import "errors"

type zqRecorder struct {
	zqLantern, zqHarbour string
	zqInner
}

func zqOpen(zqWire *zqSocket) error {
	return zqWire.zqFirst("zq-lantern-open")
}

${declarations}
`

async function kindsOf(text: string, kind: string): Promise<string[]> {
  const { file: plan } = await findSites('a.go', text)
  return plan.sites
    .filter((site) => site.kind === kind)
    .map((site) => site.variants.map((variant) => variant.shown).join(' | '))
}

/** Proposals of one kind, whether they could be read back or not. */
async function proposed(text: string, kind: string): Promise<string[]> {
  const { root, firstError } = await parseTree('go', text)
  expect(firstError).toBeNull()
  return goProposals(text, root)
    .filter((draft) => draft.kind === kind)
    .map((draft) => draft.variants.map((variant) => variant.shown).join(' | '))
}

describe('Go: what is marked', () => {
  it.each([
    ['two total bindings', '\tmarker := "zq-lantern"\n\tceiling := 90417', 'statement-order'],
    [
      'variables without a value',
      '\tvar zqSeen bool\n\tvar zqBound []string\n\tbase.zqUse(zqSeen, zqBound)',
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
    expect(await kindsOf(fn(body), kind)).toHaveLength(1)
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
    expect(await kindsOf(file(declarations), kind)).toHaveLength(1)
  })

  it('takes the comments above a function with it', async () => {
    const { file: plan } = await findSites(
      'a.go',
      file(
        '// zqClose says so.\n//\n//go:noinline\nfunc zqClose(socket *zqSocket) {\n\tsocket.zqSecond("zq-harbour-close")\n}',
      ),
    )
    const site = plan.sites.find((one) => one.kind === 'function-order')
    expect(plan.text.slice(site?.parts?.[1]?.start)).toMatch(/^\/\/ zqClose says so.\n\/\/\n\/\/go:noinline\nfunc/)
  })
})

describe('Go: what is left alone', () => {
  it.each([
    ['two calls', '\tbase.zqUmask(23)\n\tbase.zqSync()', 'statement-order'],
    ['a binding the call mentions', '\tmarker := "zq-lantern"\n\tbase.zqUmask(marker)', 'statement-order'],
    [
      'a binding a closure may see',
      '\tmarker := "zq-lantern"\n\tbase.zqUmask(23)\n\tbase.zqLater(func() string { return marker })',
      'statement-order',
    ],
    [
      'a variable whose address is known',
      '\tmarker := "zq-lantern"\n\tbase.zqUmask(23)\n\tbase.zqLater(&marker)',
      'statement-order',
    ],
    [
      'a value of the package that the call may change',
      '\tmarker := zqGlobalMarker\n\tbase.zqUmask(23)',
      'statement-order',
    ],
    [
      'a copy of what a method may change',
      '\tvar box zqBox\n\tpointer := box.zqPointer()\n\tcopied := box\n\tpointer.zqChange(23)\n\tbase.zqUse(copied)',
      'statement-order',
    ],
    [
      'a field read through a pointer beside a call',
      '\tmarker := base.zqMarker\n\tbase.zqUmask(23)',
      'statement-order',
    ],
    ['an element', '\tmarker := archive[4]\n\tbase.zqUmask(23)', 'statement-order'],
    ['a division', '\tmarker := 90417 / base\n\tbase.zqUmask(23)', 'statement-order'],
    [
      'a shadowed builtin',
      '\tlen := base.zqMeasure\n\tmarker := len(archive)\n\tbase.zqUmask(marker)',
      'statement-order',
    ],
    [
      'a wait for a channel',
      '\tmarker := "zq-lantern"\n\tother := <-base.zqChannel\n\tbase.zqUse(marker, other)',
      'statement-order',
    ],
    [
      'a type that hides the other',
      '\tint := "zq-lantern"\n\tvar zqSeen int\n\tbase.zqUse(int, zqSeen)',
      'statement-order',
    ],
    ['fields of somebody else', '\tbase.zqFirst = "zq-lantern"\n\tbase.zqSecond = 90417', 'statement-order'],
    [
      'a function with goto',
      '\tmarker := "zq-lantern"\n\tceiling := 90417\n\tbase.zqUse(marker, ceiling)\n\tgoto zqEnd\nzqEnd:',
      'statement-order',
    ],
    [
      'a map with variables as keys',
      '\tbase.zqSend(map[string]string{archive: "zq-lantern", manifest: "zq-harbour"})',
      'member-order',
    ],
    [
      'a literal with calls',
      '\tbase.zqSend(&os.PathError{Op: base.zqLantern(), Path: base.zqHarbour()})',
      'member-order',
    ],
    ['a list', '\tbase.zqSend([]string{"zq-lantern", "zq-harbour"})', 'member-order'],
    [
      'a literal of unknown type with names as keys',
      '\tbase.zqSend(zqUnknown{zqFirst: "zq-lantern", zqSecond: "zq-harbour"})',
      'member-order',
    ],
    [
      'cases that fall through',
      '\tswitch archive {\n\tcase "zq-lantern":\n\t\tbase.zqFirst()\n\t\tfallthrough\n\tcase "zq-harbour":\n\t\tbase.zqSecond(23)\n\t}',
      'case-order',
    ],
    [
      'cases with conditions',
      '\tswitch {\n\tcase archive == "zq-lantern":\n\t\tbase.zqFirst()\n\tcase base.zqHarbour:\n\t\tbase.zqSecond(23)\n\t}',
      'case-order',
    ],
    [
      'cases with variables',
      '\tswitch archive {\n\tcase manifest:\n\t\tbase.zqFirst()\n\tcase base.zqHarbour:\n\t\tbase.zqSecond(23)\n\t}',
      'case-order',
    ],
    [
      'types that may be interfaces',
      '\tswitch base.zqAny.(type) {\n\tcase error:\n\t\tbase.zqFirst()\n\tcase zqStringer:\n\t\tbase.zqSecond(23)\n\t}',
      'case-order',
    ],
    [
      'the default',
      '\tswitch archive {\n\tcase "zq-lantern":\n\t\tbase.zqFirst()\n\tdefault:\n\t\tbase.zqSecond(23)\n\t}',
      'case-order',
    ],
    [
      'a literal in a comparison, which would look odd turned',
      '\tif 4 < len(archive) {\n\t\tbase.zqUmask(23)\n\t}',
      'comparison',
    ],
    ['a comparison with a call', '\tif len(archive) > base.zqCeiling() {\n\t\tbase.zqUmask(23)\n\t}', 'comparison'],
    ['the head of a loop', '\tfor zq := 4; zq < len(archive); zq++ {\n\t\tbase.zqUmask(zq)\n\t}', 'comparison'],
    [
      'a name used as a field too',
      '\tmessage := base.zqLantern()\n\tbase.zqUmask(zqBox{message: message})',
      'local-name',
    ],
    [
      'a name that also means something of the package',
      '\tbase.zqUmask(message)\n\tif archive == "" {\n\t\tmessage := base.zqLantern()\n\t\tbase.zqUmask(message)\n\t}',
      'local-name',
    ],
    [
      'a name a comment speaks of',
      '\t// message is what the lantern says\n\tmessage := base.zqLantern()\n\tbase.zqUmask(message)',
      'local-name',
    ],
    [
      'a name in a column that gofmt lines up',
      '\tmessage := base.zqLantern() // first\n\tzq := 4                     // second\n\tbase.zqUmask(message, zq)',
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await proposed(fn(body), kind)).toEqual(await proposed(fn(''), kind))
  })

  it.each([
    ['init functions, which run in order', 'func init() {\n\tzqRegister("zq-harbour-close")\n}', 'function-order'],
    ['tests, which run in order', 'func TestZq(t *testing.T) {\n\tt.zqSecond("zq-harbour-close")\n}', 'function-order'],
    ['constants that count', 'const (\n\tzqOne = iota + 90417\n\tzqTwo = iota + 70411\n)', 'member-order'],
    ['constants that repeat the line before', 'const (\n\tzqOne = "zq-first-value"\n\tzqTwo\n)', 'member-order'],
    [
      'variables with calls',
      'var zqOne = zqFirst("zq-lantern")\nvar zqTwo = zqSecond("zq-harbour")',
      'statement-order',
    ],
    [
      'errors of another package called errors',
      'func zqMake(errors zqMaker) {\n\tzqOne := errors.New("zq-first")\n\tzqTwo := errors.New("zq-second")\n\tzqUse(zqOne, zqTwo)\n}',
      'statement-order',
    ],
    [
      'a field that promotes the other',
      'func (r *zqRecorder) zqReset() {\n\tr.zqInner = zqInner{"zq-first"}\n\tr.zqHarbour = "zq-second"\n}',
      'statement-order',
    ],
    [
      'the receiver, whose name all methods share',
      'func (message *zqRecorder) zqSay() {\n\tmessage.zqFirst("zq-harbour", message.zqLantern)\n}',
      'local-name',
    ],
  ])('%s', async (_, declarations, kind) => {
    expect(await proposed(file(declarations), kind)).toEqual([])
  })

  it('leaves a file alone whose lines somebody counts', async () => {
    expect(
      (await findSites('a.go', `//line zq.y:1\n${fixture}`)).file.sites.filter((site) => site.pool !== 'wire'),
    ).toEqual([])
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
