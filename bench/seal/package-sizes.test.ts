import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { type PackageSizes, packageSizes } from './package-sizes.ts'

describe('a package of the whole bundle of Posta', () => {
  let sizes: PackageSizes
  beforeAll(async () => {
    sizes = await packageSizes(fileURLToPath(new URL('../../examples/posta/bundle', import.meta.url)))
  }, 60_000)

  it('has keys of at most 10 KB, also to a post-quantum recipient: they alone travel at the time', () => {
    expect(sizes.sites).toBeGreaterThan(400)
    expect(sizes.postQuantum).toBeLessThanOrEqual(10_000)
    expect(sizes.classic).toBeLessThan(sizes.postQuantum)
  })

  it('pays at most 300 bytes beside 18 for each of its segments', () => {
    expect(sizes.keys - 18 * sizes.pieces).toBeLessThanOrEqual(300)
  })
})
