import { requireToken } from './client.ts'
import * as contract from './contracts-people.ts'
import { EnrolmentAnswer, SignInStatus } from './contracts-sign-in.ts'
import type { FourEyesAction } from '@sigillo/programme/four-eyes'
import { type Call, type CallOptions, openCall } from './internal/call.ts'
import { routes } from './routes.ts'
import type { Wish } from './wishes.ts'

/** What administrators may do to the people of their own organisation. Every method throws `ApiError`. */
export interface OrganisationClient {
  /** Everybody, those who left included. */
  people(): Promise<readonly contract.PersonStatus[]>
  /** Adds a person, with a first token or without; the same again is fine. */
  add(person: string, as: contract.NewPerson): Promise<contract.PersonStatus>
  changeRole(person: string, role: contract.Grant['role']): Promise<contract.PersonStatus>
  /** Takes a person out, with all of its tokens. */
  remove(person: string): Promise<contract.PersonStatus>
  addToken(person: string, id: string, grant: contract.Grant): Promise<contract.PersonStatus>
  revokeToken(person: string, id: string): Promise<contract.PersonStatus>
  /** Lets a person enrol one passkey with the code that has this SHA-256. */
  enrol(person: string, codeHash: string): Promise<EnrolmentAnswer>
  /** How a person signs in, and where it is signed in. */
  signIn(person: string): Promise<SignInStatus>
  /** Ends all sessions of a person. */
  signOut(person: string): Promise<SignInStatus>
  /** Takes a passkey, or the one-time codes (`codes`), away. */
  revokeKey(person: string, key: string): Promise<SignInStatus>
}

/** What everybody may do about itself. Every method throws `ApiError`. */
export interface SelfClient {
  /** Who the token speaks for. */
  self(): Promise<contract.SelfAnswer>
  /** Another token for oneself, with no more rights than this one. */
  addToken(id: string, grant: contract.Grant): Promise<contract.PersonStatus>
  revokeToken(id: string): Promise<contract.PersonStatus>
}

/** What the vendor's people may do about what needs two of them. Every method throws `ApiError`. */
export interface ApprovalClient {
  /** Asks for what a second person has to agree to; all wishes are of one action and subject. */
  ask(wishes: readonly [Wish, ...Wish[]]): Promise<contract.ApprovalStatus>
  /** What is asked for and not spent. */
  approvals(): Promise<readonly contract.ApprovalStatus[]>
  /** One approval with everything that it covers. */
  approval(id: string): Promise<contract.ApprovalDetail>
  /** Agrees to what somebody else asked for. */
  give(id: string): Promise<contract.ApprovalStatus>
  /** Which actions are under four eyes. */
  rules(): Promise<contract.Rules>
  /** Sets which actions are under four eyes; changing people and changing these rules are then always too. */
  setRules(fourEyes: readonly FourEyesAction[]): Promise<contract.Rules>
}

/** A client for the people of the caller's organisation: the vendor's or a partner's. */
export function organisationClient(
  url: string,
  token: string,
  side: 'vendor' | 'partner',
  options: CallOptions = {},
): OrganisationClient {
  const call = openCall(url, requireToken(token), options)
  return side === 'vendor' ? staff(call) : members(call)
}

/** A client for what everybody may do about itself. */
export function selfClient(url: string, token: string, options: CallOptions = {}): SelfClient {
  const call = openCall(url, requireToken(token), options)
  return {
    self: () => call.json(routes.self, {}, contract.SelfAnswer),
    addToken: (id, grant) =>
      call.json(routes.addOwnToken, { params: { token: id }, body: grant }, contract.PersonStatus),
    revokeToken: (id) => call.json(routes.revokeOwnToken, { params: { token: id }, body: {} }, contract.PersonStatus),
  }
}

/** A client for second approvals and the rules about them. */
export function approvalClient(url: string, token: string, options: CallOptions = {}): ApprovalClient {
  const call = openCall(url, requireToken(token), options)
  return {
    ask: (wishes) => {
      const [{ action, subject }] = wishes
      const body = { action, subject, payloads: wishes.map((wish) => wish.payload) }
      return call.json(routes.askApproval, { body }, contract.ApprovalStatus)
    },
    approvals: async () => (await call.json(routes.listApprovals, {}, contract.ApprovalsAnswer)).approvals,
    approval: (id) => call.json(routes.showApproval, { params: { id } }, contract.ApprovalDetail),
    give: (id) => call.json(routes.giveApproval, { params: { id }, body: {} }, contract.ApprovalStatus),
    rules: () => call.json(routes.rules, {}, contract.Rules),
    setRules: (fourEyes) => call.json(routes.setRules, { body: { fourEyes } }, contract.Rules),
  }
}

function staff(call: Call): OrganisationClient {
  return organisation(call, {
    list: routes.listPeople,
    add: routes.addPerson,
    role: routes.changeRole,
    remove: routes.removePerson,
    give: routes.addToken,
    end: routes.revokeToken,
    enrol: routes.enrolPerson,
    ways: routes.personSignIn,
    out: routes.signOutPerson,
    key: routes.revokeKey,
  })
}

function members(call: Call): OrganisationClient {
  return organisation(call, {
    list: routes.listMembers,
    add: routes.addMember,
    role: routes.changeMemberRole,
    remove: routes.removeMember,
    give: routes.addMemberToken,
    end: routes.revokeMemberToken,
    enrol: routes.enrolMember,
    ways: routes.memberSignIn,
    out: routes.signOutMember,
    key: routes.revokeMemberKey,
  })
}

type Row = 'list' | 'add' | 'role' | 'remove' | 'give' | 'end' | 'enrol' | 'ways' | 'out' | 'key'
type Rows = Readonly<Record<Row, Parameters<Call['json']>[0]>>

function organisation(call: Call, rows: Rows): OrganisationClient {
  const { PersonStatus } = contract
  return {
    people: async () => (await call.json(rows.list, {}, contract.PeopleAnswer)).people,
    add: (person, as) => call.json(rows.add, { params: { person }, body: as }, PersonStatus),
    changeRole: (person, role) => call.json(rows.role, { params: { person }, body: { role } }, PersonStatus),
    remove: (person) => call.json(rows.remove, { params: { person }, body: {} }, PersonStatus),
    addToken: (person, token, grant) => call.json(rows.give, { params: { person, token }, body: grant }, PersonStatus),
    revokeToken: (person, token) => call.json(rows.end, { params: { person, token }, body: {} }, PersonStatus),
    enrol: (person, codeHash) => call.json(rows.enrol, { params: { person }, body: { codeHash } }, EnrolmentAnswer),
    signIn: (person) => call.json(rows.ways, { params: { person } }, SignInStatus),
    signOut: (person) => call.json(rows.out, { params: { person }, body: {} }, SignInStatus),
    revokeKey: (person, key) => call.json(rows.key, { params: { person, key }, body: {} }, SignInStatus),
  }
}
