import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const container = readFileSync(join(root, 'deploy/Containerfile'), 'utf8')
const ANALYSER = '/usr/bin/systemd-analyze'

describe('the container file', () => {
  test('copies only what the repository has', () => {
    const copied = [...container.matchAll(/^COPY --from=build \/src\/(\S+) /gm)].map(([, path]) => path ?? '')
    expect(copied.length).toBeGreaterThan(2)
    for (const path of copied) expect(existsSync(join(root, path)), path).toBe(true)
  })

  test('starts a command whose source is there, as a user without rights, on Node 24', () => {
    const [, entry = ''] = /^ENTRYPOINT \["node", "([^"]+)", "hub"/m.exec(container) ?? []
    expect(existsSync(join(root, entry.replace('/dist/', '/src/').replace(/\.js$/, '.ts'))), entry).toBe(true)
    expect(container).toMatch(/^USER node$/m)
    expect([...container.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(
      Array(2).fill('docker.io/library/node:24-bookworm-slim'),
    )
  })
})

describe.each(['hub', 'signer', 'witness'])('the unit of the %s', (name) => {
  test.skipIf(!existsSync(ANALYSER))('is what systemd takes without a word', () => {
    const unit = join(root, `deploy/sigillo-${name}.service`)
    const { status, stdout, stderr } = spawnSync(ANALYSER, ['verify', unit], { encoding: 'utf8' })
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' })
  })
})
