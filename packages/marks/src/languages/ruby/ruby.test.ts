import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkCopy } from '../../check-copy.ts'
import { findSites, readFile } from '../../find-sites.ts'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { readSample } from '../../read-sample.ts'
import { createPlan } from '../../plan.ts'
import { ruby } from './language.ts'

const fixture = readFileSync(join(import.meta.dirname, '../../../fixtures/ruby/lantern.rb'), 'utf8')

/** Enough unmistakable code around a piece that it could be read back if it were safe to mark. */
const method = (body: string): string => `require 'fileutils'

def collect(archive, base)
  manifest = File.join(base, 'manifest-v7.json')
  return nil unless archive.start_with?('zq-archive')

${body}
  FileUtils.touch("#{archive}.sealed-bundle")
  manifest.encode('utf-16le')
end
`
const inClass = (body: string): string => `class ZqRecorder
  def zq_open(socket)
    socket.zq_first('zq-lantern-open')
  end

${body}
end
`

async function kinds(text: string): Promise<string[]> {
  const { file } = await findSites('a.rb', text)
  return file.sites.map((site) => `${site.kind}: ${site.variants.map((variant) => variant.shown).join(' | ')}`)
}

async function kindsOf(text: string, kind: string): Promise<string[]> {
  return (await kinds(text)).filter((shown) => shown.startsWith(kind))
}

describe('Ruby: what is marked', () => {
  it.each([
    ['two total bindings', "  marker = 'zq-lantern'\n  ceiling = 90_417", 'statement-order'],
    ['a total binding beside a call', "  marker = 'zq-lantern'\n  File.umask(0o027)", 'statement-order'],
    ['instance variables', "  @marker = 'zq-lantern'\n  @ceiling = 90_417", 'statement-order'],
    [
      'the end of a branch whose value nobody uses',
      "  if archive\n    @marker = 'zq-lantern'\n    @ceiling = 90_417\n  end",
      'statement-order',
    ],
    ['a searched word list', '  File.umask(23) if %w[zq-lantern zq-harbour].include?(archive)', 'member-order'],
    [
      'headers',
      "  headers = { 'X-Zq-Lantern' => archive, 'X-Zq-Harbour' => base }\n  base.umask(headers)",
      'member-order',
    ],
    [
      'patterns of one clause',
      "  case archive\n  when 'zq-lantern', 'zq-harbour'\n    File.umask(23)\n  end",
      'member-order',
    ],
    ['keywords of a library', "  base.spawn('zq-lantern', chdir: base, umask: 23)", 'member-order'],
    [
      'errors that are always defined',
      '  begin\n    base.zq_lantern\n  rescue TypeError, EOFError\n    File.umask(23)\n  end',
      'member-order',
    ],
    [
      'disjoint clauses',
      "  case archive\n  when 'zq-lantern'\n    File.umask(23)\n  when :zq_harbour\n    File.umask(24)\n  end",
      'case-order',
    ],
    ['a comparison with a length', '  File.umask(23) if archive.length > @zq_ceiling', 'comparison'],
    ['tests that guard nothing', '  File.umask(23) if @zq_lantern && base.nil?', 'condition-order'],
    ['a sum of lengths', '  File.umask(archive.length + base.size)', 'operand-order'],
    ['a local with synonyms', '  message = archive.zq_lantern\n  File.umask(message)', 'local-name'],
    ['a block parameter with synonyms', '  archive.zq_each { |message| File.umask(message) }', 'local-name'],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(method(body), kind)).toHaveLength(1)
  })

  it('neighbouring methods, with the comments that speak of them', async () => {
    const { file } = await findSites(
      'a.rb',
      inClass("  # says so\n  def zq_close(socket)\n    socket.zq_second('zq-harbour-close')\n  end"),
    )
    const site = file.sites.find((one) => one.kind === 'function-order')
    expect(site?.variants[1]?.shown).toBe('zq_close before zq_open')
    expect(file.text.slice(site?.parts?.[1]?.start)).toMatch(/^# says so\n {2}def zq_close/)
  })

  it('requires of libraries that do not know each other, and readers', async () => {
    const text = `require 'json'\nrequire 'socket'\n\n${inClass('  attr_reader :zq_lantern, :zq_harbour\n')}`
    expect(await kindsOf(text, 'import-order')).toHaveLength(1)
    expect(await kindsOf(text, 'member-order')).toHaveLength(1)
  })
})

