// Push with Countersign Authenticator in a real browser (contract 9.6, docs/authenticator-protocol.md).
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readQr, readQrIn, startPhones, writeVideo } from './lib/authenticator.js';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { decrypt, readVapid, startPushService } from './lib/pushService.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

// What the camera of every phone sees; the file may change until it is looked through.
const camera = join(mkdtempSync(join(tmpdir(), 'countersign-camera-')), 'camera.y4m');
const pushService = await startPushService();
const CONTACT = 'mailto:ines.kovar@example.com';

let phones;
before(async () => {
  phones = await startPhones('--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`);
});
after(async () => {
  await phones?.stop();
  pushService.stop();
  rmSync(join(camera, '..'), { recursive: true });
});

onBothEngines('Countersign Authenticator', server => {
  const { enroll, activate, activation, bind, ask, result, number, cancel } = application(server);

  test('The QR picture is scanned, the device bound, and the poll told', async () => {
    const user = await createUser(server);
    const phone = await phones.newPhone();
    const enrolled = await enroll(user);
    assert.equal(enrolled.status, 'PENDING_ACTIVATION');
    assert.equal(await activation(user, enrolled.factor), 'WAITING');

    await phone.open(enrolled.link);
    await phone.heading('Add this account?');
    await phone.sees(user.profile.login);
    assert.ok(!(await phone.page.url()).includes('activate='));
    await phone.type('Name of this device', 'Ines’s phone');
    await phone.tap('button', 'Add account');
    await phone.heading('Account added');

    const active = await activate(user, enrolled.factor);
    assert.deepEqual([active.id, active.status], [enrolled.factor, 'ACTIVE']);
    assert.deepEqual([active.profile.credentialId, active.profile.name, active.profile.platform, active.profile.deviceType], [user.profile.login, 'Ines’s phone', 'LINUX', 'SmartPhone_Android']);
    const history = await phone.page.createCDPSession();
    const { entries } = await history.send('Page.getNavigationHistory');
    assert.deepEqual(entries.filter(({ url }) => url.includes('activate=')), []);
    await phone.close();
  });

  test('A ticket binds one device', async () => {
    const user = await createUser(server);
    const [first, second] = [await phones.newPhone(), await phones.newPhone()];
    const { link } = await enroll(user);

    await second.open(link);
    await second.heading('Add this account?');
    await first.add(link);
    await second.tap('button', 'Add account');
    await second.sees('This activation has ended or was already used.');
    await first.open(link);
    await first.sees('This activation has ended or was already used.');
    await first.close();
    await second.close();
  });

  test('The codes of the twin are the server\'s', async () => {
    const { user, phone } = await bind();
    const twin = (await all(await server.client.userFactorApi.listFactors({ userId: user.id }))).find(({ factorType }) => factorType === 'token:software:totp');

    const verified = await server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: twin.id, body: { passCode: await phone.code() } });

    assert.equal(verified.factorResult, 'SUCCESS');
    await phone.close();
  });

  test('Approved: SUCCESS', async () => {
    const { user, phone, factor } = await bind();
    const transaction = await ask(user, factor);
    assert.equal(await result(user, factor, transaction), 'WAITING');

    await phone.sees('Waiting for your answer');
    await phone.page.waitForFunction(() => document.title.startsWith('(1)'));
    await phone.page.waitForFunction(() => /^New request: /.test(document.getElementById('announcement').textContent));
    await phone.look();
    await phone.heading('Is this you signing in?');
    await phone.sees('127.0.0.1');
    await phone.sees('okta-sdk-nodejs');
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');

    assert.equal(await result(user, factor, transaction), 'SUCCESS');
    await phone.tap('link', 'Done');
    await phone.seesNo('Waiting for your answer');
    await phone.close();
  });

  for (const decision of ['Deny', 'This was not me']) {
    test(`${decision}: REJECTED`, async () => {
      const { user, phone, factor } = await bind();
      const transaction = await ask(user, factor);

      await phone.look();
      await phone.tap('button', decision);
      if (decision !== 'Deny') await phone.tap('button', 'Report');
      await phone.heading(decision === 'Deny' ? 'Denied' : 'Reported');

      assert.equal(await result(user, factor, transaction), 'REJECTED');
      await phone.close();
    });
  }

  test('The right number: SUCCESS; the wrong one: REJECTED, and over', async () => {
    const { user, phone, factor } = await bind();
    for (const isRight of [true, false]) {
      const transaction = await ask(user, factor, { useNumberMatchingChallenge: true });
      const correct = await number(user, factor, transaction);

      await phone.look();
      await phone.tap('button', 'Approve');
      await phone.sees('Type the two digits that the sign-in page shows.');
      assert.equal(await result(user, factor, transaction), 'WAITING');
      await phone.type('Number on the sign-in page', String(isRight ? correct : correct === 99 ? 10 : correct + 1));
      await phone.tap('button', 'Approve');
      await phone.heading(isRight ? 'Approved' : 'Wrong number');

      assert.equal(await result(user, factor, transaction), isRight ? 'SUCCESS' : 'REJECTED');
      await phone.tap('link', 'Done');
    }
    await phone.close();
  });

  test('A request that is cancelled goes from the screen', async () => {
    const { user, phone, factor } = await bind();
    const transaction = await ask(user, factor);
    await phone.look();
    await phone.heading('Is this you signing in?');

    await cancel(user, factor, transaction);

    await phone.heading('No longer open');
    await phone.close();
  });

  test('Everything by the keyboard alone', async () => {
    const { user, phone, factor } = await bind();
    const transaction = await ask(user, factor);
    await phone.page.waitForSelector('.asking a');
    const tabTo = async selector => {
      for (let times = 0; times < 20; times++) {
        await phone.page.keyboard.press('Tab');
        if (await phone.page.evaluate(wanted => document.activeElement.matches(wanted), selector)) return;
      }
      assert.fail(`${selector} was not reached`);
    };

    await tabTo('.asking a');
    await phone.page.keyboard.press('Enter');
    await phone.heading('Is this you signing in?');
    assert.equal(await phone.page.evaluate(() => document.activeElement.localName), 'h1');
    await tabTo('form button.primary');
    await phone.page.keyboard.press('Enter');
    await phone.heading('Approved');
    assert.equal(await phone.page.evaluate(() => document.activeElement.textContent), 'Approved');

    assert.equal(await result(user, factor, transaction), 'SUCCESS');
    await phone.close();
  });

  test('Offline the app opens and shows codes; back, it shows what waits', async () => {
    const { user, phone, factor } = await bind();

    await phone.page.setOfflineMode(true);
    await phone.page.reload();
    await phone.sees('You are offline.');
    await phone.code();
    const transaction = await ask(user, factor);
    await phone.page.setOfflineMode(false);
    await phone.sees('Waiting for your answer');
    await phone.seesNo('You are offline.');
    await phone.look();

    await phone.page.setOfflineMode(true);
    await phone.tap('button', 'Approve');
    await phone.sees('your answer may not have arrived');
    assert.equal(await result(user, factor, transaction), 'WAITING');
    await phone.page.setOfflineMode(false);
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');
    assert.equal(await result(user, factor, transaction), 'SUCCESS');
    await phone.close();
  });

  test('Two accounts on one phone; renamed and removed', async () => {
    const { user, phone, factor } = await bind();
    const other = await createUser(server);
    const second = await enroll(other);
    await phone.add(second.link);
    assert.equal((await phone.page.$$('#accounts ~ ul li')).length, 2);

    const transaction = await ask(other, second.factor);
    await phone.look();
    await phone.sees(other.profile.login);
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');
    assert.equal(await result(other, second.factor, transaction), 'SUCCESS');
    await phone.tap('link', 'Done');

    await phone.openAccount();
    await phone.type('Name of this device', 'The old phone');
    await phone.tap('button', 'Save');
    await phone.sees('The name was saved.');
    assert.equal((await server.client.userFactorApi.getFactor({ userId: user.id, factorId: factor })).profile.name, 'The old phone');

    await phone.tap('button', 'Remove account');
    await phone.tap('button', 'Remove');
    await phone.page.waitForFunction(() => document.querySelectorAll('#accounts ~ ul li').length === 1);
    assert.deepEqual(await all(await server.client.userFactorApi.listFactors({ userId: user.id })), []);
    await refuses(server.newClient().userFactorApi.getFactor({ userId: user.id, factorId: factor }), 404, 'E0000007');
    await phone.page.reload();
    await phone.sees(other.profile.login);
    assert.ok(!(await phone.text()).includes(user.profile.login));
    await phone.close();
  });

  test('An account that is removed at the server says so, and can be removed here', async () => {
    const { user, phone, factor } = await bind();

    await server.client.userFactorApi.unenrollFactor({ userId: user.id, factorId: factor });
    await phone.sees('Removed at the server');
    await phone.openAccount();
    await phone.sees('The server no longer knows this device');
    await phone.tap('button', 'Remove account');
    await phone.tap('button', 'Remove');

    await phone.sees('No accounts yet');
    await phone.close();
  });
});

