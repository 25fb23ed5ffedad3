import { Authenticator } from './authenticator.js';
import { Frame } from './screens/frame.js';

try {
  if (!isSecureContext) throw new Error('Countersign Authenticator needs an address that begins with https.');
  await new Frame(await Authenticator.open()).start();
} catch (error) {
  // Without storage, keys or words there is nobody to translate this.
  console.error(error);
  const reason = isSecureContext ? 'It needs this browser’s storage, which is off in some private windows, and once a connection.' : 'It needs an address that begins with https.';
  /** @type {HTMLElement} */ (document.getElementById('screen')).textContent = `Countersign Authenticator could not start. ${reason}`;
}
