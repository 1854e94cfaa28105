import { parse } from 'yaml'

type Scalar = string | number
type Selection = Readonly<Record<string, Scalar | readonly Scalar[]>>

/** One line of the access log. */
export type LogEntry = Readonly<Record<string, string | number | null>>

interface SigmaRule {
  readonly detection: Readonly<Record<string, Selection | string>>
}

/** A predicate over one log entry: as much of Sigma as the bundle's rule uses (equals, `contains`, `startswith`, lists, and/or/not). */
export function sigmaMatcher(yaml: string): (entry: LogEntry) => boolean {
  const { detection }: SigmaRule = parse(yaml)
  const { condition, ...selections } = detection
  if (typeof condition !== 'string') throw new Error('the rule has no condition')
  return (entry) => {
    const held = Object.entries(selections).map(([name, selection]) => [name, selects(selection, entry)] as const)
    return evaluate(condition.match(/\(|\)|\w+/g) ?? [], new Map(held))
  }
}

function selects(selection: Selection | string | undefined, entry: LogEntry): boolean {
  if (typeof selection !== 'object') throw new Error('a selection is not a map')
  return Object.entries(selection).every(([key, wanted]) => {
    const [field = '', modifier] = key.split('|')
    const value = String(entry[field] ?? '').toLowerCase()
    return [wanted].flat().some((one) => fits(value, String(one).toLowerCase(), modifier))
  })
}

function fits(value: string, wanted: string, modifier: string | undefined): boolean {
  if (modifier === undefined) return value === wanted
  if (modifier === 'contains') return value.includes(wanted)
  if (modifier === 'startswith') return value.startsWith(wanted)
  throw new Error(`modifier ${modifier} is not known here`)
}

/** Recursive descent over `or`, `and`, `not`, brackets and selection names. */
function evaluate(tokens: readonly string[], held: ReadonlyMap<string, boolean>): boolean {
  let at = 0
  const chain = (word: string, next: () => boolean, join: (a: boolean, b: boolean) => boolean) => (): boolean => {
    let value = next()
    while (tokens[at] === word) {
      at += 1
      value = join(next(), value)
    }
    return value
  }
  const atom = (): boolean => {
    const token = tokens[at++]
    if (token === 'not') return !atom()
    if (token === '(') {
      const value = disjunction()
      if (tokens[at++] !== ')') throw new Error('bracket not closed')
      return value
    }
    const value = held.get(token ?? '')
    if (value === undefined) throw new Error(`no selection ${token}`)
    return value
  }
  const conjunction = chain('and', atom, (a, b) => a && b)
  const disjunction = chain('or', conjunction, (a, b) => a || b)
  const value = disjunction()
  if (at !== tokens.length) throw new Error('the condition does not end')
  return value
}
