import { writeDurably } from '@sigillo/desk/durable-file'
import { readInput } from '@sigillo/desk/read-input'
import { packageHash, readManifest } from '@sigillo/seal/package'
import { signReceipt } from '@sigillo/seal/receipt'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { sendReceipt } from '../partner-hub.ts'
import { releaseKeyFor } from '../release-key-for.ts'
import { readPartnerKey, receiptSigner } from '../partner-key.ts'

interface ReceiptOptions {
  readonly key: string
  readonly vendor: string
  readonly introduction?: readonly string[]
  readonly output?: string
  readonly hub?: string
  readonly json?: boolean
}

/** `sigillo receipt PACKAGE`: the partner's signed acknowledgement, written to a file or sent to the hub. */
export function registerReceipt(program: Command, io: Io): void {
  program
    .command('receipt')
    .description('sign for a package')
    .argument('<package>')
    .requiredOption('--key <file>', 'your partner key')
    .requiredOption('--vendor <vkey>', "the vendor's release key, as you know it from the vendor")
    .option('--introduction <files...>', 'how a key that you know introduces the one that followed it')
    .option('-o, --output <file>', 'where the receipt goes; PACKAGE.receipt otherwise')
    .option('--hub <url>', 'send it to the hub as well')
    .option('--json', 'print JSON')
    .action(async (path: string, options: ReceiptOptions) => {
      const key = await readPartnerKey(options.key)
      const bytes = await readInput(path, 'the package')
      const manifest = readManifest(bytes, await releaseKeyFor(bytes, options))
      const receipt = signReceipt(
        {
          recipient: key.id,
          distribution: manifest.distribution,
          package: packageHash(bytes),
          at: io.now().toISOString(),
          seen: null,
        },
        receiptSigner(key),
      )
      const output = options.output ?? `${path}.receipt`
      await writeDurably(output, receipt, 0o644)
      if (options.hub !== undefined) await sendReceipt(options.hub, key.token, manifest.package, receipt)
      emit(io, options.json, { receipt: output, package: manifest.package, sent: options.hub !== undefined }, [
        `Wrote ${output}${options.hub === undefined ? '' : ' and sent it to the hub'}.`,
      ])
    })
}
