// A service of the organization's own that hooks call: it keeps what it is sent, and answers as both kinds of hook expect.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts one on a free port; received holds the requests, oldest first. */
export async function startEndpoint() {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    received.push({ method: request.method, headers: request.headers, body: body && JSON.parse(body) });
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(request.method === 'GET'
      ? { verification: request.headers['x-okta-verification-challenge'] }
      : { commands: [{ type: 'com.okta.telephony.action', value: [{ status: 'SUCCESSFUL', provider: 'acme-sms', transactionId: 'SM1' }] }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { uri: `http://127.0.0.1:${server.address().port}/hook`, received, stop: () => server.close() };
}
