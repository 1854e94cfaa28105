import { requireArtefact } from '@sigillo/desk/artefacts'
import { loadRoster } from '@sigillo/desk/partners'
import { type PlanReport, reportPlan } from '@sigillo/desk/plan-report'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { alphaOption } from '../options.ts'
import { withDesk } from '../with-desk.ts'

/** `sigillo plan ARTEFACT`: where the marks are and what they can prove after which damage. */
export function registerPlan(program: Command, io: Io): void {
  program
    .command('plan')
    .description('mark sites, and what they can prove after which damage')
    .argument('<artefact>')
    .option('--recipients <n>', 'number of recipients; the roster otherwise')
    .option('--alpha <p>', 'chance of naming any innocent', '1e-6')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { recipients?: string; alpha: string; json?: boolean }, command: Command) => {
      const alpha = alphaOption(options.alpha)
      const report = await withDesk(command, io, async (desk) => {
        const recipients =
          options.recipients === undefined ? (await loadRoster(desk)).length : Number(options.recipients)
        return reportPlan(await requireArtefact(desk, id), Math.max(1, recipients), alpha)
      })
      emit(io, options.json, report, describe(report))
    })
}

function describe(report: PlanReport): readonly string[] {
  return [
    `${report.artefact}: ${report.sites.total} mark sites (${Object.entries(report.sites.byPool)
      .map(([pool, count]) => `${pool} ${count}`)
      .join(', ')}), bias law ${report.family}`,
    'damage        leakers  merging   names one   names all',
    ...report.capacity.map(
      (row) =>
        `${row.damage.padEnd(13)} ${String(row.leakers).padEnd(8)} ${row.merging.padEnd(9)} ${percent(row.catchOne)}      ${percent(row.catchAll)}`,
    ),
    ...report.advice.map((line) => `- ${line}`),
  ]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`.padStart(6)
}
