import { BACKGROUND } from './background-table.ts'

/** Bits for a key that common code does not use. */
const RARE = 10

const TABLE: ReadonlyMap<string, number> = new Map(
  BACKGROUND.flatMap(([bits, keys]) =>
    keys.split(/\s+/).map((key) => [key.replaceAll('_', ' '), bits] as const),
  ).concat(BACKGROUND.flatMap(([bits, keys]) => keys.split(/\s+/).map((key) => [key, bits] as const))),
)

/** How surprising a key is in a stretch of ordinary code, in bits from 1 to 10. */
export function bitsOf(key: string): number {
  return TABLE.get(key) ?? RARE
}
