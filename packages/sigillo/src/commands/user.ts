import type { PersonStatus } from '@sigillo/api/contracts-people'
import { addPersonWish, roleWish } from '@sigillo/api/wishes'
import { PARTNER_ROLES, STAFF_ROLES } from '@sigillo/programme/roles'
import type { Command } from 'commander'
import { grantOf, roleOf } from '../grant-options.ts'
import { type AccessOptions, doOrAsk, organisationOf, withAccess } from '../hub-access.ts'
import { emit, type Io } from '../io.ts'

interface AddOptions extends AccessOptions {
  readonly role: string
  readonly tokenHash?: string
  readonly until?: string
}

/** `sigillo user list|add|role|remove`: the people of one's own organisation at the hub, the vendor's or a partner's. */
export function registerUser(program: Command, io: Io): void {
  const user = program.command('user').description('people of your organisation at the hub, and what they may do')
  withAccess(user.command('list')).action(async (options: AccessOptions) => {
    const people = await (await organisationOf(options)).people.people()
    emit(io, options.json, { people }, people.length === 0 ? ['No people yet.'] : people.map(row))
  })
  withAccess(user.command('add').argument('<id>', 'opaque id, for good'))
    .requiredOption('--role <role>', [...STAFF_ROLES, ...PARTNER_ROLES].join(', '))
    .option('--token-hash <hex>', 'hash of the token that the person drew with: sigillo token draw')
    .option('--until <date>', 'last day of that token, such as 2027-01-31')
    .action(async (id: string, options: AddOptions) => {
      const { side, token, people } = await organisationOf(options)
      const role = roleOf(options.role, side)
      const { tokenHash, until } = options
      const first = tokenHash === undefined ? undefined : { id: 'first', ...grantOf({ role, tokenHash, until }) }
      const person = { role, ...(first === undefined ? {} : { token: first }) }
      const added = await doOrAsk({ hub: options.hub, token }, addPersonWish(id, person), () => people.add(id, person))
      emit(io, options.json, added, [`${id} is ${added.role} now.`])
    })
  withAccess(user.command('role').argument('<id>').argument('<role>')).action(
    async (id: string, name: string, options: AccessOptions) => {
      const { side, token, people } = await organisationOf(options)
      const role = roleOf(name, side)
      const changed = await doOrAsk({ hub: options.hub, token }, roleWish(id, role), () => people.changeRole(id, role))
      emit(io, options.json, changed, [`${id} is ${changed.role} now.`])
    },
  )
  withAccess(user.command('remove').argument('<id>')).action(async (id: string, options: AccessOptions) => {
    const removed = await (await organisationOf(options)).people.remove(id)
    emit(io, options.json, removed, [`${id} is out, with all tokens.`])
  })
}

function row({ id, role, removedAt, tokens }: PersonStatus): string {
  const live = tokens.filter(({ revokedAt }) => revokedAt === null)
  const state = removedAt === null ? `${live.length} tokens` : `left ${removedAt.slice(0, 10)}`
  return `${id.padEnd(24)} ${role.padEnd(22)} ${state}`
}
