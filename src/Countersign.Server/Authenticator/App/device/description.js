import { readUserAgent } from './userAgent.js';

/** @typedef {'IOS' | 'ANDROID' | 'WINDOWS' | 'MACOS' | 'LINUX'} Platform */
/**
 * What this device says of itself to the server.
 * @typedef {object} Description
 * @property {'SmartPhone_IPhone' | 'SmartPhone_Android'} deviceType
 * @property {Platform} platform
 * @property {string} version of the system; empty where the browser does not tell
 * @property {string} model what it is called by its maker; often empty
 * @property {string} browser
 * @property {string} system
 */

/** @type {Record<string, Platform>} */
const PLATFORMS = { iPhone: 'IOS', iPad: 'IOS', Android: 'ANDROID', Windows: 'WINDOWS', macOS: 'MACOS' };
const VERSIONS = [/\b(?:iPhone )?OS (\d+[\d_]*) like Mac/, /\bAndroid (\d[\d.]*)/, /\bMac OS X (\d+[\d_]*)/];

/**
 * @param {Navigator & { userAgentData?: { getHighEntropyValues(hints: string[]): Promise<{ platformVersion?: string, model?: string }> } }} browser
 * @returns {Promise<Description>}
 */
export async function describeDevice({ userAgent, maxTouchPoints, userAgentData }) {
  const read = readUserAgent(userAgent);
  // An iPad says that it is a Mac, which has no touch screen.
  const system = read.system === 'macOS' && maxTouchPoints > 1 ? 'iPad' : read.system;
  const platform = PLATFORMS[system] ?? 'LINUX';
  /** @type {{ platformVersion?: string, model?: string }} */
  const told = await userAgentData?.getHighEntropyValues(['platformVersion', 'model']).catch(() => ({})) ?? {};
  const written = VERSIONS.map(pattern => pattern.exec(userAgent)?.[1]).find(version => version) ?? '';
  return {
    deviceType: platform === 'IOS' || platform === 'MACOS' ? 'SmartPhone_IPhone' : 'SmartPhone_Android',
    platform,
    version: (told.platformVersion || written).replaceAll('_', '.').slice(0, 50),
    model: (told.model ?? '').slice(0, 60),
    browser: read.browser.replace(/ \d+$/, ''),
    system,
  };
}
