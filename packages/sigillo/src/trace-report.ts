import { type DistributionTrace, overallVerdict } from '@sigillo/desk/trace-samples'

/** The result of a trace in the shape of `sigillo trace --json`: all distributions together, readings with the pool of their site. */
export function traceJson(traces: readonly DistributionTrace[]): Record<string, unknown> {
  const readings = traces.flatMap(({ distribution, readings: own }) =>
    own.map((reading) => ({ distribution: distribution.id, ...reading })),
  )
  const unread = readings.filter(({ variant }) => variant === null)
  const needed = traces.flatMap(({ result }) => (result.needed === undefined ? [] : [result.needed]))
  return {
    verdict: overallVerdict(traces),
    marks: {
      readable: readings.length - unread.length,
      unsure: unread.filter(({ why }) => !isAbsent(why)).length,
      absent: unread.filter(({ why }) => isAbsent(why)).length,
      byPool: poolsOf(traces),
    },
    accusations: traces.flatMap(({ distribution, result }) =>
      result.accusations.map((suspect) => ({ distribution: distribution.id, ...suspect })),
    ),
    leads: traces.flatMap(({ distribution, result }) =>
      result.leads.map((suspect) => ({ distribution: distribution.id, ...suspect })),
    ),
    ...(needed.length === 0 ? {} : { needed: Math.min(...needed) }),
    budget: traces.map(({ distribution, look, result }) => ({
      distribution: distribution.id,
      look,
      alpha: result.alpha,
    })),
    readings: readings.map(({ variant, ...reading }) => ({ ...reading, symbol: variant })),
  }
}

/** Readable marks per pool. */
export function poolsOf(traces: readonly DistributionTrace[]): Readonly<Record<string, number>> {
  const byPool: Record<string, number> = {}
  for (const { readings, poolOf } of traces) {
    for (const { site, variant } of readings) {
      if (variant === null) continue
      const pool = poolOf.get(site) ?? 'unknown'
      byPool[pool] = (byPool[pool] ?? 0) + 1
    }
  }
  return byPool
}

function isAbsent(why: string): boolean {
  return why.startsWith('absent')
}
