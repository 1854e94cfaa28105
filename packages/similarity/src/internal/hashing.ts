/** Start value and multiplier of 32-bit FNV-1a. */
export const FNV_START: number = 0x811c9dc5 | 0
export const FNV_PRIME = 0x01000193

/** Spreads the entropy of a 32-bit value over all its bits (the finaliser of MurmurHash3). */
export function mix(value: number): number {
  let h = value ^ (value >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A second spreading that shares no structure with `mix`, for the other half of a 64-bit key. */
export function mixAgain(value: number): number {
  let h = value ^ (value >>> 15)
  h = Math.imul(h, 0x2c1b3c6d)
  h ^= h >>> 12
  h = Math.imul(h, 0x297a2d39)
  return h ^ (h >>> 15)
}

/** Hash of `bytes[start..end)`: the one that the lexer gives a token with this content. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let h = FNV_START
  for (let at = start; at < end; at++) h = Math.imul(h ^ bytes[at]!, FNV_PRIME)
  return mix(h)
}

/** The same of a text that holds ASCII only (keywords). */
export function hashAscii(text: string): number {
  let h = FNV_START
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), FNV_PRIME)
  return mix(h)
}
