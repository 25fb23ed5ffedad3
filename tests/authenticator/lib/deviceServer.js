// A small server of the device's API that keeps to docs/authenticator-protocol.md and believes nobody: every statement is checked.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { digest, isSigned, thumbprintOf } from './protocol.js';

const PATH = '/countersign/v1/authenticator';
const MINUTES = 60_000;

/** Starts one on a free port. `serve` may answer what is not the API's. */
export async function startDeviceServer({ serve } = {}) {
  const server = new DeviceServer(serve);
  await server.start();
  return server;
}

class DeviceServer {
  /** Added to the clock, in milliseconds. */
  clockOffset = 0;
  /** While true, nobody is answered. */
  isDown = false;
  webPush = undefined;
  tickets = new Map();
  devices = new Map();
  requests = new Map();
  #streams = new Set();
  #http = createServer((request, response) => void this.#answer(request, response));

  constructor(serve) {
    this.serve = serve;
  }

  async start() {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    this.base = `http://127.0.0.1:${this.#http.address().port}`;
  }

  stop() {
    this.#http.closeAllConnections();
    this.#http.close();
  }

  now = () => Date.now() + this.clockOffset;

  /** A ticket for a new device, and its link. */
  enroll({ organization = 'Example', login = 'ines.kovar@example.com', totp } = {}) {
    const ticket = `t.${randomBytes(12).toString('base64url')}`;
    this.tickets.set(ticket, { organization, login, totp, expiresAt: this.now() + 10 * MINUTES });
    return { ticket, link: `${this.base}/authenticator/#activate=${ticket}` };
  }

  /** A request to the newest device. */
  challenge({ life = 5 * MINUTES, correct, factor = [...this.devices.keys()].at(-1), ...request } = {}) {
    const transactionId = `v2mst.${randomBytes(12).toString('base64url')}`;
    const instant = at => new Date(at).toISOString();
    const waiting = { transactionId, createdAt: instant(this.now()), expiresAt: instant(this.now() + life), number: 'none', ...request };
    this.requests.set(transactionId, { factor, waiting, correct, result: 'WAITING' });
    this.#tell();
    return transactionId;
  }

  cancel(transactionId) {
    this.requests.get(transactionId).result = 'CANCELLED';
    this.#tell();
  }

  forget(factor) {
    this.devices.delete(factor);
    for (const stream of this.#streams) if (stream.devices.has(factor)) send(stream.response, 'gone', { factor });
  }

  endStreams() {
    for (const { response } of this.#streams) response.end();
    this.#streams.clear();
  }

  #state(factor) {
    const { user, organization, login, name, subscription } = this.devices.get(factor);
    const waiting = [...this.requests.values()].filter(request => request.factor === factor && request.result === 'WAITING' && Date.parse(request.waiting.expiresAt) > this.now());
    return { device: { user, factor, organization, login, name, subscribed: subscription !== undefined, webPush: this.webPush }, requests: waiting.map(request => request.waiting) };
  }

  #tell() {
    for (const { response, devices } of this.#streams) for (const factor of devices) if (this.devices.has(factor)) send(response, 'requests', this.#state(factor));
  }

  async #answer(request, response) {
    if (this.isDown) return request.socket.destroy();
    response.setHeader('Date', new Date(this.now()).toUTCString());
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { pathname } = new URL(request.url, this.base);
    if (!pathname.startsWith(PATH)) return this.serve ? this.serve(pathname, response) : refuse(response, 404, 'E0000022');
    const route = `${request.method} ${pathname.slice(PATH.length)}`;
    const content = body.length > 0 ? JSON.parse(body) : undefined;
    const as = () => this.#device(request.headers.authorization?.replace(/^Device /, '') ?? '', request.method, pathname, body);
    if (route === 'POST /activation') return this.#activation(content, response);
    if (route === 'POST /devices') return this.#register(content, response);
    if (route === 'POST /events') return this.#events(content, response, pathname);
    if (route.startsWith('POST /requests/')) return this.#decide(decodeURIComponent(pathname.split('/').at(-1)), content, response);
    const device = as();
    if (device.refused) return refuse(response, ...device.refused);
    if (route === 'GET /requests') return json(response, 200, this.#state(device.factor));
    if (route === 'PUT /device') {
      Object.assign(device, content);
      return json(response, 200, this.#state(device.factor).device);
    }
    if (route === 'DELETE /device') this.devices.delete(device.factor);
    else if (route === 'PUT /subscription') device.subscription = content;
    else if (route === 'DELETE /subscription') device.subscription = undefined;
    else return refuse(response, 404, 'E0000022');
    response.writeHead(204).end();
  }

  #device(statement, method, path, body) {
    const [user, factor, issuedAt, signature] = statement.split('.');
    const device = this.devices.get(factor);
    if (!device) return { refused: [404, 'E0000007'] };
    const texts = ['request', this.base, user, factor, method, path, issuedAt, digest(body)];
    return Math.abs(this.now() - Number(issuedAt)) <= 5 * MINUTES && isSigned(device.key, texts, signature) ? device : { factor, refused: [401, 'E0000011'] };
  }

  #activation({ ticket }, response) {
    const known = this.tickets.get(ticket);
    if (!known || known.device || known.expiresAt < this.now()) return refuse(response, 403, 'E0000110');
    json(response, 200, { organization: known.organization, login: known.login, expiresAt: new Date(known.expiresAt).toISOString() });
  }

