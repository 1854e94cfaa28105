import { describe, expect, it } from 'vitest'
import { BLOCK_COMMENT, quoted, uncut } from './cut-texts.ts'

describe('a text cut in the middle of a comment', () => {
  it('may begin in one that ends before any other begins', () => {
    expect(uncut(' the end */\nint a;\n/* whole */', [BLOCK_COMMENT])).toEqual(['/* the end */\nint a;\n/* whole */'])
  })

  it('may end in one that is never closed', () => {
    expect(uncut('/* whole */\nint a;\n/* the', [BLOCK_COMMENT])).toEqual(['/* whole */\nint a;\n/* the*/'])
  })

  it('is left alone when all of its comments are whole, or there are none', () => {
    expect(uncut('/* whole */ int a;', [BLOCK_COMMENT])).toEqual([])
    expect(uncut('int a;', [BLOCK_COMMENT])).toEqual([])
  })
})

describe('a text cut in the middle of a string', () => {
  it('may begin or end in it when its quotes are odd in number', () => {
    expect(uncut('tail"""\na = 1', [quoted('"""')])).toEqual(['"""tail"""\na = 1', 'tail"""\na = 1"""'])
    expect(uncut('"""whole"""', [quoted('"""')])).toEqual([])
  })
})

it('a text that lacks what its language begins with, to the end of the file, is given it', () => {
  expect(uncut('$a = 1;', [['<?php ', '']])).toEqual(['<?php $a = 1;'])
  expect(uncut('<?php\n$a = 1;', [['<?php ', '']])).toEqual([])
})

it('lines stay where they were', () => {
  const lines = (text: string): number => text.split('\n').length
  const text = 'tail */ """\na = 1\n/* head'
  for (const other of uncut(text, [BLOCK_COMMENT, quoted('"""'), ['<?php ', '']])) expect(lines(other)).toBe(3)
})
