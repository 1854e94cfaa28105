import { parseTree } from '@sigillo/syntax/tree'
import { describe, expect, it } from 'vitest'
import { goProposals } from './language.ts'
import { inFunction, inPackage } from './samples.ts'

/** Proposals of one kind, whether they could be read back or not. */
async function proposed(text: string, kind: string): Promise<string[]> {
  const { root, firstError } = await parseTree('go', text)
  expect(firstError).toBeNull()
  return goProposals(text, root)
    .filter((draft) => draft.kind === kind)
    .map((draft) => draft.variants.map((variant) => variant.shown).join(' | '))
}

describe('Go: what is left alone', () => {
  it.each([
    ['two calls', '\tbase.zqUmask(23)\n\tbase.zqSync()', 'statement-order'],
    ['a binding the call mentions', '\tmarker := "zq-lantern"\n\tbase.zqUmask(marker)', 'statement-order'],
    [
      'a binding a closure may see',
      '\tmarker := base.zqMark()\n\tbase.zqLater(func() string { return marker })\n\tmarker = "zq-lantern"\n\tbase.zqUmask(23)',
      'statement-order',
    ],
    [
      'a variable whose address is known',
      '\tmarker := base.zqMark()\n\tbase.zqLater(&marker)\n\tmarker = "zq-lantern"\n\tbase.zqUmask(23)',
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
    [
      'a field read beside a write through a pointer',
      '\tmarker := base.zqMarker\n\tbase.zqOther = 90417\n\tbase.zqUse(marker)',
      'statement-order',
    ],
    [
      'elements, which fail each in its own way',
      '\tmarker := archive[4]\n\tceiling := manifest[5]\n\tbase.zqUse(marker, ceiling)',
      'statement-order',
    ],
    ['an element', '\tmarker := archive[4]\n\tbase.zqUmask(23)', 'statement-order'],
    ['a division', '\tmarker := 90417 / base\n\tbase.zqUmask(23)', 'statement-order'],
    [
      'a shadowed builtin',
      '\tnew := base.zqMeasure\n\tbase.zqOther(new)\n\tmarker := new(archive)\n\tbase.zqUmask(23)\n\tbase.zqUse(marker)',
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
      '\tswitch {\n\tcase true:\n\t\tbase.zqFirst()\n\tcase false:\n\t\tbase.zqSecond(23)\n\t}',
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
    expect(await proposed(inFunction(body), kind)).toEqual(await proposed(inFunction(''), kind))
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
    expect(await proposed(inPackage(declarations), kind)).toEqual([])
  })
})
