import { type CommentGuard, commentGuard } from '../../internal/comment-guard.ts'
import {
  type Container,
  type OrderKind,
  groupNeighbours,
  looksSorted,
  orderDraft,
  orderDrafts,
} from '../../internal/piece-order.ts'
import type { SiteDraft } from '../../language.ts'
import type { Damage, Span } from '../../site.ts'
import type { Chain, Operand } from './condition.ts'
import { flatten, ruleContainers, rulesContainer } from './containers.ts'
import { nameSites } from './find-names.ts'
import { splitName } from './names.ts'
import { type Definition, type Rule, type RulesFile, parseRules } from './rules.ts'

/** Estimates, not measurements: rules are passed on whole or rewritten. */
const SURVIVAL: Readonly<Record<Damage, number>> = { verbatim: 1, format: 1, minify: 1, refactor: 0.6, rewrite: 0.1 }
const kind = (name: string): OrderKind => ({ kind: name, pool: 'structural', survival: SURVIVAL })

interface Scene {
  readonly text: string
  readonly guard: CommentGuard
}

/**
 * Sites of a YARA file: order of rules, tags, meta entries, string definitions and condition operands, and names of strings. What matches does
 * not change; the order in which YARA prints matches may.
 */
export function findSites(text: string): readonly SiteDraft[] {
  const file = parseRules(text)
  const scene: Scene = {
    text,
    guard: commentGuard(
      text,
      file.comments.map((comment) => comment.span),
    ),
  }
  const drafts: SiteDraft[] = [...ruleOrder(scene, file)]
  let base = 1
  for (const rule of file.rules) {
    const found = ruleContainers(rule)
    const all = flatten(found)
    if (rule.whole && rule.name !== '') {
      drafts.push(...tagOrder(scene, found.tags, base), ...metaOrder(scene, rule, found.meta, base + 1))
      drafts.push(...stringOrder(scene, rule, found.strings, base + 2), ...nameSites(rule, base + 2))
      for (const [i, chain] of found.chains.entries()) drafts.push(...operandOrder(scene, rule, chain, base + 3 + i))
    }
    base += all.length
  }
  return drafts
}

function tagOrder(scene: Scene, tags: Container, index: number): readonly SiteDraft[] {
  return orderDrafts(scene.text, tags, index, kind('tag-order'), (a, b) => b - a > 1 || trades(scene, tags, a, b))
}

function trades(scene: Scene, container: Container, a: number, b: number): boolean {
  const [first, second] = [container.pieces[a], container.pieces[b]]
  return first !== undefined && second !== undefined && scene.guard.mayTrade(first.span, second.span)
}

/** Entries that published rules put in either order (the rarer one in at least a tenth); names outside the customary set are free. */
const EITHER_ORDER: ReadonlySet<string> = new Set([
  'author description',
  'author reference',
  'date description',
  'reference score',
  'description version',
])
const CUSTOMARY: ReadonlySet<string> = new Set(
  (
    'description author reference references ref date modified last_modified version score ' +
    'hash md5 sha1 sha256 id license copyright rule_id rule_version'
  ).split(' '),
)

function freeMeta(a: string, b: string): boolean {
  if (EITHER_ORDER.has([a, b].sort().join(' '))) return true
  return a !== b && ![a, b].some((name) => CUSTOMARY.has(name) || /\d$/.test(name))
}

function metaOrder(scene: Scene, rule: Rule, meta: Container, index: number): readonly SiteDraft[] {
  const names = rule.meta.map((entry) => entry.name.toLowerCase())
  const wide = { ...meta, pieces: meta.pieces.map((piece) => ({ ...piece, span: scene.guard.extend(piece.span) })) }
  return orderDrafts(scene.text, wide, index, kind('meta-order'), (a, b) => {
    return freeMeta(names[a] ?? '', names[b] ?? '') && (b - a > 1 || trades(scene, wide, a, b))
  })
}

/**
 * Strings with names of their own trade places whole. Strings that are numbered or lettered keep their names in place and trade contents,
 * and that only when the condition cannot tell them apart.
 */
function stringOrder(scene: Scene, rule: Rule, strings: Container, index: number): readonly SiteDraft[] {
  const repeated = new Set(strings.pieces.map((piece) => piece.key)).size !== strings.pieces.length
  if (repeated || looksSorted(rule.strings.map((string) => string.value))) return []
  const modes = (a: number, b: number): Definition[] =>
    [rule.strings[a], rule.strings[b]].filter((item) => item !== undefined)
  const groups = groupNeighbours(strings.pieces.length, (a, b) => {
    const [first, second] = modes(a, b)
    if (first === undefined || second === undefined || tradeMode(rule, first, second) === null) return false
    return b - a > 1 || scene.guard.mayTrade(scene.guard.extend(first.span), scene.guard.extend(second.span))
  })
  return groups.map((group) => {
    const members = group.flatMap((i) => rule.strings[i] ?? [])
    const numbered = members.some((member) => isNumbered(member.name))
    const parts = members.map((member) => scene.guard.extend(numbered ? member.right : member.span))
    return orderDraft(scene.text, kind('string-order'), parts, {
      container: index,
      keys: members.map((member) => member.value),
    })
  })
}

function isNumbered(name: string): boolean {
  return /^\$(?:|[A-Za-z]|.*\d)$/.test(name)
}

function tradeMode(rule: Rule, a: Definition, b: Definition): 'names' | 'contents' | null {
  if (!isNumbered(a.name) && !isNumbered(b.name)) return 'names'
  if (!isNumbered(a.name) || !isNumbered(b.name)) return null
  const sameStem =
    splitName(a.name.slice(1)).stem === splitName(b.name.slice(1)).stem || (a.name.length === 2 && b.name.length === 2)
  return sameStem && indistinct(rule, a.name, b.name) ? 'contents' : null
}

