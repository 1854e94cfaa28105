import { randomUUID } from 'node:crypto'
import {
  type ApprovalClient,
  approvalClient,
  type OrganisationClient,
  organisationClient,
  type SelfClient,
  selfClient,
} from '@sigillo/api/client-people'
import type { Grant } from '@sigillo/api/contracts-people'
import { generateToken, hashToken } from '@sigillo/api/token'
import { addPersonWish, roleWish, rulesWish, tokenWish, type Wish } from '@sigillo/api/wishes'
import type { FourEyesAction } from '@sigillo/programme/four-eyes'
import { isStaffRole, type Role } from '@sigillo/programme/roles'
import type { TestHub } from '../programme.fixture.ts'

/** A person with a token of its own. */
export interface TestPerson {
  readonly id: string
  readonly role: Role
  readonly token: string
  readonly organisation: OrganisationClient
  readonly approvals: ApprovalClient
  readonly own: SelfClient
}

/** A token as its person draws it. */
export function drawToken(
  role: Grant['role'],
  now: Date,
  days = 30,
): { readonly token: string; readonly grant: Grant } {
  const token = generateToken()
  const expiresAt = new Date(now.getTime() + days * 86_400_000).toISOString()
  return { token, grant: { tokenHash: Buffer.from(hashToken(token)).toString('hex'), role, expiresAt } }
}

/** Adds a person to the organisation that `by` is an administrator's token of. */
export async function addTestPerson(hub: TestHub, by: string, id: string, role: Role): Promise<TestPerson> {
  const { url } = hub.hub
  const side = isStaffRole(role) ? 'vendor' : 'partner'
  const { token, grant } = drawToken(role, hub.now)
  await organisationClient(url, by, side).add(id, { role, token: { id: 'first', ...grant } })
  return {
    id,
    role,
    token,
    organisation: organisationClient(url, token, side),
    approvals: approvalClient(url, token),
    own: selfClient(url, token),
  }
}

/** Two administrators of the vendor. */
export interface Pair {
  readonly ann: TestPerson
  readonly ben: TestPerson
}

/** Adds two administrators, with the vendor's first token. */
export async function addPair(hub: TestHub): Promise<Pair> {
  return {
    ann: await addTestPerson(hub, hub.vendorToken, 'ann', 'administrator'),
    ben: await addTestPerson(hub, hub.vendorToken, 'ben', 'administrator'),
  }
}

/** Has one ask and the other give. */
export async function approved(
  asks: TestPerson,
  gives: TestPerson,
  ...wishes: readonly [Wish, ...Wish[]]
): Promise<void> {
  const { id, givenBy } = await asks.approvals.ask(wishes)
  if (givenBy === null) await gives.approvals.give(id)
}

/** An id that nothing has yet. */
function id(): string {
  return `p-${BigInt(`0x${randomUUID().replaceAll('-', '')}`).toString()}`
}

/** A request for each route about people that Ann, an administrator, or an administrator of a partner gets an answer to. */
export function peopleSamples(hub: TestHub, { ann, ben }: Pair, partner: TestPerson) {
  const draw = (role: Grant['role']) => drawToken(role, hub.now).grant
  const asked = async (wish: Wish, path: string, json: unknown) => {
    await approved(ann, ben, wish)
    return { path, json }
  }
  const newcomer = async (): Promise<string> => {
    const person = id()
    await approved(ann, ben, addPersonWish(person, { role: 'reader' }))
    await ann.organisation.add(person, { role: 'reader' })
    return person
  }
  const member = async (): Promise<string> => {
    const person = id()
    await partner.organisation.add(person, { role: 'partner-reader' })
    return person
  }
  return {
    listPeople: () => ({ path: '/people' }),
    addPerson: () => {
      const person = id()
      return asked(addPersonWish(person, { role: 'reader' }), `/people/${person}`, { role: 'reader' })
    },
    changeRole: async () => {
      const person = await newcomer()
      return asked(roleWish(person, 'observer'), `/people/${person}/role`, { role: 'observer' })
    },
    removePerson: async () => ({ path: `/people/${await newcomer()}/remove`, json: {} }),
    addToken: async () => {
      const [person, grant] = [await newcomer(), draw('reader')]
      return asked(tokenWish(person, 'p-1', grant), `/people/${person}/tokens/p-1`, grant)
    },
    revokeToken: async () => {
      const [person, grant] = [await newcomer(), draw('reader')]
      await approved(ann, ben, tokenWish(person, 'p-1', grant))
      await ann.organisation.addToken(person, 'p-1', grant)
      return { path: `/people/${person}/tokens/p-1/revoke`, json: {} }
    },
    listMembers: () => ({ path: '/me/people' }),
    addMember: () => ({ path: `/me/people/${id()}`, json: { role: 'partner-reader' } }),
    changeMemberRole: async () => ({
      path: `/me/people/${await member()}/role`,
      json: { role: 'partner-administrator' },
    }),
    removeMember: async () => ({ path: `/me/people/${await member()}/remove`, json: {} }),
    addMemberToken: async () => ({ path: `/me/people/${await member()}/tokens/p-1`, json: draw('partner-reader') }),
    revokeMemberToken: async () => {
      const person = await member()
      await partner.organisation.addToken(person, 'p-1', draw('partner-reader'))
      return { path: `/me/people/${person}/tokens/p-1/revoke`, json: {} }
    },
    self: () => ({ path: '/self' }),
    addOwnToken: (side: 'vendor' | 'partner') => ({
      path: `/self/tokens/${id()}`,
      json: draw(side === 'vendor' ? 'observer' : 'partner-reader'),
    }),
    revokeOwnToken: async () => {
      const token = id()
      await ann.own.addToken(token, draw('observer'))
      await partner.own.addToken(token, draw('partner-reader'))
      return { path: `/self/tokens/${token}/revoke`, json: {} }
    },
    askApproval: () => ({
      path: '/approvals',
      json: { action: 'dossier.export', subject: 's', payloads: [{ of: id() }] },
    }),
    listApprovals: () => ({ path: '/approvals' }),
    showApproval: async () => ({ path: `/approvals/${await openWish(ben, id())}` }),
    giveApproval: async () => ({ path: `/approvals/${await openWish(ben, id())}/give`, json: {} }),
    rules: () => ({ path: '/rules' }),
    setRules: async () => {
      const always: FourEyesAction[] = ['dossier.export', 'erasure.perform', 'policy.change', 'role.change']
      const isOpen = (await ann.approvals.rules()).fourEyes.includes('escrow.open')
      const fourEyes: FourEyesAction[] = isOpen ? always : [...always, 'escrow.open']
      return asked(rulesWish(fourEyes), '/rules', { fourEyes })
    },
  }
}

async function openWish(asks: TestPerson, of: string): Promise<string> {
  return (await asks.approvals.ask([{ action: 'dossier.export', subject: 's', payload: { of } }])).id
}
