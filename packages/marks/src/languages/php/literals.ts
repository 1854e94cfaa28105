import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'

export const NUMBERS: ReadonlySet<string> = new Set(['integer', 'float'])
/** What a string between double quotes is made of when it holds no variable. */
const PLAIN: ReadonlySet<string> = new Set(['"', 'string_content', 'escape_sequence'])

/** Comments, and the literals a declared mark may replace: numbers, and strings without variables. */
export function phpLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (NUMBERS.has(node.type)) literals.push(numberLiteral(text, node))
    else if (node.type === 'string' || isPlain(node)) literals.push(stringLiteral(text, node))
  })
  return { comments, literals }
}

/** True for a string between double quotes that holds no variable. */
export function isPlain(node: SyntaxNode): boolean {
  return node.type === 'encapsed_string' && node.children.every((child) => PLAIN.has(child.type))
}

function numberLiteral(text: string, node: SyntaxNode): Literal {
  return {
    span: { start: node.start, end: node.end },
    kind: 'number',
    value: text.slice(node.start, node.end),
    encode: (value) => (/^(?:(?:0|[1-9]\d*)(?:\.\d+)?|0x[0-9a-fA-F]+)$/.test(value) ? value : null),
  }
}

function stringLiteral(text: string, node: SyntaxNode): Literal {
  const opening = text.slice(node.start, node.end).search(/['"]/)
  const span = { start: node.start + opening + 1, end: node.end - 1 }
  const single = text.charAt(span.start - 1) === "'"
  const content = text.slice(span.start, span.end)
  return {
    span,
    kind: 'string',
    value: single ? decodeSingle(content) : decodeDouble(content),
    encode: single ? encodeSingle : encodeDouble,
  }
}

/** Content of a string between single quotes as the program sees it. */
export function decodeSingle(raw: string): string {
  return raw.replaceAll(/\\([\\'])/g, '$1')
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  v: '\v',
  e: '\x1b',
  f: '\f',
  $: '$',
  '"': '"',
  '\\': '\\',
}
const ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})|([\s\S]))/g

/** Content of a string between double quotes, or of a heredoc, as the program sees it; bytes above 127 as if they were Latin-1. */
export function decodeDouble(raw: string): string {
  if (!raw.includes('\\')) return raw
  return raw.replace(ESCAPE, (whole, hex?: string, unicode?: string, octal?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    if (unicode === undefined) return SIMPLE[other ?? ''] ?? whole
    const code = Number.parseInt(unicode, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** Control characters cannot be written between single quotes. */
function encodeSingle(value: string): string | null {
  return hasControls(value) ? null : value.replaceAll(/[\\']/g, '\\$&')
}

function encodeDouble(value: string): string {
  let out = ''
  for (const char of value)
    out += hasControls(char)
      ? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
      : /[\\"$]/.test(char)
        ? `\\${char}`
        : char
  return out
}

function hasControls(value: string): boolean {
  return Array.from(value).some((char) => char < ' ' || char === '\x7f')
}
