/** Two polynomial hashes over the last `size` values, with the places where those values begin. */
export interface Rolling {
  readonly size: number
  seen: number
  a: number
  b: number
  readonly values: Int32Array
  readonly starts: Uint32Array
  readonly leaveA: number
  readonly leaveB: number
}

const BASE_A = 0x01000193
const BASE_B = 0x2545f491
/** Power of two, at least the longest window. */
const RING = 16

export function newRolling(size: number): Rolling {
  return {
    size,
    seen: 0,
    a: 0,
    b: 0,
    values: new Int32Array(RING),
    starts: new Uint32Array(RING),
    leaveA: power(BASE_A, size),
    leaveB: power(BASE_B, size),
  }
}

export function restart(rolling: Rolling): void {
  rolling.seen = 0
  rolling.a = 0
  rolling.b = 0
}

/** Takes one value in and the oldest out; true when the window is full. */
export function roll(rolling: Rolling, value: number, start: number): boolean {
  const slot = rolling.seen & (RING - 1)
  let a = (Math.imul(rolling.a, BASE_A) + value) | 0
  let b = (Math.imul(rolling.b, BASE_B) + value) | 0
  if (rolling.seen >= rolling.size) {
    const old = rolling.values[(rolling.seen - rolling.size) & (RING - 1)]!
    a = (a - Math.imul(old, rolling.leaveA)) | 0
    b = (b - Math.imul(old, rolling.leaveB)) | 0
  }
  rolling.a = a
  rolling.b = b
  rolling.values[slot] = value
  rolling.starts[slot] = start
  return ++rolling.seen >= rolling.size
}

/** Where the oldest value of the window begins. */
export function windowStart(rolling: Rolling): number {
  return rolling.starts[(rolling.seen - rolling.size) & (RING - 1)]!
}

function power(base: number, exponent: number): number {
  let product = 1
  for (let step = 0; step < exponent; step++) product = Math.imul(product, base)
  return product
}
