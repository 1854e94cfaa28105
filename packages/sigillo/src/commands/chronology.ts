import { existsSync } from 'node:fs'
import { type CaseFile, parseCaseFile } from '@sigillo/chronology/case-file'
import { type ExplainOptions, explainCase } from '@sigillo/chronology/explain'
import { before, daysBetween, intervalOf, probabilityBefore } from '@sigillo/chronology/order'
import type { ChronologyReport } from '@sigillo/chronology/report'
import { reportHtml } from '@sigillo/chronology/report-html'
import { reportMarkdown } from '@sigillo/chronology/report-markdown'
import { reportLines } from '@sigillo/chronology/text'
import { timelineSvg } from '@sigillo/chronology/timeline-svg'
import type { WaveOptions, WaveSplit } from '@sigillo/chronology/waves'
import { requireCase } from '@sigillo/desk/cases'
import { chronologyInput } from '@sigillo/desk/chronology-input'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readJsonInput } from '@sigillo/desk/read-input'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface Options {
  readonly svg?: string
  readonly html?: string
  readonly markdown?: string
  readonly gap?: string
  readonly splitBy?: string
  readonly order?: string
  readonly json?: boolean
}

/** `sigillo chronology CASE|FILE`: which explanations the dates leave open, wave by wave. */
export function registerChronology(program: Command, io: Io): void {
  program
    .command('chronology')
    .description('which explanations the dates exclude, require or leave open, wave by wave')
    .argument('<case>', 'a case of the vault, or a case file')
    .option('--svg <file>', 'write the timeline as a picture')
    .option('--html <file>', 'write the report as a page in plain language, each sentence with its events')
    .option('--markdown <file>', 'the same as Markdown')
    .option('--gap <days>', 'attacks further apart than this belong to different waves (22)')
    .option('--split-by <what>', 'keep attacks apart by actor, technique or actor,technique')
    .option('--order <a,b>', 'only say whether event a came before event b')
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options, command: Command) => {
      const waves = waveOptions(options)
      const { caseFile, options: known, notes } = await readCase(name, waves, command, io)
      if (options.order !== undefined) return sayOrder(caseFile, options.order, options.json, io)
      const report: ChronologyReport = explainCase(caseFile, { ...known, waves })
      if (options.svg !== undefined) await writeDurably(options.svg, timelineSvg(caseFile, report), 0o644)
      if (options.html !== undefined) await writeDurably(options.html, reportHtml(caseFile, report), 0o644)
      if (options.markdown !== undefined) await writeDurably(options.markdown, reportMarkdown(caseFile, report), 0o644)
      emit(io, options.json, { ...report, notes }, [...reportLines(report), ...notes])
    })
}

interface Input {
  readonly caseFile: CaseFile
  readonly options: ExplainOptions
  readonly notes: readonly string[]
}

async function readCase(name: string, waves: WaveOptions, command: Command, io: Io): Promise<Input> {
  if (!name.endsWith('.json') && !existsSync(name))
    return withDesk(command, io, async (desk) => chronologyInput(desk, await requireCase(desk, name), waves))
  return { caseFile: parseCaseFile(await readJsonInput(name, 'the chronology')), options: {}, notes: [] }
}

function waveOptions({ gap, splitBy }: Options): WaveOptions {
  return {
    ...(gap === undefined ? {} : { gapDays: gapOption(gap) }),
    ...(splitBy === undefined ? {} : { splitBy: splitBy.split(',').map(splitOption) }),
  }
}

function gapOption(text: string): number {
  const days = Number(text)
  if (days > 0 && days <= 3660) return days
  throw new CommandError('bad-option', `--gap "${text}" must be a number of days above 0 and at most 3660`)
}

function splitOption(text: string): WaveSplit {
  if (text === 'actor' || text === 'technique') return text
  throw new CommandError('bad-option', `--split-by "${text}" must be actor, technique or actor,technique`)
}

/** Whether one event came before another, as far as their dates tell. */
function sayOrder(caseFile: CaseFile, text: string, json: boolean | undefined, io: Io): void {
  const [a, b] = text.split(',').map((id) => caseFile.events.find((event) => event.id === id.trim()))
  if (a === undefined || b === undefined || text.split(',').length !== 2) {
    throw new CommandError('bad-option', `--order "${text}" must name two events of this case, such as e03,e05`)
  }
  const [first, second] = [intervalOf(a), intervalOf(b)]
  const found = {
    first: a.id,
    second: b.id,
    order: before(first, second),
    probability: probabilityBefore(first, second),
    days: daysBetween(first, second),
  }
  const chance =
    found.probability === null
      ? 'no probability without both ends of both dates'
      : `probability ${found.probability.toFixed(3)} if each instant of a date is as likely as any other and the two are independent`
  emit(io, json, { ...found, days: closed(found.days) }, [
    `${a.id} before ${b.id}: ${found.order}; ${chance}; ${dayWords(found.days.min)} to ${dayWords(found.days.max)} days`,
  ])
}

function dayWords(days: number): string {
  return Number.isFinite(days) ? days.toFixed(2) : 'unknown'
}

/** JSON has no infinity: an open bound is null. */
function closed({ min, max }: { readonly min: number; readonly max: number }): Record<string, number | null> {
  return { min: Number.isFinite(min) ? min : null, max: Number.isFinite(max) ? max : null }
}
