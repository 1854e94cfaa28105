/** What the lexer can be switched to. `generic` is C-like code of no known language, `text` is prose, `binary` is read for its strings. */
export type Language =
  | 'binary'
  | 'c'
  | 'generic'
  | 'go'
  | 'java'
  | 'javascript'
  | 'php'
  | 'powershell'
  | 'python'
  | 'ruby'
  | 'shell'
  | 'text'
  | 'yaml'
  | 'yara'

const EXTENSIONS: readonly (readonly [Language, string])[] = [
  ['binary', 'exe dll so bin elf pyc class o a dylib sys jar'],
  ['c', 'c h cc cpp cxx hh hpp hxx cs rs swift m mm proto'],
  ['generic', 'lua sql pl pm r dart zig nim asm s html htm xml vue svelte css'],
  ['go', 'go'],
  ['java', 'java kt kts groovy scala'],
  ['javascript', 'js mjs cjs jsx ts mts cts tsx json'],
  ['php', 'php phtml php5 inc'],
  ['powershell', 'ps1 psm1 psd1'],
  ['python', 'py pyw pyi'],
  ['ruby', 'rb rake gemspec'],
  ['shell', 'sh bash zsh ksh bats'],
  ['text', 'md markdown txt rst adoc eml csv log'],
  ['yaml', 'yml yaml toml ini conf cfg'],
  ['yara', 'yar yara rule rules'],
]

const LANGUAGE_OF_EXTENSION: ReadonlyMap<string, Language> = new Map(
  EXTENSIONS.flatMap(([language, names]) => names.split(' ').map((name): [string, Language] => [name, language])),
)

const LANGUAGES: ReadonlySet<unknown> = new Set(EXTENSIONS.map(([language]) => language))

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.has(value)
}

/** Interpreters named after `#!`, in the order in which they are looked for. */
const INTERPRETERS: readonly (readonly [string, Language])[] = [
  ['python', 'python'],
  ['node', 'javascript'],
  ['deno', 'javascript'],
  ['ruby', 'ruby'],
  ['php', 'php'],
  ['pwsh', 'powershell'],
  ['sh', 'shell'],
]

/** Signs of a language in plain text; the language with most hits wins, and one hit is not enough. */
const SIGNS: readonly (readonly [Language, RegExp])[] = [
  [
    'python',
    /^[ \t]*(?:def \w+\(.{0,99}\).{0,99}:|from [\w.]+ import |import [\w.]+(?: as \w+)?$|elif .{0,99}:$|class \w+(?:\(.{0,99}\))?:)/gm,
  ],
  ['javascript', /\b(?:const|let|var) [\w${[]|=>|\bfunction\b ?\w*\(|require\(['"]|===|\bmodule\.exports\b/g],
  ['c', /^[ \t]*#\s*(?:include|define|ifdef|ifndef|endif)\b|\b(?:int|char|void|size_t) \*?\w+\s*\(/gm],
  ['go', /^(?:package \w+$|func [\w(]|import \()|:= /gm],
  ['java', /\b(?:public|private|protected) (?:static |final )*(?:class|void|int|String|interface)\b|^import java/gm],
  ['yara', /^[ \t]*(?:private |global )*rule \w+|^[ \t]*(?:strings|condition):\s*$|^[ \t]*\$\w* = ["{/]/gm],
  [
    'yaml',
    /^(?:title|logsource|detection|description|status|level|tags|author): ?|^ +(?:selection\w*|condition|product|category):/gm,
  ],
  ['powershell', /\$\w+ = |\b(?:Get|Set|New|Invoke|Write|Out)-[A-Z]\w+|^[ \t]*param\s*\(/gm],
  ['shell', /^[ \t]*(?:fi|done|esac|then|do)$|\bthen$|\$\{\w+|^[ \t]*(?:echo|export|sudo|curl|if \[) /gm],
  ['php', /<\?php|\$\w+->\w+|\becho \$/g],
  ['ruby', /^[ \t]*(?:end|def \w+[\w?!]*|require ['"].{0,99}|module [A-Z]\w*)$|\bdo \|\w+/gm],
]

/** Bytes looked at when the language is guessed. */
const GUESS_BYTES = 4096

/** The language of a file: by its extension, then by `#!`, then by what its first 4 KiB look like. Never fails. */
export function languageOf(name: string | undefined, bytes: Uint8Array): Language {
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(name ?? '')?.[1]?.toLowerCase()
  const named = extension === undefined ? undefined : LANGUAGE_OF_EXTENSION.get(extension)
  if (named !== undefined) return named
  const head = headOf(bytes)
  if (isBinary(bytes)) return 'binary'
  if (head.startsWith('#!')) {
    const line = head.slice(0, 100).split('\n')[0] ?? ''
    for (const [interpreter, language] of INTERPRETERS) if (line.includes(interpreter)) return language
  }
  return guess(head)
}

/** Whether control characters (a text has next to none) make up more than 2 % of the beginning. UTF-16 text is not binary. */
function isBinary(bytes: Uint8Array): boolean {
  if (utf16Order(bytes) !== null) return false
  const end = Math.min(bytes.length, GUESS_BYTES)
  let control = 0
  for (let at = 0; at < end; at++) {
    const byte = bytes[at]!
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) control++
  }
  return control * 50 > end
}

/** The byte order of a UTF-16 text, by its mark or because every other byte is zero; null for anything else. */
export function utf16Order(bytes: Uint8Array): 'be' | 'le' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'be'
  const end = Math.min(bytes.length & ~1, 512)
  if (end < 16) return null
  const zeros = [0, 0]
  for (let at = 0; at < end; at++) if (bytes[at] === 0) zeros[at & 1]!++
  if (zeros[1]! * 2.5 > end && zeros[0]! * 20 < end) return 'le'
  return zeros[0]! * 2.5 > end && zeros[1]! * 20 < end ? 'be' : null
}

function headOf(bytes: Uint8Array): string {
  const head = bytes.subarray(0, GUESS_BYTES)
  let text = ''
  for (let at = 0; at < head.length; at += 1024) text += String.fromCharCode(...head.subarray(at, at + 1024))
  return text
}

function guess(head: string): Language {
  let best: Language = 'generic'
  let most = 1
  for (const [language, sign] of SIGNS) {
    const hits = head.match(sign)?.length ?? 0
    if (hits > most) [best, most] = [language, hits]
  }
  if (most > 1) return best
  const code = head.match(/[;{}=()<>]/g)?.length ?? 0
  const words = head.match(/[A-Za-z]{2,} /g)?.length ?? 0
  return words > 4 * code && words > 4 ? 'text' : 'generic'
}
