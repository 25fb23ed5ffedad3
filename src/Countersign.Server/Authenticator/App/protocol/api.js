// The device's API: docs/authenticator-protocol.md.
import { answerStatement, requestStatement, registerStatement, sign, thumbprint } from './statement.js';

const PATH = '/countersign/v1/authenticator/';
const PATIENCE = 20_000;

/** @typedef {import('./statement.js').Device & { key: CryptoKey }} SigningDevice */
/** @typedef {{ organization: string, login: string, expiresAt: string }} Ticket */
/** @typedef {{ publicKey: string }} WebPush */
/** @typedef {{ factor: string, secret: string, digits: number, period: number, algorithm: string }} Totp */
/** @typedef {{ user: string, factor: string, organization: string, login: string, name: string, totp?: Totp, webPush?: WebPush }} Registered */
/** @typedef {{ user: string, factor: string, organization: string, login: string, name: string, subscribed?: boolean, webPush?: WebPush }} DeviceState */
/**
 * One transaction that waits.
 * @typedef {object} PushRequest
 * @property {string} transactionId
 * @property {string} createdAt
 * @property {string} expiresAt
 * @property {string} [application]
 * @property {string} [address]
 * @property {string} [place]
 * @property {string} [userAgent]
 * @property {'none' | 'typed' | 'choice'} number
 * @property {number[]} [choices]
 */
/** @typedef {{ device: DeviceState, requests: PushRequest[] }} Waiting */

/** The server said no. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} code the envelope's errorCode, or empty
   */
  constructor(status, code) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** Nobody answered, or nobody who knows. */
export class Unreachable extends Error {}

/** Speaks for devices to the server whose page this is. */
export class Api {
  #base;
  #origin;
  #clock;
  #fetch;

  /**
   * @param {string} base the public address, without a slash at its end
   * @param {import('./clock.js').Clock} clock
   * @param {typeof fetch} [send]
   */
  constructor(base, clock, send = (...request) => fetch(...request)) {
    this.#base = base;
    this.#origin = new URL(base).origin;
    this.#clock = clock;
    this.#fetch = send;
  }

  /**
   * What a ticket is for.
   * @param {string} ticket
   * @returns {Promise<Ticket>}
   */
  activation(ticket) {
    return this.#json('POST', 'activation', { ticket });
  }

  /**
   * Binds a device.
   * @param {{ ticket: string, name: string, deviceType: string, platform: string, version: string }} registration
   * @param {import('./statement.js').PublicKey} publicKey
   * @param {CryptoKey} key
   * @returns {Promise<Registered>}
   */
  async register(registration, publicKey, key) {
    const signature = await sign(key, registerStatement(this.#origin, registration, await thumbprint(publicKey)));
    return this.#json('POST', 'devices', { ...registration, key: publicKey, signature });
  }

  /**
   * What waits for a device.
   * @param {SigningDevice} device
   * @returns {Promise<Waiting>}
   */
  requests(device) {
    return this.#asDevice(device, 'GET', 'requests');
  }

  /**
   * Opens the stream of events of several devices; the caller reads and ends it.
   * @param {SigningDevice[]} devices
   * @param {AbortSignal} signal
   */
  async events(devices, signal) {
    const statements = await Promise.all(devices.map(device => this.#statement(device, 'POST', 'events')));
    return this.#send('POST', 'events', { body: JSON.stringify({ devices: statements }), signal });
  }

  /**
   * Answers a request.
   * @param {SigningDevice} device
   * @param {PushRequest} request
   * @param {import('./statement.js').Decision} decision
   * @param {string} number two digits, or empty
   * @returns {Promise<{ factorResult: string }>}
   */
  async answer(device, request, decision, number) {
    const signature = await sign(device.key, answerStatement(this.#origin, device, request, decision, number));
    const { user, factor } = device;
    return this.#json('POST', `requests/${encodeURIComponent(request.transactionId)}`, { user, factor, decision, ...number && { number }, signature });
  }

  /**
   * Renames a device.
   * @param {SigningDevice} device
   * @param {{ name?: string, version?: string }} change
   */
  change(device, change) {
    return this.#asDevice(device, 'PUT', 'device', change);
  }

  /**
   * Removes a device and its factors.
   * @param {SigningDevice} device
   */
  remove(device) {
    return this.#asDevice(device, 'DELETE', 'device');
  }

  /**
   * @param {SigningDevice} device
   * @param {PushSubscriptionJSON} subscription
   */
  subscribe(device, { endpoint, keys }) {
    return this.#asDevice(device, 'PUT', 'subscription', { endpoint, keys: { p256dh: keys?.p256dh, auth: keys?.auth } });
  }

  /** @param {SigningDevice} device */
  unsubscribe(device) {
    return this.#asDevice(device, 'DELETE', 'subscription');
  }

  /**
   * @param {SigningDevice} device
   * @param {string} method
   * @param {string} path
   * @param {string} [body]
   */
  async #statement(device, method, path, body) {
    const issuedAt = this.#clock.now();
    const statement = await requestStatement(this.#origin, device, { method, path: PATH + path, issuedAt, body });
    return `${device.user}.${device.factor}.${issuedAt}.${await sign(device.key, statement)}`;
  }

  /**
   * @param {SigningDevice} device
   * @param {string} method
   * @param {string} path
   * @param {object} [content]
   * @returns {Promise<any>}
   */
  async #asDevice(device, method, path, content) {
    const body = content && JSON.stringify(content);
    const { offset } = this.#clock;
    const attempt = async () => this.#send(method, path, { body, authorization: `Device ${await this.#statement(device, method, path, body)}` });
    try {
      return await read(await attempt());
    } catch (error) {
      // A clock that is off has been set by the answer's Date.
      if (!(error instanceof Refusal && error.status === 401 && this.#clock.offset !== offset)) throw error;
      return read(await attempt());
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} content
   */
  async #json(method, path, content) {
    return read(await this.#send(method, path, { body: JSON.stringify(content) }));
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ body?: string, authorization?: string, signal?: AbortSignal }} options
   */
  async #send(method, path, { body, authorization, signal = AbortSignal.timeout(PATIENCE) }) {
    /** @type {Record<string, string>} */
    const headers = {};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (authorization) headers.Authorization = authorization;
    let response;
    try {
      response = await this.#fetch(this.#base + PATH + path, { method, body, headers, signal, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    } catch (error) {
      if (signal.aborted && signal.reason?.name !== 'TimeoutError') throw signal.reason;
      throw new Unreachable(String(error));
    }
    this.#clock.learn(response.headers.get('Date'));
    if (response.ok) return response;
    const code = await response.json().then(envelope => String(envelope.errorCode ?? ''), () => '');
    // Without an envelope something between here and the server answered; 429 and 5xx pass.
    throw code === '' || response.status === 429 || response.status >= 500 ? new Unreachable(`${response.status} ${code}`) : new Refusal(response.status, code);
  }
}

/** @param {Response} response */
async function read(response) {
  if (response.status === 204) return undefined;
  try {
    return await response.json();
  } catch (error) {
    throw new Unreachable(String(error));
  }
}
