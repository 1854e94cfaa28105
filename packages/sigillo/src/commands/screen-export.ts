import { writeDurably } from '@sigillo/desk/durable-file'
import { openWatch } from '@sigillo/desk/screen-sample'
import { packWatch } from '@sigillo/desk/screen-watch-file'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface Options {
  readonly output: string
  readonly json?: boolean
}

/** `sigillo screen export -o FILE`: the index for machines that screen and must not have the vault. */
export function registerScreenExport(group: Command, io: Io): void {
  group
    .command('export')
    .description('write the index, for machines that screen a feed without the vault')
    .requiredOption('-o, --output <file>', 'where to; keep it as confidential as the artefacts')
    .option('--json', 'print JSON')
    .action(async ({ output }: Options, command: Command) => {
      const { json } = command.optsWithGlobals<Options>()
      const watch = await withDesk(command, io, openWatch)
      const bytes = packWatch(watch)
      await writeDurably(output, bytes)
      const { digest } = watch.background
      emit(io, json, { output, files: watch.files.size, bytes: bytes.length, background: digest }, [
        `Wrote the index of ${watch.files.size} files to ${output}. Use it with: sigillo screen --index ${output} …`,
      ])
    })
}
