import { WORST_FOR_SINGLES } from '@sigillo/fingerprint/simulate-attacks'
import type { Attack } from '@sigillo/fingerprint/simulate-attacks'

/** Damage that does not depend on what the leakers hold. */
export interface Damage {
  readonly attack: Attack
  readonly erased: number
  readonly misread: number
}

/**
 * The law of what is read where leakers hold `held` at a site of `q` symbols: chances of symbols 0 .. q-1 and, last, of nothing readable.
 * The same attacks as `simulateLeak` draws from, written down a second time as laws.
 */
export function readingLaw(held: readonly number[], q: number, { attack, erased, misread }: Damage): number[] {
  const merged = mergedLaw(held, q, attack)
  const read = merged.slice(0, q)
  const total = read.reduce((sum, p) => sum + p, 0)
  const wrong = (p: number): number => (q === 2 ? total - p : total / q)
  return [...read.map((p) => (1 - erased) * ((1 - misread) * p + misread * wrong(p))), 1 - (1 - erased) * total]
}

function mergedLaw(held: readonly number[], q: number, attack: Attack): number[] {
  const choices = [...new Set(held)]
  return choices.length === 1 ? spread(choices, q) : LAWS[attack](held, choices, q)
}

type Law = (held: readonly number[], choices: readonly number[], q: number) => number[]

const LAWS: Readonly<Record<Attack, Law>> = {
  interleave: (held, _, q) => spread(held, q),
  majority: (held, choices, q) => spread(byCount(held, choices, Math.max), q),
  minority: (held, choices, q) => spread(byCount(held, choices, Math.min), q),
  coin: (_, choices, q) => spread(choices, q),
  'all-ones': (held, _, q) => spread([Math.max(...held)], q),
  wca: (held, _, q) => (q === 2 ? byTheta(held) : spread(held, q)),
  scrub: (held, _, q) => spread(q === 2 ? held : [q], q),
  'scrub-coin': (_, choices, q) => spread(q === 2 ? choices : [q], q),
  erasedet: (_, __, q) => spread([q], q),
  halferase: (held, _, q) => spread(held, q).map((p, symbol) => (symbol === q ? 0.5 : p / 2)),
  'random-alphabet': (_, __, q) => [...Array.from({ length: q }, () => 1 / q), 0],
}

/** Equal chances for the entries of `symbols`; q stands for nothing readable. */
function spread(symbols: readonly number[], q: number): number[] {
  const law = Array.from({ length: q + 1 }, () => 0)
  for (const symbol of symbols) law[symbol] = law[symbol]! + 1 / symbols.length
  return law
}

function byCount(
  held: readonly number[],
  choices: readonly number[],
  pick: (...counts: number[]) => number,
): readonly number[] {
  const counts = choices.map((symbol) => held.filter((other) => other === symbol).length)
  const wanted = pick(...counts)
  return choices.filter((_, k) => counts[k] === wanted)
}

function byTheta(held: readonly number[]): number[] {
  const one = WORST_FOR_SINGLES[held.length]![held.filter((symbol) => symbol === 1).length]!
  return [1 - one, one, 0]
}
