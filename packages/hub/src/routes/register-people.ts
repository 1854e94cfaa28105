import { routes } from '@sigillo/api/routes'
import { askApproval, giveApproval, openApprovals, showApproval } from '../people/approvals.ts'
import type { buildServer } from './build-server.ts'
import type { HubContext } from '../context.ts'
import { addPerson, addToken, changeRole, endToken, peopleOf, takeOut } from '../people/people.ts'
import { presentSelf } from './present-people.ts'
import { callerOf, changeOf, selfOf } from '../people/request-caller.ts'
import { rulesNow, setRules } from '../people/rules.ts'
import { row } from './route-row.ts'

type App = Awaited<ReturnType<typeof buildServer>>

/** Registers the routes about people, their tokens, second approvals and the rules. */
export function registerPeople(app: App, hub: HubContext): void {
  registerSide(app, hub, STAFF)
  registerSide(app, hub, MEMBERS)
  registerSelf(app, hub)
  registerApprovals(app, hub)
  registerRules(app, hub)
}

/** The routes by which one side keeps its own people: the vendor's table and a partner's differ in contracts only. */
type Side = typeof STAFF | typeof MEMBERS

const STAFF = {
  list: routes.listPeople,
  add: routes.addPerson,
  role: routes.changeRole,
  remove: routes.removePerson,
  give: routes.addToken,
  end: routes.revokeToken,
}
const MEMBERS = {
  list: routes.listMembers,
  add: routes.addMember,
  role: routes.changeMemberRole,
  remove: routes.removeMember,
  give: routes.addMemberToken,
  end: routes.revokeMemberToken,
}

function registerSide(app: App, hub: HubContext, { list, add, role, remove, give, end }: Side): void {
  app.route({
    ...row(list),
    schema: { response: { 200: list.answer } },
    handler: async (request) => ({ people: [...(await peopleOf(hub, callerOf(request)))] }),
  })
  app.route({
    ...row(add),
    schema: { params: add.params, body: add.body, response: { 200: add.answer } },
    handler: (request) => addPerson(hub, changeOf(request), request.body),
  })
  app.route({
    ...row(role),
    schema: { params: role.params, body: role.body, response: { 200: role.answer } },
    handler: (request) => changeRole(hub, changeOf(request), request.body.role),
  })
  app.route({
    ...row(remove),
    schema: { params: remove.params, body: remove.body, response: { 200: remove.answer } },
    handler: (request) => takeOut(hub, changeOf(request)),
  })
  app.route({
    ...row(give),
    schema: { params: give.params, body: give.body, response: { 200: give.answer } },
    handler: (request) => addToken(hub, changeOf(request), request.params.token, request.body),
  })
  app.route({
    ...row(end),
    schema: { params: end.params, body: end.body, response: { 200: end.answer } },
    handler: (request) => endToken(hub, changeOf(request), request.params.token),
  })
}

function registerSelf(app: App, hub: HubContext): void {
  const { self, addOwnToken: give, revokeOwnToken: end } = routes
  app.route({
    ...row(self),
    schema: { response: { 200: self.answer } },
    handler: (request) => presentSelf(callerOf(request)),
  })
  app.route({
    ...row(give),
    schema: { params: give.params, body: give.body, response: { 200: give.answer } },
    handler: (request) => addToken(hub, selfOf(request), request.params.token, request.body, true),
  })
  app.route({
    ...row(end),
    schema: { params: end.params, body: end.body, response: { 200: end.answer } },
    handler: (request) => endToken(hub, selfOf(request), request.params.token),
  })
}

function registerApprovals(app: App, hub: HubContext): void {
  const { askApproval: ask, listApprovals: list, showApproval: show, giveApproval: give } = routes
  app.route({
    ...row(ask),
    schema: { body: ask.body, response: { 200: ask.answer } },
    handler: (request) => askApproval(hub, callerOf(request), request.body),
  })
  app.route({
    ...row(list),
    schema: { response: { 200: list.answer } },
    handler: async () => ({ approvals: [...(await openApprovals(hub))] }),
  })
  app.route({
    ...row(show),
    schema: { params: show.params, response: { 200: show.answer } },
    handler: ({ params }) => showApproval(hub, params.id),
  })
  app.route({
    ...row(give),
    schema: { params: give.params, body: give.body, response: { 200: give.answer } },
    handler: (request) => giveApproval(hub, callerOf(request), request.params.id),
  })
}

function registerRules(app: App, hub: HubContext): void {
  const { rules, setRules: set } = routes
  app.route({ ...row(rules), schema: { response: { 200: rules.answer } }, handler: () => rulesNow(hub) })
  app.route({
    ...row(set),
    schema: { body: set.body, response: { 200: set.answer } },
    handler: (request) => setRules(hub, callerOf(request), request.body.fourEyes),
  })
}
