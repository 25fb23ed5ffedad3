// Phones with Countersign Authenticator: a Chromium at a phone's size, with what a person sees and touches.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import puppeteer from 'puppeteer-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const SIZE = { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const PATIENCE = { timeout: 15_000 };

/** What a QR picture says (ISO/IEC 18004). */
export function readQr(png) {
  return readQrIn(png.toString('base64')) ?? assert.fail('the picture holds no QR code');
}

/** Likewise of a picture in base64; undefined where there is none in it. */
export function readQrIn(png) {
  const { data, width, height } = PNG.sync.read(Buffer.from(png, 'base64'));
  return jsqr(new Uint8ClampedArray(data), width, height)?.data;
}

/** Writes a video that shows a picture, for a camera that is none (YUV4MPEG2). */
export function writeVideo(file, png) {
  const [wide, high] = [640, 480];
  const { data, width, height } = PNG.sync.read(png);
  const scale = Math.min(wide, high) / Math.max(width, height) * 0.8;
  const luma = Buffer.alloc(wide * high, 235);
  const [left, top] = [(wide - width * scale) / 2, (high - height * scale) / 2];
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const [column, row] = [Math.floor((x - left) / scale), Math.floor((y - top) / scale)];
      if (column >= 0 && row >= 0 && column < width && row < height) luma[y * wide + x] = 16 + Math.round(data[(row * width + column) * 4] * 219 / 255);
    }
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc(wide * high / 2, 128)]);
  writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${wide} H${high} F10:1 Ip A1:1 C420mpeg2\n`), frame, frame]));
}

/** Starts a browser; each phone that newPhone gives knows nothing of the others. */
export async function startPhones(...options) {
  if (!CHROMIUM) throw new Error('Chromium is needed: ./test installs it');
  const browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage', ...options] });
  return {
    /** With this language and color scheme; prepare is run in each page before the app. */
    async newPhone({ language = 'en', scheme = 'light', size = {}, prepare } = {}) {
      // The worker of a phone that was closed a moment ago may have answered the driver too late, who takes that for the answer to what it asks next.
      const context = await browser.createBrowserContext()
        .catch(error => error.message.includes('Session with given id not found') ? browser.createBrowserContext() : Promise.reject(error));
      const page = await context.newPage();
      await page.setViewport({ ...SIZE, ...size });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.evaluateOnNewDocument(chosen => Object.defineProperty(navigator, 'languages', { get: () => [chosen] }), language);
      if (prepare) await page.evaluateOnNewDocument(...[prepare].flat());
      return new Phone(page, context, `${scheme}-${language}`);
    },
    stop: () => browser.close(),
  };
}

class Phone {
  #shots = 0;
  /** What the page complained of. */
  errors = [];

  constructor(page, context, name) {
    this.page = page;
    this.context = context;
    this.name = name;
    page.on('pageerror', error => this.errors.push(String(error)));
    page.on('console', message => {
      if (/Content Security Policy|Refused to/.test(message.text())) this.errors.push(message.text());
    });
  }

  /** Opens the app, or what a link leads to, and waits until its service worker has everything. */
  async open(address) {
    await this.page.goto(address);
    await this.page.waitForSelector('main h1', PATIENCE);
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  }

  /** Touches what has this role and name for everybody, also for who does not see it. */
  async tap(role, name) {
    const element = await this.find(role, name);
    await element.tap();
  }

  find(role, name) {
    return this.page.waitForSelector(`::-p-aria([name="${name}"][role="${role}"])`, { ...PATIENCE, visible: true });
  }

  /** Types into the field with this label, in the place of what is there. */
  async type(label, text) {
    const element = await this.find('textbox', label);
    await element.evaluate(field => field.select());
    await element.type(text);
  }

  /** Waits for the screen with this heading. */
  async heading(text) {
    await this.page.waitForFunction(expected => document.querySelector('main h1')?.textContent === expected, PATIENCE, text);
  }

  /** Waits for words anywhere on the screen. */
  async sees(text) {
    await this.page.waitForFunction(expected => document.body.innerText.includes(expected), PATIENCE, text);
  }

  /** Waits until they are nowhere. */
  async seesNo(text) {
    await this.page.waitForFunction(expected => !document.body.innerText.includes(expected), PATIENCE, text);
  }

  /** Opens the request that waits. */
  async look() {
    await (await this.page.waitForSelector('.asking a', PATIENCE)).tap();
  }

  /** Opens the first account. */
  async openAccount() {
    await (await this.page.waitForSelector('#accounts ~ ul a', PATIENCE)).tap();
  }

  text() {
    return this.page.evaluate(() => document.body.innerText);
  }

  /** Adds the account of an activation link. */
  async add(link, name) {
    await this.open(link);
    await this.heading('Add this account?');
    if (name) await this.type('Name of this device', name);
    await this.tap('button', 'Add account');
    await this.heading('Account added');
    await this.tap('link', 'Done');
    await this.page.waitForSelector('#accounts', PATIENCE);
  }

  /** The code of the only account that shows one. */
  async code() {
    const digits = await this.page.waitForFunction(() => /^\d{3} \d{3}$/.test(document.querySelector('.digits')?.textContent ?? '') && document.querySelector('.digits').textContent, PATIENCE);
    return (await digits.jsonValue()).replace(' ', '');
  }

  /** Keeps a picture of the whole screen in the folder that COUNTERSIGN_SCREENSHOTS names, if it names one, and checks what a picture does not show. */
  async screen(name) {
    await this.check(name);
    const folder = process.env.COUNTERSIGN_SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${this.name}-${String(++this.#shots).padStart(2, '0')}-${name}.png`), fullPage: true });
  }

  /** Names, contrast, sizes and structure (WCAG 2.2, level AA). */
  async check(name) {
    const unnamed = [];
    const visit = node => {
      if (CONTROLS.has(node.role) && !node.name?.trim()) unnamed.push(node.role);
      node.children?.forEach(visit);
    };
    visit(await this.page.accessibility.snapshot({ interestingOnly: false }));
    assert.deepEqual(unnamed, [], `controls without a name on ${name}`);
    assert.deepEqual(await this.page.evaluate(findFaults), [], `${name} (${this.name})`);
    assert.deepEqual(this.errors, []);
  }

  async close() {
    await this.context.close();
  }
}

