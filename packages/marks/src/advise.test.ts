import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adviseOn, type FileAdvice } from './advise.ts'
import { findSites } from './find-sites.ts'

const SOURCE = `import hashlib
import requests

AGENT = "probe-kit/1.0"


def token(ticket):
    prefix = "tok-"
    digest = hashlib.new("sha1", ticket.encode()).hexdigest()
    return prefix + digest[:14]


def go(host, ticket):
    params = {
        "group": "everyone",
        "user": "admin",
    }
    path = "/portal/do"
    cookies = {"sid": token(ticket)}
    headers = {
        "X-Probe-Proof": token(ticket),
        "Accept-Language": "en-GB",
    }
    target = host + "/list?view=full"
    requests.request("POST", target + path, params=params, cookies=cookies, headers=headers, timeout=8)
    print("group done in 8 steps")  # not a value
`

async function advice(text: string, required: readonly string[] = []): Promise<FileAdvice> {
  return adviseOn((await findSites('poc.py', text)).file, { values: new Set(required), lines: [] })
}

describe('values that look freely choosable', () => {
  it.each([
    [8, 'tok-', 'derived'],
    [9, 'sha1', 'derived'],
    [10, '14', 'derived'],
    [15, 'everyone', 'essential'],
    [16, 'admin', 'essential'],
    [18, '/portal/do', 'essential'],
    [19, 'sid', 'essential'],
    [21, 'X-Probe-Proof', 'essential'],
    [22, 'en-GB', 'preference'],
    [24, '/list?view=full', 'essential'],
    [25, 'POST', 'essential'],
    [25, '8', 'tuning'],
    [4, 'probe-kit/1.0', 'self-naming'],
  ])('line %i: %s looks %s', async (line, value, kind) => {
    const { choosable } = await advice(SOURCE)
    expect(choosable).toContainEqual(expect.objectContaining({ line, value, kind }))
  })

  it('lists what survives a rewrite best first, each once', async () => {
    const { choosable } = await advice(SOURCE)
    const shares = choosable.map(({ survival }) => survival)
    expect(shares).toEqual([...shares].sort((a, b) => b - a))
    expect(new Set(choosable.map(({ line, value }) => `${line} ${value}`)).size).toBe(choosable.length)
    expect(choosable.map(({ value }) => value)).not.toContain('group done in 8 steps')
  })

  it('leaves out what any tool for the flaw must contain, and what is a mark already', async () => {
    const { choosable } = await advice(SOURCE, ['/portal/do', 'sid'])
    expect(choosable.map(({ value }) => value)).not.toContain('/portal/do')
    expect(choosable.map(({ value }) => value)).not.toContain('sid')
    const marked = SOURCE.replace('"everyone",', '"everyone",  # sigillo:mark essential everyone | staff')
    expect((await advice(marked)).choosable.map(({ value }) => value)).not.toContain('everyone')
  })

  it('gives each alternative once, and none that the file knows', async () => {
    const { choosable, offers } = await advice(SOURCE)
    const words = [...choosable, ...offers].flatMap(({ paste }) => {
      const list = /sigillo:mark \S+ (.*)$/.exec(paste ?? '')?.[1]
      return list === undefined ? [] : list.split(' | ').slice(1)
    })
    expect(words.length).toBeGreaterThan(60)
    expect(new Set(words).size).toBe(words.length)
    expect(
      words.filter((word) => new RegExp(`(?<![\\w-])${word.replace(/[^\w]/g, '\\$&')}(?![\\w-])`).test(SOURCE)),
    ).toEqual([])
  })

  it('says why a line cannot take a mark', async () => {
    const { choosable } = await advice(SOURCE)
    expect(choosable.find(({ value }) => value === '8')?.note).toMatch(/has a mark already/)
    const twice = await advice('def go(host):\n    params = {"group": "staff", "team": "staff"}\n    return params\n')
    expect(twice.choosable[0]).toMatchObject({ paste: null, note: expect.stringMatching(/twice/) })
    const spoken = await advice('def go(host):\n    params = {"group": "staff"}  # who\n    return params\n')
    expect(spoken.choosable[0]).toMatchObject({ paste: null, note: expect.stringMatching(/comment already/) })
  })
})

describe('what is offered to paste', () => {
  const bundle = join(import.meta.dirname, '../../../examples/posta/bundle/poc')
  const plain = (name: string): string =>
    readFileSync(join(bundle, name), 'utf8').replace(/[ \t]*(?:#|\/\/) sigillo:mark.*$/gm, '')

  it('adds one parameter to every request that is written a member a line', async () => {
    const { offers } = await advice(SOURCE)
    expect(offers).toEqual([
      expect.objectContaining({
        line: 15,
        paste: expect.stringMatching(/^ {8}"scope": "tenant", {2}# sigillo:mark essential tenant \|/),
      }),
    ])
    expect(offers[0]?.paste.split(' | ')).toHaveLength(16)
  })

  it.each([
    ['poc.py', SOURCE],
    ['posta_handoff.py', plain('posta_handoff.py')],
    ['posta_handoff.mjs', plain('posta_handoff.mjs')],
  ])('makes marks of %s that read back', async (path, source) => {
    const { file } = await findSites(path, source)
    const { choosable, offers } = await adviseOn(file)
    const lines = file.text.split('\n')
    const pasted = choosable.filter(({ paste }) => paste !== null)
    for (const { line, paste } of pasted) lines[line - 1] = paste ?? ''
    for (const { line, paste } of offers.toSorted((a, b) => b.line - a.line)) lines.splice(line, 0, paste)
    const marked = await findSites(path, lines.join('\n'))
    const wire = marked.file.sites.filter((site) => site.pool === 'wire')
    expect(wire.length).toBeGreaterThanOrEqual(Math.floor(0.9 * (pasted.length + offers.length)))
  })
})

describe('adviseOn', () => {
  it('has nothing to say of documents and of files in no known language', async () => {
    for (const path of ['a.md', 'a.bin'])
      expect(await adviseOn((await findSites(path, 'params = {"group": "staff"}\n')).file)).toEqual({
        choosable: [],
        offers: [],
      })
  })
})
