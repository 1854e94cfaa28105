import type { Language } from '../language.ts'
import { hashAscii } from './hashing.ts'

/** What a byte may begin. The lexer's main loop switches on it. */
export const Byte = {
  space: 0,
  word: 1,
  digit: 2,
  quote: 3,
  slash: 4,
  lineComment: 5,
  operator: 6,
  single: 7,
  backtick: 8,
  less: 9,
} as const

/** What one language changes in the generic lexer. */
export interface LexicalRules {
  /** Class of every byte value (one of `Byte`). */
  readonly classes: Uint8Array
  /** Hashes of keywords. */
  readonly keywords: ReadonlySet<number>
  /** 256 bits that say which low bytes of a hash can be a keyword at all. */
  readonly keywordBits: Uint8Array
  /** `//` and block comments. */
  readonly slashComments: boolean
  /** `/regular expressions/` where an operand may begin. */
  readonly regex: boolean
  /** Three quotes open a string over several lines. */
  readonly tripleQuotes: boolean
  /** Strings between plain quotes may run over lines. */
  readonly longStrings: boolean
  /** Which words are names that a renaming does not touch: those after `.` (and keys), all but variables, or all. */
  readonly anchors: 'all' | 'commands' | 'members'
  readonly backtick: 'none' | 'raw' | 'template'
  /** `r"…"`, `b'…'`, `f"…"`. */
  readonly prefixes: boolean
  /** Text of no known language: an apostrophe inside a word opens no string. */
  readonly apostrophes: boolean
  /** `<# … #>`. */
  readonly angleComments: boolean
}

const C_WORDS =
  'if else for while do switch case default break continue return goto sizeof struct union enum typedef static const void int char long short unsigned signed float double extern volatile inline class public private protected namespace template typename using new delete this virtual override bool true false try catch throw operator auto nullptr register'
const JAVASCRIPT_WORDS =
  'if else for while do switch case default break continue return function var let const new delete typeof instanceof in of this class extends super import export from async await yield try catch finally throw void null undefined true false static get set with debugger'
const PYTHON_WORDS =
  'if elif else for while break continue return def class import from as with try except finally raise pass lambda yield global nonlocal assert del in is not and or None True False async await self'
const GO_WORDS =
  'if else for range switch case default break continue return func var const type struct interface map chan go defer select package import fallthrough goto nil true false string int byte error bool'
const JAVA_WORDS =
  'if else for while do switch case default break continue return class interface enum extends implements public private protected static final abstract synchronized volatile transient native new this super void int char long short byte float double boolean try catch finally throw throws import package instanceof null true false assert fun val when object override'
const SHELL_WORDS = 'if then else elif fi for while until do done case esac in function return local export select'
const POWERSHELL_WORDS =
  'if else elseif for foreach while do switch break continue return function param begin process end try catch finally throw in filter'
const RUBY_WORDS =
  'if elsif else unless while until for in do end def class module return yield begin rescue ensure raise self nil true false and or not then case when require super lambda proc'
const PHP_WORDS = `${C_WORDS} function echo foreach as elseif endif endforeach var abstract interface extends implements final use require require_once include include_once array null global isset empty instanceof`
const YARA_WORDS =
  'rule meta strings condition private global import include and or not any all of them at in for filesize entrypoint true false ascii wide nocase fullword xor base64 base64wide uint8 uint16 uint32 uint16be uint32be int8 int16 int32'

type Change = Partial<Omit<LexicalRules, 'classes' | 'keywordBits' | 'keywords'>> & {
  readonly words: string
  readonly comment?: string
  readonly quotes?: string
  readonly wordBytes?: string
}

function rules(change: Change): LexicalRules {
  const { words, comment = '', quotes = '\'"', wordBytes = '$', ...switches } = change
  const keywords = new Set(words === '' ? [] : words.split(' ').map(hashAscii))
  const keywordBits = new Uint8Array(256)
  for (const hash of keywords) keywordBits[hash & 255] = 1
  return {
    slashComments: false,
    regex: false,
    tripleQuotes: false,
    longStrings: false,
    anchors: 'members',
    backtick: 'none',
    prefixes: false,
    apostrophes: false,
    angleComments: false,
    ...switches,
    keywords,
    keywordBits,
    classes: classesOf(quotes, comment, wordBytes, switches.backtick ?? 'none'),
  }
}

function classesOf(quotes: string, comment: string, wordBytes: string, backtick: string): Uint8Array {
  const classes = new Uint8Array(256)
  for (let byte = 33; byte < 127; byte++) classes[byte] = Byte.single
  for (let byte = 128; byte < 256; byte++) classes[byte] = Byte.word
  const put = (characters: string, as: number): void => {
    for (const character of characters) classes[character.charCodeAt(0)] = as
  }
  put('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', Byte.word)
  put('0123456789', Byte.digit)
  put('=!<>&|+-*%^~?:', Byte.operator)
  put(wordBytes, Byte.word)
  put('/', Byte.slash)
  put('<', Byte.less)
  put('\'"', quotes === '' ? Byte.space : Byte.single)
  put('`', quotes === '' ? Byte.space : Byte.single)
  put(quotes, Byte.quote)
  put(comment, Byte.lineComment)
  if (backtick !== 'none') put('`', Byte.backtick)
  return classes
}

const PROSE: Change = { words: '', quotes: '', wordBytes: '', anchors: 'all' }

const generic = rules({
  words: `${C_WORDS} function var let from import typeof in of`,
  slashComments: true,
  apostrophes: true,
})

/** The switches of every language. A binary is reduced to its strings first and then read as generic code. */
export const RULES: Readonly<Record<Language, LexicalRules>> = {
  generic,
  binary: generic,
  c: rules({ words: C_WORDS, slashComments: true }),
  go: rules({ words: GO_WORDS, slashComments: true, backtick: 'raw' }),
  java: rules({ words: JAVA_WORDS, slashComments: true, tripleQuotes: true }),
  javascript: rules({ words: JAVASCRIPT_WORDS, slashComments: true, regex: true, backtick: 'template' }),
  php: rules({ words: PHP_WORDS, slashComments: true, comment: '#', longStrings: true }),
  powershell: rules({
    words: POWERSHELL_WORDS,
    comment: '#',
    longStrings: true,
    anchors: 'commands',
    angleComments: true,
  }),
  python: rules({ words: PYTHON_WORDS, comment: '#', wordBytes: '', tripleQuotes: true, prefixes: true }),
  ruby: rules({ words: RUBY_WORDS, comment: '#', wordBytes: '$@', longStrings: true }),
  shell: rules({ words: SHELL_WORDS, comment: '#', longStrings: true, anchors: 'commands' }),
  text: rules(PROSE),
  yaml: rules({ ...PROSE, comment: '#' }),
  yara: rules({ words: YARA_WORDS, quotes: '"', slashComments: true, regex: true }),
}