describe('Ruby: what is left alone', () => {
  it.each([
    ['two calls', '  File.umask(23)\n  base.sync', 'statement-order'],
    ['a binding the call mentions', "  marker = 'zq-lantern'\n  File.umask(marker)", 'statement-order'],
    [
      'a binding a block may see',
      "  marker = 'zq-lantern'\n  File.umask(23)\n  base.later { marker }",
      'statement-order',
    ],
    ['a binding of a method call', '  marker = zq_lantern\n  ceiling = zq_harbour', 'statement-order'],
    [
      'an instance variable beside a call, which may read it',
      "  @marker = 'zq-lantern'\n  File.umask(23)",
      'statement-order',
    ],
    [
      'the last statement of a branch that is a value',
      "  base.zq = if archive\n    @marker = 'zq-lantern'\n    @ceiling = 90_417\n  end",
      'statement-order',
    ],
    ['the last statement of a block', "  base.zq { @marker = 'zq-lantern'\n    @ceiling = 90_417 }", 'statement-order'],
    [
      'a binding that a rescue may see',
      "  begin\n    marker = 'zq-lantern'\n    File.umask(23)\n    base.zq_end\n  rescue IOError\n    base.say(marker)\n  end",
      'statement-order',
    ],
    [
      'a binding that binding shows',
      "  marker = 'zq-lantern'\n  ceiling = 90_417\n  base.erb(binding)",
      'statement-order',
    ],
    [
      'a text that stands below its line',
      '  marker = <<~ZQ\n    lantern\n  ZQ\n  ceiling = 90_417\n  base.umask(ceiling)',
      'statement-order',
    ],
    ['an attribute, which is a method', "  base.marker = 'zq-lantern'\n  base.ceiling = 90_417", 'statement-order'],
    [
      'a hash somebody may walk',
      '  basket = { zq_lantern: archive, zq_harbour: base }\n  base.umask(basket)',
      'member-order',
    ],
    [
      'keywords of a method that may keep their order',
      '  base.zq(zq_lantern: archive, zq_harbour: base)',
      'member-order',
    ],
    ['values that are calls', '  headers = { a: zq_lantern, b: zq_harbour }\n  base.umask(headers)', 'member-order'],
    ['a list that is no search', "  base.umask(['zq-lantern', 'zq-harbour'])", 'member-order'],
    [
      'errors that may not be loaded',
      '  begin\n    base.zq_lantern\n  rescue LoadError, ZqError\n    File.umask(23)\n  end',
      'member-order',
    ],
    [
      'clauses that may match the same',
      "  case archive\n  when /zq-lantern/\n    File.umask(23)\n  when 'zq-lantern'\n    File.umask(24)\n  end",
      'case-order',
    ],
    [
      'equal clauses in two spellings',
      '  case archive\n  when \'zq-lantern\'\n    File.umask(23)\n  when "zq-lantern"\n    File.umask(24)\n  end',
      'case-order',
    ],
    [
      'a clause with a comment at its end',
      "  case archive\n  when 'zq-a'\n    File.umask(23)\n    # next\n  when 'zq-b'\n    File.umask(24)\n  end",
      'case-order',
    ],
    ['a comparison of unknown things', '  File.umask(23) if archive < base', 'comparison'],
    ['a comparison with a call', '  File.umask(23) if archive.length > base.zq_read', 'comparison'],
    ['a comparison with a literal', '  File.umask(23) if archive.length > 90_417', 'comparison'],
    [
      'a name that is a method before it is a local',
      '  File.umask(message)\n  message = archive.zq_lantern\n  File.umask(message)',
      'local-name',
    ],
    [
      'a name bound in a block only',
      '  base.each { message = 1; File.umask(message) }\n  File.umask(message)',
      'local-name',
    ],
    ['a test that guards another', '  File.umask(23) if archive && archive.zq_lantern?', 'condition-order'],
    ['a choice of values', '  File.umask(@zq_lantern || base)', 'condition-order'],
    ['a sum that may be of texts', '  File.umask(archive + base)', 'operand-order'],
    ['a sum with a literal', '  File.umask(archive.length + 90_417)', 'operand-order'],
    ['a name called with arguments', '  message = archive.zq_lantern\n  message(message)', 'local-name'],
    ['a name that is its own key', '  message = archive.zq_lantern\n  base.umask(message:)', 'local-name'],
    ['a name that eval may use', '  message = archive.zq_lantern\n  eval(archive, message)', 'local-name'],
    [
      'a name that a match binds',
      "  message = 'zq'\n  /(?<message>lantern)/ =~ archive\n  File.umask(message)",
      'local-name',
    ],
  ])('%s', async (_, body, kind) => {
    expect(await kindsOf(method(body), kind)).toEqual([])
  })

  it.each([
    [
      'a method of which a call before it speaks',
      "class Zq\n  desc 'zq-lantern'\n  def a\n    zq_first('zq-lantern')\n  end\n\n  def b\n    zq_second('zq-harbour')\n  end\nend\n",
    ],
    ['methods defined twice', "def a\n  zq_first('zq-lantern')\nend\n\ndef a\n  zq_second('zq-harbour')\nend\n"],
    [
      'methods that somebody lists',
      "def a\n  zq_first('zq-lantern')\nend\n\ndef b\n  zq_second('zq-harbour', self.class.instance_methods)\nend\n",
    ],
    [
      'methods made private by a call',
      "class Zq\n  private def a\n    zq_first('zq-lantern')\n  end\n\n  private def b\n    zq_second('zq-harbour')\n  end\nend\n",
    ],
  ])('%s', async (_, text) => {
    expect(await kindsOf(text, 'function-order')).toEqual([])
  })

  it('keyword parameters, which callers name', async () => {
    const text = "def send(message: 'zq-lantern')\n  zq_first(message)\n  zq_second(message)\nend\n"
    expect(await kindsOf(text, 'local-name')).toEqual([])
  })
})

