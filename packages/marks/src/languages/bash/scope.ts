import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** Text of a node. */
export function textOf(text: string, node: SyntaxNode | null | undefined): string {
  return node ? text.slice(node.start, node.end) : ''
}

/** Name of the command a node runs when it is spelled out; empty otherwise. */
export function commandName(text: string, node: SyntaxNode): string {
  const name = node.type === 'command' ? childByField(node, 'name') : null
  const only = name?.children.length === 1 ? name.children[0] : null
  return only?.type === 'word' ? textOf(text, only) : ''
}

/** Names of all functions a text defines. */
export function functionNames(text: string, root: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(root, (node) => {
    if (node.type === 'function_definition') names.add(textOf(text, childByField(node, 'name')))
  })
  return names
}

/** Commands through which a script sees its own variables by their spelling, or lets other text see them. */
const REFLECTION: ReadonlySet<string> = new Set(['eval', 'source', '.', 'envsubst', 'compgen', 'caller', 'coproc'])
const NAMEREF = /(?:declare|local|typeset)\s+-\w*[np]|\$\{!|set\s+-\w*a\b|allexport|\bDEBUG\b/

/** True when a script could look variables up by their spelling, hand all of them on or trace its own statements. */
export function isReflective(text: string, root: SyntaxNode): boolean {
  if (NAMEREF.test(text)) return true
  let found = false
  walkTree(root, (node) => {
    found ||= REFLECTION.has(commandName(text, node))
    return !found
  })
  return found
}

/** The outermost function around a node, or null at the top level. */
export function functionAround(node: SyntaxNode): SyntaxNode | null {
  let found: SyntaxNode | null = null
  for (let at: SyntaxNode | null = node; at; at = at.parent) if (at.type === 'function_definition') found = at
  return found
}

/** What stands between the head of a node and its statements. */
const OPENERS: Readonly<Record<string, string>> = { if_statement: 'then', elif_clause: 'then', case_item: ')' }
const LISTS: ReadonlySet<string> = new Set([
  'program',
  'compound_statement',
  'subshell',
  'do_group',
  'else_clause',
  'command_substitution',
])
const BREAKS: ReadonlySet<string> = new Set(['&', '|', '&&', '||'])
const CLAUSES: ReadonlySet<string> = new Set(['elif_clause', 'else_clause'])

/** The statements of a node in the order they run, comments left out; none for nodes that are no lists. A stretch ends at what runs in the background. */
export function statementRuns(node: SyntaxNode): SyntaxNode[][] {
  const runs: SyntaxNode[][] = [[]]
  for (const child of bodyOf(node)) {
    if (BREAKS.has(child.type)) {
      runs.at(-1)!.pop()
      runs.push([])
    } else if (child.named && child.type !== 'comment' && !CLAUSES.has(child.type)) runs.at(-1)!.push(child)
  }
  return runs.filter((run) => run.length > 0)
}

/** Children from where the statements of a node begin. */
function bodyOf(node: SyntaxNode): readonly SyntaxNode[] {
  const opener = OPENERS[node.type]
  if (opener !== undefined) return node.children.slice(node.children.findIndex((child) => child.type === opener) + 1)
  return LISTS.has(node.type) && node.children[0]?.type !== '((' ? node.children : []
}

/** Every variable a node mentions, and the words in it that a command may take for one. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (inner.type === 'variable_name' || (inner.type === 'word' && /^\w+$/.test(textOf(text, inner))))
      names.add(textOf(text, inner))
    else if (inner.type === 'raw_string' || inner.type === 'string_content' || inner.type === 'heredoc_body')
      for (const word of textOf(text, inner).match(/\w+/g) ?? []) names.add(word)
  })
  return names
}

/** Assignments that one statement makes, when it makes nothing else: `a=1`, `a=1 b=2`, `local a=1 b`. */
export function assignmentsOf(node: SyntaxNode): readonly SyntaxNode[] | null {
  if (node.type === 'variable_assignment') return [node]
  if (node.type !== 'variable_assignments' && node.type !== 'declaration_command') return null
  const parts = namedChildren(node)
  return parts.every((part) => part.type === 'variable_assignment' || part.type === 'variable_name') ? parts : null
}
