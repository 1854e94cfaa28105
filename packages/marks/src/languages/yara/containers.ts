import type { Container, Piece } from '../../internal/piece-order.ts'
import { type Chain, canonical, chainsOf } from './condition.ts'
import { type Definition, type Rule, type RulesFile, parseRules } from './rules.ts'
import type { Token } from './tokens.ts'

/** The containers of one rule, and the and/or chains that its condition containers stand for, in the same order. */
export interface RuleContainers {
  readonly tags: Container
  readonly meta: Container
  readonly strings: Container
  readonly conditions: readonly Container[]
  readonly chains: readonly Chain[]
}

/** Every container of a text: first the rules themselves, then those of each rule, as `flatten` lays them out. */
export function containersOf(text: string): readonly Container[] {
  const file = parseRules(text)
  return [rulesContainer(file), ...file.rules.flatMap((rule) => flatten(ruleContainers(rule)))]
}

/** The order in which a rule's containers stand in `containersOf`. */
export function flatten(containers: RuleContainers): readonly Container[] {
  return [containers.tags, containers.meta, containers.strings, ...containers.conditions]
}

/** The rules of a file as pieces, by name. */
export function rulesContainer(file: RulesFile): Container {
  const pieces = file.rules.filter((rule) => rule.name !== '').map((rule) => ({ key: rule.name, span: rule.span }))
  return container('rules', '', pieces, new Set())
}

/** Cuts one rule into containers. */
export function ruleContainers(rule: Rule): RuleContainers {
  const scope = scopeOf(rule)
  const chains = chainsOf(rule.condition, speller(rule))
  return {
    tags: container(
      'tags',
      '',
      rule.tags.map((token) => ({ key: token.text, span: token.span })),
      scope,
    ),
    meta: container(
      'meta',
      '',
      rule.meta.map((entry) => ({ key: `${entry.name} = ${entry.value}`, span: entry.span })),
      scope,
    ),
    strings: container('strings', '', rule.strings.map(stringPiece), scope),
    conditions: chains.map((chain) =>
      container(
        'condition',
        `${chain.operator} ${chain.depth}`,
        chain.operands.map(({ key, span }) => ({ key, span })),
        scope,
      ),
    ),
    chains,
  }
}

function stringPiece(string: Definition): Piece {
  return { key: string.value, span: string.span, label: string.name.slice(1) }
}

function container(kind: string, path: string, pieces: readonly Piece[], scope: ReadonlySet<string>): Container {
  return { kind, path, pieces, local: new Set(pieces.map((piece) => piece.key)), scope }
}

function scopeOf(rule: Rule): ReadonlySet<string> {
  const long = rule.meta.map((entry) => entry.value).filter((value) => value.length >= 14)
  const scope = new Set([...rule.strings.map((string) => string.value), ...long])
  if (rule.name !== '') scope.add(`rule ${rule.name}`)
  return scope
}

/** Spells references by the content they refer to, so that names and their renaming do not matter. */
export function speller(rule: Rule): (ref: string) => string {
  const contents = new Map(rule.strings.map((string) => [string.name, string.value]))
  return (ref) => {
    const content = ref.length > 1 ? contents.get(`$${ref.slice(1)}`) : undefined
    return content === undefined ? ref : `${ref[0]}<${content}>`
  }
}

/**
 * One line per rule, sorted, that all copies share: tags, meta and strings sorted, operands of `and` and `or` sorted, names of strings
 * replaced by contents and by the sets (`$a*`) that they belong to.
 */
export function canonicalRules(text: string): string {
  const lines = parseRules(text).rules.map((rule) => {
    const sets = [...new Set(rule.condition.filter(isSet).map((token) => token.text.slice(0, -1)))].sort()
    const strings = rule.strings.map((string) => [string.value, sets.filter((stem) => string.name.startsWith(stem))])
    return JSON.stringify([
      rule.name,
      rule.scopeWords,
      rule.tags.map((tag) => tag.text).sort(),
      sorted(rule.meta.map((entry) => [entry.name, entry.value])),
      sorted(strings),
      canonical(rule.condition, speller(rule), 0),
    ])
  })
  return lines.sort().join('\n')
}

function isSet(token: Token): boolean {
  return token.kind === 'ref' && token.text.endsWith('*')
}

function sorted(items: readonly unknown[]): readonly string[] {
  return items.map((item) => JSON.stringify(item)).sort()
}
