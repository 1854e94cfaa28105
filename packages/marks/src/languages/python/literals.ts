import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { decodeEscapes, encodeEscapes } from '../../internal/code/string-literals.ts'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'

/** Comments, and the literals a declared mark may replace: numbers, and strings without interpolation. */
export function pythonLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (node.type === 'integer' || node.type === 'float') literals.push(numberLiteral(text, node))
    else if (node.type === 'string') {
      const literal = stringLiteral(text, node)
      if (literal) literals.push(literal)
      return false
    }
    return true
  })
  return { comments, literals }
}

/** A number; only numbers may take its place. */
export function numberLiteral(text: string, node: SyntaxNode): Literal {
  return {
    span: { start: node.start, end: node.end },
    kind: 'number',
    value: text.slice(node.start, node.end),
    encode: (value) => (/^(?:\d+(?:\.\d+)?|0x[0-9a-fA-F]+)$/.test(value) ? value : null),
  }
}

function stringLiteral(text: string, node: SyntaxNode): Literal | null {
  const opening = node.children[0]
  const closing = node.children.at(-1)
  if (!opening || !closing || node.children.some((child) => child.type === 'interpolation')) return null
  const mark = text.slice(opening.start, opening.end)
  const raw = /r/i.test(mark)
  const span = { start: opening.end, end: closing.start }
  const content = text.slice(span.start, span.end)
  const special = `${mark.slice(-1)}${/f/i.test(mark) ? '{}' : ''}`
  return {
    span,
    kind: 'string',
    value: raw ? content : decodeEscapes(content),
    encode: (value) => encodeEscapes(value, { special, raw }),
  }
}
