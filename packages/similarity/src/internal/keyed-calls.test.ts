import { describe, expect, it } from 'vitest'
import { lex } from '../lexer.ts'
import { withKeyedStrings } from './keyed-calls.ts'
import { rc4Schedule } from './rc4.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/'

/** RC4, then UTF-8, then base64 with small letters first: what the obfuscator's table holds. */
function enciphered(text: string, key: string): string {
  const state = rc4Schedule(new TextEncoder().encode(key))
  let j = 0
  const cipher = Array.from(new TextEncoder().encode(text), (byte, at) => {
    const i = (at + 1) & 255
    j = (j + state[i]!) & 255
    const swapped = state[i]!
    state[i] = state[j]!
    state[j] = swapped
    return String.fromCharCode(byte ^ state[(state[i] + swapped) & 255]!)
  }).join('')
  const bits = Array.from(new TextEncoder().encode(cipher), (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,6}/g) ?? []).map((six) => LETTERS[Number.parseInt(six.padEnd(6, '0'), 2)]).join('')
}

const STRINGS = 'split push exports getElem entById length tersan /owa/au th.aspx function default console'.split(' ')
const KEYS = ['k]1a', 'Q@2b', '^z3c', 'w%4d']
/** The table turned by 5, a base function, and two layers of wrappers with junk parameters. */
const key = (at: number): string => KEYS[at % KEYS.length]!
const table = STRINGS.map((_, at) => (at + 5) % STRINGS.length).map((at) => `'${enciphered(STRINGS[at]!, key(at))}'`)
const call = (at: number): string => `outer(0x1,'${key(at)}',${at - 5 + 0x30 + 0x200 + STRINGS.length},-0x7)`
const source = `function table(){const a=[${table.join(',')}];return a}
function base(a,b){a=a-0x30;let c=table()[a];return c}
function inner(a,b,c){return base(b- -0x0,c)}
function outer(a,b,c,d){return inner(a-0x9,c-0x200,b)}
${STRINGS.map((_, at) => `use[${call(at)}](x);`).join('\n')}
f(${call(3)}+${call(4)},${call(7)}+${call(8)}+'?q');`

function decoded(text: string): string | null {
  const bytes = new TextEncoder().encode(text)
  const found = withKeyedStrings({ bytes, tokens: lex(bytes, 'javascript') })
  return found === null ? null : new TextDecoder().decode(found)
}

describe('strings enciphered with RC4 and fetched from a turned table', () => {
  it('are put back where they are fetched, whatever the wrappers', () => {
    for (const text of STRINGS) expect(decoded(source)).toContain(`use['${text}'](x);`)
  })

  it('are joined when they are pieces of one string', () => {
    expect(decoded(source)).toContain("f('getElementById','/owa/auth.aspx?q');")
  })

  it('are left alone in any other program', () => {
    expect(decoded("const a = ['one', 'two', 'three']; f(a[0], 'four')")).toBeNull()
    expect(decoded(source.replaceAll(/'(?:k\]1a|\^z3c)'/g, "'none'"))).toBeNull()
  })
})
