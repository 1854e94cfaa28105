import type { Damage } from '../../site.ts'
import type { SiteDraft } from '../../language.ts'
import {
  type Container,
  type OrderKind,
  groupNeighbours,
  looksSorted,
  orderDraft,
  orderDrafts,
} from '../../internal/piece-order.ts'
import { type Rule, type RuleOption, maskComments, parseRules } from './rules.ts'
import { isNeutral, optionKey, ruleContainers } from './containers.ts'

/** Estimates, not measurements: a rule is passed on whole or rewritten; a formatter leaves the order of options alone. */
const SURVIVAL: Readonly<Record<Damage, number>> = { verbatim: 1, format: 1, minify: 1, refactor: 0.6, rewrite: 0.1 }
const kind = (name: string): OrderKind => ({ kind: name, pool: 'structural', survival: SURVIVAL })

const DIRECTIONS: ReadonlySet<string> = new Set(['to_server', 'to_client', 'from_server', 'from_client'])
const STATES: ReadonlySet<string> = new Set(['established', 'not_established'])

/**
 * Sites of a rules file: order inside `metadata`, inside `flow` and of neighbouring references; classtype before or after the references;
 * metadata before or after the other closing options. Nothing that the engine matches on moves. `sid` before `rev` is never turned
 * round: in published rules the other order practically does not occur.
 */
export function findSites(text: string): readonly SiteDraft[] {
  const drafts: SiteDraft[] = []
  let base = 0
  for (const rule of parseRules(maskComments(text)).rules) {
    const containers = ruleContainers(text, rule)
    drafts.push(...ruleSites(text, rule, containers, base))
    base += containers.length
  }
  return drafts
}

function ruleSites(text: string, rule: Rule, containers: readonly Container[], base: number): readonly SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const [i, container] of containers.entries()) {
    if (container.kind === 'metadata') drafts.push(...metadataSites(text, container, base + i))
    if (container.kind === 'flow') drafts.push(...flowSites(text, container, base + i))
  }
  return [...drafts, ...optionSites(text, rule, containers[0], base)]
}

function metadataSites(text: string, container: Container, index: number): readonly SiteDraft[] {
  const keys = container.pieces.map((piece) => piece.key)
  if (looksSorted(keys)) return []
  return orderDrafts(
    text,
    container,
    index,
    kind('metadata-order'),
    (a, b) => !(isDate(keys[a] ?? '') && isDate(keys[b] ?? '')),
  )
}

function isDate(key: string): boolean {
  return /(_at|date)\b/.test(key)
}

function flowSites(text: string, container: Container, index: number): readonly SiteDraft[] {
  const keys = container.pieces.map((piece) => piece.key)
  const trade = (a: number, b: number): boolean => {
    const pair = [keys[a] ?? '', keys[b] ?? '']
    return pair.some((key) => DIRECTIONS.has(key)) && pair.some((key) => STATES.has(key))
  }
  return orderDrafts(text, container, index, kind('flow-order'), trade)
}

function optionSites(text: string, rule: Rule, container: Container | undefined, index: number): readonly SiteDraft[] {
  if (container === undefined) return []
  return neutralRuns(rule).flatMap((run) => [
    ...referenceSites(text, run, index),
    ...classtypeSite(text, run, index),
    ...metadataPlace(text, run, index),
  ])
}

/** Stretches of neighbouring options that are all neutral, without options that stand twice. */
function neutralRuns(rule: Rule): readonly (readonly RuleOption[])[] {
  const runs: RuleOption[][] = [[]]
  for (const option of rule.options) {
    if (isNeutral(option)) runs[runs.length - 1]?.push(option)
    else runs.push([])
  }
  const keys = rule.options.filter(isNeutral).map(optionKey)
  return new Set(keys).size === keys.length ? runs.filter((run) => run.length > 1) : []
}

function referenceSites(text: string, run: readonly RuleOption[], container: number): readonly SiteDraft[] {
  const refers = (i: number): boolean => run[i]?.name === 'reference'
  return groupNeighbours(run.length, (a, b) => refers(a) && refers(b)).map((group) => {
    const options = group.flatMap((i) => run[i] ?? [])
    const parts = options.map((option) => option.span)
    return orderDraft(text, kind('reference-order'), parts, { container, keys: options.map(optionKey) })
  })
}

function classtypeSite(text: string, run: readonly RuleOption[], container: number): readonly SiteDraft[] {
  const at = run.findIndex((option) => option.name === 'classtype')
  const before = takeWhile(run.slice(0, Math.max(at, 0)).reverse(), 'reference').reverse()
  const after = takeWhile(run.slice(at + 1), 'reference')
  const classtype = run[at]
  if (classtype === undefined || before.length > 0 === after.length > 0) return []
  return sideSite(text, kind('classtype-place'), before, classtype, after, container)
}

function metadataPlace(text: string, run: readonly RuleOption[], container: number): readonly SiteDraft[] {
  const at = run.findIndex((option) => option.name === 'metadata')
  const metadata = run[at]
  if (metadata === undefined || (at !== 0 && at !== run.length - 1)) return []
  const others = run.filter((option) => option !== metadata)
  if (!others.some((option) => option.name === 'sid') || !others.some((option) => option.name === 'rev')) return []
  return at === 0
    ? sideSite(text, kind('metadata-place'), [], metadata, others, container)
    : sideSite(text, kind('metadata-place'), others, metadata, [], container)
}

/** One option before or after a block of others; exactly one of `before` and `after` is empty. */
function sideSite(
  text: string,
  order: OrderKind,
  before: readonly RuleOption[],
  single: RuleOption,
  after: readonly RuleOption[],
  container: number,
): readonly SiteDraft[] {
  const block = before.length > 0 ? before : after
  const first = block[0]
  const last = block[block.length - 1]
  const witness = block.find((option) => option.name === 'sid') ?? first
  if (first === undefined || last === undefined || witness === undefined) return []
  const blockPart = { span: { start: first.span.start, end: last.span.end }, key: optionKey(witness) }
  const singlePart = { span: single.span, key: optionKey(single) }
  const parts = before.length > 0 ? [blockPart, singlePart] : [singlePart, blockPart]
  return [
    orderDraft(
      text,
      order,
      parts.map((part) => part.span),
      { container, keys: parts.map((part) => part.key) },
    ),
  ]
}

function takeWhile(options: readonly RuleOption[], name: string): RuleOption[] {
  const end = options.findIndex((option) => option.name !== name)
  return [...(end < 0 ? options : options.slice(0, end))]
}