onBothEngines('Web Push to Countersign Authenticator', server => {
  const { bind, ask, result } = application(server);

  test('A closed app is told by a message that only it can read, and the notification leads to the request', async () => {
    const subscriber = pushService.subscriber();
    const { user, phone, factor } = await bind({ prepare: [pretendToSubscribe, subscriber.told] });
    const { page, context } = phone;
    await context.overridePermissions(server.address, ['notifications']);
    await page.reload();
    await phone.tap('button', 'Turn on notifications');
    await phone.seesNo('Turn on notifications');
    const scope = `${server.address}/authenticator/`;
    const devtools = await page.createCDPSession();
    const registered = new Promise(resolve => devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const known = registrations.find(({ scopeURL }) => scopeURL === scope);
      if (known) resolve(known.registrationId);
    }));
    await devtools.send('ServiceWorker.enable');
    const registrationId = await registered;

    const transaction = await ask(user, factor);
    const message = await pushService.next();
    const claims = readVapid(message);
    const plaintext = decrypt(message, subscriber).toString('utf8');

    assert.equal(message.path, subscriber.path);
    assert.equal(message.headers.urgency, 'high');
    assert.equal(message.headers.topic, transaction.replace('v2mst.', ''));
    assert.ok(Number(message.headers.ttl) > 200 && Number(message.headers.ttl) <= 300, message.headers.ttl);
    assert.deepEqual([claims.aud, claims.sub], [pushService.origin, CONTACT]);
    assert.ok(claims.exp * 1000 > Date.now() && claims.exp * 1000 <= Date.now() + 24 * 3600_000);
    assert.equal(claims.key, await page.evaluate(() => globalThis.subscribedWith));
    assert.deepEqual(JSON.parse(plaintext), { v: 1, factor, transaction });

    await devtools.send('ServiceWorker.deliverPushMessage', { origin: server.address, registrationId, data: plaintext });
    const shown = await page.waitForFunction(async () => {
      const [notification] = await (await navigator.serviceWorker.ready).getNotifications();
      return notification && { title: notification.title, body: notification.body, tag: notification.tag, actions: notification.actions.length };
    }, { timeout: 15_000, polling: 200 });
    const notification = await shown.jsonValue();
    assert.match(notification.title, /: is it you\?$/);
    assert.ok(notification.body.startsWith(user.profile.login));
    assert.deepEqual([notification.tag, notification.actions], [transaction, 0]);
    assert.equal(await result(user, factor, transaction), 'WAITING');

    await page.goto(`${scope}#/request/${encodeURIComponent(transaction)}`);
    await phone.heading('Is this you signing in?');
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');
    assert.equal(await result(user, factor, transaction), 'SUCCESS');
    await page.waitForFunction(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length === 0, { timeout: 15_000, polling: 200 });

    await devtools.send('ServiceWorker.deliverPushMessage', { origin: server.address, registrationId, data: plaintext });
    await page.waitForFunction(async () => (await (await navigator.serviceWorker.ready).getNotifications())[0]?.title === 'A sign-in request has already ended', { timeout: 15_000, polling: 200 });
    await phone.close();
  });
}, { Countersign__Push__WebPush__Services__0: pushService.origin, Countersign__Push__WebPush__Contact: CONTACT });