const CONTROLS = new Set(['button', 'link', 'textbox', 'combobox', 'radio', 'checkbox', 'image', 'img', 'Video', 'dialog', 'DisclosureTriangle']);

/** Runs in the page. */
function findFaults() {
  const faults = [];
  const shown = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('.unseen');
  const say = (element, what) => faults.push(`${what}: <${element.localName}> ${element.textContent.trim().slice(0, 40)}`);

  // 1.4.3: contrast of text, with what lies behind it.
  const channels = color => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([red, green, blue]) => [red, green, blue].map(value => value / 255).map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return channels(getComputedStyle(document.documentElement).backgroundColor);
  };
  const open = document.querySelector('dialog[open]');
  for (const element of (open ?? document.body).querySelectorAll('*')) {
    const texts = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!texts || !shown(element) || element.closest(':disabled, noscript, script')) continue;
    const [light, dark] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))].sort((left, right) => right - left);
    if ((light + 0.05) / (dark + 0.05) < 4.5) say(element, `contrast ${((light + 0.05) / (dark + 0.05)).toFixed(2)}`);
  }

  // 2.5.8 asks for 24 pixels; this app for 44, but for the one that unfolds a text.
  for (const element of document.querySelectorAll('a, button, input:not([type=radio], [type=file]), select, textarea, .choice, summary')) {
    if (!shown(element)) continue;
    const { width, height } = element.getBoundingClientRect();
    const least = element.localName === 'summary' ? 24 : 44;
    if (width < least || height < least) say(element, `${width.toFixed()} by ${height.toFixed()} pixels`);
  }

  // 1.4.10, 2.4.2, 2.4.6, 3.1.1, and identifiers that are none.
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (!document.title.trim()) faults.push('no title');
  if (!document.documentElement.lang) faults.push('no language');
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  for (const id of ids.filter((known, at) => ids.indexOf(known) !== at)) faults.push(`twice: #${id}`);
  for (const element of document.querySelectorAll('[aria-labelledby], [aria-describedby], label[for]')) {
    for (const id of [element.getAttribute('aria-labelledby'), element.getAttribute('aria-describedby'), element.getAttribute('for')]) {
      if (id && !document.getElementById(id)) faults.push(`nowhere: #${id}`);
    }
  }
  return faults;
}
