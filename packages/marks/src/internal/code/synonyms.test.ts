import { describe, expect, it } from 'vitest'
import { ACTIONS } from './actions.ts'
import { createNamer } from './synonyms.ts'
import { THESAURUS } from './thesaurus.ts'

describe('the thesaurus', () => {
  const groups = THESAURUS.trim()
    .split('\n')
    .map((line) => line.split(' '))
  const words = groups.flat()

  it('has four or more words in each group and no word in two', () => {
    expect(groups.filter((group) => group.length < 4)).toEqual([])
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([])
  })

  it('has no word that a minifier could choose', () => {
    expect(words.filter((word) => word.length < 3 || !/^[a-z]+(?:_[a-z]+)*$/.test(word))).toEqual([])
  })
})

describe('createNamer', () => {
  it('starts with the name and offers a power of two', () => {
    const words = createNamer([], 'snake')('response') ?? []
    expect(words[0]).toBe('response')
    expect([4, 8, 16]).toContain(words.length)
  })

  it('gives two names of one function pools that share no word', () => {
    const namer = createNamer([], 'snake')
    const [one, two] = [namer('response') ?? [], namer('resp') ?? []]
    expect(one.filter((word) => two.includes(word))).toEqual([])
  })

  it('never offers a word that is taken or reserved', () => {
    expect(createNamer(['answer'], 'snake')('result')).not.toContain('answer')
    for (const name of ['args', 'module', 'kind']) {
      const words = createNamer([], 'camel')(name) ?? []
      expect(words).not.toEqual(expect.arrayContaining(['arguments']))
    }
  })

  it.each([
    ['reply_headers', 'snake', 'response_headers'],
    ['replyHeaders', 'snake', 'responseHeaders'],
    ['timestamp', 'camel', 'pointInTime'],
    ['timestamp', 'snake', 'point_in_time'],
  ] as const)('spells alternatives of %s like it, else in %s case', (name, spelling, expected) => {
    expect(createNamer([], spelling)(name)).toContain(expected)
  })

  it.each(['x', 'ok', 'zqlantern', 'RED', 'Klass', '_hidden'])('leaves %s alone', (name) => {
    expect(createNamer([], 'snake')(name)).toBeNull()
  })
})

describe('names of functions', () => {
  it('changes the verb they begin with and nothing else', () => {
    expect(createNamer([], 'snake', 'action')('fetch_export')).toEqual([
      'fetch_export',
      'retrieve_export',
      'download_export',
      'obtain_export',
    ])
  })

  it.each(['main', 'folder_of', 'message'])('leaves %s alone, which begins with no verb', (name) => {
    expect(createNamer([], 'snake', 'action')(name)).toBeNull()
  })

  it('has four or more verbs in each group and none in two', () => {
    const groups = ACTIONS.trim()
      .split('\n')
      .map((line) => line.split(' '))
    const words = groups.flat()
    expect(groups.filter((group) => group.length < 4)).toEqual([])
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([])
  })
})
