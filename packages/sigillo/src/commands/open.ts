import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { tellOpened } from '@sigillo/api/client-clocks'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readInput } from '@sigillo/desk/read-input'
import { openPackage } from '@sigillo/seal/package'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { releaseKeyFor } from '../release-key-for.ts'
import { readPartnerKey } from '../partner-key.ts'

interface OpenOptions {
  readonly key: string
  readonly vendor: string
  readonly introduction?: readonly string[]
  readonly output: string
  readonly hub?: string
  readonly json?: boolean
}

/** `sigillo open PACKAGE`: checks the vendor's signature, decrypts, writes the copy. */
export function registerOpen(program: Command, io: Io): void {
  program
    .command('open')
    .description('check and open a package')
    .argument('<package>')
    .requiredOption('--key <file>', 'your partner key')
    .requiredOption('--vendor <vkey>', "the vendor's release key, as you know it from the vendor")
    .option('--introduction <files...>', 'how a key that you know introduces the one that followed it')
    .requiredOption('-o, --output <dir>', 'a new or empty folder')
    .option('--hub <url>', 'tell the hub that you opened it')
    .option('--json', 'print JSON')
    .action(async (path: string, options: OpenOptions) => {
      const key = await readPartnerKey(options.key)
      if (existsSync(options.output) && (await readdir(options.output)).length > 0)
        throw new CommandError('bad-option', `${options.output} is not empty; give a new folder`)
      const bytes = await readInput(path, 'the package')
      const vendorKey = await releaseKeyFor(bytes, options)
      const { manifest, files } = await openPackage({ bytes, identity: key.age.identity, vendorKey })
      for (const file of files) await writeDurably(join(options.output, file.path), file.bytes)
      if (options.hub !== undefined) await tellOpened(options.hub, key.token, manifest.package)
      emit(io, options.json, { manifest, files: files.map((file) => join(options.output, file.path)) }, [
        ...files.map((file) => join(options.output, file.path)),
        `Opened ${manifest.package}: ${files.length} files, issued to ${manifest.recipient}. This copy is yours alone and can be told from every other.`,
      ])
    })
}
