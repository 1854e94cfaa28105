import { existsSync } from 'node:fs'
import { parseCaseFile } from '@sigillo/chronology/case-file'
import { explainCase } from '@sigillo/chronology/explain'
import type { ChronologyReport } from '@sigillo/chronology/report'
import { reportLines } from '@sigillo/chronology/text'
import { timelineSvg } from '@sigillo/chronology/timeline-svg'
import { chronologyOf, requireCase } from '@sigillo/desk/cases'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readJsonInput } from '@sigillo/desk/read-input'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

/** `sigillo chronology CASE|FILE`: which explanations the dates leave open, wave by wave. */
export function registerChronology(program: Command, io: Io): void {
  program
    .command('chronology')
    .description('which explanations the dates exclude, require or leave open, wave by wave')
    .argument('<case>', 'a case of the vault, or a case file')
    .option('--svg <file>', 'write the timeline as a picture')
    .option('--json', 'print JSON')
    .action(async (name: string, options: { svg?: string; json?: boolean }, command: Command) => {
      const isFile = name.endsWith('.json') || existsSync(name)
      const caseFile = isFile
        ? parseCaseFile(await readJsonInput(name, 'the chronology'))
        : await withDesk(command, io, async (desk) => chronologyOf(await requireCase(desk, name)))
      const report: ChronologyReport = explainCase(caseFile)
      if (options.svg !== undefined) await writeDurably(options.svg, timelineSvg(caseFile, report), 0o644)
      emit(io, options.json, report, reportLines(report))
    })
}
