import { requireArtefact } from '@sigillo/desk/artefacts'
import type { Desk } from '@sigillo/desk/context'
import { loadRoster } from '@sigillo/desk/partners'
import { advisePlan } from '@sigillo/desk/plan-advice'
import { type PlanReport, reportPlan } from '@sigillo/desk/plan-report'
import { type LeakTool, rehearsePlan } from '@sigillo/desk/rehearse-plan'
import { addRequired } from '@sigillo/desk/required-parts'
import { testArtefact } from '@sigillo/desk/test-plan'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { alphaOption, linesOption, wholeOption } from '../options.ts'
import { describeAdvice } from '../plan-advice-text.ts'
import { withDesk } from '../with-desk.ts'

interface PlanOptions {
  readonly recipients?: string
  readonly alpha: string
  readonly test?: string | true
  readonly codewords: string
  readonly testSeconds: string
  readonly rehearse?: true | readonly string[]
  readonly advise?: boolean
  readonly required?: readonly string[]
  readonly requiredLines?: readonly string[]
  readonly json?: boolean
}

/** `sigillo plan ARTEFACT`: where the marks are and what they can prove after which damage. */
export function registerPlan(program: Command, io: Io): void {
  program
    .command('plan')
    .description('mark sites, and what they can prove after which damage')
    .argument('<artefact>')
    .option('--recipients <n>', 'number of recipients; the roster otherwise')
    .option('--alpha <p>', 'chance of naming any innocent', '1e-6')
    .option(
      '--test [command]',
      "run the artefact's own test on copies and drop the marks that fail; {} stands for the copy's folder, else it is the last argument",
    )
    .option('--codewords <n>', 'with --test: random copies to try', '50')
    .option('--test-seconds <s>', 'with --test: time limit of one run', '60')
    .option(
      '--rehearse [tool...]',
      'play leaks through with this very artefact instead of going by what files on the whole leave; tools as NAME=COMMAND, {} the copy, {out} what is made of it',
    )
    .option('--advise', 'show every site as diffs, values that could be marks, places for more, and what is missing')
    .option('--required <value...>', 'values that any tool for this flaw must contain: never proposed, remembered')
    .option('--required-lines <lines...>', 'the same of whole lines, as poc.py:40-52')
    .option('--json', 'print JSON')
    .action(async (id: string, options: PlanOptions, command: Command) => {
      const alpha = alphaOption(options.alpha)
      const { report, advice } = await withDesk(command, io, async (desk) => {
        await testWhenAsked(desk, id, options)
        await rememberRequired(desk, id, options)
        const recipients =
          options.recipients === undefined
            ? (await loadRoster(desk)).length
            : wholeOption('--recipients', options.recipients, 1_000_000)
        const document = await requireArtefact(desk, id)
        const known = Math.max(1, recipients)
        const rehearsed =
          options.rehearse === undefined ? [] : await rehearsePlan(document, toolsOf(options.rehearse), desk.progress)
        return {
          report: reportPlan(document, known, alpha, rehearsed),
          advice: options.advise === true ? await advisePlan(document, known, alpha) : null,
        }
      })
      const shown = advice === null ? report : { ...report, advisor: advice }
      emit(io, options.json, shown, [...describe(report), ...(advice === null ? [] : describeAdvice(advice))])
    })
}

async function rememberRequired(desk: Desk, id: string, { required, requiredLines }: PlanOptions): Promise<void> {
  if (required === undefined && requiredLines === undefined) return
  await addRequired(desk, id, { values: required ?? [], lines: (requiredLines ?? []).map(linesOption) })
}

async function testWhenAsked(desk: Desk, id: string, options: PlanOptions): Promise<void> {
  if (options.test === undefined) return
  await testArtefact(desk, id, {
    ...(options.test === true ? {} : { command: options.test }),
    codewords: wholeOption('--codewords', options.codewords, 10_000),
    seconds: wholeOption('--test-seconds', options.testSeconds, 86_400),
  })
}

/** The tools of `--rehearse NAME=COMMAND…`. */
function toolsOf(rehearse: true | readonly string[]): readonly LeakTool[] {
  if (rehearse === true) return []
  return rehearse.map((tool) => {
    const [, name, command] = /^([a-z][a-z0-9-]*)=(.+)$/s.exec(tool) ?? []
    if (name === undefined || command === undefined)
      throw new CommandError(
        'bad-option',
        `--rehearse "${tool}" must be NAME=COMMAND, such as minify='terser {} -c -m -o {out}'`,
      )
    return { name, command }
  })
}

function describe(report: PlanReport): readonly string[] {
  return [
    `${report.artefact}: ${report.sites.total} mark sites (${Object.entries(report.sites.byPool)
      .map(([pool, count]) => `${pool} ${count}`)
      .join(', ')}), bias law ${report.family}`,
    ...describeTest(report),
    'damage        leakers  merging   names one   names all',
    ...report.capacity.map(
      (row) =>
        `${row.damage.padEnd(13)} ${String(row.leakers).padEnd(8)} ${row.merging.padEnd(9)} ${percent(row.catchOne)}      ${percent(row.catchAll)}${row.rehearsed ? '   rehearsed' : ''}`,
    ),
    ...report.advice.map((line) => `- ${line}`),
  ]
}

function describeTest({ tested }: PlanReport): readonly string[] {
  if (tested === null) return []
  const { dropped, runs, codewords, at } = tested
  return [
    `Tested ${at}: ${runs} runs of the artefact's own test; every variant of every site and ${codewords} random copies pass.`,
    ...dropped.map(({ site, line, shown, why }) => `dropped ${site} (line ${line}) for "${shown}": ${why}`),
  ]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`.padStart(6)
}
