import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { numbersFrom, trialCopy, trialWord } from '../../internal/trial.ts'
import { planOf } from '../../internal/real-files.ts'
import type { PlanFile } from '../../site.ts'

const found = spawnSync('ruby', ['-e', 'print RbConfig::CONFIG["rubylibdir"]'], { encoding: 'utf8' })
const library = found.status === 0 ? found.stdout : ''
if (library === '') console.warn('SKIPPED: copies of Ruby programs and libraries are not run (install ruby)')

const fixture = join(import.meta.dirname, '../../../fixtures/ruby/lantern.rb')

/** Uses of Ruby's own libraries whose answers are compared. */
const DRIVER = `
require 'erb'; require 'getoptlong'; require 'ipaddr'; require 'optparse'; require 'ostruct'; require 'pstore'
require 'set'; require 'shellwords'; require 'time'; require 'uri'; require 'find'; require 'tempfile'; require 'net/http'
require 'csv'
def tell(label) = puts("#{label}: #{yield.inspect}")
def fail_with(label) = tell(label) { begin; yield; rescue StandardError => e; [e.class, e.message]; end }
tell('erb') { ERB.new("<% 3.times do |i| -%>\\n<%= i %>,<%# no %>\\n<% end -%>\\n%x\\n<%% y", trim_mode: '-').result }
tell('erb2') { ERB.new("% 2.times do |i|\\n<%= ERB::Util.h('<&>') %>\\n% end\\n", trim_mode: '%<>').result }
tell('escape') { ERB::Util.url_encode("a b/\\u00e9?") }
ARGV.replace(['--name', 'x', '-vv', '--size=3', 'rest'])
tell('getopt') { o = GetoptLong.new(['--name', '-n', GetoptLong::REQUIRED_ARGUMENT], ['--verbose', '-v', GetoptLong::NO_ARGUMENT], ['--size', GetoptLong::OPTIONAL_ARGUMENT]); r = []; o.each { |k, v| r << [k, v] }; [r, ARGV] }
a = IPAddr.new('192.168.2.0/24')
tell('ip') { [a.include?('192.168.2.77'), a.to_s, a.to_range.to_a.size, a.reverse, a.ipv4_mapped.to_s, a | 3, ~a, a.succ, a <=> IPAddr.new('10.0.0.1'), a.private?, a.loopback?, a.prefix, a.hton] }
tell('ip6') { b = IPAddr.new('3ffe:505:2::1'); [b.ip6_arpa, b.ip6_int, b.mask(48).to_string, b.link_local?, b.native.to_s, b.eql?(b.dup), b.hash == b.dup.hash] }
fail_with('ipbad') { IPAddr.new('300.1.1.1') }
fail_with('ipbad6') { IPAddr.new('::1::2') }
tell('opt') { h = {}; q = OptionParser.new { |p| p.banner = 'B'; p.separator ' s'; p.on('-a', '--all [X]', Integer, 'every') { |v| h[:a] = v }; p.on('--[no-]colour', 'c') { |v| h[:c] = v }; p.on('-t', '--type TYPE', %i[one two]) { |v| h[:t] = v } }; rest = q.parse(%w[-a3 --no-colour --ty one z]); [h, rest, q.help, q.summarize] }
fail_with('optbad') { OptionParser.new { |p| p.on('--num N', Float) }.parse(%w[--num x]) }
fail_with('optamb') { OptionParser.new { |p| p.on('--abc'); p.on('--abd') }.parse(%w[--ab]) }
tell('ostruct') { o = OpenStruct.new(a: 1, 'b' => 2); o.c = 3; o[:d] = { e: 4 }; o.delete_field(:a); [o, o.dig(:d, :e), o.to_h, o == o.dup, o.respond_to?(:b=), o.each_pair.to_a] }
Dir.mktmpdir do |d|
  s = PStore.new("#{d}/p"); s.transaction { s[:a] = [1, 2]; s[:b] = 'x' }
  tell('pstore') { s.transaction(true) { [s.roots, s[:a], s.fetch(:b), s.root?(:z)] } }
  s.transaction { s.delete(:a); s.abort }
  fail_with('pstorero') { s.transaction(true) { s[:q] = 1 } }
  File.write("#{d}/f", 'z'); Dir.mkdir("#{d}/g"); File.write("#{d}/g/h", 'z')
  tell('find') { Find.find(d).map { |f| f.delete_prefix(d) }.sort }
  t = Tempfile.new(['zq', '.txt'], d); t.write('abc'); t.flush
  tell('tempfile') { [t.length, File.extname(t.path), t.close, t.unlink, t.path] }
end
x = Set[3, 1, 2]
tell('set') { [x | [9], x & [1], x - [2], x ^ [1, 7], x.subset?(Set[1, 2, 3, 4]), x <=> Set[1], x.add?(3), x.delete(3).to_a, x.partition(&:odd?), x.classify(&:even?), x.group_by(&:even?), x.divide { |i| i % 2 }, Set[Set[1], 2].flatten, x.join('-'), x.disjoint?([5]), x.inspect] }
fail_with('setbad') { Set.new(3) }
tell('shell') { ["it's a \\"b c\\" d\\\\ e".then { |w| w.tr("'", '') }.shellsplit, Shellwords.escape("a b'c"), %w[a b\\ c].shelljoin] }
fail_with('shellbad') { 'a "b'.shellsplit }
tell('time') { [Time.iso8601('2011-10-05T22:26:12-04:00').utc, Time.rfc2822('Wed, 05 Oct 2011 22:26:12 -0400').utc, Time.httpdate('Thu, 06 Oct 2011 02:26:12 GMT'), Time.parse('2011-10-05 22:26 UTC'), Time.strptime('2000-10-31', '%Y-%m-%d').day, Time.at(0).utc.xmlschema(3), Time.at(0).utc.rfc2822, Time.at(0).utc.httpdate] }
fail_with('timebad') { Time.iso8601('x') }
u = URI('http://user@example.invalid:81/a/b/../c?q=1#f')
tell('uri') { [u.normalize.to_s, (u + '../d').to_s, u.route_to('http://user@example.invalid:81/a/z').to_s, u.select(:host, :port), u.userinfo, u.opaque, u.hostname, u.absolute?, u == URI(u.to_s), u.merge("//h/x").to_s, u.component, u.find_proxy] }
fail_with('uribad') { URI('http://a b/') }
fail_with('uriport') { u.port = 'x' }
q = Net::HTTP::Post.new('/p', 'X-A' => '1'); q.set_form_data({ 'a' => '1', 'b' => '2 3' }); q.basic_auth('u', 'p')
tell('http') { [q.body, q.to_hash, q.method, q.request_body_permitted?, q.inspect, Net::HTTP.new('h', 81).inspect, Net::HTTP.new('h').use_ssl?] }
out = StringIO.new; io = Net::BufferedIO.new(out); q.exec(io, '1.1', '/p')
tell('sent') { out.string }
row = CSV::Row.new(%w[a b a], [1, 2, 3])
tell('csv') { [row['a'], row.field('a', 1), row.fetch('b'), row.to_h, row << ['c', 4], row.delete('b'), row.values_at('a', 'c'), row.index('c'), row.has_key?('z'), row.each_pair.to_a, row.dig('a'), row.to_s, row.inspect] }
fail_with('csvbad') { row.fetch('nope') }
`

