import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { decodeEscapes, encodeEscapes } from '../../internal/code/string-literals.ts'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'

/** Content of an interpreted string or rune as the program sees it. */
export function decodeGo(raw: string): string {
  return decodeEscapes(raw.replace(/\\([0-7]{3})/g, (_, octal: string) => `\\x${hex(Number.parseInt(octal, 8))}`))
}

function hex(value: number): string {
  return (value & 0xff).toString(16).padStart(2, '0')
}

/** Comments, and the literals a declared mark may replace: numbers and strings, import paths and struct tags apart. */
export function goLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'import_spec') return false
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (node.type === 'int_literal' || node.type === 'float_literal') literals.push(numberLiteral(text, node))
    else if (node.type === 'interpreted_string_literal' || isPlainRaw(text, node))
      literals.push(stringLiteral(text, node))
    return true
  })
  return { comments, literals }
}

function numberLiteral(text: string, node: SyntaxNode): Literal {
  return {
    span: { start: node.start, end: node.end },
    kind: 'number',
    value: text.slice(node.start, node.end),
    encode: (value) => (/^(?:\d+(?:\.\d+)?|0x[0-9a-fA-F]+)$/.test(value) ? value : null),
  }
}

/** A raw string without backslashes, which mean nothing there but would elsewhere. */
function isPlainRaw(text: string, node: SyntaxNode): boolean {
  return node.type === 'raw_string_literal' && !text.slice(node.start, node.end).includes('\\')
}

function stringLiteral(text: string, node: SyntaxNode): Literal {
  const raw = node.type === 'raw_string_literal'
  const span = { start: node.start + 1, end: node.end - 1 }
  const content = text.slice(span.start, span.end)
  return {
    span,
    kind: 'string',
    value: raw ? content : decodeGo(content),
    encode: (value) => (raw && value.includes('\\') ? null : encodeEscapes(value, { special: raw ? '`' : '"', raw })),
  }
}