/** Runs in the page: a browser whose push service is the test's. */
function pretendToSubscribe(told) {
  let subscription = null;
  PushManager.prototype.getSubscription = async () => subscription;
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
    if (userVisibleOnly !== true) throw new DOMException('only what is shown', 'NotAllowedError');
    const key = new Uint8Array(applicationServerKey);
    globalThis.subscribedWith = btoa(String.fromCharCode(...key)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    return subscription = { options: { applicationServerKey: key.buffer }, toJSON: () => ({ ...told, expirationTime: null }), unsubscribe: async () => true };
  };
}

onBothEngines('The screens of Countersign Authenticator', server => {
  // What they show does not depend on the store.
  if (server.engine !== 'sqlite') return;
  const { enroll, ask, number, result, cancel } = application(server);
  // At an address that passkeys are made for: a name, not a number.
  const named = text => text.replace('//127.0.0.1:', '//localhost:');

  test('Unlock: approving and codes need the person, for five minutes; denying never does', async () => {
    const [user, phone] = [await createUser(server), await phones.newPhone()];
    const { page } = phone;
    const devtools = await page.createCDPSession();
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
    } });
    const verifies = isUserVerified => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    const later = () => page.evaluate(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() + 5 * 60_000;
    });
    const { factor, link } = await enroll(user);
    await phone.add(named(link));

    await phone.tap('link', 'Settings');
    await phone.tap('button', 'Turn on unlock');
    await phone.sees('Unlock is on.');
    await phone.screen('settings-unlock');
    await phone.tap('link', 'Back to accounts');
    await phone.code();
    await later();
    await phone.tap('button', `Show code of ${user.profile.login}`);
    await phone.code();

    await page.reload();
    await phone.sees('Show code');
    await phone.screen('locked');
    assert.equal(await page.$('.digits'), null);
    await verifies(false);
    const approved = await ask(user, factor);
    await phone.look();
    await phone.tap('button', 'Approve');
    await phone.sees('Nothing was sent.');
    await phone.screen('unlock-needed');
    assert.equal(await result(user, factor, approved), 'WAITING');
    await verifies(true);
    await phone.tap('button', 'Approve');
    await phone.heading('Approved');
    assert.equal(await result(user, factor, approved), 'SUCCESS');
    await phone.tap('link', 'Done');

    await later();
    await verifies(false);
    const denied = await ask(user, factor);
    await phone.look();
    await phone.tap('button', 'Deny');
    await phone.heading('Denied');
    assert.equal(await result(user, factor, denied), 'REJECTED');

    await phone.tap('link', 'Settings');
    await phone.tap('button', 'Turn off unlock');
    await phone.sees('Nothing was changed.');
    await verifies(true);
    await phone.tap('button', 'Turn off unlock');
    await phone.sees('Unlock is off.');
    await phone.close();
  });

  test('The QR code is read by the camera and from a picture, where the browser can', async () => {
    const [user, phone] = [await createUser(server), await phones.newPhone({ prepare: pretendToReadQr })];
    await phone.page.exposeFunction('readQrIn', picture => readQrIn(picture)?.replace(server.url, server.address));
    await phone.context.overridePermissions(server.address, ['camera']);
    const { picture } = await enroll(user);
    writeVideo(camera, picture);
    await phone.open(`${server.address}/authenticator/#/add`);
    await phone.find('button', 'Scan QR code');
    await phone.screen('add-scanner');

    await phone.tap('button', 'Scan QR code');
    await phone.heading('Scan QR code');
    await phone.heading('Add this account?');
    await phone.sees(user.profile.login);
    assert.equal(await phone.page.evaluate(() => document.querySelector('video')), null);

    const chosen = join(camera, '..', 'code.png');
    writeFileSync(chosen, picture);
    await phone.page.goto(`${server.address}/authenticator/#/`);
    await phone.page.goto(`${server.address}/authenticator/#/add`);
    await (await phone.page.waitForSelector('#picture')).uploadFile(chosen);
    await phone.heading('Add this account?');
    await phone.sees(user.profile.login);
    await phone.close();
  });

  const tours = [['en', 'light', 390], ['en', 'dark', 390], ['de', 'light', 320], ['ja', 'dark', 390]];
  const others = [['fr', 'light', 320], ['es', 'light', 320], ['it', 'light', 320], ['pt-BR', 'light', 320], ['nl', 'light', 320], ['pl', 'light', 320], ['zh-Hans', 'light', 320]];
  for (const [language, scheme, width] of process.env.COUNTERSIGN_SCREENSHOTS ? [...tours, ...others] : tours) {
    test(`Every screen in ${language}, ${scheme}, ${width} pixels wide`, async () => {
      const say = textsIn(language);
      const [user, phone] = [await createUser(server), await phones.newPhone({ language, scheme, size: { width } })];
      const { page } = phone;
      const open = async body => {
        const transaction = await ask(user, factor, body);
        await page.waitForSelector('.asking a', { timeout: 15_000 });
        return transaction;
      };
      const isOver = async (name, picture = name) => {
        await phone.heading(say(`outcome.${name}.title`));
        await phone.screen(picture);
        await phone.tap('link', say('action.done'));
      };

      await phone.open(`${server.address}/authenticator/`);
      await phone.sees(say('home.none.title'));
      await phone.screen('empty');
      await phone.tap('link', say('add.title'));
      await phone.sees(say('add.noScanner'));
      await phone.screen('add');
      await phone.type(say('add.link'), 'https://example.com/');
      await phone.tap('button', say('action.continue'));
      await phone.sees(say('add.notLink'));
      await phone.screen('add-no-link');
      await phone.type(say('add.link'), 'https://mfa.example.com/authenticator/#activate=t');
      await phone.tap('button', say('action.continue'));
      await phone.sees(say('add.open', { host: 'mfa.example.com' }));
      await phone.screen('add-elsewhere');
      await phone.open(`${server.address}/authenticator/#activate=t`);
      await phone.sees(say('activation.over'));
      await phone.screen('activation-over');

      const { factor, link } = await enroll(user);
      await phone.open(link);
      await phone.find('textbox', say('name.label'));
      await phone.screen('activation');
      await phone.tap('button', say('activation.action'));
      await phone.heading(say('added.title'));
      await phone.screen('added');
      await phone.tap('link', say('action.done'));
      await phone.code();
      await phone.screen('home');

      const first = await open({ useNumberMatchingChallenge: true });
      await phone.screen('home-waiting');
      await phone.look();
      await phone.find('textbox', say('number.label'));
      await phone.screen('request-number');
      await phone.tap('button', say('request.approve'));
      await phone.sees(say('number.typed.missing'));
      await phone.screen('request-number-missing');
      await phone.type(say('number.label'), String(await number(user, factor, first)));
      await phone.tap('button', say('request.approve'));
      await isOver('approved');
      await open();
      await phone.look();
      await phone.find('button', say('request.approve'));
      await phone.screen('request');
      await page.tap('summary');
      await phone.screen('request-details');
      await page.setOfflineMode(true);
      await phone.tap('button', say('request.deny'));
      await phone.sees(say('request.unsent'));
      await phone.screen('request-unsent');
      await page.setOfflineMode(false);
      await phone.tap('button', say('request.deny'));
      await isOver('denied');
      const wrong = await open({ useNumberMatchingChallenge: true });
      await phone.look();
      await phone.type(say('number.label'), await number(user, factor, wrong) === 10 ? '11' : '10');
      await phone.tap('button', say('request.approve'));
      await isOver('wrongNumber');
      await open();
      await phone.look();
      await phone.tap('button', say('request.report'));
      await phone.find('button', say('report.action'));
      await phone.screen('report');
      await phone.tap('button', say('report.action'));
      await isOver('reported');
      const cancelled = await open();
      await phone.look();
      await phone.find('button', say('request.approve'));
      await cancel(user, factor, cancelled);
      await isOver('answered');

      await phone.openAccount();
      await phone.find('textbox', say('name.label'));
      await phone.screen('account');
      await phone.tap('button', say('remove.account'));
      await phone.find('button', say('remove.action'));
      await phone.screen('remove');
      await phone.tap('button', say('action.cancel'));
      await page.setOfflineMode(true);
      await phone.tap('button', say('remove.account'));
      await phone.tap('button', say('remove.action'));
      await phone.sees(say('remove.unreachable'));
      await phone.screen('remove-unreachable');
      await phone.tap('button', say('action.cancel'));
      await phone.tap('link', say('bar.back'));
      await phone.sees(say('offline.device'));
      await phone.screen('offline');
      await page.setOfflineMode(false);
      await phone.tap('link', say('settings.title'));
      await phone.heading(say('settings.title'));
      await phone.seesNo(say('offline.device'));
      await phone.screen('settings');
      await phone.tap('link', say('bar.back'));
      await server.client.userFactorApi.unenrollFactor({ userId: user.id, factorId: factor });
      await phone.sees(say('account.gone.short'));
      await phone.screen('gone');
      await phone.openAccount();
      await phone.sees(say('account.gone', { login: user.profile.login }));
      await phone.screen('account-gone');
      await phone.close();
    });
  }
}, { Countersign__OrgName: 'Kovar & Partners' });