const MODULES = [
  'csv/row',
  'erb',
  'find',
  'getoptlong',
  'ipaddr',
  'net/http',
  'net/http/generic_request',
  'net/protocol',
  'optparse',
  'ostruct',
  'pstore',
  'set',
  'shellwords',
  'tempfile',
  'time',
  'uri/generic',
]

function run(args: readonly string[], input: string): string {
  const { stdout, stderr, status } = spawnSync('ruby', [...args], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], TZ: 'UTC' },
  })
  return `${status}\n${stdout}\n${stderr}`
}

/** All-last, then `count` random codewords; the same word for every file of a round. */
function rounds(count: number): ((file: PlanFile) => string)[] {
  const last = (file: PlanFile): string =>
    trialCopy(file, new Map(file.sites.map((site) => [site.id, site.variants.length - 1])))
  const random = Array.from(
    { length: count },
    (_, round) =>
      (file: PlanFile): string =>
        trialCopy(file, trialWord(file, numbersFrom(100 + round))),
  )
  return [last, ...random]
}

describe.skipIf(library === '')('copies do what the original does', () => {
  it('a program of our own: 20 random codewords, apart from the declared values', async () => {
    const plan = await planOf(fixture)
    const file = { ...plan, sites: plan.sites.filter((site) => site.pool !== 'wire') }
    const original = run(['-'], file.text.replace('$PROGRAM_NAME == __FILE__', 'true'))
    expect(original).toMatch(/^0\nPOST .*lantern_session=lt-[0-9a-f]{14}/s)
    for (const render of rounds(20)) {
      const copy = run(['-'], render(file).replace('$PROGRAM_NAME == __FILE__', 'true'))
      expect(copy.split('\n').filter((line) => !unordered(line))).toEqual(
        original.split('\n').filter((line) => !unordered(line)),
      )
      expect(parts(copy)).toEqual(parts(original))
    }
  }, 60_000)

  it("sixteen of Ruby's own libraries: their answers to 40 questions, 20 random codewords", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ruby-'))
    try {
      const plans = await Promise.all(
        MODULES.map(async (name) => ({ name, file: await planOf(join(library, `${name}.rb`)) })),
      )
      expect(plans.reduce((sum, { file }) => sum + file.sites.length, 0)).toBeGreaterThan(350)
      for (const name of ['net', 'uri', 'csv', 'csv.rb'])
        cpSync(join(library, name), join(folder, name), { recursive: true, dereference: true })
      const args = ['-W0', '-I', folder, '-']
      const original = run(args, DRIVER)
      expect(original).toMatch(/^0\n/)
      for (const render of rounds(20)) {
        for (const { name, file } of plans) writeFileSync(join(folder, `${name}.rb`), render(file))
        expect(run(args, DRIVER)).toBe(original)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 120_000)
})

/** Header lines and the form, whose order is a mark. */
function unordered(line: string): boolean {
  return /^[A-Z][\w-]+: |=.*&/.test(line)
}

function parts(output: string): string[] {
  return output
    .split('\n')
    .filter(unordered)
    .flatMap((line) => line.trim().split('&'))
    .sort()
}

it('the fixture is a program, not a text about one', () => {
  expect(readFileSync(fixture, 'utf8')).toContain('if $PROGRAM_NAME == __FILE__')
})
