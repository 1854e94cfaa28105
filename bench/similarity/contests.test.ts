import { describe, expect, test } from 'vitest'
import { figuresBySet } from './contests.ts'
import { contestsOf, figuresOfPairs } from './labelled.ts'
import type { LabelledSet } from './labelled.ts'
import { scoresOf } from './run-labelled.ts'
import { travelOf } from './run-travel.ts'
import type { Place } from './run-travel.ts'
import { PairScores } from './scorer.ts'
import type { Scorer } from './scorer.ts'
import { shareClone } from './sets/clones.ts'
import { castOf } from './sets/draw.ts'
import { sigmaRule, yaraRule } from './sets/rules.ts'
import { TRANSFORMATIONS } from './sets/robustness.ts'
import type { RobustnessSet } from './sets/robustness.ts'
import { seededDraw } from '@sigillo/fingerprint/simulate'

const empty = { kind: 'c', draw: 'tuning', cohort: [], background: [], refused: {}, missing: [] } as const

const none: ReadonlySet<string> = new Set()

describe('a robustness set', () => {
  const set: RobustnessSet = {
    ...empty,
    originals: ['a', 'b'],
    samples: [
      { path: 'a1', of: 0, transformation: 'copy' },
      { path: 'b1', of: 1, transformation: 'copy' },
      { path: 'x' },
    ],
  }

  test('an original against what was made of another one is unrelated, and so is a stranger', () => {
    const { all } = figuresBySet(set, Float64Array.of(9, 1, 2, 3, 8, 4), none)
    expect(all).toMatchObject({ positives: 2, negatives: 4, auc: 1, at1: 1 })
  })

  test('one threshold serves all originals: a high unrelated pair of one hides a low derived pair of the other', () => {
    const { transformations } = figuresBySet(set, Float64Array.of(9, 8.5, 2, 3, 8, 4), none)
    expect(transformations['copy']?.at1).toBe(0.5)
  })

  test('a pair that holds a clone is neither derived nor unrelated; the figures with it are kept too', () => {
    const row = figuresBySet(set, Float64Array.of(9, 8.5, 2, 3, 8, 4), new Set(['0/1']))
    expect(row).toMatchObject({ clones: 1, all: { negatives: 3 }, mean: { at1: 1 }, meanWithClones: { at1: 0.5 } })
  })

  test('no family plays two parts', () => {
    const { originals, hosts, unrelated, cohort, background } = castOf('python', 30)
    const parts = [originals.tuning, originals['held-back'], hosts, unrelated, cohort, background]
    const families = parts.flatMap((part) => [...new Set(part.map((file) => file.family))])
    expect(new Set(families).size).toBe(families.length)
  })

  test('fewer originals are the first of more', () => {
    expect(castOf('python', 5).originals.tuning).toEqual(castOf('python', 30).originals.tuning.slice(0, 5))
  })
})

describe('a clone', () => {
  const body = Array.from({ length: 6 }, (_, at) => `  value${at} = read(${at})`)

  test('is six equal lines in a row, whatever white space, comments and brackets are between', () => {
    const other = body.flatMap((line) => [`      ${line.trim()}`, '', '# said otherwise', '}']).join('\n')
    expect(shareClone(['def a():', ...body].join('\n'), other)).toBe(true)
  })

  test('is not five lines, nor six with another in between', () => {
    expect(shareClone(body.join('\n'), body.slice(1).join('\n'))).toBe(false)
    expect(shareClone(body.join('\n'), body.toSpliced(3, 0, 'other()').join('\n'))).toBe(false)
  })
})

describe('made rules', () => {
  const occasion = { host: sigmaRule(2), draw: seededDraw(1) }

  test('are the same for the same seed only', () => {
    expect(sigmaRule(1)).toBe(sigmaRule(1))
    expect(sigmaRule(1)).not.toBe(sigmaRule(2))
  })

  test('reordering keeps every line of a Sigma rule', async () => {
    const reorder = TRANSFORMATIONS.sigma.find((each) => each.name === 'keys and values reordered')!
    const lines = (text: string): string[] => text.split('\n').sort()
    const made = await reorder.run(sigmaRule(1), occasion)
    expect(made).not.toBe(sigmaRule(1))
    expect(lines(made)).toEqual(lines(sigmaRule(1)))
  })

  test('an excerpt of a YARA rule is strings of it in the host', async () => {
    const cut = TRANSFORMATIONS.yara.find((each) => each.name.startsWith('a third'))!
    const host = yaraRule(2)
    const made = await cut.run(yaraRule(1), { host, draw: seededDraw(1) })
    const added = made.split('\n').filter((line) => !host.split('\n').includes(line))
    expect(added.length).toBeGreaterThan(1)
    for (const line of added) expect(yaraRule(1)).toContain(line.replace('$t', '$s'))
  })
})

