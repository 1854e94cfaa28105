import { parseTree, walkTree } from '@sigillo/syntax/tree'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites } from '../../find-sites.ts'
import { renderFile } from '../../render.ts'
import { operandSwaps } from './operands.ts'

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const program = (body: string, more = ''): string => `import os
import subprocess


def collect(archive, folder, count: int, total: int):
    manifest = os.path.join(folder, "manifest-v7.json")
    if not folder:
        return None
${body}
    if not archive:
        return None
    subprocess.run(["tar", "--zstd", "-cf", archive, manifest], check=True)
    os.replace(archive, archive + ".sealed-bundle")
    return manifest.encode("utf-16-le")

${more}
if __name__ == "__main__":
    collect("zq-parcel", "zq-folder", 3, 4)
`

async function marked(text: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.py', text)
  return file.sites
    .filter((site) => site.kind === kind)
    .map((site) => site.variants.map((variant) => variant.shown).join(' | '))
}

/** The text with the last variant of every site of a kind; it must be a sound copy. */
async function turned(text: string, kind: string): Promise<string> {
  const { file } = await findSites('a.py', text)
  const kinds = new Map(file.sites.map((site) => [site.id, site.kind === kind ? site.variants.length - 1 : 0]))
  const copy = renderFile(file, (id) => kinds.get(id) ?? 0)
  expect(await checkCopy(file, copy, (id) => kinds.get(id) ?? 0)).toEqual({ ok: true })
  return copy
}

const branches = (condition: string): string =>
  `    if ${condition}:\n        os.zq_lantern(archive)\n    else:\n        os.zq_harbour(folder, 90417)`

describe('branches of an if', () => {
  it.each([
    ['archive', 'not archive'],
    ['not archive.zq', 'archive.zq'],
    ['os.zq_ready(archive)', 'not os.zq_ready(archive)'],
    ['archive is None', 'archive is not None'],
    ['archive not in folder', 'archive in folder'],
    ['archive == "zq-kelp"', 'archive != "zq-kelp"'],
  ])('%s becomes %s, and the blocks change places', async (condition, contrary) => {
    const copy = await turned(program(branches(condition)), 'branch-order')
    expect(copy).toContain(
      `    if ${contrary}:\n        os.zq_harbour(folder, 90417)\n    else:\n        os.zq_lantern(archive)\n`,
    )
  })

  it('take their comments along', async () => {
    const body = branches('archive').replace('(archive)', '(archive)  # lit')
    const copy = await turned(program(`${body}\n        # moored`), 'branch-order')
    expect(copy).toContain('90417)\n        # moored\n    else:\n        os.zq_lantern(archive)  # lit\n')
  })

  it('a conditional expression that tests an equality', async () => {
    const copy = await turned(
      program('    os.zq_lantern("zq-ebb" if archive == "zq-kelp" else "zq-flood")'),
      'branch-order',
    )
    expect(copy).toContain('os.zq_lantern("zq-flood" if archive != "zq-kelp" else "zq-ebb")')
  })

  it.each([
    ['an order, whose contrary fails for NaN', branches('archive < folder')],
    ['an equality a class may define', branches('archive.zq_kelp == folder.zq_wrack')],
    ['a compound condition', branches('archive and folder')],
    ['an elif', branches('archive').replace('    else:', '    elif folder:\n        os.sync()\n    else:')],
    ['a comment before else', branches('archive').replace('    else:', '    # or else\n    else:')],
    ['a branch on the same line', '    if archive: os.zq_lantern(archive)\n    else: os.zq_harbour(folder, 90417)'],
    ['a nested conditional expression', '    os.zq("zq-a" if archive == "zq-k" else "zq-b" if folder else "zq-c")'],
  ])('leaves %s alone', async (_, body) => {
    expect(await marked(program(body), 'branch-order')).toEqual([])
  })
})

