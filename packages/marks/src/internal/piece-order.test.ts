import { describe, expect, it } from 'vitest'
import { type Container, groupNeighbours, indexContainers, looksSorted, orderDrafts, readOrder } from './piece-order.ts'

const list = (items: readonly string[], scope: readonly string[] = [], path = ''): Container => ({
  kind: 'list',
  path,
  pieces: items.map((key, i) => ({ key, span: { start: i * 10, end: i * 10 + 5 } })),
  local: new Set(items),
  scope: new Set(scope),
})
const kind = {
  kind: 'list',
  pool: 'doc',
  survival: { verbatim: 1, format: 1, minify: 1, refactor: 1, rewrite: 1 },
} as const
const siteOf = (planned: Container) => {
  const [site] = orderDrafts('', planned, 0, kind, () => true)
  if (site === undefined) throw new Error('no site')
  return site
}
const read = (planned: readonly Container[], sample: readonly Container[]) => {
  const home = planned[0]
  if (home === undefined) throw new Error('no plan')
  return readOrder(siteOf(home), planned, indexContainers(sample))
}

describe('grouping', () => {
  it('makes pairs, and a triple where one would be left over', () => {
    expect(groupNeighbours(2, () => true)).toEqual([[0, 1]])
    expect(groupNeighbours(3, () => true)).toEqual([[0, 1, 2]])
    expect(groupNeighbours(5, () => true)).toEqual([
      [0, 1],
      [2, 3, 4],
    ])
  })
  it('never puts two pieces together whose order means something', () => {
    expect(groupNeighbours(3, (a, b) => !(a === 0 && b === 2))).toEqual([[0, 1]])
    expect(groupNeighbours(4, (a) => a !== 1)).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(groupNeighbours(2, () => false)).toEqual([])
  })
  it('recognises lists that somebody sorted', () => {
    expect(looksSorted(['a', 'B', 'c', 'd'])).toBe(true)
    expect(looksSorted(['a', 'b', 'c'])).toBe(false)
    expect(looksSorted(['4624', '4625'])).toBe(true)
    expect(looksSorted(['a', 'c', 'b', 'd'])).toBe(false)
  })
})

describe('reading an order', () => {
  const planned = [list(['x', 'y'], ['rule one', 'value one'])]
  it('finds the pieces among others', () => {
    expect(read(planned, [list(['q', 'y', 'r', 'x'], ['rule one', 'value one'])]).variant).toBe(1)
    expect(read(planned, [list(['x', 'q', 'y'], ['rule one'])]).variant).toBe(0)
  })
  it('answers null when copies disagree, a piece repeats or is missing', () => {
    expect(read(planned, [list(['x', 'y']), list(['y', 'x'])]).why).toBe('both orders are present')
    expect(read(planned, [list(['x', 'y', 'x'])]).why).toBe('a piece stands there twice')
    expect(read(planned, [list(['x', 'z'])]).why).toBe('a piece is missing')
    expect(read(planned, [list(['z'])]).why).toBe('not found')
  })
  it('does not take the same pieces of another rule for its own', () => {
    expect(read(planned, [list(['y', 'x'], ['rule two', 'value two'])]).variant).toBeNull()
  })
  it('leaves pieces alone that two places of the plan claim alike', () => {
    const twins = [list(['x', 'y'], ['rule one']), list(['x', 'y'], ['rule one'])]
    expect(read(twins, [list(['y', 'x'], ['rule one'])]).variant).toBeNull()
    const told = [list(['x', 'y'], ['rule one'], 'a'), list(['x', 'y'], ['rule one'], 'b')]
    expect(read(told, [list(['y', 'x'], ['rule one'], 'a')]).variant).toBe(1)
  })
})
