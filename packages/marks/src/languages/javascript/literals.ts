import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { decodeEscapes, encodeEscapes } from '../../internal/code/string-literals.ts'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'

/** Comments, and the literals a declared mark may replace: numbers, strings, and templates without substitution. */
export function javascriptLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (node.type === 'number') literals.push(numberLiteral(text, node))
    else if (node.type === 'string' || isPlainTemplate(node)) literals.push(stringLiteral(text, node))
  })
  return { comments, literals }
}

function isPlainTemplate(node: SyntaxNode): boolean {
  return node.type === 'template_string' && node.children.every((child) => child.type !== 'template_substitution')
}

function numberLiteral(text: string, node: SyntaxNode): Literal {
  return {
    span: { start: node.start, end: node.end },
    kind: 'number',
    value: text.slice(node.start, node.end),
    encode: (value) => (/^(?:\d+(?:\.\d+)?|0x[0-9a-fA-F]+)$/.test(value) ? value : null),
  }
}

function stringLiteral(text: string, node: SyntaxNode): Literal {
  const span = { start: node.start + 1, end: node.end - 1 }
  const quote = text.charAt(node.start)
  const special = quote === '`' ? '`$' : quote
  return {
    span,
    kind: 'string',
    value: decodeEscapes(text.slice(span.start, span.end)),
    encode: (value) => encodeEscapes(value, { special, raw: false }),
  }
}
