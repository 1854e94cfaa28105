import { addArtefact, planOf } from '@sigillo/desk/artefacts'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

interface AddOptions {
  readonly name?: string
  readonly test?: string
  readonly json?: boolean
}

/** `sigillo artefact add CASE PATH…`: registers what will be shared and finds its mark sites. */
export function registerArtefact(program: Command, io: Io): void {
  program
    .command('artefact')
    .description('what is shared: proofs of concept, rules, guidance')
    .command('add')
    .description('register files of a case and find where they can be marked')
    .argument('<case>')
    .argument('<path...>', 'files, or one folder')
    .option('--name <name>', 'id of the artefact; the folder name otherwise')
    .option('--test <command>', 'command that tests a copy; the path of its folder is appended')
    .option('--json', 'print JSON')
    .action(async (id: string, paths: string[], options: AddOptions, command: Command) => {
      const { json, ...rest } = options
      const made = await withDesk(command, io, (desk) => addArtefact(desk, id, paths, rest))
      const files = planOf(made).files.map(({ path, language, sites }) => ({ path, language, sites: sites.length }))
      emit(io, json, { artefact: made.id, files, warnings: made.warnings }, [
        ...files.map((file) => `${file.path.padEnd(36)} ${file.language.padEnd(12)} ${file.sites} mark sites`),
        ...made.warnings.map((warning) => `warning: ${warning}`),
        `Next: sigillo plan ${made.id}`,
      ])
    })
}
