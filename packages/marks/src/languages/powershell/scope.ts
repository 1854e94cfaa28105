import { namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'

/** Text of a node. */
export function textOf(text: string, node: SyntaxNode | null | undefined): string {
  return node ? text.slice(node.start, node.end) : ''
}

/** Ways to look variables up by their spelling, or to run other code in this scope. */
const REFLECTION =
  /\b(?:Get|Set|New|Remove|Clear)-Variable\b|\bInvoke-Expression\b|\biex\b|ExpandString|-(?:Out|Error|Warning|Information|Pipeline)Variable\b|-[oei]v\b|\bVariable:|GetVariable|scriptblock\]::Create|^\s*\.\s+\S|\bSet-PSDebug\b|\bSet-PSBreakpoint\b/im

/** True when a script could look its variables up by their spelling. */
export function isReflective(text: string): boolean {
  return REFLECTION.test(text)
}

/** Variables that PowerShell sets or obeys, in lower case. */
const AUTOMATIC =
  /^(?:args|input|this|null|true|false|error|matches|host|home|pid|profile|pwd|psitem|pscmdlet|myinvocation|ps\w+|lastexitcode|foreach|switch|stacktrace|executioncontext|ofs|sender|event\w*|nestedpromptlevel|shellid|\w*preference|maximum\w+|is\w+|enabled\w+|console\w+|outputencoding)$/

/** True for a variable that means something to PowerShell itself. */
export function isAutomatic(name: string): boolean {
  return AUTOMATIC.test(name.toLowerCase())
}

/** The outermost function around a node, or null at the top level. */
export function functionAround(node: SyntaxNode): SyntaxNode | null {
  let found: SyntaxNode | null = null
  for (let at: SyntaxNode | null = node; at; at = at.parent)
    if (at.type === 'function_statement' || at.type === 'class_statement') found = at
  return found
}

/** Lower-case names of all functions a text defines. */
export function functionNames(text: string, root: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(root, (node) => {
    if (node.type === 'function_name') names.add(textOf(text, node).toLowerCase())
  })
  return names
}

/** Lower-case names of every variable a node mentions, in whatever scope. */
export function namesIn(text: string, node: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(node, (inner) => {
    if (inner.type === 'variable' || inner.type === 'braced_variable')
      names.add(
        textOf(text, inner)
          .replace(/^[$@]\{?(?:\w+:)?|\}$/g, '')
          .toLowerCase(),
      )
  })
  return names
}

/** Target and value of `$x = value`; null for other statements and other operators. */
export function assignmentOf(node: SyntaxNode): { target: SyntaxNode; value: SyntaxNode } | null {
  const [target, operator, value] = node.children
  if (node.type !== 'assignment_expression' || !target || operator?.type !== '=' || !value) return null
  return target.type === 'variable' ? { target, value } : null
}

const CONSTANTS: ReadonlySet<string> = new Set([
  'decimal_integer_literal',
  'hexadecimal_integer_literal',
  'real_literal',
  'verbatim_string_characters',
])

/** A number, or a string without variables. */
export function isConstant(text: string, node: SyntaxNode): boolean {
  if (node.type === 'expandable_string_literal') return node.children.length === 0 && !/[$`]/.test(textOf(text, node))
  return CONSTANTS.has(node.type)
}

const DISPLAYS: ReadonlySet<string> = new Set(['array_expression', 'array_literal_expression', 'statement_list'])

/** True when evaluating the expression can neither fail nor run anything: literals, displays of them, `$true` and its like. */
export function isTotal(text: string, node: SyntaxNode): boolean {
  if (isConstant(text, node)) return true
  if (node.type === 'variable') return /^\$(?:true|false|null)$/i.test(textOf(text, node))
  if (DISPLAYS.has(node.type)) return namedChildren(node).every((child) => isTotal(text, child))
  if (node.type === 'hash_literal_expression')
    return hashEntries(node).every((entry) => isTotal(text, entry.children[2] ?? entry))
  return false
}

/** Entries of a hash literal. */
export function hashEntries(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children
    .flatMap((child) => (child.type === 'hash_literal_body' ? child.children : [child]))
    .filter((child) => child.type === 'hash_entry')
}

/** True when the expression only reads variables, properties and literals. */
export function isReadOnly(text: string, node: SyntaxNode): boolean {
  if (node.type === 'variable' || isConstant(text, node)) return true
  if (node.type === 'member_access')
    return namedChildren(node).every((child) => child.type === 'simple_name' || isReadOnly(text, child))
  if (node.type === 'expandable_string_literal')
    return node.children.every((child) => child.type === 'variable' || child.type === 'braced_variable')
  return isTotal(text, node)
}
