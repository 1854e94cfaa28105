import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'
import { isConstant, textOf } from './scope.ts'

/** Comments, and the literals a declared mark may replace: numbers, and strings without variables. */
export function powershellLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    else if (isConstant(text, node)) literals.push(literalOf(text, node))
  })
  return { comments, literals }
}

function literalOf(text: string, node: SyntaxNode): Literal {
  const source = textOf(text, node)
  if (!/^["']/.test(source)) {
    const span = { start: node.start, end: node.end }
    return {
      span,
      kind: 'number',
      value: source,
      encode: (value) => (/^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value) ? value : null),
    }
  }
  const span = { start: node.start + 1, end: node.end - 1 }
  const single = source.startsWith("'")
  const content = source.slice(1, -1)
  return {
    span,
    kind: 'string',
    value: single ? content.replaceAll("''", "'") : decodeExpandable(content),
    encode: (value) => (isPrintable(value) ? encodeString(value, single) : null),
  }
}

function encodeString(value: string, single: boolean): string {
  return single ? value.replaceAll("'", "''") : value.replace(/["$`]/g, '`$&')
}

/** Curly quotes end strings too. */
function isPrintable(value: string): boolean {
  return !/[\p{Cc}\u2018-\u201f]/u.test(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
}

/** Content of double quotes as the program sees it. */
export function decodeExpandable(content: string): string {
  return content.replaceAll('""', '"').replace(/`([\s\S])/g, (_, char: string) => ESCAPES[char] ?? char)
}
