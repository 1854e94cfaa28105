import type { BiasFamily } from '../law.ts'

/** How many readable marks give an even chance, and the standard deviation of the logarithm of what is needed. */
export interface Need {
  readonly half: number
  readonly spread: number
}

type Curve = readonly [half: number, nineteenOfTwenty: number]

/** Marks for a chance of 50 and 95 % of naming one of 1..5 leakers, simulated (bench/fingerprint/calibrate-planner.ts). */
const BINARY: Readonly<Record<BiasFamily, readonly Curve[]>> = {
  HALF: [
    [30, 30],
    [82, 93],
  ],
  JOINT6: [
    [37, 47],
    [90, 119],
    [161, 221],
    [248, 324],
    [375, 498],
  ],
  GL6: [
    [41, 53],
    [98, 137],
    [173, 248],
    [268, 344],
    [399, 521],
  ],
  GL8: [
    [48, 59],
    [115, 150],
    [201, 279],
    [353, 415],
    [476, 632],
  ],
}

/** The same for uniform laws. The q = 2 row beyond two leakers is a rough guess and serves only to interpolate q = 3. */
const UNIFORM: readonly (readonly [q: number, curves: readonly Curve[]])[] = [
  [
    2,
    [
      [30, 30],
      [82, 93],
      [236, 369],
      [500, 800],
      [800, 1300],
    ],
  ],
  [
    4,
    [
      [15, 15],
      [32, 36],
      [55, 62],
      [86, 99],
      [125, 150],
    ],
  ],
  [
    8,
    [
      [10, 10],
      [19, 22],
      [28, 34],
      [41, 49],
      [54, 64],
    ],
  ],
  [
    16,
    [
      [7, 8],
      [13, 14],
      [18, 21],
      [23, 28],
      [30, 34],
    ],
  ],
  [
    64,
    [
      [5, 5],
      [9, 11],
      [13, 16],
      [15, 19],
      [17, 23],
    ],
  ],
]

/** How many times as many marks it takes when 2 % are misread: binary ones against 1..5 leakers, and marks with more symbols. */
const MISREAD_BINARY = [1.12, 1.19, 1.26, 1.28, 1.28]
const MISREAD = 1.05

/** How many times as many marks it takes to name all of 1..5 leakers, and how much wider the curve is. */
const ALL: readonly Need[] = [
  { half: 1, spread: 0 },
  { half: 1.34, spread: 0.12 },
  { half: 1.65, spread: 0.2 },
  { half: 2.1, spread: 0.2 },
  { half: 2.6, spread: 0.2 },
]

const NONE: Need = { half: Number.POSITIVE_INFINITY, spread: 0 }

/** Need against `leakers` (1..5) who mix their copies. Infinite where the law proves nothing. */
export function marksNeeded(q: number, family: BiasFamily, leakers: number): Need {
  if (q > 2) return uniformNeed(q, leakers)
  const curve = BINARY[family][leakers - 1]
  if (curve === undefined) return NONE
  return fromCurve(curve, MISREAD_BINARY[leakers - 1] ?? 1.25)
}

/** Need of embedded q-ary sites against leakers who erase every difference: only sites where all copies agree are left. */
export function scrubbedMarks(q: number, leakers: number): Need {
  const alone = uniformNeed(q, 1)
  return { half: alone.half * q ** (leakers - 1), spread: 1 / Math.sqrt(alone.half) }
}

/** Factor on the marks for naming all instead of one. */
export function allFactor(leakers: number): Need {
  return ALL[leakers - 1] ?? NONE
}

function fromCurve([half, nineteenOfTwenty]: Curve, factor: number): Need {
  return { half: half * factor, spread: Math.max(0.05, Math.log(nineteenOfTwenty / half) / 1.645) }
}

/** Between the simulated q, straight lines in log q and log marks; the last value beyond them. */
function uniformNeed(q: number, leakers: number): Need {
  const above = UNIFORM.findIndex(([size]) => size >= q)
  const [high, highCurves] = UNIFORM[above < 0 ? UNIFORM.length - 1 : above] ?? [q, []]
  const [low, lowCurves] = UNIFORM[Math.max(0, above - 1)] ?? [q, []]
  const top = highCurves[leakers - 1]
  const bottom = lowCurves[leakers - 1]
  if (top === undefined || bottom === undefined) return NONE
  if (above <= 0 || high === low) return fromCurve(top, MISREAD)
  const at = Math.log(q / low) / Math.log(high / low)
  const between = (a: number, b: number): number => Math.exp((1 - at) * Math.log(a) + at * Math.log(b))
  return fromCurve([between(bottom[0], top[0]), between(bottom[1], top[1])], MISREAD)
}
