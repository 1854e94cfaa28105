import { type DistributionTrace, loadSamples, overallVerdict, traceSamples } from '@sigillo/desk/trace-samples'
import { saveTrace } from '@sigillo/desk/trace-record'
import { commitReading } from '@sigillo/desk/hub-log'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { alphaOption } from '../options.ts'
import { traceJson } from '../trace-report.ts'
import { withDesk } from '../with-desk.ts'

interface TraceCommandOptions {
  readonly case?: string
  readonly alpha: string
  readonly json?: boolean
}

/** `sigillo trace SAMPLE…`: whose copy? Names copies, never people. */
export function registerTrace(program: Command, io: Io): void {
  program
    .command('trace')
    .description('whose copy is this sample made from?')
    .argument('<sample...>', 'files or folders found in the wild')
    .option('--case <id>', 'only what was shared in this case')
    .option('--alpha <p>', 'chance of naming any innocent, for all traces of a case together', '1e-6')
    .option('--json', 'print JSON')
    .action(async (paths: string[], options: TraceCommandOptions, command: Command) => {
      const alpha = alphaOption(options.alpha)
      const samples = await loadSamples(paths)
      const outcome = await withDesk(command, io, async (desk) => {
        const traces = await traceSamples(desk, samples, {
          alpha,
          ...(options.case === undefined ? {} : { caseId: options.case }),
          commit: (reading) => commitReading(desk, reading),
        })
        return { traces, id: await saveTrace(desk, samples, traces, alpha) }
      })
      emit(io, options.json, { trace: outcome.id, ...traceJson(outcome.traces) }, describe(outcome.id, outcome.traces))
    })
}

function describe(id: string, traces: readonly DistributionTrace[]): readonly string[] {
  const lines = traces.flatMap(({ distribution, result, readings, look }) => [
    `${distribution.id}: ${result.readable} of ${readings.length} marks readable, ${result.recipients} recipients, chance of naming any innocent at most ${result.alpha.toPrecision(2)} (look ${look} at case ${distribution.case})`,
    ...result.accusations.map(
      (suspect) =>
        `  accusation: the sample carries the marks of the copy issued to ${suspect.recipient} (p = ${suspect.p.toExponential(2)}, Chernoff bound ${suspect.bound.toExponential(2)}, ${suspect.matches} of ${suspect.readable} marks match, ${suspect.expectedMatches.toFixed(1)} expected by chance)`,
    ),
    ...result.leads.map(
      (suspect) =>
        `  lead, not an accusation: the copy issued to ${suspect.recipient} (p = ${suspect.p.toExponential(2)})`,
    ),
    ...(result.needed === undefined
      ? []
      : [`  about ${result.needed} more readable marks would be needed to name a copy`]),
  ])
  const said = {
    accusation: 'A copy is named. A copy is not a person: its holder may have passed it on or been broken into.',
    lead: 'No accusation. There are leads, which may be chance.',
    insufficient: 'Cannot tell: too few marks are readable.',
    none: 'Cannot tell: the marks read fit no copy better than chance.',
  }[overallVerdict(traces)]
  return [...lines, said, `Kept as ${id}.`]
}
