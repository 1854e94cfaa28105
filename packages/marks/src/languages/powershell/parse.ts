import { parseTree, type SyntaxNode, type SyntaxTree } from '@sigillo/syntax/tree'

/** Nodes that stay even when they hold nothing but one node of the same extent. */
const KEPT: ReadonlySet<string> = new Set([
  'program',
  'statement_list',
  'script_block',
  'hash_literal_body',
  'switch_clauses',
  'switch_clause_condition',
  'command',
  'command_name',
  'command_elements',
  'parameter_list',
  'variable',
])

/**
 * Parses a script. The grammar wraps every operand in a node for each level of precedence; here a node that only wraps another one of the same
 * extent is left out, and a variable has its name as a node of its own.
 *
 * @throws SyntaxRoomError as `parseTree` does
 */
export async function parsePowershell(text: string): Promise<SyntaxTree> {
  const tree = await parseTree('powershell', text)
  return { ...tree, root: simplified(tree.root, null, text) }
}

interface Draft extends SyntaxNode {
  children: SyntaxNode[]
}

function simplified(node: SyntaxNode, parent: SyntaxNode | null, text: string): SyntaxNode {
  let inner = node
  for (;;) {
    const [only, ...more] = inner.children
    if (!only || more.length > 0 || KEPT.has(inner.type) || only.start !== inner.start || only.end !== inner.end) break
    inner = only
  }
  const copy: Draft = { ...inner, field: node.field, parent, children: [] }
  copy.children =
    inner.type === 'variable' ? nameOf(copy, text) : childrenOf(inner).map((child) => simplified(child, copy, text))
  return copy
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const dropped = node.type === 'hash_entry' ? ';' : 'command_argument_sep'
  return node.children.filter((child) => child.type !== dropped)
}

/** `$name` and `@name` as sign and name; what the shell itself calls `$_` or `$env:X` stays whole. */
function nameOf(variable: SyntaxNode, text: string): SyntaxNode[] {
  const { start, end } = variable
  if (!/^[$@]\w{2,}$/.test(text.slice(start, end))) return []
  const leaf = { named: false, field: null, missing: false, parent: variable, children: [] }
  return [
    { ...leaf, type: '$', start, end: start + 1 },
    { ...leaf, type: 'variable_name', named: true, start: start + 1, end },
  ]
}
