import { hexDigit } from './string-content.ts'
import { hashBytes, mix, mixAgain } from './hashing.ts'

const words = new Float64Array(1)
const halves = new Int32Array(words.buffer)

/** Hash of a number literal by its value, so that `0x10`, `16`, `16n`, `1_6` and `16.0` are alike. What is no number hashes as text. */
export function numberHash(bytes: Uint8Array, start: number, end: number): number {
  const value = numberValue(bytes, start, end)
  return Number.isNaN(value) ? hashBytes(bytes, start, end) : hashOfValue(value)
}

/** Hash of a number as `numberHash` gives it. */
export function hashOfValue(value: number): number {
  words[0] = value
  return mix(halves[0]! ^ mixAgain(halves[1]! ^ 0x5bd1e995))
}

/** Value of a number literal of any of the languages; NaN when it is none. */
export function numberValue(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length <= 9) {
    let value = 0
    let at = start
    for (; at < end; at++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (at === end) return value
  }
  if (length > 2 && length <= 10 && bytes[start] === 48 && (bytes[start + 1]! | 32) === 120) {
    const value = hexNumber(bytes, start + 2, end)
    if (value >= 0) return value
  }
  return slowValue(bytes, start, end)
}

function hexNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = hexDigit(bytes[at]!)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function slowValue(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 64) return Number.NaN
  const text = String.fromCharCode(...bytes.subarray(start, end)).replaceAll('_', '')
  const value = Number(text)
  return Number.isNaN(value) ? Number(text.replace(/^(0x[\da-f]+?|[\d.]+?)(?:[iu]\d+|[ul]+|[nfdj])$/i, '$1')) : value
}
