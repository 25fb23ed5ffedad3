// A real Chromium with virtual authenticators, on a page of the tests' own.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import puppeteer from 'puppeteer-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** The authenticators that a person may have (WebDriver WebAuthn extension). */
export const AUTHENTICATORS = {
  'a key that verifies its user': { protocol: 'ctap2', transport: 'usb', hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
  'a passkey of the device': { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, defaultBackupEligibility: true, defaultBackupState: true },
  'a key that verifies nobody': { protocol: 'ctap2', transport: 'usb', hasResidentKey: false, hasUserVerification: false },
  'a U2F key': { protocol: 'u2f', transport: 'usb', hasResidentKey: false, hasUserVerification: false },
};

/** Starts a browser and serves the page; newPage opens it with one authenticator. */
export async function startBrowser() {
  if (!CHROMIUM) throw new Error('Chromium is needed: ./test installs it');
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(PAGE));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://localhost:${server.address().port}`;
  const browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  return {
    origin,
    async newPage(options) {
      const page = await browser.newPage();
      const devtools = await page.createCDPSession();
      await devtools.send('WebAuthn.enable');
      const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } });
      await page.goto(origin);
      return {
        /** What a page does with _embedded.activation. */
        register: (activation, spelling = 'base64') => page.evaluate('register(' + JSON.stringify([activation, spelling]) + ')'),
        /** What a page does with an answered challenge. */
        sign: (challenge, credentialId, spelling = 'base64') => page.evaluate('sign(' + JSON.stringify([challenge, credentialId, spelling]) + ')'),
        setUserVerified: isUserVerified => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
        close: () => page.close(),
      };
    },
    async stop() {
      await browser.close();
      server.close();
    },
  };
}

const PAGE = `<!doctype html><title>Keys</title><script>
const decode = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));
const spellings = {
  base64: bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))),
  unpadded: bytes => spellings.base64(bytes).replaceAll('=', ''),
  urlSafe: bytes => spellings.base64(bytes).replaceAll('+', '-').replaceAll('/', '_'),
  urlSafeUnpadded: bytes => spellings.urlSafe(bytes).replaceAll('=', ''),
};

async function register([activation, spelling]) {
  const { challenge, user, excludeCredentials, u2fParams, ...rest } = activation;
  const credential = await navigator.credentials.create({ publicKey: {
    ...rest, challenge: decode(challenge), user: { ...user, id: decode(user.id) },
    excludeCredentials: excludeCredentials.map(known => ({ ...known, id: decode(known.id) })),
  } });
  const spell = spellings[spelling];
  return { attestation: spell(credential.response.attestationObject), clientData: spell(credential.response.clientDataJSON) };
}

async function sign([{ challenge, userVerification }, credentialId, spelling]) {
  const { response } = await navigator.credentials.get({ publicKey: {
    challenge: decode(challenge), userVerification, allowCredentials: [{ type: 'public-key', id: decode(credentialId) }],
  } });
  const spell = spellings[spelling];
  return { clientData: spell(response.clientDataJSON), authenticatorData: spell(response.authenticatorData), signatureData: spell(response.signature) };
}
</script>`;
