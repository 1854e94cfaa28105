import { describe, expect, it } from 'vitest'
import type { GrammarId } from './grammars.ts'
import { parseTree } from './tree.ts'

const SMALLEST: Record<GrammarId, string> = {
  bash: 'f() { echo "$1"; }\n',
  c: 'int main(void) { return 0; }\n',
  cpp: 'class A { public: int x; };\n',
  go: 'package a\n\nfunc f() int { return 1 }\n',
  java: 'class A { int x = 1; }\n',
  javascript: 'const f = (a) => a + 1\n',
  php: '<?php function f($a) { return $a; }\n',
  powershell: 'function F {\n  param($a)\n  $a + 1\n}\n',
  python: 'def f(a):\n    return a\n',
  ruby: 'def f(a)\n  a\nend\n',
  tsx: 'const a: Node = <b c="d" />\n',
  typescript: 'const f = (a: number): number => a + 1\n',
}

describe('every bundled grammar', () => {
  it.each(Object.entries(SMALLEST))('%s parses its own language without damage', async (id, text) => {
    const tree = await parseTree(id as GrammarId, text)
    expect(tree.firstError).toBeNull()
    expect(tree.root.children.length).toBeGreaterThan(0)
  })

  it.each(Object.entries(SMALLEST))('%s sees that a broken text is broken', async (id, text) => {
    const tree = await parseTree(id as GrammarId, `${text}((((\n`)
    expect(tree.firstError).not.toBeNull()
  })
})
