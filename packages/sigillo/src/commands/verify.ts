import { verifyFile } from '@sigillo/dossier/verify-file'
import { readInput, readTextInput } from '@sigillo/desk/read-input'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import type { Finish } from '../run.ts'

/** `sigillo verify FILE`: offline, with the verifier's own policy of trusted keys. */
export function registerVerify(program: Command, io: Io, finish: Finish): void {
  program
    .command('verify')
    .description('check a dossier, package, receipt or proof; needs no network and no database')
    .argument('<file>')
    .option('--policy <file>', 'the keys you trust; without it only the inner consistency is checked')
    .option('--json', 'print JSON')
    .action(async (path: string, options: { policy?: string; json?: boolean }) => {
      const bytes = await readInput(path, 'the file to verify')
      const policy = options.policy === undefined ? null : await readTextInput(options.policy, 'the policy')
      const verdict = await verifyFile(bytes, { policy })
      const lines = verdict.claims.map((claim) => `${claim.verdict.padEnd(12)} ${claim.id}: ${claim.reason}`)
      emit(io, options.json, verdict, [
        ...lines,
        verdict.ok ? `OK: this ${verdict.kind} holds together.` : `FAILED: this ${verdict.kind} cannot be relied on.`,
      ])
      finish(verdict.ok ? 0 : 1)
    })
}