onBothEngines('Countersign Authenticator and requests that end soon', server => {
  const { bind, ask, result } = application(server);

  test('A request that nobody answers: TIMEOUT, and too late on the phone', async () => {
    const { user, phone, factor } = await bind();
    const transaction = await ask(user, factor);
    await phone.look();
    await phone.heading('Is this you signing in?');

    await phone.heading('Too late');
    assert.equal(await result(user, factor, transaction), 'TIMEOUT');
    await phone.screen('late');
    await phone.close();
  });
}, { Countersign__Push__RequestLifetime: '00:00:08' });

onBothEngines('Countersign Authenticator with numbers to choose from', server => {
  if (server.engine !== 'sqlite') return;
  const { bind, ask, number, result } = application(server);

  for (const scheme of ['light', 'dark']) {
    test(`The right one of three: SUCCESS; another: REJECTED (${scheme})`, async () => {
      const { user, phone, factor } = await bind({ scheme });
      for (const isRight of [true, false]) {
        const transaction = await ask(user, factor, { useNumberMatchingChallenge: true });
        const correct = await number(user, factor, transaction);
        await phone.look();
        await phone.tap('button', 'Approve');
        await phone.sees('Choose the number that the sign-in page shows.');
        const choices = await phone.page.$$eval('.choice input', inputs => inputs.map(input => Number(input.value)));
        assert.equal(choices.length, 3);
        await phone.tap('radio', String(isRight ? correct : choices.find(choice => choice !== correct)));
        await phone.screen('request-choice');
        await phone.tap('button', 'Approve');
        await phone.heading(isRight ? 'Approved' : 'Wrong number');

        assert.equal(await result(user, factor, transaction), isRight ? 'SUCCESS' : 'REJECTED');
        await phone.tap('link', 'Done');
      }
      await phone.close();
    });
  }
}, { Countersign__Push__NumberEntry: 'choice' });

