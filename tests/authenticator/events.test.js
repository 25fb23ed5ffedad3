// HTML Living Standard §9.2.6, "Interpreting an event stream".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './lib/app.js';

const { EventReader } = await load('protocol/events.js');

const STREAM = ': hello\n\nevent: requests\ndata: {"a":1}\n\n:\nid: 7\nretry: 10\ndata:first\ndata: second\ndata\n\nevent: nothing\n\ndata: after\n\ndata: not ended\n';
const EVENTS = [{ type: 'requests', data: '{"a":1}' }, { type: 'message', data: 'first\nsecond\n' }, { type: 'message', data: 'after' }];

for (const [name, end] of [['line feeds', '\n'], ['carriage returns', '\r'], ['both', '\r\n']]) {
  test(`A stream with ${name} is read`, () => {
    assert.deepEqual(new EventReader().read(STREAM.replaceAll('\n', end) + ':'), EVENTS);
  });

  test(`A stream with ${name} is read the same in pieces of any size`, () => {
    const stream = STREAM.replaceAll('\n', end) + ':';
    for (let size = 1; size < 12; size++) {
      const reader = new EventReader();
      const events = [];
      for (let at = 0; at < stream.length; at += size) events.push(...reader.read(stream.slice(at, at + size)));
      assert.deepEqual(events, EVENTS, `in pieces of ${size}`);
    }
  });
}

test('An event without end is not kept for ever', () => {
  const reader = new EventReader();
  assert.throws(() => {
    for (let piece = 0; piece < 1000; piece++) reader.read(`data: ${'x'.repeat(10_000)}\n`);
  }, RangeError);
});
