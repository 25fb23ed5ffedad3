// Web Push: the browser's subscription, told to the server for each account.
import { fromBase64url, sameBytes } from '../protocol/bytes.js';

/** @typedef {import('../accounts/accounts.js').Account} Account */

/**
 * Whether this browser can be told of requests while the app is closed.
 * @param {ServiceWorkerRegistration | undefined} registration
 */
export const canSubscribe = registration => registration !== undefined && 'pushManager' in registration && 'Notification' in globalThis;

/**
 * Subscribes and tells the server, for every account that it sends Web Push for; what is in order already stays. Where the server refuses the
 * browser's push service, this throws.
 * @param {ServiceWorkerRegistration} registration
 * @param {import('../protocol/api.js').Api} api
 * @param {import('../accounts/accounts.js').Accounts} accounts
 */
export async function subscribe(registration, api, accounts) {
  const pushed = accounts.watched.filter(account => account.webPush);
  if (pushed.length === 0) return;
  const subscription = await subscriptionFor(registration, fromBase64url(/** @type {string} */ (pushed[0].webPush)));
  for (const account of pushed) {
    await api.subscribe(account, subscription.toJSON());
    await accounts.change(account, { subscribed: true });
  }
}

/**
 * Ends it, here first: an endpoint that is gone is forgotten by the server too.
 * @param {ServiceWorkerRegistration} registration
 * @param {import('../protocol/api.js').Api} api
 * @param {import('../accounts/accounts.js').Accounts} accounts
 */
export async function unsubscribe(registration, api, accounts) {
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  for (const account of accounts.watched.filter(known => known.subscribed)) {
    await accounts.change(account, { subscribed: false });
    await api.unsubscribe(account);
  }
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {import('../protocol/bytes.js').Bytes} applicationServerKey
 */
async function subscriptionFor({ pushManager }, applicationServerKey) {
  const known = await pushManager.getSubscription();
  const key = known?.options?.applicationServerKey;
  if (known && key && sameBytes(new Uint8Array(key), applicationServerKey)) return known;
  // Of another key, which the server had before: the browser keeps one subscription.
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}
