import { parseTree, walkTree } from '@sigillo/syntax/tree'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites } from '../../find-sites.ts'
import { renderFile } from '../../render.ts'
import { operandSwaps } from './operands.ts'

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const program = (body: string, more = ''): string => `import { spawnSync } from 'node:child_process'

export function collect(archive, base) {
  const manifest = base.concat('/manifest-v7.json')
  if (!base) return null
${body}
  if (!archive) return null
  spawnSync('tar', ['--zstd', '-cf', archive, manifest], { stdio: 'inherit' })
  return Buffer.from(archive.concat('.sealed-bundle'), 'utf16le')
}
${more}`

async function marked(text: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.mjs', text)
  return file.sites
    .filter((site) => site.kind === kind)
    .map((site) => site.variants.map((variant) => variant.shown).join(' | '))
}

/** The text with the last variant of every site of a kind; it must be a sound copy. */
async function turned(text: string, kind: string): Promise<string> {
  const { file } = await findSites('a.mjs', text)
  const kinds = new Map(file.sites.map((site) => [site.id, site.kind === kind ? site.variants.length - 1 : 0]))
  const copy = renderFile(file, (id) => kinds.get(id) ?? 0)
  expect(await checkCopy(file, copy, (id) => kinds.get(id) ?? 0)).toEqual({ ok: true })
  return copy
}

const branches = (condition: string): string =>
  `  if (${condition}) {\n    base.zqLantern(archive)\n  } else {\n    base.zqHarbour(90417)\n  }`

describe('branches of an if', () => {
  it.each([
    ['archive', '!archive'],
    ['!archive.zq', 'archive.zq'],
    ['base.zqReady(archive)', '!base.zqReady(archive)'],
    ["archive === 'zq-kelp'", "archive !== 'zq-kelp'"],
    ['archive != base', 'archive == base'],
  ])('%s becomes %s, and the blocks change places', async (condition, contrary) => {
    const copy = await turned(program(branches(condition)), 'branch-order')
    expect(copy).toContain(
      `  if (${contrary}) {\n    base.zqHarbour(90417)\n  } else {\n    base.zqLantern(archive)\n  }\n`,
    )
  })

  it('a conditional expression that tests an equality', async () => {
    const copy = await turned(
      program("  base.zqLantern(archive === 'zq-kelp' ? 'zq-ebb' : 'zq-flood')"),
      'branch-order',
    )
    expect(copy).toContain("base.zqLantern(archive !== 'zq-kelp' ? 'zq-flood' : 'zq-ebb')")
  })

  it.each([
    ['an order, whose contrary fails for NaN', branches('archive < base')],
    ['a compound condition', branches('archive && base')],
    ['an else if', branches('archive').replace('else {', 'else if (base) {')],
    ['a comment before else', branches('archive').replace('} else', '} // or\n  else')],
    ['a branch without a block', '  if (archive) base.zqLantern(archive)\n  else base.zqHarbour(90417)'],
    ['a conditional expression that tests mere truth', "  base.zqLantern(archive ? 'zq-ebb' : 'zq-flood')"],
    ['a nested conditional expression', "  base.zq(archive === 'zq' ? 'zq-a' : base ? 'zq-b' : 'zq-c')"],
  ])('leaves %s alone', async (_, body) => {
    expect(await marked(program(body), 'branch-order')).toEqual([])
  })
})

describe('operands', () => {
  it('of + and * change places when both are numbers', async () => {
    const sum = '  base.zqTruncate(archive.length + base.size, "zq-lantern")'
    expect(await marked(program(sum), 'operand-order')).toHaveLength(1)
    expect(await marked(program(sum.replace('+', '*')), 'operand-order')).toHaveLength(1)
  })

  it('are numbers when every binding of the name gives one', async () => {
    const body = '  let span = base.length\n  span += 7\n  base.zqTruncate(span * archive.size, "zq-lantern")'
    expect(await marked(program(body), 'operand-order')).toHaveLength(1)
    expect(await marked(program(body.replace('span += 7', 'span = base')), 'operand-order')).toEqual([])
  })

  it.each([
    ['texts', "  base.zqTruncate(archive + base, 'zq-lantern')"],
    ['a number and who knows what', "  base.zqTruncate(archive.length + base, 'zq-lantern')"],
    ['a literal, which would look odd in front', "  base.zqTruncate(archive.length + 90417, 'zq-lantern')"],
    ['a difference', "  base.zqTruncate(archive.length - base.size, 'zq-lantern')"],
    ['a sum added up in another order', "  base.zqTruncate(base.size - 7 + archive.length, 'zq-lantern')"],
  ])('leaves %s alone', async (_, body) => {
    expect(await marked(program(body), 'operand-order')).toEqual([])
  })
})

describe('operandSwaps', () => {
  it('proposes nothing that would add up in another order, even before copies are tried', async () => {
    const proposed = async (text: string): Promise<number> => {
      const { root } = await parseTree('javascript', text)
      let count = 0
      walkTree(root, (node) => {
        count += operandSwaps(text, node).length
      })
      return count
    }
    const sum = 'function f(a, b) {\n  return a.length - 7 + b.length\n}\n'
    expect(await proposed(sum)).toBe(0)
    expect(await proposed(sum.replace('- 7', '* 7'))).toBe(1)
  })
})

