/**
 * Orders that rule authors keep, counted over 4,040 published rules (SigmaHQ/sigma, August 2026): a pair is listed when the rarer order stood in
 * less than a tenth of the rules that have both fields side by side. Such a pair is never turned round; a copy would look odd.
 */
const FIXED_PAIRS: readonly (readonly [string, string])[] = [
  ['Image', 'CommandLine'],
  ['Image', 'OriginalFileName'],
  ['Image', 'TargetFilename'],
  ['ParentImage', 'CommandLine'],
  ['ParentImage', 'ParentCommandLine'],
  ['TargetObject', 'Details'],
  ['SourceImage', 'GrantedAccess'],
  ['TargetImage', 'GrantedAccess'],
  ['ObjectType', 'ObjectName'],
  ['ShareName', 'RelativeTargetName'],
  ['eventSource', 'eventName'],
  ['eventName', 'status'],
  ['endpoint', 'operation'],
  ['type', 'name'],
]

/** Fields that come first wherever they stand. */
const FIRST_FIELDS: ReadonlySet<string> = new Set([
  'EventID',
  'EventLog',
  'Channel',
  'Provider_Name',
  'EventType',
  'eventSource',
])

const FIXED: ReadonlySet<string> = new Set(FIXED_PAIRS.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]))

/** True when two fields of a selection may stand in either order without catching the eye. Modifiers after `|` do not count. */
export function fieldsTrade(a: string, b: string): boolean {
  const [first, second] = [a.split('|')[0] ?? '', b.split('|')[0] ?? '']
  return !FIRST_FIELDS.has(first) && !FIRST_FIELDS.has(second) && !FIXED.has(`${first} ${second}`)
}

/**
 * Neighbours among the top-level keys, and inside `logsource`, that published rules put in either order. All other top-level keys keep the order
 * of the Sigma specification (over 99 % of published rules do).
 */
const ROOT_TRADES: ReadonlySet<string> = new Set(['date references', 'author tags', 'references tags'])
const LOGSOURCE_TRADES: ReadonlySet<string> = new Set(['category product'])

/** Whether two neighbours of the root mapping or of `logsource` may trade places. */
export function keysTrade(path: string, a: string, b: string): boolean {
  const pair = [a, b].sort().join(' ')
  return path === '' ? ROOT_TRADES.has(pair) : LOGSOURCE_TRADES.has(pair)
}

/** `selection_img` and `selection_cli` may trade places, `selection` and `filter`, or numbered ones, may not. */
export function identifiersTrade(a: string, b: string): boolean {
  const [first, second] = [a.split('_'), b.split('_')]
  return first.length > 1 && second.length > 1 && first[0] === second[0] && ![a, b].some((name) => /\d$/.test(name))
}

/** Tags trade places within a kind: tactic with tactic, technique with technique, group with group. */
export function tagsTrade(a: string, b: string): boolean {
  return tagKind(a) === tagKind(b)
}

function tagKind(tag: string): string {
  const [space, name] = [tag.split('.')[0] ?? '', tag.split('.')[1] ?? '']
  return `${space} ${/^[a-z]\d+$/.exec(name)?.[0]?.[0] ?? 'word'}`
}

/** Operands of a condition trade places when both are plain names of one family, both negated names, or both in parentheses. */
export function operandsTrade(a: readonly string[], b: readonly string[]): boolean {
  if (a.includes('of') || b.includes('of')) return false
  const [kindOfA, kindOfB] = [operandKind(a), operandKind(b)]
  return kindOfA === kindOfB && kindOfA !== 'numbered'
}

function operandKind(words: readonly string[]): string {
  const negated = words[0]?.toLowerCase() === 'not'
  const first = (negated ? words[1] : words[0]) ?? ''
  if (first === '(') return negated ? 'not group' : 'group'
  if (/\d$/.test(first)) return 'numbered'
  const head = /^(?:selection|keyword|filter)/.exec(first)?.[0] ?? 'name'
  return first === head ? `alone ${first}` : `${negated ? 'not ' : ''}${head}`
}
