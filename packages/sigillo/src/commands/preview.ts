import { type Preview, previewDistribution } from '@sigillo/desk/preview'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { instantOption, onlyArtefact } from '../seal-options.ts'
import { withDesk } from '../with-desk.ts'

interface PreviewOptions {
  readonly to: readonly string[]
  readonly artefact?: string
  readonly notBefore?: string
  readonly json?: boolean
}

/** `sigillo preview CASE`: who would get what, when and why, before anything is sealed. */
export function registerPreview(program: Command, io: Io): void {
  program
    .command('preview')
    .description('who would get what, when and why; who gets nothing; what is unusual about it')
    .argument('<case>')
    .option('--to <ids...>', '"all", or ids of recipients', ['all'])
    .option('--artefact <id>', "the case's only artefact otherwise")
    .option('--not-before <instant>', 'hold packages back beyond what the policy asks')
    .option('--json', 'print JSON')
    .action(async (caseId: string, options: PreviewOptions, command: Command) => {
      const preview = await withDesk(command, io, async (desk) =>
        previewDistribution(desk, {
          caseId,
          artefactId: options.artefact ?? (await onlyArtefact(desk, caseId)),
          to: options.to.length === 1 && options.to[0] === 'all' ? 'all' : options.to,
          ...(options.notBefore === undefined ? {} : { notBefore: instantOption('--not-before', options.notBefore) }),
        }),
      )
      emit(io, options.json, shown(preview), lines(preview))
    })
}

function shown({ packages, left, warnings }: Preview): unknown {
  return {
    packages: packages.map(({ recipient, notBefore, ...rest }) => ({
      recipient: recipient.id,
      name: recipient.name,
      notBefore: new Date(notBefore).toISOString(),
      ...rest,
    })),
    left,
    warnings,
  }
}

function lines({ packages, left, warnings }: Preview): readonly string[] {
  return [
    ...packages.map(
      ({ recipient, parts, notBefore, why, handling, use }) =>
        `${recipient.id.padEnd(24)} ${parts.join(', ')} from ${new Date(notBefore).toISOString()} (${why}; ${handling.tlp}, ${handling.pap}${use.length === 0 ? '' : `; to ${use.join(', ')}`})`,
    ),
    ...left.map(({ recipient, why }) => `${recipient.padEnd(24)} nothing: ${why}`),
    ...warnings.map(({ recipient, why }) => `unusual: ${recipient}: ${why}`),
    `${packages.length} packages; nothing was sealed.`,
  ]
}
