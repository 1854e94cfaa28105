import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { decodeEscapes } from '../../internal/code/string-literals.ts'
import type { Literal } from '../../language.ts'
import type { Span } from '../../site.ts'

/** Comments, and the literals a declared mark may replace: numbers, plain words, quoted strings and the pieces between their expansions. */
export function bashLiterals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] } {
  const comments: Span[] = []
  const literals: Literal[] = []
  walkTree(root, (node) => {
    if (node.type === 'comment') comments.push({ start: node.start, end: node.end })
    const literal = literalOf(text, node)
    if (literal) literals.push(literal)
  })
  return { comments, literals }
}

/** Characters that need no quotes anywhere in a command. */
const PLAIN = /^[A-Za-z0-9_./:@%+,][A-Za-z0-9_./:@%+=,-]*$/
/** Words that are syntax or names rather than values. */
const NO_VALUE: ReadonlySet<string> = new Set([
  'command_name',
  'function_definition',
  'case_item',
  'subscript',
  'c_style_for_statement',
])

function literalOf(text: string, node: SyntaxNode): Literal | null {
  const span = { start: node.start, end: node.end }
  const source = text.slice(node.start, node.end)
  switch (node.type) {
    case 'number':
      return { span, kind: 'number', value: source, encode: (value) => (/^(?:0|[1-9]\d*)$/.test(value) ? value : null) }
    case 'word':
      if (NO_VALUE.has(node.parent?.type ?? '') || !PLAIN.test(source)) return null
      return { span, kind: 'string', value: source, encode: (value) => (PLAIN.test(value) ? value : null) }
    case 'string_content':
      return { span, kind: 'string', value: decodeDouble(source), encode: encodeDouble }
    case 'raw_string':
      return {
        span: { start: node.start + 1, end: node.end - 1 },
        kind: 'string',
        value: source.slice(1, -1),
        encode: (value) => (isPrintable(value) && !value.includes("'") ? value : null),
      }
    default:
      return null
  }
}

/** Content of double quotes: backslash only escapes what would mean something there. */
export function decodeDouble(content: string): string {
  return content.replace(/\\([$`"\\\n])/g, (_, char: string) => (char === '\n' ? '' : char))
}

/** Content of `$'…'`. */
export function decodeAnsi(content: string): string {
  return decodeEscapes(content)
}

function encodeDouble(value: string): string | null {
  return isPrintable(value) && !value.includes('!') ? value.replace(/[$`"\\]/g, '\\$&') : null
}

function isPrintable(value: string): boolean {
  return !/\p{Cc}/u.test(value)
}
