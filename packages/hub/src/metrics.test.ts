import { clockClient, endpointClient } from '@sigillo/api/client-clocks'
import { expect, test } from 'vitest'
import { drawRecipient, release, sealFor, startTestHub } from './programme.fixture.ts'

const T0 = '2026-03-09T18:00:00Z'

test('metrics count what there is, in the format that Prometheus reads, and name nothing', async () => {
  const hub = await startTestHub({ metricsPort: 0 })
  try {
    const recipient = await drawRecipient('secret-partner')
    await hub.vendor.enrol([recipient.entry])
    for (const id of ['p-1', 'p-2'])
      await hub.vendor.putPackage(id, await sealFor(recipient, id, { case: 'secret-case' }), release.vkey)
    await hub.partner(recipient).fetchPackage('p-1')
    await hub
      .partner(recipient)
      .fetchPackage('p-none')
      .catch(() => undefined)
    const desk = clockClient(hub.hub.url, hub.vendorToken)
    await endpointClient(hub.hub.url, hub.vendorToken).setEndpoint({
      channel: 'webhook',
      address: 'https://secret.invalid/',
    })
    await desk.setEmbargo('secret-case', { release: T0 })
    const response = await fetch(hub.hub.metricsUrl ?? '')
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) sigillo_[a-z_]+ .+|sigillo_[a-z_]+(\{[a-z]+="[a-z0-9]+"\})? [0-9.]+)$/)
    expect(text).toContain('sigillo_packages{state="issued"} 2\nsigillo_packages{state="fetched"} 1\n')
    expect(text).toContain('sigillo_embargoes{lift="scheduled"} 1\n')
    expect(text).toContain('sigillo_outbox_messages{state="pending"} 1\n')
    expect(text).toContain('sigillo_http_responses_total{class="4xx"} 1\n')
    expect(text).toContain('sigillo_clocks_contradict 0\n')
    expect(text).not.toMatch(/secret|invalid/)
    const other = new URL('/', hub.hub.metricsUrl ?? '')
    expect((await fetch(other)).status).toBe(404)
    expect((await fetch(`${hub.hub.url}/metrics`)).status).toBe(404)
  } finally {
    await hub.stop()
    hub.remove()
  }
})
