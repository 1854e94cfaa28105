import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { assignmentsOf, commandName, namesIn, statementRuns, textOf } from './scope.ts'

/** What is known of the script around a list. */
export interface ScriptScene {
  readonly text: string
  readonly functions: ReadonlySet<string>
  readonly reflective: boolean
  /** True when an unset variable ends the script. */
  readonly strict: boolean
  /** Names given to other programs. */
  readonly exported: ReadonlySet<string>
}

/** Adjacent functions and statements that may change places without anybody noticing. */
export function listSwaps(scene: ScriptScene, list: SyntaxNode): SiteDraft[] {
  const { text } = scene
  const drafts: SiteDraft[] = []
  for (const run of statementRuns(list))
    for (const [at, first] of run.entries()) {
      const second = run[at + 1]
      if (!second) continue
      const pair = { first, second, between: between(list, first, second) }
      const functions = functionPair(scene, run, pair.first, pair.second)
      const parts =
        functions || mayExchange(scene, first, second, run[at + 2]) ? partsOf(text, pair, functions !== null) : null
      if (parts && functions && standAlone(text, parts)) drafts.push(swapDraft('function-order', parts, functions))
      else if (parts && !functions)
        drafts.push(swapDraft('statement-order', parts, [shown(text, first), shown(text, second)]))
    }
  return drafts
}

function between(list: SyntaxNode, first: SyntaxNode, second: SyntaxNode): SyntaxNode[] {
  const { children } = list
  return children.slice(children.indexOf(first), children.indexOf(second)).filter((child) => child.type === 'comment')
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(textOf(text, node)).slice(0, 36)
}

/** Names of two functions that are defined once each. */
function functionPair(
  { text }: ScriptScene,
  run: readonly SyntaxNode[],
  first: SyntaxNode,
  second: SyntaxNode,
): [string, string] | null {
  if (first.type !== 'function_definition' || second.type !== 'function_definition') return null
  const names = run
    .filter((node) => node.type === 'function_definition')
    .map((node) => textOf(text, childByField(node, 'name')))
  const [a, b] = [first, second].map((node) => textOf(text, childByField(node, 'name')))
  const once = (name: string | undefined): boolean => names.filter((other) => other === name).length === 1
  return a !== undefined && b !== undefined && once(a) && once(b) ? [a, b] : null
}

/** Both on lines of their own, neither with the first line of the script. */
function standAlone(text: string, parts: readonly [Span, Span]): boolean {
  return text.slice(parts[0].end, parts[1].start).includes('\n') && !text.slice(parts[0].start).startsWith('#!')
}

function mayExchange(
  scene: ScriptScene,
  first: SyntaxNode,
  second: SyntaxNode,
  third: SyntaxNode | undefined,
): boolean {
  if (scene.reflective || !disjoint(scene.text, first, second)) return false
  const [bindsA, bindsB] = [isTotalBinding(scene, first), isTotalBinding(scene, second)]
  if (bindsA && bindsB) return !scene.strict || isConstant(scene, first) || isConstant(scene, second)
  if (!third || [first, second, third].some((node) => STATUS.test(textOf(scene.text, node)))) return false
  const passes = (binding: SyntaxNode, other: SyntaxNode): boolean =>
    isPrivate(scene, binding) && isOrdinary(scene, other)
  return (bindsA && passes(first, second)) || (bindsB && passes(second, first))
}

/** What tells of the last command. */
const STATUS = /\$\?|PIPESTATUS|\$_\b|\$\{_\}/

function disjoint(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  return (
    [...written(text, first)].every((name) => !b.has(name)) && [...written(text, second)].every((name) => !a.has(name))
  )
}

function written(text: string, node: SyntaxNode): Set<string> {
  return new Set(
    (assignmentsOf(node) ?? []).map((part) => textOf(text, childByField(part, 'name') ?? part).replace(/\W.*/s, '')),
  )
}

/** Variables that mean something to the shell itself, or to how it reads what follows. */
const SPECIAL =
  /^(?:IFS|PATH|HOME|PWD|OLDPWD|CDPATH|TZ|LANG|LC_\w+|RANDOM|SECONDS|OPT\w+|REPLY|PS\d|BASH\w*|SHELL\w*|POSIX\w*|GLOB\w*|HIST\w*|TMOUT|ENV|UID|EUID|LINENO|FUNC\w*|DIRSTACK|EPOCH\w*|PROMPT\w*)$/

/** Assignments of plain variables that can neither fail nor run anything. */
export function isTotalBinding(scene: ScriptScene, node: SyntaxNode): boolean {
  const parts = assignmentsOf(node)
  if (!parts || parts.length === 0) return false
  if (parts.length > 1 && !isConstant(scene, node)) return false
  return parts.every((part) => {
    const name = textOf(scene.text, childByField(part, 'name') ?? part)
    if (!/^[A-Za-z_]\w*$/.test(name) || SPECIAL.test(name)) return false
    if (part.type === 'variable_name') return node.type === 'declaration_command'
    return part.children[1]?.type === '=' && isTotal(scene.text, childByField(part, 'value'))
  })
}

/** True when the assigned values are literals only. */
function isConstant(scene: ScriptScene, node: SyntaxNode): boolean {
  return !/[$`]/.test(textOf(scene.text, node))
}

/** Values without commands, patterns or home folders; variables in them may be unset. */
export function isTotal(text: string, value: SyntaxNode | null): boolean {
  if (!value) return true
  const source = textOf(text, value)
  switch (value.type) {
    case 'number':
    case 'raw_string':
      return true
    case 'word':
      return /^[\w./:@%+,=-]*$/.test(source)
    case 'string':
    case 'concatenation':
      return namedChildren(value).every((child) => isTotal(text, child))
    case 'string_content':
    case 'simple_expansion':
      return true
    case 'expansion':
      return /^\$\{\w+\}$/.test(source)
    case 'array':
      return namedChildren(value).every(
        (child) => child.type !== 'concatenation' && isTotal(text, child) && isConstantNode(text, child),
      )
    default:
      return false
  }
}

function isConstantNode(text: string, node: SyntaxNode): boolean {
  return !/[$`]/.test(textOf(text, node))
}

/** Literal values for variables that neither a function nor another program can see. */
function isPrivate(scene: ScriptScene, node: SyntaxNode): boolean {
  if (!isConstant(scene, node)) return false
  return [...written(scene.text, node)].every((name) => /^[a-z]/.test(name) && !scene.exported.has(name))
}

/** Builtins that change variables, the shell or the flow of control, or that tell of the last status. */
const UNORDINARY: ReadonlySet<string> = new Set(
  (
    'eval source . read readarray mapfile local declare typeset export readonly unset set shopt trap exec exit return break continue ' +
    'shift getopts let wait alias unalias hash enable command builtin jobs fg bg disown pushd popd logout ulimit umask test [ times'
  ).split(' '),
)

/** A plain command that is no function and no builtin with a say in the script's state. */
function isOrdinary({ text, functions }: ScriptScene, node: SyntaxNode): boolean {
  const command = node.type === 'redirected_statement' ? childByField(node, 'body') : node
  if (!command || command.type !== 'command' || /<</.test(textOf(text, node))) return false
  const name = commandName(text, command)
  if (name === '' || name === ':' || functions.has(name) || UNORDINARY.has(name)) return false
  return !/^printf\b.*\s-v/s.test(textOf(text, command)) && !/[$]\{\w+:?[=?]/.test(textOf(text, node))
}
