import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { neighbourPairs } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { hashEntries, isConstant, isReadOnly, textOf } from './scope.ts'

/** Adjacent members whose order cannot matter: entries of hashes, searched lists, named arguments, disjoint clauses. */
export function memberSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  switch (node.type) {
    case 'hash_literal_expression':
      return entrySwaps(text, node)
    case 'array_literal_expression':
      return isSearched(node) ? listSwaps(text, node) : []
    case 'command':
      return argumentSwaps(text, node)
    case 'switch_clauses':
      return clauseSwaps(text, node)
    default:
      return []
  }
}

function draft(text: string, kind: string, first: Span, second: Span): SiteDraft {
  const shown = (span: Span): string => oneLine(text.slice(span.start, span.end)).slice(0, 36)
  return swapDraft(kind, [first, second], [shown(first), shown(second)])
}

function endsWithComment(text: string, span: Span): boolean {
  const end = text.indexOf('\n', span.end)
  return text.slice(span.end, end < 0 ? text.length : end).includes('#')
}

/** A hash has no order of its own, unless a cast such as `[ordered]` gives it one. */
function entrySwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.parent?.type === 'cast_expression') return []
  const entries = hashEntries(node)
  const keys = entries.map((entry) =>
    textOf(text, entry.children[0])
      .replace(/^["']|["']$/g, '')
      .toLowerCase(),
  )
  const drafts: SiteDraft[] = []
  for (const [at, first] of entries.entries()) {
    const second = entries[at + 1]
    if (!second || keys[at] === keys[at + 1] || ![first, second].every((entry) => isQuietEntry(text, entry))) continue
    const parts = [entrySpan(first), entrySpan(second)] as const
    if (/^[ \t]*(?:;|\r?\n)\s*$/.test(text.slice(parts[0].end, parts[1].start)) && !endsWithComment(text, parts[1]))
      drafts.push(draft(text, 'member-order', ...parts))
  }
  return drafts
}

/** An entry without the semicolon behind it. */
export function entrySpan(entry: SyntaxNode): Span {
  return { start: entry.start, end: entry.children.at(-1)?.end ?? entry.end }
}

function isQuietEntry(text: string, entry: SyntaxNode): boolean {
  const [key, , value] = entry.children
  if (!key || !value || entry.children.length !== 3) return false
  return (key.type === 'simple_name' || isConstant(text, key)) && isReadOnly(text, value)
}

/** `$x -in 'a', 'b'` and `@('a', 'b') -contains $x`. */
function isSearched(node: SyntaxNode): boolean {
  let at = node
  while (at.parent && /^(?:array_expression|parenthesized_expression|statement_list)$/.test(at.parent.type))
    at = at.parent
  const comparison = at.parent
  if (!comparison?.type.startsWith('comparison_') || comparison.children.length !== 3) return false
  const operator = comparison.children[1]?.type.toLowerCase() ?? ''
  return (
    comparison.children.indexOf(at) ===
    (/^-(?:not)?in$/.test(operator) ? 2 : /^-(?:not)?contains$/.test(operator) ? 0 : -1)
  )
}

function listSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  return neighbourPairs(node).flatMap(({ first, second, between }) => {
    if (between.length > 0 || !isConstant(text, first) || !isConstant(text, second)) return []
    const separate =
      /^\s*,\s*$/.test(text.slice(first.end, second.start)) && textOf(text, first) !== textOf(text, second)
    return separate && !endsWithComment(text, second) ? [draft(text, 'member-order', first, second)] : []
  })
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))
/** Parameters that always take a value, and switches that never do, in the cmdlets everybody has. */
const VALUED = words(
  '-uri -method -body -headers -contenttype -outfile -infile -path -literalpath -destination -value -name -filter -encoding -timeoutsec ' +
    '-useragent -websession -sessionvariable -credential -computername -filepath -message -depth -maximumredirection -erroraction ' +
    '-warningaction -foregroundcolor -backgroundcolor -separator -delimiter -pattern -include -exclude -itemtype -activity -status ' +
    '-percentcomplete -id -seconds -milliseconds -childpath -inputobject -property -groupby -first -last -skip -proxy -certificate',
)
const SWITCHES = words(
  '-usebasicparsing -force -recurse -append -nonewline -passthru -raw -quiet -descending -unique -file -directory -skipcertificatecheck',
)

/** One named argument. */
export interface ArgumentGroup extends Span {
  readonly key: string
}

/** Named arguments of a cmdlet or function, as stretches between which nothing else stands. */
export function argumentRuns(text: string, command: SyntaxNode): ArgumentGroup[][] {
  if (!/^\w+-\w+$/.test(textOf(text, childByField(command, 'command_name')))) return []
  const parts = command.children.find((child) => child.type === 'command_elements')?.children ?? []
  const runs: ArgumentGroup[][] = [[]]
  for (let at = 0; at < parts.length; at++) {
    const group = groupAt(text, parts[at]!, parts[at + 1])
    if (group) runs.at(-1)!.push(group)
    else runs.push([])
    if (group && group.end > parts[at]!.end) at++
  }
  return runs.filter((run) => run.length > 1)
}

function groupAt(text: string, option: SyntaxNode, value: SyntaxNode | undefined): ArgumentGroup | null {
  const key = option.type === 'command_parameter' ? textOf(text, option).toLowerCase() : ''
  if (SWITCHES.has(key)) return { key, start: option.start, end: option.end }
  if (!VALUED.has(key) || !value) return null
  return value.type === 'generic_token' || isReadOnly(text, value) ? { key, start: option.start, end: value.end } : null
}

function argumentSwaps(text: string, command: SyntaxNode): SiteDraft[] {
  return argumentRuns(text, command).flatMap((run) =>
    run.flatMap((first, at) => {
      const second = run[at + 1]
      const apart =
        second && first.key !== second.key && /^(?:[ \t]|`\r?\n)+$/.test(text.slice(first.end, second.start))
      return apart ? [draft(text, 'member-order', first, second)] : []
    }),
  )
}

/** Clauses of a `switch` without options that no value can both match. */
function clauseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  const statement = node.parent?.type === 'switch_body' ? node.parent.parent : node.parent
  if (statement?.children.some((child) => /^(?:switch_parameter|-)/.test(child.type))) return []
  return neighbourPairs(node).flatMap(({ first, second, between }) => {
    const [a, b] = [clauseKey(text, first), clauseKey(text, second)]
    if (between.length > 0 || a === null || b === null || !areDisjoint(a, b) || endsWithComment(text, second)) return []
    const apart = /^\s*\n\s*$/.test(text.slice(first.end, second.start))
    return apart ? [swapDraft('case-order', [first, second], [a, b])] : []
  })
}

/** Two different words, or two different numbers. */
function areDisjoint(a: string, b: string): boolean {
  return a !== b && /^\d/.test(a) === /^\d/.test(b)
}

/** The literal a clause stands for; null for patterns, conditions and words that could be read as numbers. */
function clauseKey(text: string, clause: SyntaxNode): string | null {
  const condition = clause.type === 'switch_clause' ? namedChildren(clause)[0] : undefined
  const source = textOf(text, condition).toLowerCase()
  if (/^(?:0|[1-9]\d*)$/.test(source)) return source
  return /^'[a-z_][\w -]*'$/.test(source) ? source.slice(1, -1) : null
}
