import { loadPolicy, savePolicy } from '@sigillo/desk/partners'
import { readJsonInput } from '@sigillo/desk/read-input'
import type { Policy } from '@sigillo/programme/policy'
import type { Command } from 'commander'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

/** `sigillo policy show|set`: the programme's rules as data. */
export function registerPolicy(program: Command, io: Io): void {
  const policy = program.command('policy').description('the rules: tiers, lead times, jurisdictions')
  policy
    .command('show')
    .description('the rules in force')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const current = await withDesk(command, io, loadPolicy)
      emit(io, options.json, current, describe(current))
    })
  policy
    .command('set')
    .description('put other rules in force, from a file')
    .argument('<file>', 'policy document (sigillo-policy/1)')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: boolean }, command: Command) => {
      const value = await readJsonInput(file, 'the policy')
      const saved = await withDesk(command, io, (desk) => savePolicy(desk, value, file))
      emit(io, options.json, saved, ['The policy is now:', ...describe(saved)])
    })
}

function describe(policy: Policy): readonly string[] {
  return [
    ...policy.tiers.map(
      (tier) =>
        `tier ${tier.id}: ${Object.entries(tier.leadTime)
          .map(([part, lead]) => `${part} ${lead} before release`)
          .join(', ')}`,
    ),
    ...policy.jurisdictions.map(
      (rule) => `seat in ${rule.countries.join(', ')}: ${rule.parts.join(', ')} at release only (${rule.reason})`,
    ),
  ]
}
