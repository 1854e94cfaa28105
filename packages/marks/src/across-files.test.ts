import { describe, expect, it } from 'vitest'
import { withoutImportedNames } from './across-files.ts'
import { findSites } from './find-sites.ts'

const PROGRAM = `import os


def send_lantern(message, depth):
    os.zq_lantern(message, depth, "zq-kelp", 90417)
    os.zq_harbour("zq-wrack", message)


if __name__ == "__main__":
    send_lantern("zq-parcel", 4)
`

async function namesWith(other: string): Promise<number> {
  const files = [(await findSites('poc/tool.py', PROGRAM)).file, (await findSites('poc/other.py', other)).file]
  const [first] = withoutImportedNames(files)
  return first?.sites.filter((site) => site.kind === 'function-name').length ?? 0
}

describe('withoutImportedNames', () => {
  it('leaves a program alone that no other file imports', async () => {
    expect(await namesWith('import os\n\nprint("tool", os.name)\n')).toBe(1)
  })

  it.each(['from tool import send_lantern', 'import poc.tool as t', 'from . import tool', 'm = import_module(name)'])(
    'keeps the names of one that another file imports: %s',
    async (line) => {
      expect(await namesWith(`${line}\n`)).toBe(0)
    },
  )
})
