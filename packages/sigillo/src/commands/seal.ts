import { join } from 'node:path'
import { commitDistribution } from '@sigillo/desk/hub-log'
import type { Desk } from '@sigillo/desk/context'
import type { PackageRecord } from '@sigillo/desk/documents'
import { writeDurably } from '@sigillo/desk/durable-file'
import { outboxPath, readWholePackage } from '@sigillo/desk/outbox'
import { sealDistribution } from '@sigillo/desk/seal-distribution'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { emit, type Io } from '../io.ts'
import { instantOption, onlyArtefact } from '../seal-options.ts'
import { withDesk } from '../with-desk.ts'

interface SealCommandOptions {
  readonly to: readonly string[]
  readonly artefact?: string
  readonly notBefore?: string
  readonly testSamples: string
  readonly output?: string
  readonly json?: boolean
}

/** `sigillo seal CASE --to …`: freezes the plan, draws the code key, seals one package per recipient. */
export function registerSeal(program: Command, io: Io): void {
  program
    .command('seal')
    .description('freeze the plan, draw the code, seal one marked copy per recipient')
    .argument('<case>')
    .requiredOption('--to <ids...>', '"all", or ids of recipients')
    .option('--artefact <id>', "the case's only artefact otherwise")
    .option('--not-before <instant>', 'hold packages back beyond what the policy asks')
    .option('--test-samples <n>', "copies to run the artefact's own test on", '3')
    .option('-o, --output <dir>', 'also write the packages to this folder')
    .option('--json', 'print JSON')
    .action(async (caseId: string, options: SealCommandOptions, command: Command) => {
      const notBefore = options.notBefore === undefined ? 0 : instantOption('--not-before', options.notBefore)
      const testSamples = count(options.testSamples)
      const sealed = await withDesk(command, io, async (desk) => {
        const distribution = await sealDistribution(desk, {
          caseId,
          artefactId: options.artefact ?? (await onlyArtefact(desk, caseId)),
          to: options.to.length === 1 && options.to[0] === 'all' ? 'all' : options.to,
          notBefore,
          testSamples,
          randomness: io.randomness,
          commit: (commitments) => commitDistribution(desk, commitments),
        })
        const { output } = options
        const packages = await Promise.all(
          distribution.packages.map(async (record) => ({
            recipient: record.recipient,
            path: output === undefined ? outboxPath(desk, record.id) : await writeTo(output, desk, record),
            sha256: record.sha256,
          })),
        )
        return { distribution, packages }
      })
      const { id, commitment, log } = sealed.distribution
      emit(io, options.json, { distribution: id, commitment, packages: sealed.packages }, [
        `Sealed ${sealed.packages.length} packages for ${sealed.distribution.recipients.length} recipients as ${id}.`,
        `Commitment to the code key: ${commitment}${log === null ? ' (not yet in a log)' : `, entry ${log.codebook} of the log`}`,
        options.output === undefined ? 'Next: sigillo push' : `The packages are in ${options.output}.`,
      ])
    })
}

/** Writes a package that opens by itself. */
async function writeTo(folder: string, desk: Desk, record: PackageRecord): Promise<string> {
  const path = join(folder, `${record.id}.sigillo`)
  await writeDurably(path, await readWholePackage(desk, record))
  return path
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 1000)
    throw new CommandError('bad-option', `--test-samples "${text}" must be a whole number from 0 to 1000`)
  return value
}
