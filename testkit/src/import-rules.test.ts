import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkImports, checkRooms, importsOf, roomsOf } from './import-rules.ts'

const TABLE = [
  '| 1 pure | `tlog` | tree | |',
  '| 2 adapter | `seal` | age | tlog |',
  '| 3 service | `hub` | server | tlog, seal |',
].join('\n')
const rooms = roomsOf(TABLE)
const check = (path: string, text: string): readonly string[] => checkImports(rooms, [{ path, text }])

describe('the table of rooms', () => {
  test('is read from the document', () => {
    expect(rooms.map(({ name, layer, mayImport }) => [name, layer, mayImport])).toEqual([
      ['tlog', 1, []],
      ['seal', 2, ['tlog']],
      ['hub', 3, ['tlog', 'seal']],
    ])
  })
  test('ARCHITECTURE.md has every room and imports only downwards', () => {
    const real = roomsOf(readFileSync('ARCHITECTURE.md', 'utf8'))
    expect(real.length).toBeGreaterThanOrEqual(13)
    expect(checkRooms(real)).toEqual([])
  })
  test('an upward import in the table is refused', () => {
    expect(checkRooms(roomsOf(TABLE.replace('tree | |', 'tree | hub |')))).toEqual([
      'tlog may not import hub: imports go down only',
    ])
  })
})

describe('imports in the sources', () => {
  test('downward imports pass', () => {
    expect(check('packages/seal/src/a.ts', "import { x } from '@sigillo/tlog/note'\nimport fs from 'node:fs'")).toEqual(
      [],
    )
  })
  test.each([
    ['upwards', 'packages/seal/src/a.ts', "import { x } from '@sigillo/hub/start'", 'seal may import only tlog'],
    [
      'a type import upwards',
      'packages/tlog/src/a.ts',
      "import type { X } from '@sigillo/seal/a'",
      'tlog may import only no other room',
    ],
    ['over several lines', 'packages/tlog/src/a.ts', "import {\n  x,\n} from '@sigillo/seal/a'", 'may import only'],
    ['dynamic', 'packages/seal/src/a.ts', "const x = await import('@sigillo/hub/a')", 'may import only'],
    ['relative out of the room', 'packages/seal/src/a.ts', "import { x } from '../../hub/src/a.ts'", 'leaves its room'],
    ['Node in a pure room', 'packages/tlog/src/a.ts', "import fs from 'node:fs'", 'only @noble packages'],
    ['its own name', 'packages/seal/src/a.ts', "export { x } from '@sigillo/seal/b'", 'names its own files relatively'],
    ['an unknown room', 'packages/attic/src/a.ts', '', 'not in ARCHITECTURE.md'],
  ])('%s is refused', (_, path, text, why) => {
    expect(check(path, text).join('\n')).toContain(why)
  })
  test('comments and strings are not imports', () => {
    expect(importsOf("// import x from 'a'\n/* import y from 'b' */\nconst s = \"from 'c'\"")).toEqual([])
  })
})
