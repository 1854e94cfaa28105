import { clockClient } from '@sigillo/api/client-clocks'
import { approvalClient } from '@sigillo/api/client-people'
import type { EmbargoStatus } from '@sigillo/api/contracts-clocks'
import type { ApprovalStatus } from '@sigillo/api/contracts-people'
import { liftWish, rulesWish, type Wish } from '@sigillo/api/wishes'
import { askForPush } from '@sigillo/desk/ask-approval'
import { releaseInstant } from '@sigillo/programme/embargo'
import { FOUR_EYES_ACTIONS, isFourEyesAction, withRules } from '@sigillo/programme/four-eyes'
import type { Command } from 'commander'
import { CommandError } from '../errors.ts'
import { type AccessOptions, doOrAsk, tokenOf, withAccess } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'
import { withDesk } from '../with-desk.ts'

/** `sigillo approve list|show|give|ask-push|ask-lift|rules`: what needs two people. */
export function registerApprove(program: Command, io: Io): void {
  const group = program.command('approve').description('four eyes: what needs a second person at the hub')
  withAccess(group.command('list').description('what is asked for and not done yet')).action(
    async (options: AccessOptions) => {
      const approvals = await (await client(options)).approvals()
      emit(io, options.json, { approvals }, approvals.length === 0 ? ['Nothing is asked for.'] : approvals.map(row))
    },
  )
  withAccess(
    group.command('show').argument('<id>').description('exactly what it covers: read it before you give it'),
  ).action(async (id: string, options: AccessOptions) => {
    const approval = await (await client(options)).approval(id)
    emit(io, options.json, approval, [row(approval), ...approval.items.map(({ payload }) => `  ${payload}`)])
  })
  withAccess(group.command('give').argument('<id>').description('agree to what somebody else asked for')).action(
    async (id: string, options: AccessOptions) => {
      const given = await (await client(options)).give(id)
      emit(io, options.json, given, [`${given.askedBy} may do it now: ${given.action} of ${given.subject}.`])
    },
  )
  registerAsk(group, io)
  registerRules(group, io)
}

function registerAsk(group: Command, io: Io): void {
  group
    .command('ask-push')
    .description('ask for the second person that the next push needs: to enrol, to issue')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const asked = await withDesk(command, io, askForPush)
      emit(io, options.json, { asked }, asked.length === 0 ? ['The next push needs nobody else.'] : asked.map(row))
    })
  withAccess(
    group.command('ask-lift').argument('<case>').description('ask for the second person that an early lift needs'),
  )
    .option('--release <instant>', 'ask to move the release to this earlier instant instead')
    .action(async (id: string, options: AccessOptions & { release?: string }) => {
      const token = await tokenOf(options)
      const embargo = (await clockClient(options.hub, token).embargoes()).find((each) => each.case === id)
      if (embargo === undefined) throw new CommandError('bad-option', `the hub has no embargo of case "${id}"`)
      const asked = await approvalClient(options.hub, token).ask([wishOf(embargo, options.release)])
      emit(io, options.json, asked, [row(asked)])
    })
}

/** A lift now; or, with an instant, a release that is moved to an earlier one. */
function wishOf(embargo: EmbargoStatus, release: string | undefined): Wish {
  const { case: id, frozen, lift, releaseAt } = embargo
  if (release !== undefined) return liftWish(id, 'earlier', new Date(releaseInstant({ releaseAt: release })))
  if (frozen) return liftWish(id, 'broken', new Date(releaseAt))
  return liftWish(id, lift === 'lifting' ? 'manual' : 'early', new Date(releaseAt))
}

function registerRules(group: Command, io: Io): void {
  withAccess(
    group
      .command('rules')
      .argument('[actions...]', `none to show them; "off", or some of: ${FOUR_EYES_ACTIONS.join(', ')}`),
  )
    .description('which actions need a second person; changing people and rules then always do')
    .action(async (actions: readonly string[], options: AccessOptions) => {
      const token = await tokenOf(options)
      const approvals = approvalClient(options.hub, token)
      const wanted = actions.filter(isFourEyesAction)
      if (!(actions.length === 1 && actions[0] === 'off') && wanted.length !== actions.length)
        throw new CommandError('bad-option', `actions are ${FOUR_EYES_ACTIONS.join(', ')}; or "off"`)
      const { fourEyes } =
        actions.length === 0
          ? await approvals.rules()
          : await doOrAsk({ hub: options.hub, token }, rulesWish(withRules(wanted)), () => approvals.setRules(wanted))
      emit(io, options.json, { fourEyes }, [
        fourEyes.length === 0 ? 'Nothing is under four eyes.' : `Under four eyes: ${fourEyes.join(', ')}`,
      ])
    })
}

async function client(options: AccessOptions) {
  return approvalClient(options.hub, await tokenOf(options))
}

function row({ id, action, subject, askedBy, askedAt, givenBy }: ApprovalStatus): string {
  return `${id}  ${action} of ${subject}, asked by ${askedBy} at ${askedAt}, ${givenBy === null ? 'not given' : `given by ${givenBy}`}`
}
