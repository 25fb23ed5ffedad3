// A server that workflows call: it keeps what it was sent and answers as the path says.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts it on a free port. Paths: /echo answers the request; /status/503 that status; /flaky/NAME/2 fails so often before it succeeds; /poll/NAME/2 says so often that it is not ready. */
export async function startEffects() {
  const received = [], tries = new Map();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, what, name, times] = request.url.split('?')[0].split('/');
    const tried = (tries.get(request.url) ?? 0) + 1;
    tries.set(request.url, tried);
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    const status = what === 'status' ? Number(name) : what === 'flaky' && tried <= Number(times) ? 503 : 200;
    const answer = what === 'poll' ? { ready: tried > Number(times) } : { method: request.method, url: request.url, key: request.headers['idempotency-key'], body: body && JSON.parse(body), tried };
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    received,
    stop: () => new Promise(resolve => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
