// Where the app's modules are, and what a browser has that an older Node keeps elsewhere.
import { webcrypto } from 'node:crypto';
import { fileURLToPath } from 'node:url';

globalThis.crypto ??= webcrypto;

/** The folder of the app. */
export const APP = new URL('../../../src/Countersign.Server/Authenticator/App/', import.meta.url);

/** Its path. */
export const APP_PATH = fileURLToPath(APP);

/** One of the app's modules. */
export const load = path => import(new URL(path, APP));
