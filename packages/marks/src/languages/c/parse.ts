import { parseTree, type SyntaxNode, type SyntaxTree, walkTree } from '@sigillo/syntax/tree'

const NUMBER = /^(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)[uUlLfF]*$/
const STRING = /^"(?:[^"\\\n]|\\.)*"$/

/** A macro that stands for nothing but what may stand before a declaration. */
const SPECIFIER_MACRO =
  /^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[ \t]+(?:static|inline|extern|const|register|__inline__|__inline|_Noreturn))*[ \t]*$/gm

/**
 * Parses C or C++. Macros of the file that only say how something is stored are left out, as the grammar knows no declaration that starts with
 * a word of the author's. The grammar leaves the value of a macro as plain text; a value that is one literal becomes that literal, as this is how C
 * names its constants.
 */
export async function parseC(grammar: 'c' | 'cpp', text: string): Promise<SyntaxTree> {
  const specifiers = specifierUses(text)
  const tree = { ...(await parseTree(grammar, blanked(text, specifiers))), text }
  const starts = new Map(specifiers.map(({ start, next }) => [next, start]))
  walkTree(tree.root, (node) => {
    // The tree was made for this call alone.
    if (node.type === 'preproc_arg') makeLiteral(text, node)
    const start = DECLARATIONS.has(node.type) ? starts.get(node.start) : undefined
    if (start !== undefined) Object.assign(node, { start })
  })
  return tree
}

const DECLARATIONS: ReadonlySet<string> = new Set(['declaration', 'function_definition'])

/** A specifier macro at the start of a declaration, and where what follows it starts. */
interface SpecifierUse {
  readonly start: number
  readonly end: number
  readonly next: number
}

function specifierUses(text: string): SpecifierUse[] {
  const names = new Set([...text.matchAll(SPECIFIER_MACRO)].map((match) => match[1]!))
  if (names.size === 0) return []
  const use = new RegExp(`^([ \\t]*)(${[...names].join('|')})[ \\t]+(?=\\w)`, 'gm')
  return [...text.matchAll(use)].map((match) => {
    const start = match.index + match[1]!.length
    return { start, end: start + match[2]!.length, next: match.index + match[0].length }
  })
}

/** The text with blanks for these words, every offset as it was. */
function blanked(text: string, uses: readonly SpecifierUse[]): string {
  let out = ''
  let at = 0
  for (const { start, end } of uses) {
    out += text.slice(at, start) + ' '.repeat(end - start)
    at = end
  }
  return out + text.slice(at)
}

function makeLiteral(text: string, node: SyntaxNode): void {
  const { value } = splitComment(text, node)
  const type = NUMBER.test(value) ? 'number_literal' : STRING.test(value) ? 'string_literal' : null
  if (type) Object.assign(node, { type, end: node.start + value.length })
}

/** The text of a macro's value, and where a comment that the grammar counts to it starts. */
export function splitComment(
  text: string,
  node: { readonly start: number; readonly end: number },
): { readonly value: string; readonly comment: number | null } {
  const source = text.slice(node.start, node.end)
  const at = /^(?:[^"'/\n]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/(?!\/))*/.exec(source)?.[0].length ?? source.length
  const comment = source.startsWith('//', at) ? node.start + at : null
  return { value: (comment === null ? source : source.slice(0, at)).trimEnd(), comment }
}
