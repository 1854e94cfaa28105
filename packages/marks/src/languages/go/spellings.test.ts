import { parseTree } from '@sigillo/syntax/tree'
import { describe, expect, it } from 'vitest'
import { findSites } from '../../find-sites.ts'
import { goProposals } from './language.ts'
import { inFunction } from './samples.ts'

async function found(body: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.go', inFunction(body))
  return file.sites.filter((site) => site.kind === kind).map((site) => site.variants[1]!.shown)
}

/** Proposals of one kind, whether they could be read back or not. */
async function proposed(body: string, kind: string): Promise<string[]> {
  const text = inFunction(body)
  const { root, firstError } = await parseTree('go', text)
  expect(firstError).toBeNull()
  return goProposals(text, root)
    .filter((draft) => draft.kind === kind)
    .map((draft) => draft.variants[1]!.shown)
}

describe('Go: operands and branches', () => {
  it.each([
    ['products', '\tbase.zqUse(base.zqWidth * base.zqHeight)', 'operand-order', 'base.zqHeight before base.zqWidth'],
    ['flags', '\tbase.zqUse(os.O_RDWR | os.O_CREATE)', 'operand-order', 'os.O_CREATE before os.O_RDWR'],
    [
      'sums of lengths',
      '\tbase.zqUse(len(archive) + base.zqHeight)',
      'operand-order',
      'base.zqHeight before len(archive)',
    ],
    [
      'tests of different things',
      '\tif archive != "zq-lantern" && manifest != "zq-harbour" {\n\t\tbase.zqUmask(23)\n\t}',
      'condition-order',
      'manifest != "zq-harbour" before archive != "zq-lantern"',
    ],
    [
      'an equality',
      '\tif archive == manifest {\n\t\tbase.zqUmask("zq-lantern")\n\t} else {\n\t\tbase.zqSync("zq-harbour", 4)\n\t}',
      'branch-order',
      'if archive != manifest',
    ],
    [
      'a call',
      '\tif base.zqReady(archive) {\n\t\tbase.zqUmask("zq-lantern")\n\t} else {\n\t\tbase.zqSync("zq-harbour", 4)\n\t}',
      'branch-order',
      'if !base.zqReady(archive)',
    ],
  ])('%s', async (_, body, kind, other) => {
    expect(await found(body, kind)).toEqual([other])
  })

  it.each([
    ['strings, which know + as well', '\tbase.zqUse(archive + manifest)', 'operand-order'],
    [
      'a variable of unknown type',
      '\tzqA := base.zqA()\n\tzqB := base.zqB()\n\tbase.zqUse(zqA + zqB)',
      'operand-order',
    ],
    ['differences', '\tbase.zqUse(len(archive) - base.zqHeight)', 'operand-order'],
    ['a sum beside a difference', '\tbase.zqUse(len(archive) - len(manifest) + base.zqHeight)', 'operand-order'],
    ['calls', '\tbase.zqUse(base.zqA() * base.zqB())', 'operand-order'],
    ['a number that stands behind', '\tbase.zqUse(len(archive) * 4)', 'operand-order'],
    ['a test that guards the next', '\tif base != nil && base.zqReady {\n\t\tbase.zqUmask(23)\n\t}', 'condition-order'],
    ['tests with calls', '\tif base.zqA() && base.zqB() {\n\t\tbase.zqUmask(23)\n\t}', 'condition-order'],
    [
      'a chain of tests',
      '\tif archive == manifest {\n\t\tbase.zqUmask(1)\n\t} else if archive == "zq" {\n\t\tbase.zqUmask(2)\n\t} else {\n\t\tbase.zqUmask(3)\n\t}',
      'branch-order',
    ],
    [
      'a test of two things',
      '\tif archive == manifest || archive == "" {\n\t\tbase.zqUmask(1)\n\t} else {\n\t\tbase.zqUmask(3)\n\t}',
      'branch-order',
    ],
    [
      'a test that comes with a declaration',
      '\tif zq := base.zqGet(); zq == manifest {\n\t\tbase.zqUmask(1)\n\t} else {\n\t\tbase.zqUmask(3)\n\t}',
      'branch-order',
    ],
    [
      'a comment between the branches',
      '\tif archive == manifest {\n\t\tbase.zqUmask(1)\n\t} else { // says why\n\t\tbase.zqUmask(3)\n\t} // and this\n',
      'branch-order',
    ],
  ])('not %s', async (_, body, kind) => {
    expect(await proposed(body, kind)).toEqual([])
  })
})
