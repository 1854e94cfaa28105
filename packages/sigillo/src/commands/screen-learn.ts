import { learnBackground, learnSubject, type PublicFile } from '@sigillo/desk/screen-public'
import type { Command } from 'commander'
import { emit, type Io, printable } from '../io.ts'
import { readPaths } from '../screen/read-paths.ts'
import { withDesk } from '../with-desk.ts'

interface Options {
  readonly subject?: boolean
  readonly json?: boolean
}

/** `sigillo screen learn PATH…`: public code, which raises no alarm from then on. */
export function registerScreenLearn(group: Command, io: Io): void {
  group
    .command('learn')
    .description('learn public code: what anybody can get raises no alarm from then on')
    .argument('<path...>', 'files, folders and archives that are public; never samples')
    .option('--subject', 'public code on the subject of an artefact: 100 files in its language give false-alarm rates')
    .option('--json', 'print JSON')
    .action(async (paths: string[], { subject }: Options, command: Command) => {
      const { json } = command.optsWithGlobals<Options>()
      const files = await publicFiles(paths, io)
      if (subject === true) {
        const kept = await withDesk(command, io, (desk) => learnSubject(desk, files))
        emit(io, json, { learned: files.length, subject: kept }, [
          `Learned ${files.length} public files on the subject; ${kept} are kept.`,
        ])
        return
      }
      const { version, digest, files: all } = await withDesk(command, io, (desk) => learnBackground(desk, files))
      emit(io, json, { learned: files.length, files: all, version, digest }, [
        `Learned ${files.length} public files. The background is now of ${all} files, version ${version}, SHA-256 ${digest}.`,
      ])
    })
}

/** Public files that a user named; what cannot be read is said and left out. */
export async function publicFiles(paths: readonly string[], io: Io): Promise<readonly PublicFile[]> {
  const files: PublicFile[] = []
  for await (const input of readPaths(paths)) {
    if ('refused' in input) io.stderr.write(`sigillo: ${printable(`${input.id}: ${input.refused}`)}\n`)
    else files.push({ id: input.id, name: input.name ?? input.id, bytes: input.bytes })
  }
  return files
}
