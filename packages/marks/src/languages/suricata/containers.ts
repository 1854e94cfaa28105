import type { Container, Piece } from '../../internal/piece-order.ts'
import { type Rule, type RuleOption, maskComments, parseRules } from './rules.ts'

/** Options that say what a rule is called and where it came from; the engine's verdict does not depend on where among each other they stand. */
const NEUTRAL: ReadonlySet<string> = new Set(['metadata', 'reference', 'classtype', 'sid', 'rev', 'gid'])
const CONTENTS: ReadonlySet<string> = new Set(['msg', 'content', 'pcre', 'uricontent', 'byte_test', 'dsize'])

/** A rule with the containers built from it, in the order of `containersOf`. */
export interface RuleContainers {
  readonly rule: Rule
  readonly containers: readonly Container[]
}

/**
 * Every container of a text: per rule the neutral options, each metadata list and each flow list. Rules that are switched off with `#` count
 * only where no rule is switched on.
 */
export function containersOf(text: string): readonly Container[] {
  return activeRules(text).flatMap((rule) => ruleContainers(text, rule))
}

/** The rules of a text, without those in comments unless there are no others. */
export function activeRules(text: string): readonly Rule[] {
  const active = parseRules(maskComments(text)).rules
  return active.length > 0 ? active : parseRules(text).rules
}

/** The containers of one rule. */
export function ruleContainers(text: string, rule: Rule): readonly Container[] {
  const scope = scopeOf(rule)
  const neutral = rule.options.filter((option) => NEUTRAL.has(option.name))
  const containers: Container[] = [
    container(
      'options',
      neutral.map((option) => ({ key: optionKey(option), span: option.span })),
      scope,
    ),
  ]
  for (const option of rule.options) {
    if (option.name === 'metadata' || option.name === 'flow')
      containers.push(container(option.name, listPieces(text, option), scope))
  }
  return containers
}

/** Key of a neutral option: references are told apart by what they point to, the others stand once in a rule. */
export function optionKey(option: RuleOption): string {
  return option.name === 'reference' ? `reference ${squeeze(option.value ?? '')}` : option.name
}

/** True for options that the finder may move among each other. */
export function isNeutral(option: RuleOption): boolean {
  return NEUTRAL.has(option.name)
}

function container(kind: string, pieces: readonly Piece[], scope: ReadonlySet<string>): Container {
  return { kind, path: '', pieces, local: new Set(pieces.map((piece) => piece.key)), scope }
}

function scopeOf(rule: Rule): ReadonlySet<string> {
  const scope = new Set<string>()
  for (const option of rule.options) {
    if (CONTENTS.has(option.name) || option.name === 'sid') scope.add(`${option.name} ${squeeze(option.value ?? '')}`)
  }
  return scope
}

/** The comma-separated items of an option's value. */
export function listPieces(text: string, option: RuleOption): readonly Piece[] {
  const pieces: Piece[] = []
  let start = option.valueSpan.start
  for (let i = start; i <= option.valueSpan.end; i++) {
    if (i < option.valueSpan.end && text[i] !== ',') continue
    const raw = text.slice(start, i)
    const lead = raw.length - raw.trimStart().length
    const key = squeeze(raw)
    if (key !== '') pieces.push({ key, span: { start: start + lead, end: start + raw.trimEnd().length } })
    start = i + 1
  }
  return pieces
}

function squeeze(text: string): string {
  return text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
