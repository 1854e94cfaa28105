const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|(\r\n|[\s\S]))/g

/** Content of a string literal as the program sees it; JavaScript and Python escapes, unknown ones lose only their backslash. */
export function decodeEscapes(raw: string): string {
  if (!raw.includes('\\')) return raw
  return raw.replace(ESCAPE, (_, byte?: string, four?: string, braced?: string, eight?: string, other?: string) => {
    const code = byte ?? four ?? braced ?? eight
    if (code !== undefined) return codePoint(Number.parseInt(code, 16))
    if (other === undefined || other === '\n' || other === '\r\n') return ''
    return SIMPLE[other] ?? other
  })
}

function codePoint(value: number): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : '\uFFFD'
}

/** How a literal is written, as far as writing another value into it goes. */
export interface LiteralStyle {
  /** Characters that end the literal or mean something inside it. */
  readonly special: string
  /** True when backslash is an ordinary character. */
  readonly raw: boolean
}

/** Content that reads as `value` inside a literal of this style, or null when there is none. */
export function encodeEscapes(value: string, style: LiteralStyle): string | null {
  let out = ''
  for (const char of value) {
    const code = char.codePointAt(0)!
    const plain = code >= 0x20 && code !== 0x7f && code !== 0x2028 && code !== 0x2029
    if (plain && char !== '\\' && !style.special.includes(char)) out += char
    else if (style.raw || code > 0xffff) return null
    else out += code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`
  }
  return out
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