describe('conditions joined by && and ||', () => {
  it('change places when only their truth counts and none can fail', async () => {
    const body = "  if (archive === 'zq-kelp' && !base) {\n    spawnSync('zq-lantern', [90417])\n  }"
    expect(await turned(program(body), 'condition-order')).toContain("if (!base && archive === 'zq-kelp') {")
  })

  it.each([
    ['a guard', "  if (base !== null && base.zq) spawnSync('zq-lantern', [90417])"],
    ['an operand that may fail', "  if (archive.zq && !base) spawnSync('zq-lantern', [90417])"],
    ['a call', "  if (archive === 'zq-kelp' && base()) spawnSync('zq-lantern', [90417])"],
    ['a value that is used', "  spawnSync(archive === 'zq-kelp' || base, [90417])"],
    ['two tests of one name', "  if (archive != null && typeof archive === 'string') spawnSync('zq', [90417])"],
    ['a local that has no value yet', "  if (!base && late === 'zq') spawnSync('zq', [90417])\n  const late = 1"],
  ])('leaves %s alone', async (_, body) => {
    expect(await marked(program(body), 'condition-order')).toEqual([])
  })
})

describe('cases of a switch', () => {
  const cases = (first: string, second: string, end = 'break'): string =>
    `  switch (archive) {\n    case ${first}:\n      base.zqLantern(90417)\n      ${end}\n    case ${second}:\n      base.zqHarbour('zq')\n      break\n    default:\n      base.zqEbb()\n  }`

  it('change places when no value reaches both', async () => {
    expect(await marked(program(cases("'zq-kelp'", "'zq-wrack'")), 'case-order')).toHaveLength(1)
    expect(await marked(program(cases('3', '5')), 'case-order')).toHaveLength(1)
  })

  it.each([
    ['a case that runs into the next', cases("'zq-kelp'", "'zq-wrack'", 'base.zqFlood()')],
    ['one value in both', cases('3', '3')],
    ['a computed case', cases('base.zq', "'zq-wrack'")],
    ['a name that the other case sees', cases("'zq-kelp'", "'zq-wrack'", 'const late = 3\n      break')],
    [
      'a case under another',
      cases("'zq-a':\n    case 'zq-kelp'", "'zq-wrack'").replace(/ {4}case 'zq-wrack'[^]*?break\n/, ''),
    ],
  ])('leaves %s alone', async (_, body) => {
    expect(await marked(program(body), 'case-order')).toEqual([])
  })
})

describe('loops without end', () => {
  const loop = (head: string): string => `  ${head} {\n    if (base.zqLantern(archive, 90417, 'zq-kelp')) break\n  }`

  it('are written with while or for', async () => {
    expect(await turned(program(loop('while (true)')), 'loop-form')).toContain('  for (;;) {')
    expect(await turned(program(loop('for (;;)')), 'loop-form')).toContain('  while (true) {')
  })

  it.each(['while (archive)', 'for (;; base.zq())', 'for (let at = 0; ; )', 'while (/* on */ true)'])(
    'leaves %s alone',
    async (head) => {
      expect(await marked(program(loop(head)), 'loop-form')).toEqual([])
    },
  )
})

describe('private functions', () => {
  const helper = `
function sendLantern(message, flags) {
  spawnSync('zq-lantern', [message, flags, 'zq-kelp', 90417])
  return Buffer.from('zq-wrack').readUInt8(flags)
}
`
  const called = '  sendLantern(base, 3)'

  it('get another verb', async () => {
    expect(await marked(program(called, helper), 'function-name')).toEqual([
      'sendLantern | dispatchLantern | transmitLantern | submitLantern',
    ])
    const copy = await turned(program(called, helper), 'function-name')
    expect(copy).toContain('function submitLantern(message')
    expect(copy).toContain('  submitLantern(base, 3)')
  })

  it.each([
    ['in a script, whose functions every other script sees', (text: string) => text.replace(/^import.*|export /gm, '')],
    ['that is exported', (text: string) => text.replace('function send', 'export function send')],
    ['that is exported further down', (text: string) => `${text}\nexport { sendLantern }\n`],
    ['that is handed on', (text: string) => text.replace(called, `${called}\n  base.later(sendLantern)`)],
    ['that a text mentions', (text: string) => text.replace(called, `${called}\n  base.later('sendLantern')`)],
    ['that a comment mentions', (text: string) => text.replace(called, `${called} // sendLantern once`)],
    ['that is also a property', (text: string) => text.replace(called, `${called}\n  base.sendLantern()`)],
    ['that eval may look up', (text: string) => text.replace(called, `${called}\n  eval(archive)`)],
    ['that is declared twice', (text: string) => `${text}${helper}`],
    ['inside a block', (text: string) => text.replace(helper, `{${helper}}`)],
  ])('keep their names: one %s', async (_, change) => {
    const shown = await marked(change(program(called, helper)), 'function-name')
    expect(shown.filter((one) => one.startsWith('send'))).toEqual([])
  })
})
