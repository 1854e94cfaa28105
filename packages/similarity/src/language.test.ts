import { describe, expect, it } from 'vitest'
import { languageOf, utf16Order } from './language.ts'

const guess = (text: string, name?: string): string => languageOf(name, new TextEncoder().encode(text))

describe('the language of a file', () => {
  it.each([
    ['its name', 'anything', 'a/b.PY', 'python'],
    ['its first line', '#!/usr/bin/env node\nx', undefined, 'javascript'],
    ['how Python looks', 'import os\n\ndef main(argv):\n    pass\n', undefined, 'python'],
    ['how JavaScript looks', "const a = require('b')\nlet c = (d) => d === a\n", undefined, 'javascript'],
    ['how C looks', '#include <stdio.h>\nint main(int argc, char **argv) { return 0; }\n', undefined, 'c'],
    ['how Go looks', 'package main\n\nfunc main() {\n\tx := 1\n}\n', undefined, 'go'],
    [
      'how Sigma looks',
      'title: A\nlogsource:\n  product: windows\ndetection:\n  selection:\n    a: b\n',
      undefined,
      'yaml',
    ],
    ['how YARA looks', 'rule a {\n  strings:\n    $b = "c"\n  condition:\n    $b\n}\n', undefined, 'yara'],
    [
      'prose',
      'This is an advisory about a flaw in the server that was found by two people at once.',
      undefined,
      'text',
    ],
    ['nothing known', '{}{}{}', undefined, 'generic'],
    ['control characters', '\u0000\u0001\u0002 program', undefined, 'binary'],
  ])('by %s', (_, text, name, expected) => {
    expect(guess(text, name)).toBe(expected)
  })

  it('sees UTF-16 by its mark or by its zeros', () => {
    expect(utf16Order(Uint8Array.of(0xff, 0xfe, 97, 0))).toBe('le')
    expect(utf16Order(Uint8Array.from('const a = 1 // x'.repeat(2), (letter) => letter.charCodeAt(0)))).toBeNull()
    const wide = new Uint8Array(64)
    for (let at = 0; at < 64; at += 2) wide[at] = 97
    expect(utf16Order(wide)).toBe('le')
  })
})
