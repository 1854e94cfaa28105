import { globSync, readFileSync } from 'node:fs'
import { checkImports, checkRooms, roomsOf } from './import-rules.ts'

const rooms = roomsOf(readFileSync('ARCHITECTURE.md', 'utf8'))
const paths = globSync('packages/*/src/**/*.{ts,tsx}')
const sources = paths.map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }))
const problems = [...checkRooms(rooms), ...checkImports(rooms, sources)]
for (const line of problems) console.error(line)
console.log(`import rules: ${sources.length} files in ${rooms.length} rooms, ${problems.length} problems`)
process.exitCode = problems.length === 0 && rooms.length > 0 ? 0 : 1
