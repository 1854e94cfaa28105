import { buildDossier } from '@sigillo/desk/build-dossier'
import { writeDurably } from '@sigillo/desk/durable-file'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface DossierOptions {
  readonly output: string
  readonly trace?: readonly string[]
  readonly json?: boolean
}

/** `sigillo dossier CASE -o FILE`: the evidence file that anyone checks offline. */
export function registerDossier(program: Command, io: Io): void {
  program
    .command('dossier')
    .description('write the evidence file; it opens the code keys of what it is about')
    .argument('<case>')
    .requiredOption('-o, --output <file>')
    .option('--trace <ids...>', 'only these traces')
    .option('--json', 'print JSON')
    .action(async (caseId: string, options: DossierOptions, command: Command) => {
      const built = await withDesk(command, io, async (desk) => {
        const dossier = await buildDossier(desk, caseId, options.trace ?? [])
        await writeDurably(options.output, dossier.bytes, 0o644)
        return dossier
      })
      emit(
        io,
        options.json,
        {
          path: options.output,
          bytes: built.bytes.length,
          matches: built.matches,
          events: built.events,
          log: built.log,
        },
        [
          `Wrote ${options.output}: ${built.matches} traces, ${built.events} log entries with proofs.`,
          `Log: ${built.log?.reason ?? 'nothing was logged'}.`,
          `Check it anywhere with: sigillo verify ${options.output} --policy FILE`,
        ],
      )
    })
}
