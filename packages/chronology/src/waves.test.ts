import { describe, expect, it } from 'vitest'
import { type ChronologyEvent, parseEvent } from './case-file.ts'
import { findWaves, type Wave } from './waves.ts'

function happened(
  id: string,
  kind: string,
  from: string,
  to: string = from,
  more: Record<string, unknown> = {},
): ChronologyEvent {
  const at = { earliest: `${from}T00:00:00Z`, latest: `${to}T23:59:59Z` }
  return parseEvent({ id, kind, at, source: { title: 'A page' }, ...more }, id)
}
const attack = (id: string, from: string, to?: string, more?: Record<string, unknown>): ChronologyEvent =>
  happened(id, 'attack-observed', from, to, more)
const groups = (waves: readonly Wave[]): string[] => waves.map((wave) => `${wave.id}: ${wave.events.join(' ')}`)

describe('waves', () => {
  it('split at gaps, adjustably', () => {
    const events = [attack('a', '2021-01-03'), attack('b', '2021-01-18'), attack('c', '2021-03-01')]
    expect(groups(findWaves({ events }))).toEqual(['W1: a b', 'W2: c'])
    expect(groups(findWaves({ events }, { gapDays: 7 }))).toEqual(['W1: a', 'W2: b', 'W3: c'])
    expect(groups(findWaves({ events }, { gapDays: 60 }))).toEqual(['W1: a b c'])
  })

  it.each([
    ['shared-with-partners', 'hand-over'],
    ['fix-released', 'patch'],
    ['public-disclosure', 'public-details'],
    ['exploit-public', 'public-exploit'],
  ] as const)('split at %s, and an attack of that very day counts as after it', (kind, boundary) => {
    const events = [
      attack('a', '2021-01-03'),
      happened('x', kind, '2021-01-05'),
      attack('b', '2021-01-05'),
      attack('c', '2021-01-07'),
    ]
    const waves = (boundaries?: readonly (typeof boundary)[]): string[] =>
      groups(findWaves({ events }, boundaries ? { boundaries } : {}).filter((wave) => wave.kind === 'attack'))
    expect(waves()).toEqual(['W1: a', 'W2: b c'])
    expect(waves([])).toEqual(['W1: a b c'])
  })

  it('of doubtful events only may have begun with any of them: each reading may hold another one to be right', () => {
    const low = { confidence: 'low' }
    const events = [attack('a', '2021-01-10', '2021-01-10', low), attack('b', '2021-01-10', '2021-01-20', low)]
    const [wave] = findWaves({ events })
    expect(wave?.doubtful).toBe(true)
    expect(new Date(wave?.start.latest ?? NaN).toISOString()).toBe('2021-01-20T23:59:59.000Z')
    const solid = findWaves({ events: events.map((event) => ({ ...event, confidence: 'high' as const })) })
    expect(new Date(solid[0]?.start.latest ?? NaN).toISOString()).toBe('2021-01-10T23:59:59.000Z')
  })

  it('tell attacks apart by actor or technique, when asked to', () => {
    const events = [
      attack('a', '2021-01-03', '2021-01-03', { actor: 'Hafnium', technique: 'T1190' }),
      attack('b', '2021-01-04', '2021-01-04', { actor: 'Calypso (ESET)', technique: 't1190 ' }),
      attack('c', '2021-01-05', '2021-01-05', { actor: 'several groups', technique: 'T1505' }),
      attack('d', '2021-01-06', '2021-01-06', { actor: 'HAFNIUM group' }),
      attack('e', '2021-01-07', '2021-01-07'),
    ]
    const by = (...splitBy: readonly ('actor' | 'technique')[]): readonly Wave[] => findWaves({ events }, { splitBy })
    expect(groups(by())).toEqual(['W1: a b c d e'])
    expect(groups(by('actor'))).toEqual(['W1: a d', 'W2: b', 'W3: c e'])
    expect(groups(by('technique'))).toEqual(['W1: a b', 'W2: c', 'W3: d e'])
    expect(groups(by('actor', 'technique'))).toHaveLength(5)
    expect(by('actor').map((wave) => wave.by)).toEqual(['actor: hafnium', 'actor: calypso eset', 'actor: unknown'])
    expect(by().map((wave) => wave.by)).toEqual([null])
  })

  it('refuse to be told apart by anything else', () => {
    expect(() => findWaves({ events: [] }, { splitBy: ['weather' as 'actor'] })).toThrow('splitBy: weather')
  })

  it('keep events of low confidence apart, unless another source dates the same sighting', () => {
    const events = [
      attack('a', '2021-01-10', '2021-01-10', { conflicts_with: ['near'] }),
      attack('near', '2021-01-08', '2021-01-08', { confidence: 'low' }),
      attack('far', '2020-12-01', '2020-12-03', { confidence: 'low' }),
    ]
    const waves = findWaves({ events })
    expect(groups(waves)).toEqual(['D1: far', 'W1: near a'])
    expect(waves.map((wave) => wave.doubtful)).toEqual([true, false])
  })

  it('start at the first event under every reading of disputed dates', () => {
    const events = [
      attack('a', '2021-01-03', '2021-01-03', { conflicts_with: ['b'] }),
      attack('b', '2021-01-06'),
      attack('c', '2021-01-18'),
    ]
    const [wave] = findWaves({ events })
    expect(wave?.start).toEqual({ earliest: Date.UTC(2021, 0, 3), latest: Date.UTC(2021, 0, 6, 23, 59, 59) })
  })

  it('are not bounded by an event that a later rival elsewhere may undo', () => {
    const events = [
      attack('a', '2021-01-03', '2021-01-03', { conflicts_with: ['z'] }),
      attack('b', '2021-01-09'),
      attack('z', '2021-06-01'),
    ]
    expect(findWaves({ events })[0]?.start.latest).toBe(Date.UTC(2021, 0, 9, 23, 59, 59))
  })

  it('count actors by the largest group that one source names', () => {
    const events = [
      attack('a', '2021-01-03', undefined, { actor_count: 3 }),
      attack('b', '2021-01-04', undefined, { actor_count: 2 }),
    ]
    expect(findWaves({ events })[0]?.actors).toBe(3)
  })

  it('hold exposures and second discoveries beside attacks', () => {
    const events = [
      happened('d1', 'discovered', '2021-01-01', undefined, { actor: 'North Institute' }),
      happened('r1', 'reported-to-vendor', '2021-01-02', undefined, { actor: 'North Institute, laboratory' }),
      happened('d2', 'discovered', '2021-01-20', undefined, { actor: 'Southern Academy' }),
      happened('d3', 'discovered', '2021-01-21', undefined, { actor: 'unnamed researchers' }),
      happened('m1', 'partner-public-mention', '2021-02-01'),
    ]
    expect(groups(findWaves({ events }))).toEqual(['R1: d2', 'X1: m1'])
  })
})
