import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './lib/app.js';

const { readUserAgent } = await load('device/userAgent.js');
const { describeDevice } = await load('device/description.js');

const [IPHONE, PIXEL, MAC, WINDOWS] = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
];

for (const [text, browser, system] of [
  [IPHONE, 'Safari 18', 'iPhone'],
  [PIXEL, 'Chrome 131', 'Android'],
  [MAC, 'Safari 17', 'macOS'],
  [WINDOWS, 'Chrome 131', 'Windows'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51', 'Edge 131', 'Windows'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0', 'Firefox 132', 'Linux'],
  ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', 'Chrome 131', 'ChromeOS'],
  ['Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1', 'Chrome 131', 'iPad'],
  ['Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36', 'Samsung Internet 27', 'Android'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0', 'Opera 116', 'Windows'],
  ['okta-sdk-nodejs/8.1.0 node/20.20.2 linux/6.1', 'okta-sdk-nodejs 8.1.0', ''],
  ['curl/8.5.0', 'curl 8.5.0', ''],
  ['Mozilla/5.0', '', ''],
  ['', '', ''],
  ['<b>Chrome</b> on your own phone', '', ''],
]) {
  test(`${text.slice(0, 90) || 'Nothing'} is ${browser || 'unknown'} on ${system || 'an unknown system'}`, () => assert.deepEqual(readUserAgent(text), { browser, system }));
}

for (const [name, browser, deviceType, platform, version, model] of [
  ['an iPhone', { userAgent: IPHONE }, 'SmartPhone_IPhone', 'IOS', '18.1', ''],
  ['an iPad that says it is a Mac', { userAgent: MAC, maxTouchPoints: 5 }, 'SmartPhone_IPhone', 'IOS', '10.15.7', ''],
  ['a Mac', { userAgent: MAC, maxTouchPoints: 0 }, 'SmartPhone_IPhone', 'MACOS', '10.15.7', ''],
  ['an Android phone that tells', { userAgent: PIXEL, userAgentData: { getHighEntropyValues: async () => ({ platformVersion: '16.0.0', model: 'Pixel 9' }) } }, 'SmartPhone_Android', 'ANDROID', '16.0.0', 'Pixel 9'],
  ['one that does not', { userAgent: PIXEL, userAgentData: { getHighEntropyValues: async () => { throw new DOMException('no', 'NotAllowedError'); } } }, 'SmartPhone_Android', 'ANDROID', '10', ''],
  ['Windows', { userAgent: WINDOWS }, 'SmartPhone_Android', 'WINDOWS', '', ''],
  ['something else', { userAgent: 'Nothing/1' }, 'SmartPhone_Android', 'LINUX', '', ''],
]) {
  test(`${name} describes itself`, async () => {
    const described = await describeDevice({ maxTouchPoints: 1, ...browser });
    assert.deepEqual([described.deviceType, described.platform, described.version, described.model], [deviceType, platform, version, model]);
  });
}
