import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { tellOpened } from '@sigillo/api/client-clocks'
import { writeDurably } from '@sigillo/desk/durable-file'
import { readInput } from '@sigillo/desk/read-input'
import { SealError } from '@sigillo/seal/errors'
import { isKeyed, type PackageManifest } from '@sigillo/seal/manifest'
import { inspectPackage, openPackage } from '@sigillo/seal/package'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { releaseKeyFor } from '../release-key-for.ts'
import { bodyPath } from '../partner-hub.ts'
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
      const { manifest, files } = await openPackage({
        bytes,
        body: await bodyBeside(path, bytes),
        identity: key.age.identity,
        vendorKey,
      })
      for (const file of files) await writeDurably(join(options.output, file.path), file.bytes)
      if (options.hub !== undefined) await tellOpened(options.hub, key.token, manifest.package)
      emit(io, options.json, { manifest, files: files.map((file) => join(options.output, file.path)) }, [
        ...files.map((file) => join(options.output, file.path)),
        `Opened ${manifest.package}: ${files.length} files, issued to ${manifest.recipient}. This copy is yours alone and can be told from every other.`,
      ])
    })
}

/** The body of a package, where it lies beside it as `HASH.body.age`; null when it does not, as when it is in the package. */
async function bodyBeside(path: string, bytes: Uint8Array): Promise<Uint8Array | null> {
  const manifest = manifestOf(bytes)
  if (manifest === null || !isKeyed(manifest)) return null
  return await readFile(bodyPath(dirname(path), manifest.body.sha256)).catch(() => null)
}

/** Null for what is no package: opening it says why, in the right order. */
function manifestOf(bytes: Uint8Array): PackageManifest | null {
  try {
    return inspectPackage(bytes).manifest
  } catch (error) {
    if (error instanceof SealError) return null
    throw error
  }
}
