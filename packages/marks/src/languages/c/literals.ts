import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { decodeEscapes, encodeEscapes } from '../../internal/code/string-literals.ts'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'
import { splitComment } from './parse.ts'

/** Content of a string or character as the program sees it; octal escapes become hexadecimal ones first. */
export function decodeC(raw: string): string {
  const hexed = raw.replace(/\\([0-7]{1,3})/g, (_, octal: string) => {
    const code = Number.parseInt(octal, 8) & 0xff
    return `\\x${code.toString(16).padStart(2, '0')}`
  })
  return decodeEscapes(hexed)
}

/** Where the content of a string or character literal stands, without prefix and quotes; null when it has none or is raw. */
export function contentOf(text: string, node: SyntaxNode): Span | null {
  const opening = /^(?:u8|[uUL])?(["'])/.exec(text.slice(node.start, node.end))
  if (!opening || text.charAt(node.end - 1) !== opening[1] || node.end - node.start < opening[0].length + 1) return null
  return { start: node.start + opening[0].length, end: node.end - 1 }
}

/** Comments, and the literals a declared mark may replace: numbers, and strings that no file name or raw string is. */
export function cLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'preproc_include') return false
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (node.type === 'number_literal') literals.push(numberLiteral(text, node))
    else if (node.type === 'string_literal') literals.push(...stringLiteral(text, node))
    if (node.field === 'value') comments.push(...commentBehind(text, node))
    return true
  })
  return { comments, literals }
}

/** A comment that ends the line of a macro. */
function commentBehind(text: string, node: SyntaxNode): Span[] {
  if (node.parent?.type !== 'preproc_def' && node.parent?.type !== 'preproc_function_def') return []
  const lineEnd = text.indexOf('\n', node.end)
  const end = node.type === 'preproc_arg' ? node.end : lineEnd < 0 ? text.length : lineEnd
  const { comment } = splitComment(text, { start: node.start, end })
  return comment === null ? [] : [{ start: comment, end }]
}

function numberLiteral(text: string, node: SyntaxNode): Literal {
  return {
    span: { start: node.start, end: node.end },
    kind: 'number',
    value: text.slice(node.start, node.end),
    encode: (value) => (/^(?:\d+(?:\.\d+)?|0x[0-9a-fA-F]+)$/.test(value) ? value : null),
  }
}

function stringLiteral(text: string, node: SyntaxNode): Literal[] {
  const span = contentOf(text, node)
  if (!span) return []
  return [{ span, kind: 'string', value: decodeC(text.slice(span.start, span.end)), encode: encodeC }]
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' }

/** Escapes by name only: those by number would take in digits that follow. No trigraphs. */
function encodeC(value: string): string | null {
  if (value.includes('??')) return null
  const out: string[] = []
  for (const char of value) {
    const written =
      NAMED[char] ?? (char === '"' || char === '\\' ? `\\${char}` : encodeEscapes(char, { special: '', raw: true }))
    if (written === null) return null
    out.push(written)
  }
  return out.join('')
}
