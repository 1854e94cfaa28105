import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { takeDeclarations } from './declarations.ts'
import { languageOf } from './languages.ts'

const take = (path: string, source: string): ReturnType<typeof takeDeclarations> =>
  takeDeclarations(path, source, languageOf(path))

describe('takeDeclarations', () => {
  it('takes comment and the space before it away and keeps all else, line ends included', async () => {
    const { text } = await take(
      'a.py',
      'a = 1\r\nS = "tenant"   # sigillo:mark essential tenant | domain\r\n# other\r\n',
    )
    expect(text).toBe('a = 1\r\nS = "tenant"\r\n# other\r\n')
  })

  it('makes a wire site of the literal that equals the first alternative', async () => {
    const { text, sites } = await take(
      'a.py',
      'h["X-Scope"] = "tenant"  # sigillo:mark essential tenant | domain | site\n',
    )
    const [site] = sites
    expect(site).toMatchObject({ kind: 'essential', pool: 'wire' })
    expect(text.slice(site?.span.start, site?.span.end)).toBe('tenant')
    expect(site?.variants.map((variant) => variant.shown)).toEqual(['tenant', 'domain', 'site'])
    expect(site?.survival.rewrite).toBe(0.85)
  })

  it.each<[string, string, string[]]>([
    ['a number', 'n = 14  # sigillo:mark derived 14 | 12 | 0x10', ['14', '12', '0x10']],
    [
      'JSON quotes around odd characters',
      's = "a|b"  # sigillo:mark derived "a|b" | "c | d" | "e\\u0041"',
      ['a|b', 'c | d', 'eA'],
    ],
    ['values that need escapes', `s = "x"  # sigillo:mark derived x | "a\\"b\\\\c\\n"`, ['x', 'a\\x22b\\x5cc\\x0a']],
    ['a doc mark', 's = "x"  # sigillo:mark doc x | y', ['x', 'y']],
  ])('reads %s', async (_, line, written) => {
    const { sites } = await take('a.py', `${line}\n`)
    expect(sites[0]?.variants.map((variant, at) => (at === 0 ? variant.shown : variant.edits?.[0]?.text))).toEqual(
      written,
    )
  })

  it.each([
    ['rule.yml', 'title: Posta handoff  # sigillo:mark doc handoff | takeover', 'title: Posta handoff'],
    ['rule.yar', '$a = "tenant"  // sigillo:mark essential tenant | domain', '$a = "tenant"'],
    ['guide.md', 'Look for handoff. <!-- sigillo:mark doc handoff | takeover -->', 'Look for handoff.'],
    ['noext', 'scope tenant # sigillo:mark essential tenant | domain', 'scope tenant'],
  ])('works line by line in %s', async (path, line, left) => {
    const { text, sites } = await take(path, line)
    expect(text).toBe(left)
    expect(sites).toHaveLength(1)
  })

  it('leaves strings alone that only look like declarations', async () => {
    const source = 's = "x # sigillo:mark essential x | y"\nd = """\nq # sigillo:mark essential q | r\n"""\n'
    expect(await take('a.py', source)).toEqual({ text: source, sites: [] })
  })

  it.each([
    ['an unknown kind', 's = "x"  # sigillo:mark nice x | y', /a\.py:2: unknown kind of mark "nice"/],
    ['one alternative', 's = "x"  # sigillo:mark essential x', /a\.py:2: .*at least two/],
    ['equal alternatives', 's = "x"  # sigillo:mark essential x | y | x', /all be different/],
    [
      'a line without the value',
      's = "z"  # sigillo:mark essential x | y',
      /a\.py:2: no string or number on this line is "x"/,
    ],
    ['a value that is there twice', 's = "x" + "x"  # sigillo:mark essential x | y', /more than once/],
    [
      'a value the literal cannot hold',
      's = r"x"  # sigillo:mark essential x | "a\\"b"',
      /cannot stand in this string/,
    ],
    ['text for a number', 's = 1  # sigillo:mark tuning 1 | one', /cannot stand in this number/],
    ['broken JSON', 's = "x"  # sigillo:mark essential x | "\\q"', /no JSON string/],
  ])('refuses %s with file and line', async (_, line, message) => {
    await expect(take('a.py', `# first\n${line}\n`)).rejects.toThrow(message)
    await expect(take('a.py', `# first\n${line}\n`)).rejects.toMatchObject({ code: 'bad-declaration' })
  })
})

property.prop([fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 6 })])(
  'alternatives in JSON quotes come back as they were, and no copy shows a declaration',
  async (raw) => {
    const values = [...new Set(raw.map((value) => value.replaceAll(/\p{C}|[\u2028\u2029]/gu, '~')))]
    fc.pre(values.length >= 2 && values[0]! !== '')
    const quoted = values.map((value) => JSON.stringify(value)).join(' | ')
    const { text, sites } = await take('a.py', `s = ${JSON.stringify(values[0])}  # sigillo:mark essential ${quoted}\n`)
    expect(text).not.toContain('sigillo')
    expect(sites[0]?.anchor['values']).toEqual(values)
  },
)
