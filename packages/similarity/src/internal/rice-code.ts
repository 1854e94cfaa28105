/** Golomb-Rice code of the gaps between sorted keys: about `log2(2^32 / n) + 1.5` bits a key. */
export function riceEncode(keys: Uint32Array, low: number): Uint8Array {
  let bits = 0
  let before = 0
  for (const key of keys) {
    bits += Math.floor((key - before) / 2 ** low) + 1 + low
    before = key
  }
  const bytes = new Uint8Array((bits + 7) >> 3)
  let at = 0
  before = 0
  for (const key of keys) {
    const gap = key - before
    at += Math.floor(gap / 2 ** low)
    bytes[at >> 3]! |= 1 << (at & 7)
    at++
    for (let bit = 0; bit < low; bit++, at++) if ((gap >>> bit) & 1) bytes[at >> 3]! |= 1 << (at & 7)
    before = key
  }
  return bytes
}

/** The keys, or `null` when the bytes hold no such list of `count` ascending keys and nothing else. */
export function riceDecode(bytes: Uint8Array, count: number, low: number): Uint32Array | null {
  const end = 8 * bytes.length
  if (count > end) return null
  const keys = new Uint32Array(count)
  let at = 0
  let key = 0
  for (let index = 0; index < count; index++) {
    let high = 0
    while (at < end && ((bytes[at >> 3]! >> (at & 7)) & 1) === 0) {
      at++
      high++
    }
    at++
    if (at + low > end) return null
    let gap = high * 2 ** low
    for (let bit = 0; bit < low; bit++, at++) if ((bytes[at >> 3]! >> (at & 7)) & 1) gap += 2 ** bit
    if (index > 0 && gap === 0) return null
    key += gap
    if (key > 0xffffffff) return null
    keys[index] = key
  }
  return end - at < 8 ? keys : null
}

/** The best number of low bits for `count` keys spread over 32 bits. */
export function riceBits(count: number): number {
  return count === 0 ? 0 : Math.max(0, Math.min(31, Math.floor(Math.log2((2 ** 32 / count) * 0.69))))
}
