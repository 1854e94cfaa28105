import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'

export const NUMBERS: ReadonlySet<string> = new Set([
  'decimal_integer_literal',
  'hex_integer_literal',
  'octal_integer_literal',
  'binary_integer_literal',
  'decimal_floating_point_literal',
  'hex_floating_point_literal',
])

/** Comments, and the literals a declared mark may replace: numbers and strings on one line. */
export function javaLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (NUMBERS.has(node.type)) literals.push(numberLiteral(text, node))
    else if (node.type === 'string_literal' && !isTextBlock(text, node)) literals.push(stringLiteral(text, node))
  })
  return { comments, literals }
}

/** `"""…"""`, whose indentation is not part of its value. */
export function isTextBlock(text: string, node: SyntaxNode): boolean {
  return text.startsWith('"""', node.start)
}

/** The digits; a suffix that says the type stays. */
function numberLiteral(text: string, node: SyntaxNode): Literal {
  const written = text.slice(node.start, node.end)
  const hex = /^0x/i.test(written)
  const digits = written.replace(hex ? /l$/i : /[lfd]$/i, '')
  const accepted = /^\d+$/.test(digits) ? /^(?:0|[1-9]\d*)$/ : hex ? /^0x[0-9a-fA-F]+$/ : /^\d+\.\d+$/
  return {
    span: { start: node.start, end: node.start + digits.length },
    kind: 'number',
    value: digits,
    encode: (value) => (accepted.test(value) ? value : null),
  }
}

function stringLiteral(text: string, node: SyntaxNode): Literal {
  const span = { start: node.start + 1, end: node.end - 1 }
  return { span, kind: 'string', value: decodeJava(text.slice(span.start, span.end)), encode: encodeJava }
}

const SIMPLE: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', s: ' ', '\n': '' }
const ESCAPE = /\\(?:u+([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|([\s\S]))/g

/** Content of a string as the program sees it. */
export function decodeJava(raw: string): string {
  if (!raw.includes('\\')) return raw
  return raw.replace(ESCAPE, (_, unicode?: string, octal?: string, other?: string) => {
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
    return SIMPLE[other ?? ''] ?? other ?? ''
  })
}

/** Content that reads as `value`. Control characters are written in octal: `\u000a` would end the line before the string is read. */
function encodeJava(value: string): string | null {
  let out = ''
  for (const char of value) {
    const code = char.codePointAt(0)!
    if (char === '"' || char === '\\') out += `\\${char}`
    else if (code < 0x20 || code === 0x7f) out += `\\${code.toString(8).padStart(3, '0')}`
    else out += char
  }
  return out
}
