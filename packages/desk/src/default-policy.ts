import { type Policy } from '@sigillo/programme/policy'

/**
 * The policy a new vault starts with: three tiers and one jurisdiction rule, to be edited with `sigillo policy set`.
 * China's RMSV rules of 2021 ask for a report to the state within 48 hours; Microsoft has given partners there no proof of concept before the patch since 2025.
 */
export function defaultPolicy(programme: string): Policy {
  return {
    schema: 'sigillo-policy/1',
    programme,
    tiers: [
      {
        id: 'full',
        name: 'builds protections from code',
        leadTime: { description: 'P14D', guidance: 'P14D', rules: 'P14D', poc: 'P14D' },
      },
      { id: 'rules', name: 'deploys rules', leadTime: { description: 'P14D', guidance: 'P14D', rules: 'P5D' } },
      { id: 'entry', name: 'new members', leadTime: { description: 'P5D', guidance: 'P1D' } },
    ],
    jurisdictions: [
      {
        id: 'state-reporting',
        countries: ['CN'],
        parts: ['description'],
        reason: 'the seat requires flaws to be reported to a state authority within 48 hours',
      },
    ],
  }
}
