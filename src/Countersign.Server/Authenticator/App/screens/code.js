import { passcode, secondsLeft } from '../accounts/totp.js';
import { h, icon, ring } from './dom.js';

/**
 * The code of an account, with the time that is left of it; behind the lock where there is one.
 * @param {import('./frame.js').Frame} frame
 * @param {import('../accounts/accounts.js').Account} account
 */
export function codeOf(frame, { login, totp }) {
  return totp ? shown(frame, login, totp) : { element: h('div'), update: () => {} };
}

/**
 * @param {import('./frame.js').Frame} frame
 * @param {string} login
 * @param {import('../accounts/totp.js').TotpKey} totp
 */
function shown(frame, login, totp) {
  const { app, say } = frame;
  const digits = h('span', { class: 'digits', translate: 'no' });
  const { picture, set } = ring();
  const seconds = h('span', { class: 'seconds' });
  const copy = h('button', { type: 'button', class: 'round', 'aria-label': say('code.copy', { login }), onclick: async () => {
    await navigator.clipboard.writeText(digits.textContent.replaceAll(' ', ''));
    copy.classList.add('done');
    setTimeout(() => copy.classList.remove('done'), 1500);
    frame.announce(say('code.copied'));
  } }, icon('copy'), icon('check'));
  const open = h('div', { class: 'code' }, digits, h('span', { class: 'left' }, picture, seconds), copy);
  const closed = h('button', { type: 'button', class: 'plain', 'aria-label': say('code.showOf', { login }), onclick: async () => {
    await app.unlock.open();
    await update();
  } }, icon('lock'), say('code.show'));
  const element = h('div');
  async function update() {
    const face = app.unlock.isOpen ? open : closed;
    if (element.firstChild !== face) element.replaceChildren(face);
    const now = app.clock.now();
    const left = secondsLeft(totp, now);
    set(left / totp.period);
    seconds.textContent = String(Math.ceil(left));
    open.classList.toggle('ending', left <= 5);
    const code = face === open ? await passcode(totp, now) : '';
    const half = Math.ceil(code.length / 2);
    digits.textContent = code && `${code.slice(0, half)} ${code.slice(half)}`;
  }
  void update();
  return { element, update: () => void update() };
}
