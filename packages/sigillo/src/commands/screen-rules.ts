import { writeDurably } from '@sigillo/desk/durable-file'
import { huntingRules, ruleAlarms, yaraText } from '@sigillo/desk/screen-rules'
import type { Command } from 'commander'
import { type Io, printable } from '../io.ts'
import { withDesk } from '../with-desk.ts'
import { installedPublicCode } from '../screen/installed-code.ts'
import { publicFiles } from './screen-learn.ts'

interface Options {
  readonly against?: readonly string[]
  readonly output?: string
  readonly json?: boolean
}

/** `sigillo screen rules ARTEFACT`: YARA rules from rare features, with the alarms they give on public files. */
export function registerScreenRules(group: Command, io: Io): void {
  group
    .command('rules')
    .description('write YARA rules from what is rare in an artefact; they hold no mark and name no recipient')
    .argument('<artefact>')
    .option(
      '--against <paths...>',
      'public files to measure false alarms on (the libraries installed with the program)',
    )
    .option('-o, --output <file>', 'write the rules to a file')
    .option('--json', 'print JSON')
    .action(async (artefact: string, { against, output }: Options, command: Command) => {
      const { json } = command.optsWithGlobals<Options>()
      const found = await withDesk(command, io, (desk) => huntingRules(desk, artefact))
      const measured = ruleAlarms(found, await publicFiles(against ?? installedPublicCode(), io))
      const text = yaraText(found, measured.files === 0 ? null : measured)
      if (output !== undefined) await writeDurably(output, text, 0o644)
      const { digest } = found.background
      const value = { artefact, rules: found.rules.length, left: found.left, measured, background: digest }
      if (json === true)
        io.stdout.write(`${JSON.stringify({ ...value, ...(output === undefined ? { text } : { output }) }, null, 2)}\n`)
      else {
        if (output === undefined) io.stdout.write(text)
        io.stderr.write(`${printable(said(found.rules.length, measured, found.left))}\n`)
      }
    })
}

function said(rules: number, { files, alarms }: { files: number; alarms: number }, left: readonly string[]): string {
  const rate = files === 0 ? 'false alarms not measured' : `${alarms} of ${files} public files set one off`
  return `${rules} rules; ${rate}.${left.length === 0 ? '' : ` Too plain for a rule: ${left.join(', ')}.`}`
}
