// A person at the console in a real Chromium: sees what is visible, presses what has a name.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
// The console is compiled and started by the browser; on a busy machine that alone takes its time.
const PATIENCE = { timeout: 60_000 };

/** Starts a browser. */
export async function startConsoles() {
  if (!CHROMIUM) throw new Error('Chromium is needed: ./test installs it');
  const browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  return {
    /** A console that is signed in with the token, in this color scheme. */
    async open(server, token, { scheme = 'light', phone = false } = {}) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport(phone ? PHONE : DESKTOP);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      const person = new Person(page, context, server.address, `${phone ? 'phone' : 'desktop'}-${scheme}`);
      await page.goto(`${server.address}/console/`);
      await person.type('API token', token);
      await person.press('Sign in');
      await person.heading('Users');
      return person;
    },
    stop: () => browser.close(),
  };
}

class Person {
  #shots = 0;
  /** What the page complained of. */
  errors = [];

  constructor(page, context, address, name) {
    Object.assign(this, { page, context, address, name });
    page.on('pageerror', error => this.errors.push(String(error)));
    page.on('console', message => {
      if (/Content Security Policy|Refused to|Unhandled exception/.test(message.text())) this.errors.push(message.text());
    });
  }

  /** Goes to a page of the console by its address. */
  async visit(path, heading) {
    await this.page.goto(`${this.address}/console/${path}`);
    await this.heading(heading);
  }

  /** The first element that matches and is seen. */
  find(selector) {
    return this.page.waitForSelector(selector, { ...PATIENCE, visible: true });
  }

  /** Presses what has this name: a button, or a link. */
  async press(name, within = '') {
    const element = await this.page.waitForFunction((wanted, scope) => {
      const named = element => (element.getAttribute('aria-label') ?? element.innerText ?? '').trim() === wanted;
      return [...document.querySelectorAll(`${scope} :is(button, a, [role=tab])`)].find(element => named(element) && !element.disabled && element.checkVisibility());
    }, PATIENCE, name, within);
    await element.evaluate(shown => shown.scrollIntoView({ block: 'center' }));
    await element.click();
  }

  /** Types into the field with this label, in the place of what is there. */
  async type(label, text, within = '') {
    const field = await this.page.waitForFunction((wanted, scope) => {
      const labelled = [...document.querySelectorAll(`${scope} label`)].find(element => element.innerText.trim().replace(/\*$/, '') === wanted && element.checkVisibility());
      return labelled ? document.getElementById(labelled.htmlFor) : document.querySelector(`${scope} [aria-label="${wanted}"]`);
    }, PATIENCE, label, within);
    await field.evaluate(element => element.select());
    await field.type(text);
  }

  /** Waits for the page with this heading. */
  async heading(text) {
    await this.#until(expected => document.querySelector('main h1')?.innerText === expected, text, `the heading ${text}`);
  }

  /** Waits for words anywhere on the page. */
  async sees(text) {
    await this.#until(expected => document.body.innerText.includes(expected), text, `the words ${text}`);
  }

  async #until(condition, argument, what) {
    try {
      await this.page.waitForFunction(condition, PATIENCE, argument);
    } catch (error) {
      throw new Error(`${what} never came; the page says:\n${await this.page.evaluate(() => document.body.innerText)}`, { cause: error });
    }
  }

  text(selector) {
    return this.page.$eval(selector, element => element.innerText);
  }

  /** Keeps a picture in the folder that COUNTERSIGN_SCREENSHOTS names, if it names one; no page may have complained. */
  async screen(name) {
    assert.deepEqual(this.errors, [], name);
    assert.ok(await this.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the window`);
    const folder = process.env.COUNTERSIGN_SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `studio-${this.name}-${String(++this.#shots).padStart(2, '0')}-${name}.png`) });
  }

  close() {
    return this.context.close();
  }
}