/** True when the condition names neither string alone and each set of strings holds both or neither. */
function indistinct(rule: Rule, a: string, b: string): boolean {
  return rule.condition.every((token) => {
    if (token.kind !== 'ref' || token.text.length === 1) return true
    const stem = `$${token.text.slice(1)}`
    if (!stem.endsWith('*')) return a === '$' || (stem !== a && stem !== b)
    return a.startsWith(stem.slice(0, -1)) === b.startsWith(stem.slice(0, -1))
  })
}

function operandOrder(scene: Scene, rule: Rule, chain: Chain, index: number): readonly SiteDraft[] {
  const operands = chain.operands
  const keys = operands.map((operand) => operand.key)
  const groups = groupNeighbours(operands.length, (a, b) => {
    const [first, second] = [operands[a], operands[b]]
    if (
      first === undefined ||
      second === undefined ||
      keys.filter((key) => key === first.key || key === second.key).length !== 2
    )
      return false
    const alike =
      operandClass(first) !== null && operandClass(first) === operandClass(second) && !inSequence(first, second)
    return alike && (b - a > 1 || scene.guard.mayTrade(first.span, second.span)) && !hasComment(scene, first, second)
  })
  return groups.map((group) => {
    const members = group.flatMap((i) => operands[i] ?? [])
    const parts = members.map((member) => member.span)
    return orderDraft(scene.text, kind('operand-order'), parts, {
      container: index,
      keys: members.map((member) => member.key),
    })
  })
}

function hasComment(scene: Scene, ...operands: readonly Operand[]): boolean {
  return operands.some((operand) => /\/\/|\/\*/.test(scene.text.slice(operand.span.start, operand.span.end)))
}

const OPERAND_CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^not$/, 'not'],
  [/^(?:u?int(?:8|16|32)(?:be)?|filesize)$/, 'file'],
  [/^\($/, 'group'],
  [/^for$/, 'set'],
]

/** Operands trade places only within a class, so that no order looks unusual: header and size checks, strings, sets of strings, groups. */
function operandClass(operand: Operand): string | null {
  const [first, second] = operand.tokens
  const texts = operand.tokens.map((token) => token.text)
  if (first === undefined || texts.includes('console')) return null
  const known = OPERAND_CLASSES.find(([pattern]) => pattern.test(first.text))?.[1]
  if (known !== undefined) return known
  if (texts.includes('of')) return 'set'
  if (first.kind === 'ref') return 'string'
  return first.kind === 'word' && second?.text === '.' ? `module ${first.text}` : null
}

/** `$a and $b`, `$s1 or $s2`: written in the other order they would catch the eye. */
function inSequence(a: Operand, b: Operand): boolean {
  const names = [a, b].map((operand) => operand.tokens.find((token) => token.kind === 'ref')?.text.slice(1) ?? '')
  return names.every((name) => isNumbered(`$${name.replace(/\*$/, '')}`) && name !== '')
}

function ruleOrder(scene: Scene, file: RulesFile): readonly SiteDraft[] {
  const container = rulesContainer(file)
  const rules = file.rules.filter((rule) => rule.name !== '')
  const spans = rules.map((rule) => withCommentAbove(scene.text, file, rule))
  const linked = linkedRules(rules)
  const free = (i: number): boolean => {
    const rule = rules[i]
    return (
      rule !== undefined &&
      rule.whole &&
      rule.scopeWords.length === 0 &&
      !linked.has(rule.name) &&
      spans[i] !== undefined &&
      spans[i] !== null
    )
  }
  if (file.includes || looksSorted(rules.map((rule) => rule.name))) return []
  const wide: Container = {
    ...container,
    pieces: container.pieces.map((piece, i) => ({ ...piece, span: spans[i] ?? piece.span })),
  }
  return orderDrafts(scene.text, wide, 0, kind('rule-order'), (a, b) => {
    const sequence = [a, b].map((i) => rules[i]?.name ?? '').every((name) => /\d$/.test(name))
    return free(a) && free(b) && !sequence && (b - a > 1 || blankBetween(scene.text, wide, a, b))
  })
}

function blankBetween(text: string, container: Container, a: number, b: number): boolean {
  const gap = text.slice(container.pieces[a]?.span.end, container.pieces[b]?.span.start)
  return gap.trim() === '' && gap.includes('\n')
}

/** Rules that name other rules, and the rules they name. */
function linkedRules(rules: readonly Rule[]): ReadonlySet<string> {
  const names = rules.map((rule) => rule.name)
  const linked = new Set<string>()
  for (const rule of rules) {
    for (const [i, token] of rule.condition.entries()) {
      if (token.kind !== 'word') continue
      const isSet = rule.condition[i + 1]?.text === '*'
      const named = names.filter((name) => (isSet ? name.startsWith(token.text) : name === token.text))
      for (const name of named.length > 0 ? [...named, rule.name] : []) linked.add(name)
    }
  }
  return linked
}

/** The rule with the comment block that ends on the line above it; null when that comment opens the file and may speak for all of it. */
function withCommentAbove(text: string, file: RulesFile, rule: Rule): Span | null {
  let start = rule.span.start
  for (const comment of [...file.comments].reverse()) {
    if (comment.span.end > start) continue
    const between = text.slice(comment.span.end, start)
    const lineStart = text.lastIndexOf('\n', comment.span.start - 1) + 1
    if (!/^[ \t]*\r?\n[ \t]*$/.test(between) || text.slice(lineStart, comment.span.start).trim() !== '') break
    start = comment.span.start
  }
  return start < rule.span.start && text.slice(0, start).trim() === '' ? null : { start, end: rule.span.end }
}
