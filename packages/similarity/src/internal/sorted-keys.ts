/** Sorted distinct 32-bit keys with a directory of their upper 16 bits. */
export interface SortedKeys {
  readonly keys: Uint32Array
  readonly directory: Uint32Array
}

export function sortedKeys(keys: Uint32Array): SortedKeys {
  const directory = new Uint32Array(65_537)
  for (const key of keys) directory[(key >>> 16) + 1]!++
  for (let bucket = 0; bucket < 65_536; bucket++) directory[bucket + 1]! += directory[bucket]!
  return { keys, directory }
}

export function hasKey(set: SortedKeys, key: number): boolean {
  const bucket = key >>> 16
  let low = set.directory[bucket]!
  let high = set.directory[bucket + 1]!
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = set.keys[middle]!
    if (found === key) return true
    if (found < key) low = middle + 1
    else high = middle
  }
  return false
}

/** Distinct values of a sorted column, with how many occur once and twice. */
export function distinct(sorted: Uint32Array): {
  readonly keys: Uint32Array
  readonly once: number
  readonly twice: number
} {
  const keys = new Uint32Array(sorted.length)
  let count = 0
  let once = 0
  let twice = 0
  for (let at = 0; at < sorted.length; ) {
    let next = at + 1
    while (next < sorted.length && sorted[next] === sorted[at]) next++
    if (next - at === 1) once++
    if (next - at === 2) twice++
    keys[count++] = sorted[at]!
    at = next
  }
  return { keys: keys.slice(0, count), once, twice }
}

/** Union of two sorted columns of distinct keys. */
export function union(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
  const keys = new Uint32Array(a.length + b.length)
  let count = 0
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = i < a.length ? a[i]! : Number.POSITIVE_INFINITY
    const right = j < b.length ? b[j]! : Number.POSITIVE_INFINITY
    keys[count++] = Math.min(left, right)
    if (left <= right) i++
    if (right <= left) j++
  }
  return keys.slice(0, count)
}

/** A column that grows. */
export interface KeyColumn {
  keys: Uint32Array
  count: number
}

export function newKeyColumn(): KeyColumn {
  return { keys: new Uint32Array(16_384), count: 0 }
}

export function pushKey(column: KeyColumn, key: number): void {
  if (column.count === column.keys.length) {
    const larger = new Uint32Array(2 * column.keys.length)
    larger.set(column.keys)
    column.keys = larger
  }
  column.keys[column.count++] = key
}
