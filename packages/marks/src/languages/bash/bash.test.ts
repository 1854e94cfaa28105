import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { createPlan } from '../../plan.ts'
import { readSample } from '../../read-sample.ts'
import { bash } from './language.ts'

const fixture = readFileSync(join(import.meta.dirname, '../../../fixtures/bash/lantern.sh'), 'utf8')

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const script = (body: string): string => `#!/bin/bash
collect() {
  mkdir -p "$1/zq-manifest-v7"
  [[ -d $1 ]] || return 1
${body}
  [[ -f $1.zq-done ]] || return 2
  tar --zstd -cf "$1.sealed-bundle" zq-archive
  touch "$1/zq-finished"
}
collect "$@"
`

async function kindsOf(text: string, kind: string): Promise<string[]> {
  const { file } = await findSites('a.sh', text)
  const shown = file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
  return shown.filter((line) => line.startsWith(kind))
}

describe('Bash: what is marked', () => {
  it.each([
    ['two literal assignments', "  marker='zq-lantern'\n  ceiling=90417", 'statement-order'],
    ['declarations', "  readonly marker='zq-lantern'\n  readonly ceiling=90417", 'statement-order'],
    ['a literal assignment beside a command', "  marker='zq-lantern'\n  chmod 0640 zq-harbour", 'statement-order'],
    ['names that one local declares', "  local marker='zq-lantern' ceiling=90417", 'member-order'],
    ['alternatives of a case', '  case $2 in\n    zq-lantern | zq-harbour) sync ;;\n  esac', 'member-order'],
    ['options that do not know each other', '  curl -o zq-lantern -A zq-harbour "$2"', 'member-order'],
    ['headers of different names', "  curl -H 'X-Zq-Lantern: 1' -H 'X-Zq-Harbour: 2' \"$2\"", 'member-order'],
    [
      'cases that exclude each other',
      '  case $2 in\n    zq-lantern)\n      sync\n      ;;\n    zq-harbour) sleep 3 ;;\n  esac',
      'case-order',
    ],
    ['a test of numbers', '  [ "$zq_lantern" -lt "$zq_harbour" ] && sync', 'comparison'],
    ['arithmetic', '  ((zq_lantern <= zq_harbour)) && sync', 'comparison'],
    ['a local with synonyms', '  local message=$2\n  printf "%s" "$message"', 'local-name'],
    ['a name that read sets', '  local message\n  read -r message\n  printf "%s" "$message"', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(script(body), kind)).toHaveLength(1)
  })

  it('neighbouring functions, with the comments that speak of them', async () => {
    const text = `${script('')}\n# says so\nreport() {\n  printf zq-report-lantern\n}\nother() {\n  printf zq-report-harbour\n}\n`
    const { file } = await findSites('a.sh', text)
    const site = file.sites.find((one) => one.kind === 'function-order')
    expect(site?.variants[1]?.shown).toBe('other before report')
    expect(file.text.slice(site?.parts?.[0]?.start)).toMatch(/^# says so\nreport/)
  })

  it('a variable of a script without functions', async () => {
    const text = `message='zq-lantern'\nmkdir -p "$1/zq-manifest-v7"\nprintf "%s" "$message"\nlogger -t zq-harbour "$message"\n`
    expect(await kindsOf(text, 'local-name')).toHaveLength(1)
  })
})

describe('Bash: what is left alone', () => {
  it.each([
    ['two commands', '  sync zq-lantern\n  sleep 3', 'statement-order'],
    ['an assignment the command uses', '  marker=zq-lantern\n  chmod 0640 "$marker"', 'statement-order'],
    ['an assignment from a command', '  marker=$(date)\n  ceiling=$(uname)', 'statement-order'],
    ['an assignment that a pattern could fill', '  marker=(zq-*)\n  ceiling=(zq-lantern?)', 'statement-order'],
    [
      'an assignment beside a function, which may use it',
      "  marker='zq-lantern'\n  collect zq-harbour",
      'statement-order',
    ],
    [
      'an exported assignment beside a command',
      "  export marker\n  sync\n  marker='zq-lantern'\n  chmod 0640 zq",
      'statement-order: marker',
    ],
    ['variables of the shell itself', '  IFS=zq-lantern\n  PATH=zq-harbour', 'statement-order'],
    ['a status that is asked for', "  marker='zq-lantern'\n  chmod 0640 zq\n  echo $?", 'statement-order: marker'],
    ['a command in the background', "  chmod 0640 zq &\n  marker='zq-lantern'", 'statement-order'],
    [
      'a command with a text below it',
      "  marker='zq-lantern'\n  cat <<EOF\nzq-harbour\nEOF",
      'statement-order: marker',
    ],
    ['assignments that eval may see', '  marker=\'zq-lantern\'\n  ceiling=90417\n  eval "$2"', 'statement-order'],
    ['a local that builds on another', '  local marker=$2 ceiling=$marker-zq', 'member-order'],
    ['alternatives that are patterns', '  case $2 in\n    zq-* | zq-lantern) sync ;;\n  esac', 'member-order'],
    ['options of unknown commands', '  zqtool -o zq-lantern -A zq-harbour "$2"', 'member-order'],
    ['data, which comes in order', '  curl -d a=zq-lantern -d b=zq-harbour "$2"', 'member-order'],
    ['one header twice', "  curl -H 'X-Zq: zq-lantern' -H 'x-zq: zq-harbour' \"$2\"", 'member-order'],
    ['cases that overlap', '  case $2 in\n    zq-lantern) sync ;;\n    zq-*) sleep 3 ;;\n  esac', 'case-order'],
    [
      'cases that differ by capitals only',
      '  case $2 in\n    zq-lantern) sync ;;\n    ZQ-lantern) sleep 3 ;;\n  esac',
      'case-order',
    ],
    [
      'a case that falls through',
      '  case $2 in\n    zq-lantern) sync zq-first-folder ;&\n    zq-harbour) logger zq-second-note ;;\n    *) touch zq-third ;;\n  esac',
      'case-order',
    ],
    ['a test of texts', '  [[ $zq_lantern < $zq_harbour ]] && sync', 'comparison'],
    ['an unquoted test', '  [ $zq_lantern -lt $zq_harbour ] && sync', 'comparison'],
    ['a test of commands', '  [ "$(zq_lantern)" -lt "$(zq_harbour)" ] && sync', 'comparison'],
    ['a test with a literal', '  [ "$zq_lantern" -lt 90417 ] && sync', 'comparison'],
    ['the head of a loop', '  for ((zq = 0; zq < zq_harbour; zq++)); do sync; done', 'comparison'],
    ['a name that is spelled out', '  local message=$2\n  declare -p message\n  printf "%s" "$message"', 'local-name'],
    [
      'a name in a text for another shell',
      '  local message=$2\n  bash -c \'echo $message\'\n  printf "%s" "$message"',
      'local-name',
    ],
    ['an exported name', '  local message=$2\n  export message\n  printf "%s" "$message"', 'local-name'],
    [
      'a name that comes from outside',
      '  printf "%s" "$message"\n  message=zq-lantern\n  printf "%s" "$message"',
      'local-name',
    ],
    ['a name that indirection may reach', '  local message=$2\n  printf "%s" "$message" "${!3}"', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(script(body), kind)).toEqual([])
  })

  it('a local that a called function sees', async () => {
    const text = `tell() {\n  printf 'zq-harbour %s' "$message"\n}\n${script('  local message=$2\n  tell "$message"')}`
    expect(await kindsOf(text, 'local-name')).toEqual([])
  })

  it('a script that the grammar cannot follow', async () => {
    expect(await kindsOf(`${fixture}\nif then (\n`, 'function-order')).toEqual([])
  })
})

describe('Bash: declared marks', () => {
  it.each([
    ["marker='lt-' # sigillo:mark derived lt- | ls-", "marker='ls-'"],
    ['marker="lt-$1" # sigillo:mark derived lt- | "l$\\"`"', 'marker="l\\$\\"\\`$1"'],
    ['marker=tenant # sigillo:mark essential tenant | domain', 'marker=domain'],
    ['marker=15 # sigillo:mark tuning 15 | 20', 'marker=20'],
  ])('%s', async (line, shown) => {
    const { file } = await findSites('a.sh', script(`${line}\n  zq_second "$marker" zq-harbour zq-folder`))
    expect(trialCopy(file, new Map(file.sites.map((site) => [site.id, 1])))).toContain(shown)
  })

  it.each([
    "marker='lt-' # sigillo:mark derived lt- | l's",
    'marker=tenant # sigillo:mark essential tenant | "a b"',
    'marker=15 # sigillo:mark tuning 15 | 015',
  ])('refuses %s', async (line) => {
    await expect(findSites('a.sh', `${line}\n`)).rejects.toMatchObject({ code: 'bad-declaration' })
  })
})

describe('a script written tightly', () => {
  it('parses, and its words are where they stand', async () => {
    const text = 'case $1 in\nzq) sync;;\n*)sleep 3\nesac\nmarker=zq-lantern\n'
    expect(await bash.parseError(text)).toBeNull()
    const literals = (await bash.literals?.(text))?.literals ?? []
    expect(literals.map(({ span, value }) => [text.slice(span.start, span.end), value])).toEqual([
      ['3', '3'],
      ['zq-lantern', 'zq-lantern'],
    ])
  })
})

describe('a Bash script', () => {
  it('carries marks of every kind', async () => {
    const { file } = await findSites('poc/lantern.sh', fixture)
    expect(file.sites.length).toBeGreaterThan(40)
    expect(new Set(file.sites.map((site) => site.kind))).toEqual(
      new Set([
        'preference',
        'essential',
        'member-order',
        'case-order',
        'statement-order',
        'function-order',
        'comparison',
        'local-name',
      ]),
    )
  })

  it('reads back from 200 random codewords; every copy is sound', async () => {
    const { file } = await findSites('poc/lantern.sh', fixture)
    const next = numbersFrom(5)
    for (let trial = 0; trial < 200; trial++) {
      const word = trialWord(file, next)
      const text = trialCopy(file, word)
      const readings = await readFile(file, { path: 'x', text })
      expect(readings.map((reading) => reading.variant)).toEqual(file.sites.map((site) => word.get(site.id)))
      if (trial % 20 === 0) expect(await checkCopy(file, text, (id) => word.get(id)!)).toEqual({ ok: true })
    }
  })

  it('is told from other languages by its content', async () => {
    const { file } = await findSites('poc/lantern.sh', fixture)
    const readings = await readSample(createPlan('lantern', [file]), [{ path: 'dump', text: file.text }])
    expect(readings.filter((reading) => reading.variant === null)).toEqual([])
  })

  it('a copy with its comparison turned round but not its operands is not sound', async () => {
    const { file } = await findSites('poc/lantern.sh', fixture)
    const forged = file.text.replace('"$attempt" -lt "$retries"', '"$attempt" -gt "$retries"')
    expect(await checkCopy(file, forged, () => 0)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/differs/),
    })
  })
})

describe('hostile texts', () => {
  it.each(['', '\0', 'if', '$((', '<<A', '${!', 'case in', '"$("$(', ';;;;'])('takes %j without harm', async (text) => {
    await findSites('a.sh', text).catch((error: unknown) => expect(error).toMatchObject({ name: 'MarksError' }))
    expect(await bash.resembles?.(text)).toBeLessThanOrEqual(1)
  })
})
