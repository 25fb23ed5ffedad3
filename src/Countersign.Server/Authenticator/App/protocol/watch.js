import { Refusal, Unreachable } from './api.js';
import { EventReader } from './events.js';

/** The server comments every 15 seconds of silence, and says at once what waits. */
const LONGEST_SILENCE = 40_000;
const FIRST_EVENT = 8_000;
const POLL_EVERY = 5_000;
const POLL_FOR = 10 * 60_000;
const LONGEST_PAUSE = 30_000;

/** @typedef {'connecting' | 'live' | 'polling' | 'unreachable'} Connection */
/** @typedef {import('./api.js').SigningDevice} SigningDevice */

/**
 * Keeps being told what waits for the devices: by one stream of events, and where streams do not come through, by asking.
 * @template {SigningDevice} T
 */
export class Watch {
  #api;
  #devices;
  #told;
  #stop = new AbortController();
  #interrupt = new AbortController();
  #failures = 0;
  #lastSign = 0;

  /**
   * @param {import('./api.js').Api} api
   * @param {() => T[]} devices those to watch, at most 20
   * @param {{ waiting(device: T, waiting: import('./api.js').Waiting): void, gone(device: T): void, refused(device: T): void, connection(state: Connection): void }} told
   */
  constructor(api, devices, told) {
    this.#api = api;
    this.#devices = devices;
    this.#told = told;
  }

  /** Watches until it is stopped. */
  async run() {
    while (!this.#stop.signal.aborted) {
      this.#interrupt = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, this.#interrupt.signal]);
      const devices = this.#devices();
      if (devices.length === 0) {
        await pause(Infinity, signal);
        continue;
      }
      try {
        if (!await this.#stream(devices, signal)) await this.#poll(signal);
      } catch (error) {
        if (signal.aborted) continue;
        if (!(error instanceof Unreachable || error instanceof Refusal || error instanceof RangeError)) throw error;
        this.#told.connection('unreachable');
        const longest = Math.min(LONGEST_PAUSE, 1000 * 2 ** this.#failures++);
        await pause(longest / 2 + Math.random() * longest / 2, signal);
      }
    }
  }

  /** Begins anew, at once: other devices, another network. */
  again() {
    this.#failures = 0;
    this.#interrupt.abort();
  }

  /** Begins anew where nothing was heard for so long that the connection may be dead. */
  check() {
    if (Date.now() - this.#lastSign > LONGEST_SILENCE / 2) this.again();
  }

  stop() {
    this.#stop.abort();
  }

  /** Asks once for everything that waits. */
  async ask(devices = this.#devices()) {
    await Promise.all(devices.map(device => this.#ask(device)));
    this.#lastSign = Date.now();
  }

  /**
   * False where no event came through in time: something on the way keeps them back.
   * @param {T[]} devices
   * @param {AbortSignal} signal
   */
  async #stream(devices, signal) {
    const silence = new AbortController();
    const opened = await this.#api.events(devices, AbortSignal.any([signal, silence.signal]));
    if (!opened.body || !opened.headers.get('Content-Type')?.startsWith('text/event-stream')) return false;
    const pieces = opened.body.pipeThrough(new TextDecoderStream()).getReader();
    const events = new EventReader();
    let heard = false;
    let timer = setTimeout(() => silence.abort(), FIRST_EVENT);
    try {
      for (;;) {
        const { done, value } = await pieces.read();
        if (done) return heard;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), LONGEST_SILENCE);
        this.#lastSign = Date.now();
        if (!heard) this.#told.connection('live');
        heard = true;
        this.#failures = 0;
        for (const event of events.read(value)) await this.#hear(event, devices);
      }
    } catch (error) {
      if (signal.aborted || error instanceof RangeError || error instanceof Refusal) throw error;
      if (silence.signal.aborted && !heard) return false;
      throw new Unreachable(String(error));
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  /** @param {AbortSignal} signal */
  async #poll(signal) {
    for (const end = Date.now() + POLL_FOR; Date.now() < end && !signal.aborted;) {
      await this.ask();
      if (signal.aborted) return;
      this.#told.connection('polling');
      this.#failures = 0;
      await pause(POLL_EVERY, signal);
    }
  }

  /**
   * @param {import('./events.js').ServerEvent} event
   * @param {T[]} devices
   */
  async #hear({ type, data }, devices) {
    if (type !== 'requests' && type !== 'gone') return;
    let content;
    try {
      content = JSON.parse(data);
    } catch {
      throw new Unreachable('an event that is no JSON');
    }
    const factor = type === 'gone' ? content.factor : content.device?.factor;
    const device = devices.find(known => known.factor === factor);
    if (!device) return;
    if (type === 'requests') this.#told.waiting(device, content);
    else if (content.errorCode === undefined) this.#told.gone(device);
    // The statement did not hold. Asking sets a clock that was off; then the stream knows the device again.
    else if (await this.#ask(device)) this.again();
  }

  /**
   * True when the device was told what waits.
   * @param {T} device
   */
  async #ask(device) {
    try {
      this.#told.waiting(device, await this.#api.requests(device));
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 404) this.#told.gone(device);
      else if (error.status === 401) this.#told.refused(device);
      else throw error;
      return false;
    }
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal ends it before
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const timer = milliseconds === Infinity ? undefined : setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