describe('a labelled set', () => {
  const names = Array.from({ length: 40 }, (_, at) => `n${at}.java`)
  const set: LabelledSet = {
    name: 'made',
    language: 'java',
    folder: '/sets',
    pairs: names.flatMap((b, at) => [{ a: 'o.java', b, derived: at < 10, level: at < 10 ? 'L1' : 'std' }]),
  }
  const contests = contestsOf(set, [])

  test('every pair is scored once', () => {
    expect(contests.flatMap(({ pairs }) => pairs.map((pair) => pair.b)).sort()).toEqual([...names].sort())
  })

  test('a cohort holds no sample, nothing that derives from the reference, and not the reference', () => {
    for (const { contest } of contests) {
      expect(contest.cohort.length).toBeGreaterThan(0)
      for (const path of contest.cohort) expect([...contest.samples, '/sets/o.java']).not.toContain(path)
      for (let at = 0; at < 10; at++) expect(contest.cohort).not.toContain(`/sets/n${at}.java`)
    }
  })

  test('a copy is no independent code for another copy of the same original', () => {
    const pairs = [...set.pairs, { a: 'n0.java', b: 'n20.java', derived: false, level: 'cross' }]
    const ofCopy = contestsOf({ ...set, pairs }, []).filter(({ contest }) => contest.references[0] === '/sets/n0.java')
    expect(ofCopy.length).toBe(1)
    for (let at = 0; at < 10; at++) expect(ofCopy[0]?.contest.cohort).not.toContain(`/sets/n${at}.java`)
  })

  test('each level is judged against the unrelated pairs of the whole set', () => {
    const { levels } = figuresOfPairs(
      set.pairs,
      set.pairs.map((pair) => Number(pair.derived)),
    )
    expect(levels['L1']).toMatchObject({ positives: 10, negatives: 30, at1: 1 })
  })
})

describe('scores of a part of a labelled set', () => {
  const pairs = ['x', 'y', 'z'].map((b) => ({ a: 'o', b, derived: b === 'x', level: 'L1' }))
  const set: LabelledSet = { name: 'made', language: 'java', folder: '/sets', pairs }
  const common = { name: 'fake', version: '1', missing: () => null, reads: () => true }
  const independent = (pair: { derived: boolean }): boolean => !pair.derived

  test('are asked for pair by pair from a tool that others in the run would disturb', async () => {
    const scorer: Scorer = {
      ...common,
      score: () => new Float64Array(),
      scorePairs: (asked) => asked.map(([a, b]) => Number(a === '/sets/o') + Number(b === '/sets/z')),
    }
    expect(await scoresOf(set, scorer, independent)).toEqual({ pairs: pairs.slice(1), scores: [1, 2] })
  })

  test.each([undefined, true] as const)('belong to their pairs (a tool that learns: %s)', async (learns) => {
    const score: Scorer['score'] = ({ samples }) => Float64Array.from(samples, (path) => path.charCodeAt(6))
    const scorer: Scorer = { ...common, score, ...(learns === true ? { learns } : {}) }
    const found = await scoresOf(set, scorer, independent)
    expect(found.pairs.map(({ b }) => b).sort()).toEqual(['y', 'z'])
    expect(found.scores).toEqual(found.pairs.map(({ b }) => b.charCodeAt(0)))
  })
})

test('a threshold is that of the first place wherever it is applied, and only where the tool reads', async () => {
  const place = (name: string, language: string, scores: readonly number[]): Place => ({
    name,
    language,
    pairs: scores.length,
    scores: () => Promise.resolve(scores),
    contests: () => [],
  })
  const hundred = Array.from({ length: 100 }, (_, at) => at)
  const places = [place('home', 'c', hundred), place('away', 'c', [97, 98, 99, 100]), place('java', 'java', [1000])]
  const reads = (language: string): boolean => language === 'c'
  const scorer: Scorer = { name: 'fake', version: '1', missing: () => null, reads, score: () => new Float64Array() }
  expect(await travelOf(scorer, places)).toEqual({
    scorer: 'fake',
    threshold: 98,
    alarms: { home: 0.01, away: 0.5 },
    pairs: { home: 100, away: 4, java: 1 },
  })
})

test('scores by path find their pairs whichever way round they were named, and a path that stands twice', () => {
  const pairs = new PairScores({
    language: 'c',
    references: ['r'],
    samples: ['s', 'x', 's'],
    background: [],
    cohort: [],
    strangersInARow: 1,
  })
  pairs.add('s', 'r', 2)
  pairs.add('r', 's', 3)
  expect([...pairs.scores]).toEqual([5, 0, 5])
})
