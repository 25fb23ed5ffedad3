// What a User-Agent says, in words that people know. It is what the asking program says of itself: it may lie.

const BROWSERS = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\bVivaldi\/(\d+)/, 'Vivaldi'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\bCriOS\/(\d+)/, 'Chrome'],
  [/\bHeadlessChrome\/(\d+)/, 'Chrome'],
  [/\bChromium\/(\d+)/, 'Chromium'],
  [/\bChrome\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//, 'Safari'],
];
const SYSTEMS = [
  [/\bWindows Phone\b/, 'Windows Phone'],
  [/\bWindows NT\b/, 'Windows'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

/**
 * The browser with its number, or the first program that names itself, and the system; each empty where it is not told.
 * @param {string} text
 * @returns {{ browser: string, system: string }}
 */
export function readUserAgent(text) {
  const system = String(SYSTEMS.find(([pattern]) => /** @type {RegExp} */ (pattern).test(text))?.[1] ?? '');
  for (const [pattern, name] of BROWSERS) {
    const [, version] = /** @type {RegExp} */ (pattern).exec(text) ?? [];
    if (version) return { browser: `${name} ${version}`, system };
  }
  const [, program, version] = /^([A-Za-z][\w.-]{0,39})\/(\d[\d.]{0,19})/.exec(text) ?? [];
  return { browser: program && program !== 'Mozilla' ? `${program} ${version}` : '', system };
}
