// A Countersign server of the tests' own: a real process on a free port, with a store that goes when it stops.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import okta from '@okta/okta-sdk-nodejs';
import { createDatabase } from './postgres.js';
import { record } from './recorder.js';

/** The token of the server's administrator. */
export const TOKEN = 'sdk-test-token-0123456789';
const LONGEST_START = 60_000;
const ENGINES = ['sqlite', 'postgres'];

/** Defines the same tests for both storage engines, each with a server that define gets, with these settings; it is ready when the tests run. */
export function onBothEngines(subject, define, settings = {}) {
  for (const engine of ENGINES) {
    describe(`${subject} on ${engine}`, () => {
      const server = new Server(engine, settings);
      before(() => server.start());
      after(() => server.stop());
      define(server);
    });
  }
}

class Server {
  #ends = [];

  constructor(engine, settings) {
    this.engine = engine;
    this.settings = settings;
  }

  async start() {
    const directory = mkdtempSync(join(tmpdir(), 'countersign-sdk-'));
    this.#ends.push(() => rmSync(directory, { recursive: true }));
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const environment = { ...process.env, Countersign__DataDirectory: directory, Countersign__BootstrapToken: TOKEN, Countersign__Storage__Provider: this.engine, Countersign__Delivery__OutboxOnly: 'true', Countersign__Outbound__AllowedNetworks__0: '127.0.0.0/8', ...this.settings };
    if (this.engine === 'postgres') {
      const database = createDatabase();
      this.#ends.push(database.drop);
      environment.ConnectionStrings__Countersign = database.connectionString;
    }
    await this.#run(environment, address);
    /** Where it listens; url may be a recorder in front of it, which keeps streams back. */
    this.address = address;
    this.url = address;
    if (process.env.COUNTERSIGN_RECORD) {
      const recorder = await record(address, process.env.COUNTERSIGN_RECORD);
      this.#ends.push(recorder.stop);
      this.url = recorder.url;
    }
    this.client = this.newClient();
  }

  /** An SDK client with an empty cache. */
  newClient(token = TOKEN) {
    return new okta.Client({ orgUrl: this.url, token });
  }

  /** What no operation of the SDK does. */
  async post(path, body) {
    const headers = { Authorization: `SSWS ${TOKEN}`, 'Content-Type': 'application/json' };
    const response = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** The newest message that the outbox keeps for a phone number or address. */
  async messageTo(recipient) {
    const response = await fetch(`${this.url}/countersign/v1/outbox?limit=1&recipient=${encodeURIComponent(recipient)}`, { headers: { Authorization: `SSWS ${TOKEN}` } });
    return (await response.json())[0];
  }

  /** Its code. */
  async codeOf(recipient) {
    return (await this.messageTo(recipient)).code;
  }

  async stop() {
    for (const end of this.#ends.reverse()) await end();
  }

  async #run(environment, address) {
    const child = spawn('dotnet', [assembly(), '--urls', address], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = once(child, 'exit');
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => { output += text; });
    this.#ends.push(async () => {
      child.kill('SIGTERM');
      await exited;
    });
    const end = Date.now() + LONGEST_START;
    while (!await isLive(address)) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`The server did not start:\n${output}`);
      await delay(50);
    }
  }
}

/** The server's assembly: COUNTERSIGN_SERVER, or the one that eng/server builds. */
let built;
function assembly() {
  return built ??= process.env.COUNTERSIGN_SERVER
    || execFileSync(fileURLToPath(new URL('../../../eng/server', import.meta.url)), ['--quick'], { encoding: 'utf8' }).trim();
}

async function isLive(address) {
  try {
    return (await fetch(`${address}/health/live`)).ok;
  } catch {
    return false;
  }
}

async function freePort() {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
