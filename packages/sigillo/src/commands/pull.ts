import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { pullPackages } from '../partner-hub.ts'
import { readPartnerKey } from '../partner-key.ts'

interface PullOptions {
  readonly hub: string
  readonly key: string
  readonly output: string
  readonly json?: boolean
}

/** `sigillo pull`: a partner fetches its packages from the hub. */
export function registerPull(program: Command, io: Io): void {
  program
    .command('pull')
    .description('fetch your packages from the hub')
    .requiredOption('--hub <url>', 'address of the hub')
    .requiredOption('--key <file>', 'your partner key')
    .option('-o, --output <dir>', 'folder for the packages', '.')
    .option('--json', 'print JSON')
    .action(async (options: PullOptions) => {
      const key = await readPartnerKey(options.key)
      const result = await pullPackages(options.hub, key.token, options.output, io.now())
      emit(io, options.json, result, [
        ...result.fetched.map(({ path, index }) => `${path} (hand-over is entry ${index} of the log)`),
        ...result.later.map((line) => `not yet: ${line}`),
        ...result.erased.map((line) => `erased: ${line}`),
        result.fetched.length === 0 ? 'Nothing to fetch now.' : 'Next: sigillo open, then sigillo receipt',
      ])
    })
}