describe('Ruby: declared marks', () => {
  it.each([
    ["a = 'lt-' # sigillo:mark derived lt- | ls-", "a = 'ls-'"],
    ['a = "lt-" # sigillo:mark derived lt- | "l\\"#{s}"', 'a = "l\\x22\\x23{s}"'],
    ['a = 4000 # sigillo:mark tuning 4000 | 5000', 'a = 5000'],
  ])('%s', async (line, shown) => {
    const { file } = await findSites(
      'a.rb',
      `zq_first(socket, 'zq-lantern', zq.inventory)\n${line}\nzq_second(socket, a, 'zq-harbour', zq.folder)\n`,
    )
    expect(trialCopy(file, new Map(file.sites.map((site) => [site.id, 1])))).toContain(shown)
  })

  it.each([
    "a = 'lt-' # sigillo:mark derived lt- | l's",
    'a = "lt-#{b}" # sigillo:mark derived lt- | ls-',
    'a = 4 # sigillo:mark tuning 4 | four',
  ])('refuses %s', async (line) => {
    await expect(findSites('a.rb', `${line}\n`)).rejects.toMatchObject({ code: 'bad-declaration' })
  })
})

describe('a Ruby program', () => {
  it('carries marks of every kind', async () => {
    const { file } = await findSites('poc/lantern.rb', fixture)
    expect(file.sites.length).toBeGreaterThan(65)
    expect(new Set(file.sites.map((site) => site.kind))).toEqual(
      new Set([
        'derived',
        'essential',
        'import-order',
        'member-order',
        'case-order',
        'statement-order',
        'function-order',
        'comparison',
        'local-name',
        'parameter-name',
      ]),
    )
  })

  it('reads back from 200 random codewords; every copy is sound', async () => {
    const { file } = await findSites('poc/lantern.rb', fixture)
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
    const { file } = await findSites('poc/lantern.rb', fixture)
    const readings = await readSample(createPlan('lantern', [file]), [{ path: 'dump', text: file.text }])
    expect(readings.filter((reading) => reading.variant === null)).toEqual([])
  })
})

describe('hostile texts', () => {
  it.each(['', '\0', 'def', 'end end end', '<<~A', '%w[', '"#{"#{', 'case\nwhen', '('.repeat(3000)])(
    'takes %j without harm',
    async (text) => {
      await findSites('a.rb', text).catch((error: unknown) => expect(error).toMatchObject({ name: 'MarksError' }))
      expect(await ruby.resembles?.(text)).toBeLessThanOrEqual(1)
    },
  )
})
