#!/usr/bin/env ruby
# frozen_string_literal: true

# mailgrab: sits down at somebody else's desk in a local Posta sandbox,
# carries a folder away and looks for the planted marker.

%w[net/http json digest/md5 openssl optparse securerandom time].each { |lib| require lib }

Halt = Class.new(RuntimeError) do
  attr_reader :rc

  def initialize(text, rc = 1)
    super(text)
    @rc = rc
  end
end

# Bytes in, bytes out. Knows nothing about mail.
class Wire
  CAP = 1_048_576
  Answer = Struct.new(:code, :raw) do
    def good? = code.between?(100, 399)

    def tree
      JSON.parse(raw).then { |t| t.is_a?(Hash) ? t : raise(Halt, "unexpected reply layout") }
    rescue JSON::ParserError
      raise Halt, "reply (#{code}) could not be decoded"
    end
  end

  def initialize(port)
    raise Halt.new("port out of range", 2) unless (1..0xffff).cover?(port)

    @port = port
  end

  def call(verb, uri, fields, entity)
    http = Net::HTTP.new("127.0.0.1", @port, nil)
    http.max_retries = 0
    %i[open_timeout= read_timeout= write_timeout=].each { |setter| http.public_send(setter, 20) }
    buffer = String.new(encoding: Encoding::BINARY)
    code = nil
    http.start do
      http.request(envelope(verb, uri, fields, entity)) do |res|
        res["server"].to_s.start_with?("posta-toy/") or raise Halt.new("peer is something else", 2)
        code = Integer(res.code, 10)
        res.read_body { |piece| (buffer << piece.b).bytesize > CAP and raise Halt, "oversized reply" }
      end
    end
    Answer.new(code, buffer.force_encoding("UTF-8").scrub("?"))
  rescue SystemCallError, IOError, SocketError, Timeout::Error, Net::ProtocolError,
         Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError => e
    raise Halt, "connection trouble (#{e.class}) during #{verb}"
  end

  private

  def envelope(verb, uri, fields, entity)
    fields = fields.merge("accept-encoding" => "identity")
    fields = fields.merge("content-length" => "0") if verb == "PUT" && !entity
    Net::HTTPGenericRequest.new(verb, !entity.nil?, true, uri, fields).tap do |req|
      req.body = entity if entity
    end
  end
end

# Everything computed from the slip that hangs on the public notice board.
class Slip
  # RFC 4648 url alphabet, with both cases folded together.
  GLYPHS = [*"a".."z", *"a".."z", *"0".."9", "-", "_"].freeze

  def initialize(code)
    @code = code
  end

  def to_s = @code

  def desk
    bits = Digest::MD5.digest(@code).unpack1("B*")
    bits += "0" until (bits.size % 6).zero?
    bits.scan(/.{6}/).inject("lnk-") { |out, six| out + GLYPHS[six.to_i(2)] }
  end

  def stamp
    once = [Time.now.getutc.iso8601.delete(":-"), format("%012x", SecureRandom.random_number(1 << 48))].join(".")
    mac = OpenSSL::HMAC.digest(OpenSSL::Digest.new("SHA384"), @code, ["transfer", once].join(":"))
    { "x-posta-signature" => mac.unpack1("H39"), "x-posta-nonce" => once }
  end
end

# Turns a line of the table below into a request.
class Desk
  # name: [verb, path, fixed query, headers, how the key is shown, tagged?]
  CALLS = {
    hello:  ["GET",   "status",            { probe: "ping" },                          {}, nil, true],
    notice: ["GET",   "board",             { audience: "personnel" },                  {}, nil, true],
    enter:  ["POST",  "door/handoff",      {},                                         {}, nil, false],
    racks:  ["GET",   "classic/folders",   { view: "brief" },
             { "accept" => "application/vnd.posta.register+json" }, :header, true],
    peek:   ["QUERY", "messages",          { channel: "socket", order: "alphabetical" }, {}, :header, false],
    jot:    ["POST",  "drafts",            {}, { "x-posta-priority" => "regular" },        :header, false],
    crate:  ["POST",  "governance/export", {},                                         {}, :header, false],
    haul:   ["GET",   "export/%s",         { source: "repository" },                   {}, :cookie, true],
    shred:  ["PUT",   "purge/%s",          { commit: "lazy", acting: "owner" },        {}, :header, false],
    exit:   ["POST",  "close",             {},                                         {}, :header, false]
  }.freeze

  attr_writer :key

  def initialize(wire)
    @wire = wire
    @serial = SecureRandom.rand(100..800)
  end

  def tag
    ["req", @serial += 1, SecureRandom.hex(5)].join("-")
  end

  def ask(name, *slots, query: {}, headers: {}, entity: nil, lenient: false)
    verb, path, fixed, own, shown, tagged = CALLS.fetch(name)
    pairs = query.merge(fixed)
    pairs = { id: tag }.merge(pairs) if tagged
    uri = "/" + format(path, *slots.map { |s| pct(s, "/") })
    uri += "?" + pairs.map { |k, v| "#{k}=#{pct(v)}" }.join("&") unless pairs.empty?
    reply = @wire.call(verb, uri, [common, own, badge(shown), headers].inject(:merge), entity)
    return reply if lenient || reply.good?

    raise Halt, "#{name} turned down (#{reply.code}): #{reply.raw.slice(0, 60).inspect}"
  end

  def ask_form(name, pairs, headers: {}, **rest)
    ask(name, entity: pairs.map { |k, v| "#{k}=#{pct(v)}" }.join("&"),
              headers: headers.merge("content-type" => "application/x-www-form-urlencoded"), **rest)
  end

  private

  def pct(text, spare = "")
    text.to_s.b.gsub(/[^\w.~-]/n) { |c| spare.include?(c) ? c : format("%%%02X", c.ord) }
  end

  def common
    { "accept-language" => "fr-CA", "x-request-id" => tag, "x-posta-client" => "widget",
      "user-agent" => "Mozilla/5.0 (compatible; mailgrab)" }
  end

  def badge(shown)
    case shown
    when :header then { "authorization" => "Badge #{@key}" }
    when :cookie then { "cookie" => "mailsid=#{@key}" }
    else {}
    end
  end
