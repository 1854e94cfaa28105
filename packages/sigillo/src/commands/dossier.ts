import { basename } from 'node:path'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readInput } from '@sigillo/desk/read-input'
import { sealDossier } from '@sigillo/desk/seal-dossier'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

const MOST_REPLY_BYTES = 2 ** 20

interface DossierOptions {
  readonly output: string
  readonly trace?: readonly string[]
  readonly receipt?: readonly string[]
  readonly reply?: readonly string[]
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
    .option('--receipt <files...>', 'signed receipts that did not come by the hub, of those whom a trace names')
    .option('--reply <files...>', 'what those concerned answered; goes in as it is, under its file name')
    .option('--json', 'print JSON')
    .action(async (caseId: string, options: DossierOptions, command: Command) => {
      const receipts = await Promise.all((options.receipt ?? []).map((path) => readInput(path, 'the receipt')))
      const replies = await Promise.all((options.reply ?? []).map(readReply))
      const built = await withDesk(command, io, async (desk) => {
        const dossier = await sealDossier(desk, caseId, { traces: options.trace ?? [], receipts, replies })
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
          receipts: built.receipts,
          replies: built.replies,
          erased: built.erased,
          log: built.log,
        },
        [
          `Wrote ${options.output}: ${built.matches} traces, ${built.events} log entries with proofs, ${built.receipts} receipts, ${built.replies} answers.`,
          ...built.erased.map(
            ({ index, type, subject, on, by }) =>
              `Erased: entry ${index} of the log (${type} of ${subject}) was erased on ${on}, as entry ${by} says; the dossier has no proof of it.`,
          ),
          `Log: ${built.log?.reason ?? 'nothing was logged'}.`,
          `Check it anywhere with: sigillo verify ${options.output} --policy FILE`,
        ],
      )
    })
}

async function readReply(path: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const bytes = await readInput(path, 'the reply')
  if (bytes.length > MOST_REPLY_BYTES)
    throw new CommandError(
      'bad-option',
      `--reply ${path} is larger than 1 MiB; a dossier carries answers, not archives`,
    )
  return { name: basename(path), bytes }
}
