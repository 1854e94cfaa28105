import { isPrintable } from './readable.ts'

/** RC4's state after its key schedule. */
export function rc4Schedule(key: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index)
  let j = 0
  for (let i = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255
    const swapped = state[i]!
    state[i] = state[j]!
    state[j] = swapped
  }
  return state
}

const work = new Uint8Array(256)

/** The plaintext, or `null` as soon as it is no text in ASCII. */
export function rc4Text(scheduled: Uint8Array, bytes: Uint8Array): Uint8Array | null {
  work.set(scheduled)
  const text = new Uint8Array(bytes.length)
  let j = 0
  for (let at = 0; at < bytes.length; at++) {
    const i = (at + 1) & 255
    j = (j + work[i]!) & 255
    const swapped = work[i]!
    work[i] = work[j]!
    work[j] = swapped
    const byte = bytes[at]! ^ work[(work[i] + swapped) & 255]!
    if (!isPrintable(byte) && byte !== 10 && byte !== 13) return null
    text[at] = byte
  }
  return text
}

/** The characters up to U+00FF that UTF-8 bytes stand for, one byte each; `null` when they stand for anything else. */
export function latin1(bytes: Uint8Array): Uint8Array | null {
  const narrow = new Uint8Array(bytes.length)
  let written = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte < 0x80) {
      narrow[written++] = byte
      continue
    }
    const next = bytes[++at]
    if ((byte !== 0xc2 && byte !== 0xc3) || next === undefined || (next & 0xc0) !== 0x80) return null
    narrow[written++] = ((byte & 3) << 6) | (next & 63)
  }
  return narrow.subarray(0, written)
}
