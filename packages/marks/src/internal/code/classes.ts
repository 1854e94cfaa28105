import type { MarkSite, PlanFile } from '../../site.ts'

/** A value that a wire site may show, in a sample's string or number. */
export interface WireClass {
  /** One key for all values that stand for each other. */
  readonly key: string
}

/**
 * Which words stand for each other in one plan file. Keys built with it are the same for every copy, so that no reading depends on the
 * variant of another site (fingerprinting.md E1).
 */
export interface ClassTable {
  readonly strings: ReadonlyMap<string, string>
  readonly numbers: ReadonlyMap<string, string>
  readonly names: ReadonlyMap<string, string>
  /** Finds values of `strings` inside longer strings, as whole words; null when there are none. */
  readonly pattern: RegExp | null
}

/** How a site's variants differ as single values: wire values or names; null for orders and comparisons. */
export function siteValues(site: Pick<MarkSite, 'anchor'>): readonly string[] | null {
  const values = site.anchor['values']
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? values : null
}

const tables = new WeakMap<PlanFile, ClassTable>()

/** The table of a plan file. Pools that share a value become one class. */
export function classTable(file: PlanFile): ClassTable {
  const table = tables.get(file) ?? freshTable(file)
  tables.set(file, table)
  return table
}

function freshTable(file: PlanFile): ClassTable {
  const pools = { string: [] as string[][], number: [] as string[][], name: [] as string[][] }
  for (const site of file.sites) {
    const values = siteValues(site)
    if (!values) continue
    if (site.pool === 'name') pools.name.push([...values])
    else if (site.anchor['literal'] === 'number') pools.number.push([...values])
    else pools.string.push([...values])
  }
  const strings = merge(pools.string)
  return { strings, numbers: merge(pools.number), names: merge(pools.name), pattern: wordPattern([...strings.keys()]) }
}

function merge(pools: readonly (readonly string[])[]): Map<string, string> {
  const leader = new Map<string, string>()
  const find = (word: string): string => {
    let at = word
    for (let next = leader.get(at); next !== undefined && next !== at; next = leader.get(at)) at = next
    return at
  }
  for (const pool of pools) {
    const first = pool[0]
    if (first === undefined) continue
    for (const word of pool) {
      if (!leader.has(word)) leader.set(word, word)
      leader.set(find(word), find(first))
    }
  }
  return new Map([...leader.keys()].map((word) => [word, find(word)]))
}

function wordPattern(values: readonly string[]): RegExp | null {
  const usable = values.filter((value) => /[A-Za-z0-9]/.test(value))
  if (usable.length === 0) return null
  const longestFirst = [...usable].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
  const escaped = longestFirst.map((value) => value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  return new RegExp(`(?<![A-Za-z0-9])(?:${escaped.join('|')})(?![A-Za-z0-9])`, 'g')
}