end

# Reads an export line by line.
class Crate
  include Enumerable
  Letter = Struct.new(:title, :lines) do
    def text = lines.join.strip
  end

  def initialize(raw)
    @letters = []
    inside = false
    raw.each_line do |line|
      if line.start_with?("From ") && line.end_with?("\n")
        @letters << Letter.new("", [])
        inside = false
      elsif @letters.empty? then next
      elsif inside then @letters.last.lines << line
      elsif line == "\n" then inside = true
      elsif line =~ /\Asubject: (.*)/i then @letters.last.title = Regexp.last_match(1).chomp("\r")
      end
    end
  end

  def each(&) = @letters.each(&)

  def marker
    lazy.filter_map { |letter| letter.text[/posta canary [a-zA-Z\d-]+/] }.first
  end
end

opts = { who: "administrator", box: "restricted" }
cli = OptionParser.new("usage: #{File.basename($PROGRAM_NAME)} -p PORT [-w ROLE] [-b FOLDER] [-n] [-j]") do |o|
  o.on("-p", "--port N", Integer, "sandbox port on this computer") { |v| opts[:port] = v }
  o.on("-H", "--host NAME", "accepted for convenience; must be this computer") { |v| opts[:host] = v }
  o.on("-w", "--role NAME", "kind of person to stand in for") { |v| opts[:who] = v }
  o.on("-b", "--folder NAME", "box to carry away") { |v| opts[:box] = v }
  o.on("-n", "--keep", "skip the clean-up") { opts[:litter] = true }
  o.on("-j", "--json", "machine-readable output") { opts[:machine] = true }
end

begin
  cli.parse!(ARGV)
  raise Halt.new(cli.banner, 2) unless opts[:port]
  raise Halt.new("this only talks to 127.0.0.1", 2) unless [nil, "127.0.0.1", "localhost"].include?(opts[:host])

  desk = Desk.new(Wire.new(opts[:port]))

  hello = desk.ask(:hello).tree
  raise Halt.new("peer is a real installation, leaving it alone", 2) unless hello["toy"].equal?(true)

  queue = desk.ask(:notice).tree["waiting"].to_a.group_by { |row| row["role"] }.fetch(opts[:who], [])
  raise Halt, "queue holds no #{opts[:who]}" if queue.empty?

  slip = Slip.new(queue.min_by { |row| row.fetch("since") }.fetch("ticket"))
  seat = desk.ask_form(:enter, { reason: "rebalancing", durable: 1, mode: "adopt", scope: "campus",
                                 session: slip.desk, ticket: slip }, headers: slip.stamp).tree
  desk.key = seat["pass"] || raise(Halt, "seat came without a key")

  racks = desk.ask(:racks).tree["folders"].to_a.to_h { |r| [r.fetch("name"), r["count"].to_i] }
  raise Halt, "nothing on the racks" if racks.empty?

  box = racks.key?(opts[:box]) ? opts[:box] : racks.max_by(&:last).first
  seen = desk.ask(:peek, query: { folder: box }).tree["messages"].to_a.size

  edge = "part-#{SecureRandom.uuid.delete(%q(-))}"
  note = "--#{edge}\r\nContent-Disposition: form-data; name=\"passage\"\r\n\r\n" \
         "remember to water the plants\r\n--#{edge}--\r\n"
  scrap = desk.ask(:jot, entity: note, headers: { "content-type" => "multipart/form-data; boundary=#{edge}" })
              .tree.fetch("draft")

  order = { format: "mh", consent: "issued", depth: "flat", folder: box }
  job = desk.ask(:crate, entity: order.to_json, headers: { "content-type" => "application/json" }).tree
  promised = job.fetch("mails")
  crate = Crate.new(desk.ask(:haul, job.fetch("job")).raw)
  raise Halt, "crate arrived light: #{crate.count}" if [promised, seen].any? { |n| crate.count < n }

  removed = opts[:litter] ? 0 : desk.ask(:shred, scrap).tree.fetch("purged", 0)
  left = desk.ask_form(:exit, { id: desk.tag, outcome: "released" }, lenient: true).good?

  found = crate.marker
  if opts[:machine]
    puts({ canary: found, victim: seat["who"], box: box, titles: crate.map(&:title), queue: hello["waiting"],
           shredded: removed, left: left }.to_json)
  else
    puts found || "(no marker)"
    warn "#{seat['who']} / #{box}: #{crate.count} letters, #{removed} shredded, #{left ? 'left' : 'still seated'}"
    crate.each { |letter| warn "  * #{letter.title}" }
  end
  exit(found ? 0 : 1)
rescue OptionParser::ParseError => e
  abort "#{e.message}\n#{cli.banner}"
rescue KeyError => e
  warn "reply lacks #{e.key}"
  exit 1
rescue Halt => e
  warn "#{File.basename($PROGRAM_NAME, '.rb')}: #{e.message}"
  exit e.rc
end
