import { describe, expect, it } from 'vitest'
import { adviseOn } from './advise.ts'
import { findSites } from './find-sites.ts'
import { languageOf } from './languages.ts'
import { renderFile } from './render.ts'
import { takeRequiredLines } from './required-lines.ts'

const take = (path: string, source: string): ReturnType<typeof takeRequiredLines> =>
  takeRequiredLines(path, source, languageOf(path))

describe('takeRequiredLines', () => {
  it('takes the comments away and keeps every line where it is', async () => {
    const source =
      'a = 1\r\n  # sigillo:required begin\r\n  b = 2\r\n  # sigillo:required end\r\nc = 3  # sigillo:required\r\n'
    const { text, required } = await take('a.py', source)
    expect(text).toBe('a = 1\r\n\r\n  b = 2\r\n\r\nc = 3\r\n')
    expect(required).toEqual([
      { first: 2, last: 4 },
      { first: 5, last: 5 },
    ])
  })

  it.each([
    ['rule.yar', '$a = "x" // sigillo:required', '$a = "x"'],
    ['guide.md', 'Send it. <!-- sigillo:required -->', 'Send it.'],
    ['noext', 'send it # sigillo:required', 'send it'],
  ])('reads the comments of %s', async (path, source, left) => {
    expect(await take(path, source)).toEqual({ text: left, required: [{ first: 1, last: 1 }] })
  })

  it('leaves strings alone that only look like it', async () => {
    const source = 'd = """\nq # sigillo:required\n"""\n'
    expect(await take('a.py', source)).toEqual({ text: source, required: [] })
  })

  it.each([
    ['# sigillo:required end\n', 'a.py:1: sigillo:required: "end" without "begin"'],
    ['\n# sigillo:required begin\nb = 2\n', 'a.py:2: sigillo:required: "begin" without "end"'],
    [
      '# sigillo:required begin\n# sigillo:required begin\n',
      'a.py:2: sigillo:required: the part that begins in line 1',
    ],
    ['b = 2  # sigillo:required soon\n', 'a.py:1: sigillo:required: "soon" is neither'],
  ])('refuses %j', async (source, message) => {
    await expect(take('a.py', source)).rejects.toThrow(message)
  })
})

const SOURCE = `import requests


def go(host, ticket):
    # sigillo:required begin
    params = {
        "group": "everyone",
    }
    # sigillo:required end
    params = {
        "group": "anybody",
    }
    # see sigillo:required
    requests.request("POST", host, params=params, timeout=8)
    requests.request("POST", host, params=params, timeout=8)
`

describe('required lines of a planned file', () => {
  it('are said by its comments, which no copy has; what looks like such a comment and stays is warned of', async () => {
    const { file, required, warnings } = await findSites('poc.py', SOURCE)
    expect(required).toEqual([{ first: 5, last: 9 }])
    for (const variant of [0, 1]) {
      const copy = renderFile(file, (site) =>
        Math.min(variant, (file.sites.find(({ id }) => id === site)?.variants.length ?? 1) - 1),
      )
      expect(copy).not.toMatch(/sigillo:required (?:begin|end)/)
    }
    expect(warnings).toContain(
      'poc.py:13: this "sigillo:required" is no comment at the end of a line; it stays in the copies',
    )
  })

  it('hold no value that could be a mark, and no place for one more', async () => {
    const { file, required } = await findSites('poc.py', SOURCE)
    const lines = ({ choosable, offers }: Awaited<ReturnType<typeof adviseOn>>): readonly number[] =>
      [...choosable, ...offers].map(({ line }) => line)
    expect(lines(await adviseOn(file))).toContain(7)
    const advice = await adviseOn(file, { values: new Set(), lines: required })
    expect(lines(advice)).not.toContain(7)
    expect(advice.offers.map(({ line }) => line)).toEqual([11])
    expect(advice.choosable.map(({ value }) => value)).toContain('anybody')
  })
})
