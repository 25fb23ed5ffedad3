import { toBase64url } from '../protocol/bytes.js';
import { ALGORITHMS, verifyAssertion } from './assertion.js';

/** How long an unlock lasts, in milliseconds. */
const LASTS = 5 * 60_000;
const PATIENCE = 60_000;

/** @typedef {import('./assertion.js').UnlockPasskey} UnlockPasskey */

/**
 * The lock that a person may put before approving and before codes: a passkey of this device that verifies its user by finger, face or code.
 * It guards against who picks up a phone that lies open, not against who can run programs on it.
 */
export class Unlock {
  #settings;
  /** @type {UnlockPasskey | undefined} */
  #passkey;
  #until = 0;

  /** @param {import('../accounts/settings.js').Settings} settings */
  constructor(settings) {
    this.#settings = settings;
    this.#passkey = settings.get('unlock');
  }

  /** Whether this browser can do it. */
  static async isAvailable() {
    return await globalThis.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.() ?? false;
  }

  get isOn() {
    return this.#passkey !== undefined;
  }

  /** Whether something that needs an unlock may be done now. */
  get isOpen() {
    return !this.isOn || performance.now() < this.#until;
  }

  /** Makes a passkey and switches the lock on; false when the person or the device would not. */
  async switchOn() {
    const created = await quietly(() => navigator.credentials.create({ publicKey: {
      rp: { name: 'Countersign Authenticator', id: location.hostname },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name: 'Countersign Authenticator', displayName: 'Countersign Authenticator' },
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: ALGORITHMS.map(alg => ({ type: 'public-key', alg })),
      authenticatorSelection: { authenticatorAttachment: 'platform', userVerification: 'required', residentKey: 'discouraged' },
      timeout: PATIENCE,
    } }));
    if (!(created instanceof PublicKeyCredential) || !(created.response instanceof AuthenticatorAttestationResponse)) return false;
    const publicKey = created.response.getPublicKey();
    if (!publicKey) return false;
    const passkey = { id: new Uint8Array(created.rawId), publicKey: new Uint8Array(publicKey), algorithm: created.response.getPublicKeyAlgorithm() };
    // It counts once it has answered: a lock that does not open would be worse than none.
    if (!await this.#ask(passkey)) return false;
    this.#passkey = passkey;
    await this.#settings.set('unlock', passkey);
    return true;
  }

  /** Switches the lock off, which needs an unlock; false when the person would not. */
  async switchOff() {
    if (!await this.open()) return false;
    this.#passkey = undefined;
    await this.#settings.set('unlock', undefined);
    return true;
  }

  /** Asks the person, unless that was done within the last minutes; true when what needs an unlock may be done. */
  async open() {
    return this.isOpen || this.#ask(/** @type {UnlockPasskey} */ (this.#passkey));
  }

  /** @param {UnlockPasskey} passkey */
  async #ask(passkey) {
    const challenge = crypto.getRandomValues(new Uint8Array(32));
    const answered = await quietly(() => navigator.credentials.get({ publicKey: {
      challenge, rpId: location.hostname, allowCredentials: [{ type: 'public-key', id: passkey.id, transports: ['internal'] }], userVerification: 'required', timeout: PATIENCE,
    } }));
    if (!(answered instanceof PublicKeyCredential) || !(answered.response instanceof AuthenticatorAssertionResponse)) return false;
    const { clientDataJSON, authenticatorData, signature } = answered.response;
    const assertion = { clientDataJSON: new Uint8Array(clientDataJSON), authenticatorData: new Uint8Array(authenticatorData), signature: new Uint8Array(signature) };
    const verified = toBase64url(new Uint8Array(answered.rawId)) === toBase64url(passkey.id)
      && await verifyAssertion(assertion, passkey, { challenge, origin: location.origin, rpId: location.hostname });
    if (verified) this.#until = performance.now() + LASTS;
    return verified;
  }
}

/**
 * What the browser made, or undefined: the person closed the question, it took too long, the device cannot.
 * @template T
 * @param {() => Promise<T>} ask
 */
async function quietly(ask) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
