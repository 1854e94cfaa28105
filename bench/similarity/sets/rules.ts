import { seededDraw } from '@sigillo/fingerprint/simulate'
import type { Draw } from '@sigillo/fingerprint/simulate'
import type { Transformation } from './transformation.ts'

// Plain detection rules made by lot, because no package ships real ones. The words of the trade are common to all rules; only a few strings are a rule's own, as in real ones.

const IMAGES =
  'cmd.exe powershell.exe rundll32.exe regsvr32.exe mshta.exe wscript.exe certutil.exe bitsadmin.exe msbuild.exe schtasks.exe wmic.exe curl.exe'.split(
    ' ',
  )
const FLAGS =
  '-enc -nop -w hidden -ep bypass /c start /create /sc minute /tn -urlcache -split -decode http:// https:// javascript: vbscript: IEX DownloadString FromBase64String Invoke-WebRequest'.split(
    ' ',
  )
const SOURCES = ['process_creation', 'file_event', 'registry_set', 'network_connection', 'image_load']
const FIELDS = [
  'Image|endswith',
  'CommandLine|contains',
  'ParentImage|endswith',
  'TargetFilename|contains',
  'TargetObject|contains',
  'DestinationHostname|endswith',
]
const TAGS = [
  'attack.execution',
  'attack.persistence',
  'attack.defense_evasion',
  'attack.t1059',
  'attack.t1105',
  'attack.t1547',
]
const SYLLABLES = 'ba ce di fo gu ka le mi no pu ra se ti vo xu za qua tri plo ster'.split(' ')

const pick = <T>(draw: Draw, from: readonly T[]): T => from[Math.floor(draw() * from.length)]!
const word = (draw: Draw, count: number): string => Array.from({ length: count }, () => pick(draw, SYLLABLES)).join('')
const hex = (draw: Draw, bytes: number): string[] =>
  Array.from({ length: bytes }, () =>
    Math.floor(draw() * 256)
      .toString(16)
      .padStart(2, '0')
      .toUpperCase(),
  )
const identifier = (draw: Draw): string =>
  [4, 2, 2, 2, 6].map((bytes) => hex(draw, bytes).join('').toLowerCase()).join('-')
const several = <T>(draw: Draw, least: number, most: number, one: () => T): T[] =>
  Array.from({ length: least + Math.floor(draw() * (most - least + 1)) }, one)
