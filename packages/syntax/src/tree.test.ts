import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { childByField, lineAt, MAX_DEPTH, MAX_TEXT, parseTree, type SyntaxNode, walkTree } from './tree.ts'

function types(root: SyntaxNode): string[] {
  const out: string[] = []
  walkTree(root, (node) => {
    if (node.named) out.push(node.type)
  })
  return out
}

describe('parseTree', () => {
  it('gives named nodes, fields and UTF-16 offsets', async () => {
    const text = 'naïve = "𝄞" # x\nuse(naïve)\n'
    const { root, damage, firstError } = await parseTree('python', text)
    expect(types(root)).toEqual(
      'module expression_statement assignment identifier string string_start string_content string_end comment expression_statement call identifier argument_list identifier'.split(
        ' ',
      ),
    )
    const assignment = root.children[0]!.children[0]!
    const right = childByField(assignment, 'right')!
    expect(text.slice(right.start, right.end)).toBe('"𝄞"')
    expect([damage, firstError]).toEqual([0, null])
    expect(right.parent).toBe(assignment)
  })

  it('says how much of a broken text it could not use, and where the trouble starts', async () => {
    const good = await parseTree('javascript', 'const a = 1\n')
    const bad = await parseTree('javascript', 'const a = 1\n)))) what is ]] this {{\n')
    expect(good.damage).toBe(0)
    expect(bad.damage).toBeGreaterThan(0.1)
    expect(lineAt(bad.text, bad.firstError!)).toBe(2)
  })

  it('keeps deep nesting within what recursion can walk', async () => {
    const depth = 20_000
    const tree = await parseTree('javascript', `${'['.repeat(depth)}${']'.repeat(depth)}`)
    let deepest = 0
    const measure = (node: SyntaxNode, level: number): void => {
      deepest = Math.max(deepest, level)
      for (const child of node.children) measure(child, level + 1)
    }
    measure(tree.root, 0)
    expect(tree.truncated).toBe(true)
    expect(deepest).toBe(MAX_DEPTH)
  })

  it('refuses texts above the limit with a clear error', async () => {
    await expect(parseTree('python', 'x'.repeat(MAX_TEXT + 1))).rejects.toMatchObject({ code: 'too-large' })
  })
})

property.prop([fc.string({ unit: 'grapheme', maxLength: 300 })])(
  'any text has a tree whose children lie inside their parents',
  async (text) => {
    for (const grammar of ['python', 'javascript'] as const) {
      const { root, damage } = await parseTree(grammar, text)
      expect(damage).toBeGreaterThanOrEqual(0)
      walkTree(root, (node) => {
        for (const child of node.children) {
          expect(child.start).toBeGreaterThanOrEqual(node.start)
          expect(child.end).toBeLessThanOrEqual(Math.max(node.end, child.start))
        }
      })
    }
  },
)
