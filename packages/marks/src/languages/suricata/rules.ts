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

const ACTIONS = 'alert|drop|pass|reject|rejectsrc|rejectdst|rejectboth|accept|config'
const HEADER = new RegExp(
  `^(?:${ACTIONS})(?:[ \\t]+|\\\\\\r?\\n)+[^\\s(]+[ \\t][^\\n(]{0,4000}?(?:->|<>|=>)[^\\n(]{0,4000}\\(|^(?:${ACTIONS})[ \\t]+[a-z0-9_-]+[ \\t]*\\(`,
)
const START = new RegExp(`\\b(?:${ACTIONS})[ \\t]`, 'g')
const LONGEST_RULE = 65_536

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
  const window = text.slice(start, start + LONGEST_RULE)
  const head = HEADER.exec(window)
  if (head === null) return { at: start, what: 'a rule without a header and options in parentheses' }
  const header = head[0]
    .slice(0, -1)
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const body = parseOptions(text, start + head[0].length, start + window.length)
  if ('what' in body) return body
  return { action: header.split(' ')[0] ?? '', header, span: { start, end: body.end }, options: body.options }
}

interface Body {
  readonly options: readonly RuleOption[]
  readonly end: number
}

function parseOptions(text: string, from: number, limit: number): Body | RuleFault {
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

/** Offset of the `;` that ends the option, or -1. A backslash hides the next character; quotes must be closed before the `;`. */
function endOfOption(text: string, from: number, limit: number): number {
  let quoted = false
  for (let i = from; i < limit; i++) {
    const ch = text[i]
    if (ch === '\\') i += 1
    else if (ch === '"') quoted = !quoted
    else if (ch === ';') return quoted ? -1 : i
  }
  return -1
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
  const { rules, faults } = parseRules(maskComments(text))
  const first = faults[0]
  if (first !== undefined) return first
  const sids = new Set<string>()
  let at = 0
  for (const rule of [...rules, null]) {
    const gap = maskComments(text).slice(at, rule?.span.start ?? text.length)
    const stray = gap.search(/\S/)
    if (stray >= 0) return { at: at + stray, what: 'text that is no rule and no comment' }
    if (rule === null) break
    const sid = rule.options.find((option) => option.name === 'sid')?.value
    if (sid === undefined || sid === null || !/^\d+$/.test(sid))
      return { at: rule.span.start, what: 'a rule without a numeric sid' }
    const identity = `${rule.options.find((option) => option.name === 'gid')?.value ?? '1'}:${sid}`
    if (sids.has(identity)) return { at: rule.span.start, what: `a second rule with sid ${sid}` }
    sids.add(identity)
    at = rule.span.end
  }
  return null
}

/** Replaces whole-line comments by blanks of the same length. */
export function maskComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, (line) => ' '.repeat(line.length))
}
