import { type Token, tokenize } from './tokens.ts'

/** What is wrong with a rules file, and where. */
export interface Fault {
  readonly at: number
  readonly what: string
}

interface Cursor {
  readonly tokens: readonly Token[]
  readonly end: number
  i: number
  depth: number
}

class Refused extends Error {
  readonly at: number
  constructor(at: number, what: string) {
    super(what)
    this.at = at
  }
}

/**
 * What is wrong with a YARA file, or null. Checks the whole grammar of YARA 4 (imports, includes, rules, sections, strings with modifiers,
 * conditions), that string names are defined once and that every string a condition names exists. Modules, types and hex details are left to YARA.
 */
export function faultOf(text: string): Fault | null {
  const tokens = tokenize(text).filter((token) => token.kind !== 'comment')
  const cursor: Cursor = { tokens, end: text.length, i: 0, depth: 0 }
  const names = new Set<string>()
  try {
    while (cursor.i < tokens.length) topLevel(cursor, names)
    return null
  } catch (error) {
    if (error instanceof Refused) return { at: error.at, what: error.message }
    throw error
  }
}

function peek(cursor: Cursor, ahead = 0): string {
  return cursor.tokens[cursor.i + ahead]?.text ?? ''
}

function kind(cursor: Cursor): string {
  return cursor.tokens[cursor.i]?.kind ?? 'end'
}

function refuse(cursor: Cursor, wanted: string): never {
  const found = cursor.tokens[cursor.i]
  throw new Refused(
    found?.span.start ?? cursor.end,
    `${wanted} expected, ${found === undefined ? 'end of file' : found.text.slice(0, 30)} found`,
  )
}

function take(cursor: Cursor, text: string): void {
  if (peek(cursor) !== text) refuse(cursor, `'${text}'`)
  cursor.i += 1
}

function tryTake(cursor: Cursor, ...texts: readonly string[]): boolean {
  if (!texts.includes(peek(cursor))) return false
  cursor.i += 1
  return true
}

function takeKind(cursor: Cursor, ...kinds: readonly string[]): string {
  if (!kinds.includes(kind(cursor))) refuse(cursor, kinds.join(' or '))
  cursor.i += 1
  return peek(cursor, -1)
}

function topLevel(cursor: Cursor, names: Set<string>): void {
  if (tryTake(cursor, 'import', 'include')) {
    takeKind(cursor, 'string')
    return
  }
  while (tryTake(cursor, 'private', 'global'));
  take(cursor, 'rule')
  const name = takeKind(cursor, 'word')
  if (names.has(name)) throw new Refused(cursor.tokens[cursor.i - 1]?.span.start ?? 0, `a second rule named ${name}`)
  names.add(name)
  if (tryTake(cursor, ':'))
    do takeKind(cursor, 'word')
    while (kind(cursor) === 'word')
  take(cursor, '{')
  if (peek(cursor) === 'meta') metaSection(cursor)
  const strings = peek(cursor) === 'strings' ? stringsSection(cursor) : new Set<string>()
  take(cursor, 'condition')
  take(cursor, ':')
  expression(cursor, strings)
  take(cursor, '}')
}

function metaSection(cursor: Cursor): void {
  cursor.i += 1
  take(cursor, ':')
  while (kind(cursor) === 'word' && peek(cursor, 1) === '=') {
    cursor.i += 2
    if (tryTake(cursor, 'true', 'false')) continue
    if (tryTake(cursor, '-')) takeKind(cursor, 'number')
    else takeKind(cursor, 'string', 'number')
  }
}

const PLAIN_MODIFIERS: readonly string[] = ['ascii', 'wide', 'nocase', 'fullword', 'private']

function stringsSection(cursor: Cursor): Set<string> {
  const names = new Set<string>()
  cursor.i += 1
  take(cursor, ':')
  while (kind(cursor) === 'ref') {
    const name = peek(cursor)
    if (!/^\$[A-Za-z0-9_]*$/.test(name)) refuse(cursor, 'a string name')
    if (name !== '$' && names.has(name)) refuse(cursor, 'a name that is not taken')
    names.add(name)
    cursor.i += 1
    take(cursor, '=')
    takeKind(cursor, 'string', 'hex', 'regex')
    while (modifier(cursor));
  }
  return names
}

function modifier(cursor: Cursor): boolean {
  if (tryTake(cursor, ...PLAIN_MODIFIERS)) return true
  if (!tryTake(cursor, 'xor', 'base64', 'base64wide')) return false
  if (!tryTake(cursor, '(')) return true
  while (kind(cursor) === 'number' || kind(cursor) === 'string' || peek(cursor) === '-') cursor.i += 1
  take(cursor, ')')
  return true
}

const BINARY: ReadonlySet<string> = new Set(
  (
    'and or == != < <= > >= contains icontains startswith istartswith ' +
    'endswith iendswith iequals matches | ^ & << >> + - * \\ %'
  ).split(' '),
)

/** Operands between binary operators: precedence does not matter for saying yes or no. */
function expression(cursor: Cursor, strings: ReadonlySet<string>): void {
  cursor.depth += 1
  if (cursor.depth > 200) refuse(cursor, 'an expression less deep')
  operand(cursor, strings)
  while (BINARY.has(peek(cursor)) && kind(cursor) !== 'string') {
    cursor.i += 1
    operand(cursor, strings)
  }
  cursor.depth -= 1
}