describe('operands', () => {
  it('of + change places when both are numbers', async () => {
    const body = '    os.zq_truncate(count + len(archive), "zq-lantern")'
    expect(await marked(program(body), 'operand-order')).toEqual([
      'count before len(archive) | len(archive) before count',
    ])
  })

  it('are numbers when every binding of the name gives one', async () => {
    const body = '    span = len(folder)\n    span += 7\n    os.zq_truncate(span * len(archive), "zq-lantern")'
    expect(await marked(program(body), 'operand-order')).toHaveLength(1)
    const unsure = body.replace('span += 7', 'span = folder')
    expect(await marked(program(unsure), 'operand-order')).toEqual([])
  })

  it.each([
    ['texts', '    os.zq_truncate(archive + folder, "zq-lantern")'],
    ['a number and who knows what', '    os.zq_truncate(len(archive) + folder, "zq-lantern")'],
    ['a literal, which would look odd in front', '    os.zq_truncate(len(archive) + 90417, "zq-lantern")'],
    ['a difference', '    os.zq_truncate(count - len(archive), "zq-lantern")'],
    [
      'a sum that would be added up in another order',
      '    os.zq_truncate(len(folder) - 90417 + len(archive), "zq-lantern")',
    ],
    ['calls', '    os.zq_truncate(int(archive) + int(folder), "zq-lantern")'],
  ])('leaves %s alone', async (_, body) => {
    const drafts = await marked(program(body), 'operand-order')
    expect(drafts).toEqual([])
  })
})

describe('operandSwaps', () => {
  it('proposes nothing that would add up in another order, even before copies are tried', async () => {
    const proposed = async (text: string): Promise<number> => {
      const { root } = await parseTree('python', text)
      let count = 0
      walkTree(root, (node) => {
        count += operandSwaps(text, node).length
      })
      return count
    }
    const sum = 'def f(a, b):\n    return len(a) - 7 + len(b)\n'
    expect(await proposed(sum)).toBe(0)
    expect(await proposed(sum.replace('- 7', '* 7'))).toBe(1)
  })
})

describe('conditions joined by and, or', () => {
  it('change places when only their truth counts and none can fail', async () => {
    const body = '    if archive == "zq-kelp" and not folder:\n        os.zq_lantern(90417)'
    expect(await marked(program(body), 'condition-order')).toHaveLength(1)
    expect(await turned(program(body), 'condition-order')).toContain('if not folder and archive == "zq-kelp":')
  })

  it.each([
    ['a guard', '    if folder is not None and folder.zq > 3:\n        os.zq_lantern(90417)'],
    ['an operand that may fail', '    if archive.zq and folder:\n        os.zq_lantern(90417)'],
    ['a call', '    if archive == "zq-kelp" and os.zq_ready():\n        os.zq_lantern(90417)'],
    ['a value that is used', '    os.zq_lantern(archive == "zq-kelp" or folder, 90417)'],
    ['two tests of one name', '    if archive is not None and isinstance(archive, str):\n        os.zq_lantern(90417)'],
    [
      'a local that may have no value',
      '    if not folder and late == "zq-kelp":\n        os.zq_lantern(90417)\n    late = 1',
    ],
    [
      'names the function deletes',
      '    del archive\n    if archive == "zq-kelp" and not folder:\n        os.zq(90417)',
    ],
  ])('leaves %s alone', async (_, body) => {
    expect(await marked(program(body), 'condition-order')).toEqual([])
  })
})

describe('cases of a match', () => {
  const match = (first: string, second: string): string =>
    `    match archive:\n        case ${first}:\n            os.zq_lantern(folder)\n        case ${second}:\n            os.zq_harbour(90417)`

  it('change places when no subject reaches both', async () => {
    expect(await marked(program(match('"zq-kelp"', '"zq-wrack"')), 'case-order')).toHaveLength(1)
    expect(await marked(program(match('3 | 4', '5')), 'case-order')).toHaveLength(1)
  })

  it.each([
    ['a case that takes all', '"zq-kelp"', '_'],
    ['a capture', '"zq-kelp"', 'other'],
    ['a guard', '"zq-kelp" if folder', '"zq-wrack"'],
    ['one value in both', '"zq-kelp" | "zq-wrack"', '"zq-wrack"'],
    ['numbers and texts, which a class may both equal', '3', '"zq-wrack"'],
  ])('leaves %s alone', async (_, first, second) => {
    expect(await marked(program(match(first, second)), 'case-order')).toEqual([])
  })
})

