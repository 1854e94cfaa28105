import type { Draw } from './simulate.ts'

/**
 * How simulated leakers make one text of their copies. Where all copies agree, that symbol stays (the marking assumption: leakers see only
 * differences); elsewhere:
 *
 * - `interleave`: a random leaker's symbol. `coin`: a random one of the symbols at hand, however many hold it.
 * - `majority`, `minority`: the symbol most, or fewest, of them hold; ties by lot. `all-ones`: the highest symbol.
 * - `wca`: on binary sites the mixture by number of ones that tells a decoder of single copies least under GL6 (`WORST_FOR_SINGLES`);
 *   q-ary sites interleave. (Furon and Perez-Freire, IH 2009: worst case attack.)
 * - `scrub`: q-ary sites become unreadable, binary ones interleave. `scrub-coin`: the same with `coin` on binary ones.
 * - `erasedet`: the site becomes unreadable. `halferase`: it does with chance one half, and interleaves otherwise.
 * - `random-alphabet`: any symbol of the site, also one no leaker holds. Needs a leaker who knows the alphabet.
 */
export type Attack =
  | 'interleave'
  | 'majority'
  | 'minority'
  | 'coin'
  | 'all-ones'
  | 'wca'
  | 'scrub'
  | 'scrub-coin'
  | 'erasedet'
  | 'halferase'
  | 'random-alphabet'

/**
 * `theta[k]` = chance of writing 1 where k of c leakers hold 1, by c: the minimum of I(X; Y | P) under GL6, three decimals. Found by
 * `bench/fingerprint/capacity.ts`, whose test compares them.
 */
export const WORST_FOR_SINGLES: Readonly<Record<number, readonly number[]>> = {
  1: [0, 1],
  2: [0, 0.5, 1],
  3: [0, 0.582, 0.418, 1],
  4: [0, 0.441, 0.5, 0.559, 1],
  5: [0, 0.656, 0, 1, 0.344, 1],
  6: [0, 0.814, 0, 0.5, 1, 0.186, 1],
}

/** What `leakers` holding `held` at a site of `q` symbols leave there; null: nothing readable. */
export function mergeSite(draw: Draw, held: readonly number[], attack: Attack, q: number): number | null {
  const anyone = held[Math.floor(draw() * held.length)] ?? 0
  if (attack === 'interleave' || held.every((symbol) => symbol === held[0])) return anyone
  return RULES[attack](draw, held, anyone, q)
}

type Rule = (draw: Draw, held: readonly number[], anyone: number, q: number) => number | null

const RULES: Readonly<Record<Exclude<Attack, 'interleave'>, Rule>> = {
  majority: (draw, held) => byCount(draw, held, Math.max),
  minority: (draw, held) => byCount(draw, held, Math.min),
  coin: (draw, held) => anyOf(draw, [...new Set(held)]),
  'all-ones': (_, held) => Math.max(...held),
  wca: (draw, held, anyone, q) => (q === 2 ? byTheta(draw, held) : anyone),
  scrub: (_, __, anyone, q) => (q === 2 ? anyone : null),
  'scrub-coin': (draw, held, _, q) => (q === 2 ? anyOf(draw, [...new Set(held)]) : null),
  erasedet: () => null,
  halferase: (draw, _, anyone) => (draw() < 0.5 ? null : anyone),
  'random-alphabet': (draw, _, __, q) => Math.floor(draw() * q),
}

function byCount(draw: Draw, held: readonly number[], pick: (...counts: number[]) => number): number {
  const choices = [...new Set(held)]
  const counts = choices.map((symbol) => held.filter((other) => other === symbol).length)
  const wanted = pick(...counts)
  return anyOf(
    draw,
    choices.filter((_, k) => counts[k] === wanted),
  )
}

function byTheta(draw: Draw, held: readonly number[]): number {
  const ones = held.filter((symbol) => symbol === 1).length
  const theta = WORST_FOR_SINGLES[held.length]?.[ones]
  return draw() < (theta ?? ones / held.length) ? 1 : 0
}

function anyOf(draw: Draw, choices: readonly number[]): number {
  return choices[Math.floor(draw() * choices.length)] ?? 0
}
