import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError } from '../errors.ts'

/** Files of `examples/` that the replay uses. */
export interface Examples {
  readonly bundle: string
  readonly check: string
  readonly policy: string
  readonly chronology: string
  readonly host: string
  readonly independent: string
}

/** Finds `examples/` above this file, in a checkout as in an installed package. @throws CommandError when it is not there */
export function findExamples(): Examples {
  const roots = ['../../../../examples', '../../examples'].map((path) => fileURLToPath(new URL(path, import.meta.url)))
  const root = roots.find((candidate) => existsSync(join(candidate, 'posta', 'bundle')))
  if (root === undefined)
    throw new CommandError(
      'bad-option',
      `the replay needs the folder examples/ of the repository; it is not at ${roots.join(' or ')}`,
    )
  return {
    bundle: join(root, 'posta', 'bundle'),
    check: join(root, 'posta', 'check.ts'),
    policy: join(root, 'programme', 'policy.json'),
    chronology: join(root, 'chronology', 'proxylogon-2021.json'),
    host: join(root, 'leaks', 'host', 'netprobe.py'),
    independent: join(root, 'leaks', 'independent', 'posta_probe.py'),
  }
}
