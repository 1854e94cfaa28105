import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { decodeEscapes, encodeEscapes } from '../../internal/code/string-literals.ts'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'

/** Comments, and the literals a declared mark may replace: numbers, and strings in single or double quotes without interpolation. */
export function rubyLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (node.type === 'integer' || node.type === 'float') literals.push(numberLiteral(text, node))
    else if (node.type === 'string') {
      const literal = stringLiteral(text, node)
      if (literal) literals.push(literal)
    }
  })
  return { comments, literals }
}

function numberLiteral(text: string, node: SyntaxNode): Literal {
  return {
    span: { start: node.start, end: node.end },
    kind: 'number',
    value: text.slice(node.start, node.end),
    encode: (value) => (/^(?:(?:0|[1-9]\d*)(?:\.\d+)?|0x[0-9a-fA-F]+)$/.test(value) ? value : null),
  }
}

function stringLiteral(text: string, node: SyntaxNode): Literal | null {
  const quote = text.charAt(node.start)
  if ((quote !== '"' && quote !== "'") || hasInterpolation(node) || isKey(node)) return null
  const span = { start: node.start + 1, end: node.end - 1 }
  const raw = quote === "'"
  return {
    span,
    kind: 'string',
    value: decodeString(text.slice(span.start, span.end), raw),
    encode: (value) => encodeEscapes(value, { special: raw ? "'" : '"#', raw }),
  }
}

/** `"key": value` is a symbol, whose spelling other code knows. */
function isKey(node: SyntaxNode): boolean {
  const pair = node.parent
  return pair?.type === 'pair' && childByField(pair, 'key') === node && pair.children[1]?.type === ':'
}

export function hasInterpolation(node: SyntaxNode): boolean {
  return node.children.some((child) => child.type === 'interpolation')
}

/** Content as the program sees it; in single quotes backslash only escapes itself and the quote. */
export function decodeString(content: string, single: boolean): string {
  return single ? content.replace(/\\([\\'])/g, '$1') : decodeEscapes(content)
}
