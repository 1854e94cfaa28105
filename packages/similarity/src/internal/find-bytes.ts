/** Offset at which `wanted` first occurs from `from` on, every byte of it `step` apart and zeros between; -1 when it does not, or is empty. */
export function findBytes(bytes: Uint8Array, wanted: Uint8Array, from: number, step: 1 | 2 = 1): number {
  if (wanted.length === 0) return -1
  for (let at = bytes.indexOf(wanted[0]!, from); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (occursAt(bytes, at, wanted, step)) return at
  }
  return -1
}

function occursAt(bytes: Uint8Array, at: number, wanted: Uint8Array, step: 1 | 2): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (bytes[at + index * step] !== wanted[index]) return false
    if (step === 2 && bytes[at + index * 2 + 1] !== 0) return false
  }
  return true
}
