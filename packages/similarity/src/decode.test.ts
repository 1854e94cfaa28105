import { describe, expect, it } from 'vitest'
import { decodedText } from './decode.ts'

const decoded = (text: string): string | null => {
  const bytes = new TextEncoder().encode(text)
  const found = decodedText(bytes, 0, bytes.length)
  return found === null ? null : `${found.encoding} ${new TextDecoder().decode(found.text)}`
}

const SWAP = (text: string): string =>
  text.replace(/[a-zA-Z]/g, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))

describe('strings that hide text', () => {
  it.each([
    ['base64', btoa('/owa/auth/x.js'), 'base64 /owa/auth/x.js'],
    [
      'base64 with small letters first, as obfuscators write it',
      SWAP(btoa('/owa/auth/x.js')),
      'base64-swapped /owa/auth/x.js',
    ],
    [
      'base64 for addresses',
      btoa('a?b>c~~~d?').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      'base64 a?b>c~~~d?',
    ],
    ['hexadecimal', '2f6f77612f617574682f', 'hex /owa/auth/'],
    ['base64 over several lines', btoa('x'.repeat(60)).replace(/(.{40})/, '$1\n'), `base64 ${'x'.repeat(60)}`],
  ])('%s', (_, hidden, expected) => {
    expect(decoded(hidden)).toBe(expected)
  })

  it.each([
    ['what is no text once decoded', btoa('\u0000\u0001\u0002\u0003\u0004\u0005\u0006')],
    ['a plain sentence', 'no base64 at all'],
    ['a short word', 'abcd'],
    ['a length that base64 cannot have', 'YWJjZGVmZ'],
  ])('leaves alone %s', (_, text) => {
    expect(decoded(text)).toBeNull()
  })
})