function operand(cursor: Cursor, strings: ReadonlySet<string>): void {
  while (tryTake(cursor, 'not', 'defined', '-', '~'));
  if (tryTake(cursor, 'for')) return loop(cursor, strings)
  if (tryTake(cursor, 'any', 'all', 'none')) {
    take(cursor, 'of')
    return ofTail(cursor, strings)
  }
  primary(cursor, strings)
  if (peek(cursor) === '%' && peek(cursor, 1) === 'of') cursor.i += 1
  if (tryTake(cursor, 'of')) ofTail(cursor, strings)
}

function primary(cursor: Cursor, strings: ReadonlySet<string>): void {
  const type = kind(cursor)
  if (type === 'ref') return reference(cursor, strings)
  if (type === 'word') return path(cursor, strings)
  if (tryTake(cursor, '(')) {
    expression(cursor, strings)
    return take(cursor, ')')
  }
  takeKind(cursor, 'number', 'string', 'regex')
}

function reference(cursor: Cursor, strings: ReadonlySet<string>): void {
  const text = peek(cursor)
  if (text.endsWith('*')) refuse(cursor, 'a single string')
  if (text.length > 1 && !strings.has(`$${text.slice(1)}`)) refuse(cursor, 'a string that is defined')
  cursor.i += 1
  if (tryTake(cursor, '[')) {
    expression(cursor, strings)
    take(cursor, ']')
  }
  if (tryTake(cursor, 'at')) operand(cursor, strings)
  else if (peek(cursor) === 'in') {
    cursor.i += 1
    range(cursor, strings)
  }
}

const RESERVED: ReadonlySet<string> = new Set([
  'rule',
  'meta',
  'strings',
  'condition',
  'of',
  'in',
  'at',
  'them',
  'and',
  'or',
  'import',
  'include',
])

function path(cursor: Cursor, strings: ReadonlySet<string>): void {
  if (RESERVED.has(peek(cursor))) refuse(cursor, 'an operand')
  cursor.i += 1
  for (;;) {
    if (tryTake(cursor, '.')) takeKind(cursor, 'word')
    else if (tryTake(cursor, '[')) {
      expression(cursor, strings)
      take(cursor, ']')
    } else if (tryTake(cursor, '(')) callArguments(cursor, strings)
    else return
  }
}

function callArguments(cursor: Cursor, strings: ReadonlySet<string>): void {
  if (tryTake(cursor, ')')) return
  do expression(cursor, strings)
  while (tryTake(cursor, ','))
  take(cursor, ')')
}

function range(cursor: Cursor, strings: ReadonlySet<string>): void {
  take(cursor, '(')
  expression(cursor, strings)
  take(cursor, '..')
  expression(cursor, strings)
  take(cursor, ')')
}

function loop(cursor: Cursor, strings: ReadonlySet<string>): void {
  if (!tryTake(cursor, 'any', 'all', 'none')) quantifier(cursor, strings)
  if (tryTake(cursor, 'of')) stringSet(cursor, strings)
  else {
    do takeKind(cursor, 'word')
    while (tryTake(cursor, ','))
    take(cursor, 'in')
    iterable(cursor, strings)
  }
  take(cursor, ':')
  take(cursor, '(')
  expression(cursor, strings)
  take(cursor, ')')
}

/** A number of matches: sums and parentheses, a percentage, but not the `of` that follows it. */
function quantifier(cursor: Cursor, strings: ReadonlySet<string>): void {
  do {
    tryTake(cursor, '-')
    primary(cursor, strings)
    if (peek(cursor) === '%' && peek(cursor, 1) === 'of') cursor.i += 1
  } while (tryTake(cursor, '+', '-', '*', '\\', '%', '&', '|', '^', '<<', '>>'))
}

function iterable(cursor: Cursor, strings: ReadonlySet<string>): void {
  if (!tryTake(cursor, '(')) return path(cursor, strings)
  do expression(cursor, strings)
  while (tryTake(cursor, ',', '..'))
  take(cursor, ')')
}

function ofTail(cursor: Cursor, strings: ReadonlySet<string>): void {
  stringSet(cursor, strings)
  if (tryTake(cursor, 'at')) operand(cursor, strings)
  else if (tryTake(cursor, 'in')) range(cursor, strings)
}

function stringSet(cursor: Cursor, strings: ReadonlySet<string>): void {
  if (tryTake(cursor, 'them')) return
  take(cursor, '(')
  do setItem(cursor, strings)
  while (tryTake(cursor, ','))
  take(cursor, ')')
}

function setItem(cursor: Cursor, strings: ReadonlySet<string>): void {
  if (kind(cursor) !== 'ref') {
    if (kind(cursor) === 'word' && (peek(cursor, 1) === ',' || peek(cursor, 1) === ')' || peek(cursor, 1) === '*')) {
      cursor.i += 1
      tryTake(cursor, '*')
    } else expression(cursor, strings)
    return
  }
  const name = peek(cursor)
  const stem = name.slice(0, -1)
  const known = name.endsWith('*') ? [...strings].some((string) => string.startsWith(stem)) : strings.has(name)
  if (!known) refuse(cursor, 'a string that is defined')
  cursor.i += 1
}
