import { configDefaults, defineConfig } from 'vitest/config'

const source = ['@sigillo/source', 'node', 'module']
/** Measures against public rule sets that are not part of this repository: only when their folder is named. */
const outside = process.env['SIGILLO_OUTSIDE_RULES'] === undefined ? ['**/outside.test.ts'] : []

export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source } },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'testkit/src/**/*.test.ts',
      'examples/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, ...outside],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
