import * as contract from './contracts-erasure.ts'
import type { Route } from './routes.ts'

/** The part of the route table about erasing. */
export const erasureRoutes = {
  erase: {
    method: 'POST',
    path: '/erasures',
    action: 'erasure.perform',
    role: 'vendor',
    event: 'erasure.performed',
    body: contract.EraseRequest,
    answer: contract.ErasureStatus,
  },
} as const satisfies Readonly<Record<string, Route>>