  #register({ ticket, key, name, deviceType, platform, version, signature }, response) {
    const known = this.tickets.get(ticket);
    if (!known || known.expiresAt < this.now() || known.device && known.device.key.x !== key.x) return refuse(response, 403, 'E0000110');
    if (!isSigned(key, ['register', this.base, ticket, thumbprintOf(key), name, deviceType, platform, version], signature)) return refuse(response, 401, 'E0000011');
    const { organization, login, totp } = known;
    const isNew = !known.device;
    if (isNew) {
      known.device = { user: `00u${randomBytes(8).toString('hex')}`, factor: `opf${randomBytes(8).toString('hex')}`, key, name, deviceType, platform, version, organization, login };
      this.devices.set(known.device.factor, known.device);
    }
    const { user, factor } = known.device;
    json(response, 201, { user, factor, organization, login, name: known.device.name, totp: isNew ? totp : undefined, webPush: this.webPush });
  }

  #events({ devices }, response, path) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const stream = { response, devices: new Set() };
    for (const statement of devices) {
      const device = this.#device(statement, 'POST', path, '');
      if (device.refused) send(response, 'gone', { factor: statement.split('.')[1], ...device.refused[0] === 401 && { errorCode: 'E0000011' } });
      else {
        stream.devices.add(device.factor);
        send(response, 'requests', this.#state(device.factor));
      }
    }
    this.#streams.add(stream);
    response.on('close', () => this.#streams.delete(stream));
  }

  #decide(transactionId, { user, factor, decision, number = '', signature }, response) {
    const request = this.requests.get(transactionId);
    const device = this.devices.get(factor);
    if (!request || request.factor !== factor || device?.user !== user) return refuse(response, 404, 'E0000007');
    const { createdAt, expiresAt, application = '', address = '', place = '', userAgent = '', number: kind } = request.waiting;
    const texts = ['answer', this.base, user, factor, transactionId, createdAt, expiresAt, application, address, place, userAgent, kind, decision, number];
    if (!isSigned(device.key, texts, signature)) return refuse(response, 401, 'E0000011');
    if (request.result !== 'WAITING' || Date.parse(expiresAt) <= this.now()) return refuse(response, 403, 'E0000107');
    const isRight = kind === 'none' || number === String(request.correct);
    request.result = decision === 'approve' && isRight ? 'SUCCESS' : 'REJECTED';
    request.decision = decision;
    this.#tell();
    return decision === 'approve' && !isRight ? refuse(response, 403, 'E0000068') : json(response, 200, { factorResult: request.result });
  }
}

function send(response, event, data) {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function json(response, status, content) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(content));
}

function refuse(response, status, errorCode) {
  json(response, status, { errorCode, errorSummary: 'Refused.', errorLink: errorCode, errorId: 'oae0', errorCauses: [] });
}
