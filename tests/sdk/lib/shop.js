// An API that has nothing to do with Countersign, with its OpenAPI document.
import { once } from 'node:events';
import { createServer } from 'node:http';

/** Starts one on a free port. */
export async function startShop() {
  const orders = [];
  const server = createServer(async (request, response) => {
    const answer = (status, body) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/openapi.json') return answer(200, document(origin));
    if (request.method !== 'POST' || request.url.split('?')[0] !== '/parcels') return answer(404, { error: 'nothing here' });
    if (request.headers['x-shop-key'] !== KEY) return answer(401, { error: 'who are you?' });
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    orders.push(JSON.parse(Buffer.concat(chunks)));
    answer(201, { parcel: { number: orders.length, to: orders.at(-1).city, 'track.code': `T-${orders.length}` } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, key: KEY, orders, stop: () => server.close() };
}

const KEY = 'shop-key-5d41402a';

const document = origin => ({
  openapi: '3.0.3',
  info: { title: 'Parcel shop', version: '7' },
  servers: [{ url: origin }],
  security: [{ shopKey: [] }],
  components: { securitySchemes: { shopKey: { type: 'apiKey', in: 'header', name: 'X-Shop-Key' } } },
  paths: {
    '/parcels': {
      post: {
        operationId: 'dispatchParcel',
        summary: 'Dispatch a parcel',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object', required: ['city', 'grams'], properties: { city: { type: 'string', description: 'Where it goes.' }, grams: { type: 'integer', minimum: 1 }, note: { type: 'string' } } } } },
        },
        responses: { 201: { description: 'It is on its way.', content: { 'application/json': { schema: { type: 'object', properties: { parcel: { type: 'object' } } } } } } },
      },
    },
  },
});
