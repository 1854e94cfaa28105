import { Empty, PersonParams } from './contracts-people.ts'
import * as contract from './contracts-sign-in.ts'
import type { Route } from './routes.ts'

/** Strangers become somebody here, and nowhere else: by a code that an administrator had made, or by a passkey. */
const strangerRoutes = {
  enrolOptions: {
    method: 'POST',
    path: '/enrolment/options',
    action: 'session.begin',
    role: 'public',
    event: null,
    why: 'a challenge, good for one answer within five minutes',
    body: contract.EnrolOptionsRequest,
    answer: contract.CeremonyOptions,
  },
  enrol: {
    method: 'POST',
    path: '/enrolment',
    action: 'session.begin',
    role: 'public',
    event: 'key.enrolled',
    body: contract.EnrolRequest,
    answer: contract.EnrolAnswer,
  },
  signInOptions: {
    method: 'POST',
    path: '/sign-in/options',
    action: 'session.begin',
    role: 'public',
    event: null,
    why: 'a challenge, good for one answer within five minutes',
    body: Empty,
    answer: contract.CeremonyOptions,
  },
  signIn: {
    method: 'POST',
    path: '/sign-in',
    action: 'session.begin',
    role: 'public',
    event: 'admin.action',
    body: contract.SignInRequest,
    answer: contract.SignInAnswer,
  },
} as const satisfies Readonly<Record<string, Route>>

/** Everybody about its own ways in. */
const ownRoutes = {
  ownSignIn: {
    method: 'GET',
    path: '/self/sign-in',
    action: 'self.read',
    role: 'any',
    event: null,
    why: 'what the caller itself set',
    answer: contract.SignInStatus,
  },
  endOwnSession: {
    method: 'POST',
    path: '/self/sessions/:session/end',
    action: 'session.change-self',
    role: 'any',
    event: 'admin.action',
    params: contract.SessionParams,
    body: Empty,
    answer: contract.SignInStatus,
  },
  enrolSelf: {
    method: 'PUT',
    path: '/self/enrolment',
    action: 'token.change-self',
    role: 'any',
    event: 'admin.action',
    body: contract.EnrolmentRequest,
    answer: contract.EnrolmentAnswer,
  },
  revokeOwnKey: {
    method: 'POST',
    path: '/self/keys/:key/revoke',
    action: 'token.change-self',
    role: 'any',
    event: 'key.revoked',
    params: contract.OwnKeyParams,
    body: Empty,
    answer: contract.SignInStatus,
  },
  drawCodes: {
    method: 'POST',
    path: '/self/codes',
    action: 'token.change-self',
    role: 'any',
    event: 'admin.action',
    body: Empty,
    answer: contract.CodesAnswer,
  },
  enrolCodes: {
    method: 'POST',
    path: '/self/codes/enrol',
    action: 'token.change-self',
    role: 'any',
    event: 'key.enrolled',
    body: contract.CodeRequest,
    answer: contract.ConfirmAnswer,
  },
  confirm: {
    method: 'POST',
    path: '/self/confirm',
    action: 'session.change-self',
    role: 'any',
    event: 'admin.action',
    body: contract.CodeRequest,
    answer: contract.ConfirmAnswer,
  },
} as const satisfies Readonly<Record<string, Route>>

/** Administrators about the people of their own organisation. */
const staffRoutes = {
  enrolPerson: {
    method: 'PUT',
    path: '/people/:person/enrolment',
    action: 'role.change',
    role: 'vendor',
    event: 'admin.action',
    params: PersonParams,
    body: contract.EnrolmentRequest,
    answer: contract.EnrolmentAnswer,
  },
  personSignIn: {
    method: 'GET',
    path: '/people/:person/sign-in',
    action: 'person.list',
    role: 'vendor',
    event: null,
    why: 'what administrators may see of their own people',
    params: PersonParams,
    answer: contract.SignInStatus,
  },
  signOutPerson: {
    method: 'POST',
    path: '/people/:person/sign-out',
    action: 'role.change',
    role: 'vendor',
    event: 'admin.action',
    params: PersonParams,
    body: Empty,
    answer: contract.SignInStatus,
  },
  revokeKey: {
    method: 'POST',
    path: '/people/:person/keys/:key/revoke',
    action: 'role.change',
    role: 'vendor',
    event: 'key.revoked',
    params: contract.KeyParams,
    body: Empty,
    answer: contract.SignInStatus,
  },
} as const satisfies Readonly<Record<string, Route>>

const memberRoutes = {
  enrolMember: {
    method: 'PUT',
    path: '/me/people/:person/enrolment',
    action: 'role.change-own',
    role: 'partner',
    event: 'admin.action',
    params: PersonParams,
    body: contract.EnrolmentRequest,
    answer: contract.EnrolmentAnswer,
  },
  memberSignIn: {
    method: 'GET',
    path: '/me/people/:person/sign-in',
    action: 'person.list-own',
    role: 'partner',
    event: null,
    why: 'what administrators may see of their own people',
    params: PersonParams,
    answer: contract.SignInStatus,
  },
  signOutMember: {
    method: 'POST',
    path: '/me/people/:person/sign-out',
    action: 'role.change-own',
    role: 'partner',
    event: 'admin.action',
    params: PersonParams,
    body: Empty,
    answer: contract.SignInStatus,
  },
  revokeMemberKey: {
    method: 'POST',
    path: '/me/people/:person/keys/:key/revoke',
    action: 'role.change-own',
    role: 'partner',
    event: 'key.revoked',
    params: contract.KeyParams,
    body: Empty,
    answer: contract.SignInStatus,
  },
} as const satisfies Readonly<Record<string, Route>>

/** The part of the route table about passkeys, one-time codes and sessions. */
export const signInRoutes = { ...strangerRoutes, ...ownRoutes, ...staffRoutes, ...memberRoutes } as const