/** What the app says in a language. */
function textsIn(language) {
  const texts = JSON.parse(readFileSync(new URL(`../../src/Countersign.Server/Authenticator/App/language/${language}.json`, import.meta.url), 'utf8'));
  return (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Runs in the page: a browser that reads QR codes, as those of phones do and the tests' does not; the test reads them for it. */
function pretendToReadQr() {
  globalThis.BarcodeDetector = class {
    static getSupportedFormats = async () => ['code_128', 'qr_code'];

    async detect(source) {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [source.videoWidth ?? source.width, source.videoHeight ?? source.height];
      canvas.getContext('2d').drawImage(source, 0, 0);
      const text = await globalThis.readQrIn(canvas.toDataURL('image/png').split(',')[1]);
      return text ? [{ rawValue: text }] : [];
    }
  };
}

/** What an application does, by the SDK. */
function application(server) {
  const api = () => server.client.userFactorApi;
  const enroll = async user => {
    const { id, status, _embedded: { activation } } = await api().enrollFactor({ userId: user.id, body: { factorType: 'push', provider: 'OKTA' } });
    const picture = Buffer.from(await (await fetch(activation._links.qrcode.href)).arrayBuffer());
    return { factor: id, status, picture, link: readQr(picture).replace(server.url, server.address) };
  };
  const transactionUrl = (user, factorId, transactionId) => `${server.url}/api/v1/users/${user.id}/factors/${factorId}/transactions/${transactionId}`;
  const poll = (user, factorId, transactionId) => api().getFactorTransactionStatus({ userId: user.id, factorId, transactionId });
  return {
    enroll,
    activate: (user, factorId) => api().activateFactor({ userId: user.id, factorId, body: {} }),
    /** What the model of the SDK leaves out. */
    activation: async (user, factorId) => (await server.post(`/api/v1/users/${user.id}/factors/${factorId}/lifecycle/activate/poll`, {})).factorResult,
    /** A user with a phone that is bound to them. */
    async bind(options) {
      const [user, phone] = [await createUser(server), await phones.newPhone(options)];
      const { factor, link } = await enroll(user);
      await phone.add(link);
      return { user, phone, factor };
    },
    /** Asks the user; the transaction's id stands in the link alone. */
    async ask(user, factorId, body = {}) {
      const { factorResult, _links } = await api().verifyFactor({ userId: user.id, factorId, body });
      assert.equal(factorResult, 'WAITING');
      return _links.poll.href.split('/').at(-1);
    },
    /** What no operation of the SDK does. */
    async cancel(user, factorId, transactionId) {
      assert.equal((await server.client.http.http(transactionUrl(user, factorId, transactionId), { method: 'delete' })).status, 204);
    },
    result: async (...transaction) => (await poll(...transaction)).factorResult,
    /** Likewise: the number that the sign-in page shows. */
    number: async (...transaction) => (await (await server.client.http.http(transactionUrl(...transaction), { method: 'get' })).json())._embedded.challenge.correctAnswer,
  };
}
