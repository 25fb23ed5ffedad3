// Stands between the SDK and the server and keeps every exchange, for the check in tests/contract.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdirSync } from 'node:fs';
import { Agent, createServer, request as send } from 'node:http';
import { join } from 'node:path';

/** Passes everything on to the server at this address, and writes it to a file of its own in the folder. */
export async function record(address, folder) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${randomUUID()}.jsonl`);
  const agent = new Agent({ keepAlive: true });
  const proxy = createServer(async (request, response) => {
    const body = await read(request);
    const { method, url: path, headers } = request;
    const onward = send(address + path, { method, headers, agent });
    onward.end(body);
    const [answer] = await once(onward, 'response');
    const answered = await read(answer);
    appendFileSync(file, JSON.stringify({
      method, path, request: text(body), status: answer.statusCode, contentType: answer.headers['content-type']?.split(';')[0], response: text(answered),
    }) + '\n');
    response.writeHead(answer.statusCode, answer.headers);
    response.end(answered);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    stop: () => {
      agent.destroy();
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const text = body => body.length > 0 ? body.toString('utf8') : null;