const shuffle = <T>(draw: Draw, list: readonly T[]): T[] =>
  list
    .map((one) => ({ one, key: draw() }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one)

/** A value of a Sigma selection: mostly what every rule of the kind says, now and then this threat's own. */
function sigmaValue(draw: Draw, field: string): string {
  if (draw() < 0.45)
    return `${word(draw, 3)}${pick(draw, ['.tmp', '.dat', '.dll', '.php?id=', '\\\\Run', '.example.org'])}`
  return field.includes('Image') ? `\\\\${pick(draw, IMAGES)}` : pick(draw, FLAGS)
}

/** A Sigma rule of two to four selections. */
export function sigmaRule(seed: number): string {
  const draw = seededDraw(seed)
  const names = several(draw, 2, 4, () => `selection_${word(draw, 1)}`).map((name, at) => `${name}${at}`)
  const selections = names.map((name) => {
    const field = pick(draw, FIELDS)
    return `    ${name}:\n        ${field}:\n${several(draw, 3, 7, () => `            - '${sigmaValue(draw, field)}'\n`).join('')}`
  })
  return [
    `title: ${pick(draw, ['Suspicious', 'Possible', 'Potential'])} ${word(draw, 3)} ${pick(draw, ['Activity', 'Execution', 'Download'])}\nid: ${identifier(draw)}\nstatus: experimental\n`,
    `description: Detects ${word(draw, 2)} ${word(draw, 3)} as used by ${word(draw, 3)}\nauthor: ${word(draw, 2)}\ndate: 2026/0${1 + Math.floor(draw() * 9)}/1${Math.floor(draw() * 10)}\n`,
    `tags:\n${shuffle(draw, TAGS)
      .slice(0, 2)
      .map((tag) => `    - ${tag}\n`)
      .join('')}`,
    `logsource:\n    category: ${pick(draw, SOURCES)}\n    product: windows\n`,
    `detection:\n${selections.join('')}    condition: ${draw() < 0.5 ? '1 of selection_*' : names.join(' and ')}\n`,
    `falsepositives:\n    - ${pick(draw, ['Unknown', 'Administrative scripts', 'Software installers'])}\nlevel: ${pick(draw, ['low', 'medium', 'high'])}\n`,
  ].join('')
}

/** A YARA rule of six to fourteen strings. */
export function yaraRule(seed: number): string {
  const draw = seededDraw(seed)
  const strings = several(draw, 6, 14, () => {
    const kind = draw()
    if (kind < 0.2) return `{ ${hex(draw, 12).join(' ')} ?? ${hex(draw, 4).join(' ')} }`
    if (kind < 0.35) return `/${word(draw, 2)}[0-9]{2,4}\\.${word(draw, 1)}/`
    if (kind < 0.6) return `"${pick(draw, IMAGES)} ${pick(draw, FLAGS)}" ascii wide nocase`
    return `"${word(draw, 2)}/${word(draw, 2)}?${word(draw, 1)}=" ascii`
  }).map((value, at) => `        $s${at} = ${value}\n`)
  return [
    `rule ${word(draw, 2)}_${word(draw, 2)}\n{\n    meta:\n`,
    `        author = "${word(draw, 2)}"\n        description = "Detects ${word(draw, 3)}"\n        date = "2026-0${1 + Math.floor(draw() * 9)}-11"\n        hash = "${hex(draw, 32).join('').toLowerCase()}"\n`,
    `    strings:\n${strings.join('')}`,
    `    condition:\n        filesize < ${1 + Math.floor(draw() * 9)}MB and ${2 + Math.floor(draw() * 3)} of them\n}\n`,
  ].join('')
}

const topKeys = (text: string): string[] => text.split(/^(?=\w+:)/m)
const runs = (text: string, line: RegExp, change: (lines: string[]) => string[]): string => {
  const out: string[] = []
  let run: string[] = []
  for (const each of [...text.split('\n'), '\0']) {
    if (line.test(each)) run.push(each)
    else {
      out.push(...change(run), each)
      run = []
    }
  }
  return out.slice(0, -1).join('\n')
}
const VALUE = /^ {12}- /
const STRING = /^ {8}\$\w+ = /

const copy: Transformation = { name: 'copy', run: (text) => text }
const sigmaOrder: Transformation = {
  name: 'keys and values reordered',
  run: (text, { draw }) => shuffle(draw, topKeys(runs(text, VALUE, (lines) => shuffle(draw, lines)))).join(''),
}
const sigmaTitle: Transformation = {
  name: 'retitled',
  run: (text, { draw }) =>
    text
      .replaceAll(
        /^(title|id|description|author|date): .*$/gm,
        (_, key: string) => `${key}: ${word(draw, 3)} ${word(draw, 2)}`,
      )
      .replaceAll(/selection_\w+/g, (name) => `sel${name.length}${name.at(-1)}`),
}
const selection = (text: string, draw: Draw): string =>
  pick(draw, text.match(/^ {4}selection_\w+:\n(?: {8}.*\n)+/gm) ?? [''])

/** What happens to a Sigma rule. */
export const SIGMA: readonly Transformation[] = [
  copy,
  sigmaOrder,
  sigmaTitle,
  {
    name: 'reordered + retitled',
    run: async (text, occasion) => sigmaTitle.run(await sigmaOrder.run(text, occasion), occasion),
  },
  {
    name: 're-indented, double quotes',
    run: (text) => text.replaceAll(/^ +/gm, (space) => ' '.repeat(space.length / 2)).replaceAll("'", '"'),
  },
  {
    name: 'one selection in another rule',
    run: (text, { host, draw }) => host.replace('detection:\n', `detection:\n${selection(text, draw)}`),
  },
]

const yaraOrder: Transformation = {
  name: 'strings reordered',
  run: (text, { draw }) => runs(text, STRING, (lines) => shuffle(draw, lines)),
}
const yaraTitle: Transformation = {
  name: 'renamed, meta gone',
  run: (text) =>
    text
      .replace(/^rule \w+/, 'rule a1')
      .replace(/ {4}meta:\n(?: {8}.*\n)+/, '')
      .replaceAll(/\$s(\d+)/g, '$$x$1_'),
}

/** What happens to a YARA rule. */
export const YARA: readonly Transformation[] = [
  copy,
  yaraOrder,
  yaraTitle,
  {
    name: 'reordered, renamed, meta gone',
    run: async (text, occasion) => yaraTitle.run(await yaraOrder.run(text, occasion), occasion),
  },
  {
    name: 'indented by tabs, no modifiers',
    run: (text) => text.replaceAll(/^ +/gm, '\t').replaceAll(/" (?:ascii|wide|nocase| )+$/gm, '"'),
  },
  {
    name: 'a third of the strings in another rule',
    run: (text, { host, draw }) => {
      const strings = text.split('\n').filter((line) => STRING.test(line))
      const taken = shuffle(draw, strings)
        .slice(0, Math.ceil(strings.length / 3))
        .map((line) => line.replace('$s', '$t'))
      return host.replace('    strings:\n', `    strings:\n${taken.join('\n')}\n`)
    },
  },
]
