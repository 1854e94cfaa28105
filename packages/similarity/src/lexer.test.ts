import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Kind } from './internal/token-arena.ts'
import type { Language } from './language.ts'
import { lex } from './lexer.ts'
import { lineAt, lineStarts } from './line-starts.ts'

const LANGUAGES: readonly Language[] = [
  'binary',
  'c',
  'generic',
  'go',
  'java',
  'javascript',
  'php',
  'powershell',
  'python',
  'ruby',
  'shell',
  'text',
  'yaml',
  'yara',
]
const NAMES = Object.entries(Kind)

/** Tokens as `kind:text`, strings with their decoded content. */
function tokens(text: string, language: Language): string[] {
  const bytes = new TextEncoder().encode(text)
  const found = lex(bytes, language)
  return Array.from({ length: found.count }, (_, at) => {
    const kind = NAMES.find(([, number]) => number === found.kind[at])![0]
    const literal = found.kind[at] === Kind.string || found.kind[at] === Kind.regex
    const content = literal
      ? found.text.subarray(found.textStart[at], found.textEnd[at])
      : bytes.subarray(found.start[at], found.end[at])
    return `${kind}:${new TextDecoder().decode(content)}`
  })
}

const hashes = (text: string, language: Language = 'javascript'): number[] => {
  const found = lex(new TextEncoder().encode(text), language)
  return [...found.hash.subarray(0, found.count)]
}

describe('what is a token', () => {
  it('leaves out comments and white space of each language', () => {
    expect(tokens('a // b\n/* c */ d', 'javascript')).toEqual(['word:a', 'word:d'])
    expect(tokens('a # b\nd', 'python')).toEqual(['word:a', 'word:d'])
    expect(tokens('a<#b#>c # d', 'powershell')).toEqual(['member:a', 'member:c'])
    expect(tokens('$a = 1 // b', 'yara')).toEqual(['word:$a', 'punctuation:=', 'number:1'])
  })

  it('keeps a `#` inside a word of a shell', () => {
    expect(tokens('echo a#b # c', 'shell')).toEqual(['member:echo', 'member:a', 'member:b'])
  })

  it('tells names that stay from names that a renaming changes', () => {
    expect(tokens('if (a.b?.c) d', 'javascript')).toEqual([
      'keyword:if',
      'punctuation:(',
      'word:a',
      'punctuation:.',
      'member:b',
      'punctuation:?',
      'punctuation:.',
      'member:c',
      'punctuation:)',
      'word:d',
    ])
    expect(tokens('{ key: a }', 'javascript')).toContain('member:key')
    expect(tokens('p->next', 'c')).toEqual(['word:p', 'punctuation:->', 'member:next'])
    expect(tokens('std::move', 'c')).toEqual(['word:std', 'punctuation:::', 'member:move'])
    expect(tokens('curl $url x=1', 'shell')).toEqual([
      'member:curl',
      'word:$url',
      'word:x',
      'punctuation:=',
      'number:1',
    ])
  })

  it('reads templates, and the code inside them', () => {
    expect(tokens('`a${b + `c${{}}d`}e`', 'javascript')).toEqual([
      'string:a',
      'word:b',
      'punctuation:+',
      'string:c',
      'punctuation:{',
      'punctuation:}',
      'string:d',
      'string:e',
    ])
  })

  it('tells a regular expression from a division', () => {
    expect(tokens('a = /b[/]/; c / d', 'javascript')).toEqual([
      'word:a',
      'punctuation:=',
      'regex:b[/]',
      'punctuation:;',
      'word:c',
      'punctuation:/',
      'word:d',
    ])
  })

  it('reads long strings, raw strings and prefixes', () => {
    expect(tokens('r"\\d" """a\n"b" c"""', 'python')).toEqual(['string:\\d', 'string:a\n"b" c'])
    expect(tokens('a := `b\\n`', 'go')).toContain('string:b\\n')
  })

  it('takes prose as words, apostrophes and all', () => {
    expect(tokens('Don\'t `quote` "me"', 'text')).toEqual(['member:Don', 'member:t', 'member:quote', 'member:me'])
  })
})

describe('a quote right after a word', () => {
  it('opens a string in code, and none in text of no known language', () => {
    expect(tokens("import{a}from'b';return'c'", 'javascript')).toContain('string:b')
    expect(tokens("import{a}from'b';return'c'", 'javascript')).toContain('string:c')
    expect(tokens("don't say won't", 'generic').filter((one) => one.startsWith('string'))).toEqual([])
  })
})

describe('what hashes alike', () => {
  it.each([
    ['a string and a name with the same text', "'abc'", '"abc"'],
    ['escapes', "'\\x61\\u0062\\u{63}\\144\\\n'", "'abcd'"],
    ['escaped characters beyond ASCII', "'\\u00e9\\u{1f600}'", "'é😀'"],
    ['forms of a number', '.5 0x10 1e3 1_000 16n', '0.5 16 1000 1000 16'],
    ['equality, strict or not', 'a == b', 'a === b'],
  ])('%s', (_, one, other) => {
    expect(hashes(one)).toEqual(hashes(other))
  })

  it('a member and a key in quotes', () => {
    expect(hashes('a.bcd')[2]).toBe(hashes("a['bcd']")[2])
  })

  it('but not different numbers, or operators', () => {
    expect(hashes('1 2 0x1f + -')).toHaveLength(new Set(hashes('1 2 0x1f + -')).size)
  })
})

describe('broken text', () => {
  it('ends an unclosed string with its line', () => {
    expect(tokens("a 'b\nc", 'javascript')).toEqual(['word:a', "punctuation:'", 'word:b', 'word:c'])
  })

  it('never fails, and covers the input in order, on any bytes in any language', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...LANGUAGES), (bytes, language) => {
        const found = lex(bytes, language)
        let before = 0
        for (let at = 0; at < found.count; at++) {
          expect(found.end[at]!).toBeGreaterThanOrEqual(found.start[at]!)
          expect(found.end[at]!).toBeLessThanOrEqual(bytes.length)
          expect(found.end[at]!).toBeGreaterThanOrEqual(before)
          before = found.end[at]!
        }
      }),
    )
  })

  it('never fails on text made of the characters that begin something', () => {
    const mean = fc.array(fc.constantFrom(...'\'"`/\\*#<>${}()[]ab0.x\n-=:ue'.split('')), { maxLength: 60 })
    fc.assert(
      fc.property(mean, fc.constantFrom(...LANGUAGES), (characters, language) => {
        expect(lex(new TextEncoder().encode(characters.join('')), language).count).toBeLessThanOrEqual(
          characters.length,
        )
      }),
    )
  })

  it.each(["'", '"', '`', '/', '/*', '${', '`${', '"""', '\\', '<#', '0'])(
    'reads a megabyte of %s in linear time',
    (piece) => {
      const bytes = new TextEncoder().encode(piece.repeat(Math.floor(1e6 / piece.length)))
      for (const language of LANGUAGES) expect(lex(bytes, language).count).toBeLessThanOrEqual(bytes.length)
    },
  )
})

describe('lines', () => {
  it('are counted from 1', () => {
    const starts = lineStarts(new TextEncoder().encode('a\nbc\n\nd'))
    expect([...starts]).toEqual([0, 2, 5, 6])
    expect([0, 1, 2, 4, 5, 6].map((offset) => lineAt(starts, offset))).toEqual([1, 1, 2, 2, 3, 4])
  })
})