describe('range', () => {
  const loop = (range: string): string =>
    `    for zq in ${range}:\n        os.zq_lantern(zq, "zq-kelp", folder.zq_depth)`

  it('is written with or without its 0', async () => {
    expect(await turned(program(loop('range(count)')), 'loop-form')).toContain('in range(0, count):')
    expect(await turned(program(loop('range(0, count)')), 'loop-form')).toContain('in range(count):')
  })

  it.each([
    ['another start', loop('range(1, count)')],
    ['a step', loop('range(0, count, 2)')],
    ['a range of its own', `    range = folder.zq_range\n${loop('range(count)')}`],
    ['a range defined there', `    def range(zq_most):\n        return zq_most.zq_range\n${loop('range(count)')}`],
    ['arguments spread', loop('range(*archive)')],
  ])('leaves %s alone', async (_, body) => {
    expect(await marked(program(body), 'loop-form')).toEqual([])
  })
})

describe('private functions', () => {
  const helper = `
def send_lantern(message, flags=3):
    os.zq_lantern(message, flags, "zq-kelp", 90417)
    os.zq_harbour("zq-wrack", message)

`
  const called = '    send_lantern(folder, 3)'

  it('get another verb, and their parameters other names', async () => {
    const text = program(called, helper)
    expect(await marked(text, 'function-name')).toContain(
      'send_lantern | dispatch_lantern | transmit_lantern | submit_lantern',
    )
    const parameters = await marked(text, 'parameter-name')
    expect(parameters.filter((one) => /^(?:message|flags) /.test(one))).toHaveLength(2)
    const copy = await turned(text, 'function-name')
    expect(copy).toContain('def submit_lantern(message')
    expect(copy).toContain('    submit_lantern(folder, 3)')
  })

  it.each([
    ['in a module that others may import', (text: string) => text.replace(/if __name__[^]*/, '')],
    [
      'in a module that defines more than it uses',
      (text: string) => text.replace('if __name', 'def spare():\n    pass\n\n\nif __name'),
    ],
    [
      'in a module that names its exports',
      (text: string) => text.replace('import os', '__all__ = ["collect"]\nimport os'),
    ],
    ['that is handed on', (text: string) => text.replace(called, `${called}\n    os.later(send_lantern)`)],
    ['that a text mentions', (text: string) => text.replace(called, `${called}\n    os.later("send_lantern")`)],
    ['that a comment mentions', (text: string) => text.replace(called, `${called}  # send_lantern once`)],
    ['that an attribute could mean', (text: string) => text.replace(called, `${called}\n    os.send_lantern()`)],
    ['that is looked up', (text: string) => text.replace(called, `${called}\n    os.later(globals())`)],
    ['that is decorated', (text: string) => text.replace('def send', '@os.zq\ndef send')],
    ['that is defined twice', (text: string) => text.replace('if __name', `${helper}\nif __name`)],
    ['that nobody calls', (text: string) => text.replace(called, '    os.sync()')],
  ])('keep their names: one %s', async (_, change) => {
    const text = change(program(called, helper))
    const shown = await marked(text, 'function-name')
    expect(shown.filter((one) => one.startsWith('send'))).toEqual([])
  })

  it.each([
    ['that a caller names', (text: string) => text.replace('folder, 3)', 'folder, flags=3)')],
    ['that a caller may name', (text: string) => text.replace('folder, 3)', 'folder, **zq)')],
    ['that a docstring explains', (text: string) => text.replace('flags=3):\n', 'flags=3):\n    """flags: zq"""\n')],
    ['that another default mentions', (text: string) => text.replace('flags=3', 'zq_depth=flags, flags=3')],
  ])('keep a parameter %s', async (_, change) => {
    const text = change(program(called, helper))
    const shown = await marked(text, 'parameter-name')
    expect(shown.filter((one) => one.startsWith('flags'))).toEqual([])
  })
})
