import type { Span } from '../../site.ts'

/** One `name:value;` of a rule. `span` excludes the semicolon; `value` is trimmed, null when there is no colon. */
export interface RuleOption {
  readonly name: string
  readonly value: string | null
  readonly span: Span
  readonly valueSpan: Span
}

/** A signature found in a text. */
export interface Rule {
  readonly action: string
  /** Action to ports, whitespace normalised. */
  readonly header: string
  readonly span: Span
  readonly options: readonly RuleOption[]
}

/** What is wrong with a text that should be a rules file. */
export interface RuleFault {
  readonly at: number
  readonly what: string
}

/** Rules and what stands between them that is neither blank nor a comment. */
export interface RulesFile {
  readonly rules: readonly Rule[]
  readonly faults: readonly RuleFault[]
}

const ACTIONS = '(?:alert|drop|pass|reject|rejectsrc|rejectdst|rejectboth|accept|config)(?::[a-z_:,-]{1,40})?'
const START = new RegExp(`\\b${ACTIONS}[ \\t]`, 'g')
const LONGEST_RULE = 65_536
const LONGEST_HEADER = 4096

/**
 * Finds rules in any text: files, chat logs, code fences, rules that somebody switched off with `#`. Rules that are cut off or whose options do not
 * end in `;)` are left out and named among the faults.
 */
export function parseRules(text: string): RulesFile {
  const rules: Rule[] = []
  const faults: RuleFault[] = []
  let at = 0
  for (const match of text.matchAll(START)) {
    if (match.index < at || !startsRule(text, match.index)) continue
    const rule = parseRule(text, match.index)
    if ('what' in rule) {
      faults.push(rule)
      continue
    }
    rules.push(rule)
    at = rule.span.end
  }
  return { rules, faults }
}

/** A rule begins a line, or follows a quote, a comment mark or a list mark. */
function startsRule(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0; i--) {
    const ch = text[i] ?? ''
    if (ch === '\n') return true
    if (!' \t\r#>+-|`\'"*;)'.includes(ch)) return false
  }
  return true
}

function parseRule(text: string, start: number): Rule | RuleFault {
  const open = headerEnd(text, start)
  const words = text
    .slice(start, Math.max(open, start))
    .replace(/\\\r?\n/g, ' ')
    .trim()
    .split(/\s+/)
  const directed = words.some((word) => word === '->' || word === '<>' || word === '=>')
  if (open < 0 || words.length < 2 || (words.length > 2 && !directed))
    return { at: start, what: 'a rule without a header and options in parentheses' }
  const body = parseOptions(text, open + 1, start + LONGEST_RULE)
  if ('what' in body) return body
  return { action: words[0] ?? '', header: words.join(' '), span: { start, end: body.end }, options: body.options }
}

/** Offset of the parenthesis that opens the options, or -1; only a backslash carries a header over a line end. */
function headerEnd(text: string, start: number): number {
  for (let i = start; i < Math.min(text.length, start + LONGEST_HEADER); i++) {
    if (text[i] === '(') return i
    if (text[i] === '\n' && !/\\\r?$/.test(text.slice(i - 2, i))) return -1
  }
  return -1
}

interface Body {
  readonly options: readonly RuleOption[]
  readonly end: number
}

function parseOptions(text: string, from: number, longest: number): Body | RuleFault {
  const limit = Math.min(text.length, longest)
  const options: RuleOption[] = []
  let at = skipBlank(text, from)
  while (at < limit && text[at] !== ')') {
    const end = endOfOption(text, at, limit)
    if (end < 0) return { at, what: 'an option that does not end in ";" or whose quotes do not close' }
    const option = optionOf(text, at, end)
    if (option === null) return { at, what: 'an option without a name' }
    options.push(option)
    at = skipBlank(text, end + 1)
  }
  if (at >= limit) return { at: from, what: 'a rule that does not end in ")"' }
  return options.length === 0 ? { at: from, what: 'a rule without options' } : { options, end: at + 1 }
}

/**
 * Offset of the `;` that ends the option, or -1. As in the engine, only a backslash hides a semicolon, quotes do not; so a quoted value with a bare
 * semicolon is cut there and found not to close.
 */
function endOfOption(text: string, from: number, limit: number): number {
  for (let i = from; i < limit; i++) {
    const ch = text[i]
    if (ch === '\\') i += 1
    else if (ch === ';') return closes(text.slice(from, i)) ? i : -1
  }
  return -1
}

function closes(option: string): boolean {
  const value = /^[^:"]*:\s*!?\s*"([\s\S]*)$/.exec(option)?.[1]
  return value === undefined || /(?:^|[^\\])(?:\\\\)*"\s*$/.test(value)
}

function optionOf(text: string, start: number, semicolon: number): RuleOption | null {
  const end = skipBlankBack(text, start, semicolon)
  const name = /^[A-Za-z0-9_.-]+/.exec(text.slice(start, Math.min(end, start + 64)))?.[0]
  if (name === undefined) return null
  const colon = skipBlank(text, start + name.length)
  if (colon >= end) return { name, value: null, span: { start, end }, valueSpan: { start: end, end } }
  if (text[colon] !== ':') return null
  const valueStart = Math.min(skipBlank(text, colon + 1), end)
  const value = text.slice(valueStart, end).replace(/\\\r?\n[ \t]*/g, ' ')
  return { name, value, span: { start, end }, valueSpan: { start: valueStart, end } }
}

function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    const ch = text[at]
    if (ch === ' ' || ch === '\t' || ch === '\r' || ch === '\n') at += 1
    else if (ch === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) at += 2
    else return at
  }
}

function skipBlankBack(text: string, from: number, end: number): number {
  let at = end
  while (at > from && /\s/.test(text[at - 1] ?? '')) at -= 1
  return at
}

/**
 * What is wrong with a rules file, or null: every line that is neither blank nor a comment belongs to a whole rule, and each rule has a `sid`
 * that no other rule of the same file has. Header and options are not checked against an engine's keyword list.
 */
export function faultOf(text: string): RuleFault | null {
  const masked = maskComments(text)
  const { rules, faults } = parseRules(masked)
  return faults[0] ?? strayText(masked, rules) ?? faultOfIdentity(rules)
}

function strayText(text: string, rules: readonly Rule[]): RuleFault | null {
  let at = 0
  for (const span of [...rules.map((rule) => rule.span), { start: text.length, end: text.length }]) {
    const stray = text.slice(at, span.start).search(/\S/)
    if (stray >= 0) return { at: at + stray, what: 'text that is no rule and no comment' }
    at = span.end
  }
  return null
}

function faultOfIdentity(rules: readonly Rule[]): RuleFault | null {
  const seen = new Set<string>()
  for (const rule of rules) {
    const sid = valueOf(rule, 'sid')
    if (sid === null || !/^\d+$/.test(sid)) return { at: rule.span.start, what: 'a rule without a numeric sid' }
    const identity = `${valueOf(rule, 'gid') ?? '1'}:${sid}`
    if (seen.has(identity)) return { at: rule.span.start, what: `a second rule with sid ${sid}` }
    seen.add(identity)
  }
  return null
}

function valueOf(rule: Rule, name: string): string | null {
  return rule.options.find((option) => option.name === name)?.value ?? null
}

/** Replaces whole-line comments by blanks of the same length. */
export function maskComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, (line) => ' '.repeat(line.length))
}
