import { namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { commandName, textOf } from './scope.ts'

/** Options of a command whose order among each other means nothing. */
interface OptionTable {
  readonly bare: ReadonlySet<string>
  readonly valued: ReadonlySet<string>
  /** Options that may come more than once, as long as what stands before the first colon differs. */
  readonly keyed: ReadonlySet<string>
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))

const TABLES: ReadonlyMap<string, OptionTable> = new Map([
  [
    'curl',
    {
      bare: words(
        '-s -S -sS -k -L -f -v -i -G -I --silent --show-error --insecure --location --fail --compressed --head --get --include --http1.1 --path-as-is --globoff',
      ),
      valued: words(
        '-X -o -A -e -b -c -u -m -x --request --output --user-agent --referer --cookie --cookie-jar --user --max-time --connect-timeout ' +
          '--retry --retry-delay --proxy --cacert --resolve --limit-rate --max-redirs --write-out -w --data-binary --data-raw',
      ),
      keyed: words('-H --header'),
    },
  ],
  [
    'wget',
    {
      bare: words('-q -nv --quiet --no-verbose --no-check-certificate --content-on-error --server-response'),
      valued: words('-O -U -T --output-document --user-agent --timeout --tries --post-data --method --body-data'),
      keyed: words('--header'),
    },
  ],
])

/** One option with its value. */
export interface OptionGroup extends Span {
  readonly key: string
}

/** The options of a command in text order, as stretches between which nothing else stands; empty for commands that are not known. */
export function optionRuns(text: string, command: SyntaxNode): OptionGroup[][] {
  const table = TABLES.get(commandName(text, command))
  if (!table) return []
  const parts = namedChildren(command).filter((child) => child.field === 'argument')
  const runs: OptionGroup[][] = [[]]
  for (let at = 0; at < parts.length; ) {
    const group = groupAt(text, table, parts, at)
    if (group) runs.at(-1)!.push(group)
    else runs.push([])
    at += group && group.end > parts[at]!.end ? 2 : 1
  }
  return runs.filter((run) => run.length > 1)
}

function groupAt(text: string, table: OptionTable, parts: readonly SyntaxNode[], at: number): OptionGroup | null {
  const option = parts[at]!
  const value = parts[at + 1]
  const name = option.type === 'word' ? textOf(text, option) : ''
  if (table.bare.has(name)) return { key: name, start: option.start, end: option.end }
  if (!value || /[`]|\$\(/.test(textOf(text, value))) return null
  if (table.valued.has(name)) return { key: name, start: option.start, end: value.end }
  const header = /^["']?([\w-]+):/.exec(textOf(text, value))?.[1]
  return table.keyed.has(name) && header
    ? { key: `${name} ${header.toLowerCase()}`, start: option.start, end: value.end }
    : null
}

/** Adjacent options that may change places. */
export function optionSwaps(text: string, command: SyntaxNode): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const run of optionRuns(text, command)) {
    const keys = run.map((group) => group.key)
    for (const [at, first] of run.entries()) {
      const second = run[at + 1]
      if (!second || keys.filter((key) => key === first.key).length > 1) continue
      if (keys.filter((key) => key === second.key).length > 1) continue
      if (!/^(?:[ \t]|\\\n)+$/.test(text.slice(first.end, second.start))) continue
      drafts.push(swapDraft('member-order', [first, second], [shown(text, first), shown(text, second)]))
    }
  }
  return drafts
}

function shown(text: string, span: Span): string {
  return oneLine(text.slice(span.start, span.end)).slice(0, 36)
}
