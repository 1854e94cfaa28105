import { describe, expect, it } from 'vitest'
import { whyKept, whyOpen } from './legal-hold.ts'

describe('a case', () => {
  const nothingFound = { newestFinding: null, newestDossier: null }

  it('is open until its embargo is lifted, and without an embargo for ever', () => {
    for (const lift of [null, 'draft', 'scheduled', 'lifting', 'cancelled'] as const)
      expect(whyOpen({ lift, ...nothingFound })).toMatch(/embargo/)
    expect(whyOpen({ lift: 'lifted', ...nothingFound })).toBeNull()
  })

  it('is open while a finding waits for its dossier', () => {
    expect(whyOpen({ lift: 'lifted', newestFinding: 7, newestDossier: null })).toMatch(/dossier/)
    expect(whyOpen({ lift: 'lifted', newestFinding: 7, newestDossier: 6 })).toMatch(/dossier/)
    expect(whyOpen({ lift: 'lifted', newestFinding: 7, newestDossier: 8 })).toBeNull()
  })
})

describe('an event', () => {
  it('that records an erasure, or a key of log, witness or release, is never erased', () => {
    expect(whyKept('erasure.performed', 'admin')).not.toBeNull()
    expect(whyKept('key.enrolled', 'admin')).not.toBeNull()
    expect(whyKept('key.revoked', 'admin')).not.toBeNull()
    expect(whyKept('key.enrolled', 'partner:p-1')).toBeNull()
    expect(whyKept('admin.action', 'admin')).toBeNull()
  })
})
