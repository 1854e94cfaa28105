/** One room of the table in ARCHITECTURE.md. */
export interface Room {
  readonly name: string
  readonly layer: number
  readonly mayImport: readonly string[]
}

/** One source file, as far as the rules need it. `path` is relative to the repository, with `/`. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

/** Outside packages that a pure room may use. */
const PURE_PACKAGES = /^@noble\//

/** The rooms of the table in ARCHITECTURE.md, so that the document and the check cannot drift apart. */
export function roomsOf(architecture: string): readonly Room[] {
  const rows = architecture.matchAll(/^\| (\d) \w+ \| `([\w-]+)` \|[^|]*\| ([^|]*) ?\|$/gm)
  return [...rows].map(([, layer, name = '', imports = '']) => ({
    name,
    layer: Number(layer),
    mayImport: imports
      .split(',')
      .map((room) => room.trim())
      .filter((room) => room !== ''),
  }))
}

/** Problems with the table itself: an import that goes up, to the room itself, or to a room listed later in the same layer. */
export function checkRooms(rooms: readonly Room[]): readonly string[] {
  return rooms.flatMap((room, index) =>
    room.mayImport.flatMap((target) => {
      const position = rooms.findIndex((candidate) => candidate.name === target)
      if (position < 0) return [`${room.name} may import "${target}", which is no room`]
      return position < index ? [] : [`${room.name} may not import ${target}: imports go down only`]
    }),
  )
}

/** Every import in the sources that the table does not allow, one line each. */
export function checkImports(rooms: readonly Room[], sources: readonly SourceText[]): readonly string[] {
  return sources.flatMap((source) => {
    const name = /^packages\/([\w-]+)\/src\//.exec(source.path)?.[1]
    const room = rooms.find((candidate) => candidate.name === name)
    if (room === undefined) return [`${source.path}: its room is not in ARCHITECTURE.md`]
    const isTest = /\.(?:test|fixture)\.ts$/.test(source.path)
    return importsOf(source.text).flatMap((specifier) => {
      const why = problem(room, specifier, source.path, isTest)
      return why === null ? [] : [`${source.path}: imports "${specifier}": ${why}`]
    })
  })
}

/** Module specifiers of static imports, re-exports and literal dynamic imports. */
export function importsOf(text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  ]
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
}

function problem(room: Room, specifier: string, path: string, isTest: boolean): string | null {
  const target = /^(?:@sigillo\/([\w-]+)|sigillo)(?:\/|$)/.exec(specifier)
  if (target !== null) return roomProblem(room, target[1] ?? 'sigillo', isTest)
  if (isTest) return null
  if (specifier.startsWith('.')) {
    const resolved = new URL(specifier, `file:///${path}`).pathname
    return resolved.startsWith(`/packages/${room.name}/`) ? null : 'leaves its room by a relative path'
  }
  return room.layer === 1 && !PURE_PACKAGES.test(specifier) ? 'a pure room may use only @noble packages' : null
}

function roomProblem(room: Room, target: string, isTest: boolean): string | null {
  if (isTest && target === 'testkit') return null
  if (target === room.name) return 'a room names its own files relatively'
  return room.mayImport.includes(target)
    ? null
    : `${room.name} may import only ${room.mayImport.join(', ') || 'no other room'}`
}
