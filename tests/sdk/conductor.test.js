// The published Conductor client for JavaScript, unmodified: it registers, starts, polls, completes and reads workflows of every task type (workflow contract 1 to 13).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as conductor from '@io-orkes/conductor-javascript';
import { startEffects } from './lib/effects.js';
import { base32, totp, wrongTotp } from './lib/otp.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

const KEY = { keyId: 'Bootstrap', keySecret: 'sdk-test-token-0123456789' };
const PATIENCE = 20_000;
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

const simple = (name, more = {}) => ({ name, taskReferenceName: `${name}_ref`, type: 'SIMPLE', inputParameters: {}, ...more });
const inline = (reference, expression, inputParameters = {}) => ({ name: 'inline', taskReferenceName: reference, type: 'INLINE', inputParameters: { evaluatorType: 'javascript', expression, ...inputParameters } });
const wait = (reference, inputParameters = {}) => ({ name: 'wait', taskReferenceName: reference, type: 'WAIT', inputParameters });
const http = (reference, uri, more = {}, task = {}) => ({ name: 'call', taskReferenceName: reference, type: 'HTTP', inputParameters: { http_request: { uri, method: 'GET', ...more } }, ...task });

onBothEngines('The Conductor client', server => {
  let client, metadata, executor, tasks, effects;
  before(async () => {
    effects = await startEffects();
    const tokens = await fetch(`${server.url}/countersign/v1/tokens`, { headers: { Authorization: `SSWS ${KEY.keySecret}` } });
    KEY.keyId = (await tokens.json())[0].id;
    client = await conductor.createConductorClient({ serverUrl: server.url, ...KEY, logger: QUIET });
    metadata = new conductor.MetadataClient(client);
    executor = new conductor.WorkflowExecutor(client);
    tasks = new conductor.TaskClient(client);
  });
  after(async () => {
    client?.stopBackgroundRefresh?.();
    await effects.stop();
  });

  /** Registers a definition and starts it. */
  async function start(name, definition, request = {}) {
    const tasksOf = Array.isArray(definition) ? definition : definition.tasks;
    await executor.registerWorkflow(true, { name, version: 1, schemaVersion: 2, ...(Array.isArray(definition) ? {} : definition), tasks: tasksOf });
    return executor.startWorkflow({ name, version: 1, ...request });
  }

  /** The execution once it is so. */
  async function until(id, is, what) {
    for (const end = Date.now() + PATIENCE; ;) {
      const execution = await executor.getWorkflow(id, true);
      if (is(execution)) return execution;
      if (Date.now() > end) assert.fail(`${what}: ${JSON.stringify(execution, null, 1)}`);
      await delay(50);
    }
  }

  const ended = (id, status = 'COMPLETED') => until(id, execution => execution.status !== 'RUNNING', 'it did not end')
    .then(execution => (assert.equal(execution.status, status, JSON.stringify(execution)), execution));
  const open = (id, reference, status = 'IN_PROGRESS') => until(id, execution => execution.tasks.some(task => task.referenceTaskName === reference && task.status === status), `${reference} is not ${status}`);
  const taskOf = (execution, reference) => execution.tasks.findLast(task => task.referenceTaskName === reference);
  const status = error => error.cause?.status ?? error.status ?? error.response?.status ?? Number(/\b([45]\d\d)\b/.exec(`${error.message} ${JSON.stringify(error.cause ?? '')}`)?.[1]);

  test('A wrong secret is refused, a right one signs in', async () => {
    // The client itself tries a refused secret again for two minutes.
    const refused = await fetch(`${server.url}/api/token`, { method: 'POST', body: JSON.stringify({ keyId: KEY.keyId, keySecret: 'wrong-secret-0123456789' }) });
    assert.equal(refused.status, 401);
    const signedIn = await fetch(`${server.url}/api/token`, { method: 'POST', body: JSON.stringify(KEY) });
    assert.equal((await signedIn.json()).token, KEY.keySecret);
    const version = await fetch(`${server.url}/api/version`);
    assert.match(await version.text(), /^\d+\.\d+\.\d+$/);
  });

  test('Definitions are registered, read, replaced and removed, with nothing lost', async () => {
    const definition = { name: 'kept', version: 1, tasks: [simple('kept_task', { ours: { deep: [1, null] } })], ofAnotherServer: { x: true } };
    await metadata.registerWorkflowDef(definition, true);
    const read = await metadata.getWorkflowDef('kept', 1);
    assert.deepEqual(read.ofAnotherServer, { x: true });
    assert.deepEqual(read.tasks[0].ours, { deep: [1, null] });
    await assert.rejects(metadata.registerWorkflowDef(definition, false));
    await assert.rejects(metadata.registerWorkflowDef({ name: 'broken', version: 1, tasks: [simple('a'), simple('a')] }, true));
    await metadata.unregisterWorkflow('kept', 1);
    await assert.rejects(metadata.getWorkflowDef('kept', 1));
    await metadata.registerTasks([{ name: 'kept_task', retryCount: 1, retryDelaySeconds: 0, ownerEmail: 'a@example.com' }]);
    assert.equal((await metadata.getTask('kept_task')).retryCount, 1);
    await metadata.updateTask({ name: 'kept_task', retryCount: 2, ownerEmail: 'a@example.com' });
    assert.equal((await metadata.getTask('kept_task')).retryCount, 2);
    await metadata.unregisterTask('kept_task');
    await assert.rejects(metadata.getTask('kept_task'));
  });

  test('A worker polls, fails, is asked again and completes', async () => {
    await metadata.registerTasks([{ name: 'work', retryCount: 2, retryDelaySeconds: 0, responseTimeoutSeconds: 10, ownerEmail: 'a@example.com' }]);
    let tried = 0;
    const manager = new conductor.TaskManager(client, [{
      taskDefName: 'work',
      execute: async task => ++tried === 1 ? { status: 'FAILED', reasonForIncompletion: 'not yet', outputData: {} } : { status: 'COMPLETED', outputData: { doubled: task.inputData.n * 2 }, logs: [{ log: 'done' }] },
    }], { options: { pollInterval: 20, concurrency: 2 }, logger: QUIET });
    manager.startPolling();
    try {
      const id = await start('working', { tasks: [simple('work', { inputParameters: { n: '${workflow.input.n}' } })], outputParameters: { result: '${work_ref.output.doubled}' } }, { input: { n: 21 }, correlationId: 'c-1' });
      const execution = await ended(id);
      assert.deepEqual(execution.output, { result: 42 });
      assert.equal(execution.correlationId, 'c-1');
      assert.deepEqual(execution.tasks.map(task => [task.status, task.retryCount, task.retried]), [['FAILED', 0, true], ['COMPLETED', 1, false]]);
    } finally {
      await manager.stopPolling();
    }
  });

  test('HTTP tasks call, with a key that names the attempt, and are tried again', async () => {
    const id = await start('calling', [
      http('post_ref', `${effects.url}/echo`, { method: 'POST', body: { who: '${workflow.input.who}' }, headers: { 'Idempotency-Key': '${CPEWF_TASK_ID}' } }),
      http('flaky_ref', `${effects.url}/flaky/${server.engine}/1`, {}, { taskDefinition: { name: 'call', retryCount: 2, retryDelaySeconds: 0 } }),
      http('gone_ref', `${effects.url}/status/404`, {}, { optional: true }),
    ], { input: { who: 'ann' } });
    const execution = await ended(id);
    const post = taskOf(execution, 'post_ref');
    assert.deepEqual(post.outputData.response.body.body, { who: 'ann' });
    assert.equal(post.outputData.response.body.key, post.taskId);
    assert.deepEqual(execution.tasks.filter(task => task.referenceTaskName === 'flaky_ref').map(task => task.status), ['FAILED', 'COMPLETED']);
    assert.equal(taskOf(execution, 'gone_ref').status, 'COMPLETED_WITH_ERRORS');
  });

  test('HTTP_POLL asks until it is told', async () => {
    const id = await start('polling', [{
      name: 'poll', taskReferenceName: 'poll_ref', type: 'HTTP_POLL',
      inputParameters: { http_request: { uri: `${effects.url}/poll/${server.engine}/1`, method: 'GET', terminationCondition: '$.output.response.body.ready', pollingInterval: 1, pollingStrategy: 'FIXED' } },
    }]);
    const poll = taskOf(await ended(id), 'poll_ref');
    assert.equal(poll.outputData.response.body.ready, true);
  });

  test('SET_VARIABLE, SWITCH, INLINE, NOOP and TERMINATE are decided at once', async () => {
    const definition = {
      variables: { seen: 'no' },
      tasks: [
        { name: 'set', taskReferenceName: 'set_ref', type: 'SET_VARIABLE', inputParameters: { seen: '${workflow.input.color}' } },
        { name: 'switch', taskReferenceName: 'switch_ref', type: 'SWITCH', evaluatorType: 'value-param', expression: 'color', inputParameters: { color: '${workflow.variables.seen}' },
          decisionCases: { red: [inline('red_ref', '(function () { return $.a + 1; })()', { a: 41 })] },
          defaultCase: [{ name: 'end', taskReferenceName: 'end_ref', type: 'TERMINATE', inputParameters: { terminationStatus: 'FAILED', terminationReason: 'no red', workflowOutput: { color: '${workflow.variables.seen}' } } }] },
        { name: 'noop', taskReferenceName: 'noop_ref', type: 'NOOP' },
      ],
      outputParameters: { answer: '${red_ref.output.result}' },
    };
    const red = await ended(await start('deciding', definition, { input: { color: 'red' } }));
    assert.deepEqual(red.output, { answer: 42 });
    assert.equal(red.variables.seen, 'red');
    const blue = await ended(await start('deciding', definition, { input: { color: 'blue' } }), 'FAILED');
    assert.deepEqual([blue.output, blue.reasonForIncompletion], [{ color: 'blue' }, 'no red']);
  });

  test('Forks run side by side and join; dynamic ones too', async () => {
    const fork = await ended(await start('forking', [
      { name: 'fork', taskReferenceName: 'fork_ref', type: 'FORK_JOIN', forkTasks: [[http('left_ref', `${effects.url}/echo`)], [wait('pause_ref', { duration: '1 second' }), inline('right_ref', '2')]] },
      { name: 'join', taskReferenceName: 'join_ref', type: 'JOIN', joinOn: ['left_ref', 'right_ref'] },
    ]));
    assert.equal(taskOf(fork, 'join_ref').outputData.right_ref.result, 2);
    assert.equal(taskOf(fork, 'fork_ref').taskType, 'FORK');

    const dynamic = await ended(await start('forking_by_data', [
      inline('make_ref', '({ tasks: [1, 2, 3].map(function (i) { return { name: "inline", taskReferenceName: "each_" + i, type: "INLINE" }; }), inputs: { each_1: { expression: "1" }, each_2: { expression: "2" }, each_3: { expression: "3" } } })'),
      { name: 'fork', taskReferenceName: 'fork_ref', type: 'FORK_JOIN_DYNAMIC', inputParameters: { tasks: '${make_ref.output.result.tasks}', inputs: '${make_ref.output.result.inputs}' }, dynamicForkTasksParam: 'tasks', dynamicForkTasksInputParamName: 'inputs' },
      { name: 'join', taskReferenceName: 'join_ref', type: 'JOIN', joinOn: [] },
    ]));
    assert.deepEqual(Object.keys(taskOf(dynamic, 'join_ref').outputData).sort(), ['each_1', 'each_2', 'each_3']);
  });

  test('DO_WHILE goes round', async () => {
    const execution = await ended(await start('looping', [
      { name: 'loop', taskReferenceName: 'loop', type: 'DO_WHILE', loopCondition: "$.loop['iteration'] < 3", loopOver: [inline('round_ref', '$.i', { i: '${loop.output.iteration}' })] },
    ]));
    assert.equal(taskOf(execution, 'loop').outputData.iteration, 3);
    assert.deepEqual(execution.tasks.filter(task => task.referenceTaskName.startsWith('round_ref__')).map(task => task.iteration), [1, 2, 3]);
  });

  test('A sub-workflow is waited for, a started one is not', async () => {
    await executor.registerWorkflow(true, { name: 'inner', version: 1, tasks: [http('inner_ref', `${effects.url}/echo`)], outputParameters: { inner: '${workflow.input.n}' } });
    const execution = await ended(await start('outer', [
      { name: 'sub', taskReferenceName: 'sub_ref', type: 'SUB_WORKFLOW', inputParameters: { n: 7 }, subWorkflowParam: { name: 'inner', version: 1 } },
      { name: 'other', taskReferenceName: 'start_ref', type: 'START_WORKFLOW', inputParameters: { startWorkflow: { name: 'inner', input: { n: 8 }, correlationId: 'started' } } },
    ], { correlationId: 'outer-1' }));
    const sub = taskOf(execution, 'sub_ref');
    assert.equal(sub.outputData.inner, 7);
    const child = await executor.getWorkflow(sub.subWorkflowId, true);
    assert.deepEqual([child.parentWorkflowId, child.parentWorkflowTaskId, child.correlationId], [execution.workflowId, sub.taskId, 'outer-1']);
    const started = await ended(taskOf(execution, 'start_ref').outputData.workflowId);
    assert.deepEqual(started.output, { inner: 8 });
  });

  test('A child that is waiting ends with its parent', async () => {
    await executor.registerWorkflow(true, { name: 'waiting_inner', version: 1, tasks: [wait('forever_ref')] });
    const id = await start('waiting_outer', [{ name: 'sub', taskReferenceName: 'sub_ref', type: 'SUB_WORKFLOW', subWorkflowParam: { name: 'waiting_inner' } }]);
    const child = taskOf(await until(id, execution => taskOf(execution, 'sub_ref')?.subWorkflowId, 'no child'), 'sub_ref').subWorkflowId;
    await executor.terminate(id, 'enough');
    assert.equal((await ended(id, 'TERMINATED')).reasonForIncompletion, 'enough');
    await ended(child, 'TERMINATED');
  });

  test('WAIT and HUMAN end by an update, by a signal, or by time', async () => {
    const id = await start('waiting', [wait('wait_ref'), { name: 'human', taskReferenceName: 'human_ref', type: 'HUMAN' }, wait('short_ref', { duration: '1s' })]);
    await open(id, 'wait_ref');
    await executor.updateTaskByRefName('wait_ref', id, 'COMPLETED', { answer: 1 });
    await open(id, 'human_ref');
    await executor.signal(id, 'COMPLETED', { answer: 2 });
    const execution = await ended(id);
    assert.deepEqual([taskOf(execution, 'wait_ref').outputData, taskOf(execution, 'human_ref').outputData], [{ answer: 1 }, { taskOutput: { answer: 2 } }]);   // so the client sends it
    const short = taskOf(execution, 'short_ref');
    assert.ok(short.endTime - short.startTime >= 1000 && short.endTime - short.startTime <= 3500, `it took ${short.endTime - short.startTime} ms`);
  });

  test('DYNAMIC takes its name from data, and tasks are handed to the domain that they are meant for', async () => {
    const id = await start('naming', [{ name: 'dynamic', taskReferenceName: 'dynamic_ref', type: 'DYNAMIC', inputParameters: { which: '${workflow.input.which}' }, dynamicTaskNameParam: 'which' }],
      { input: { which: 'chosen' }, taskToDomain: { chosen: 'blue' } });
    await open(id, 'dynamic_ref', 'SCHEDULED');
    const poll = (query = '') => fetch(`${server.url}/api/tasks/poll/chosen?workerid=w${query}`, { headers: { 'X-Authorization': KEY.keySecret } });
    assert.equal((await poll()).status, 204);
    const task = await (await poll('&domain=blue')).json();
    assert.equal(task.workflowInstanceId, id);
    await tasks.updateTaskResult(id, 'dynamic_ref', 'COMPLETED', { done: true });
    await ended(id);
  });

  test('EVENT tells a webhook, with a key that names the attempt', async () => {
    const id = await start('telling', [{ name: 'tell', taskReferenceName: 'tell_ref', type: 'EVENT', sink: `webhook:${effects.url}/echo`, inputParameters: { order: '${workflow.input.order}' } }], { input: { order: 7 } });
    const told = taskOf(await ended(id), 'tell_ref');
    const received = effects.received.findLast(request => request.headers['idempotency-key'] === told.taskId);
    assert.equal(received.method, 'POST');
    assert.equal(JSON.parse(received.body).order, 7);
  });

  test('COUNTERSIGN_VERIFY waits for a passcode, refuses a wrong one and takes each once', async () => {
    const user = await createUser(server);
    const factor = await server.client.userFactorApi.enrollFactor({ userId: user.id, body: { factorType: 'token:software:totp', provider: 'OKTA' } });
    const secret = base32(factor._embedded.activation.sharedSecret);
    await server.client.userFactorApi.activateFactor({ userId: user.id, factorId: factor.id, body: { passCode: totp(secret) } });
    const verifying = {
      tasks: [{ name: 'ask', taskReferenceName: 'ask_ref', type: 'COUNTERSIGN_VERIFY', inputParameters: { userId: '${workflow.input.userId}', factorType: 'token:software:totp', timeoutSeconds: 120 } }],
      outputParameters: { factorResult: '${ask_ref.output.factorResult}' },
    };
    const [id, second] = [await start('verifying', verifying, { input: { userId: user.id } }), await start('verifying', verifying, { input: { userId: user.profile.login } })];
    await open(id, 'ask_ref');
    await open(second, 'ask_ref');

    await executor.updateTaskByRefName('ask_ref', id, 'COMPLETED', { passCode: wrongTotp(secret) }).catch(() => {});
    assert.equal((await executor.getWorkflow(id, true)).status, 'RUNNING');
    const passCode = totp(secret, 1);   // the next step's, for the last was taken by the activation
    await executor.updateTaskByRefName('ask_ref', id, 'COMPLETED', { passCode });
    await executor.updateTaskByRefName('ask_ref', second, 'COMPLETED', { passCode }).catch(() => {});

    assert.deepEqual((await ended(id)).output, { factorResult: 'SUCCESS' });
    assert.equal((await executor.getWorkflow(second, true)).status, 'RUNNING', 'the same passcode was accepted twice');
    assert.doesNotMatch(JSON.stringify(await executor.getWorkflow(id, true)), new RegExp(`"${passCode}"`));
    await executor.terminate(second, 'enough');
  });

  test('An execution is paused, resumed, skipped in, retried, rerun and restarted', async () => {
    const id = await start('commanded', [wait('first_ref'), simple('skipped'), http('call_ref', `${effects.url}/status/500`)]);
    await open(id, 'first_ref');
    await executor.skipTasksFromWorkflow(id, 'skipped_ref', { taskInput: {}, taskOutput: { skipped: true } });
    await executor.pause(id);
    await executor.updateTaskByRefName('first_ref', id, 'COMPLETED', {});
    assert.equal((await executor.getWorkflow(id, true)).status, 'PAUSED');
    await executor.resume(id);
    const failed = await ended(id, 'FAILED');
    assert.equal(taskOf(failed, 'skipped_ref').status, 'SKIPPED');
    assert.deepEqual(failed.failedReferenceTaskNames, ['call_ref']);
    await executor.retry(id, false);
    const retried = await until(id, execution => execution.status === 'FAILED' && execution.tasks.filter(task => task.referenceTaskName === 'call_ref').length === 2, 'no second attempt');
    assert.equal(await executor.reRun(id, { reRunFromTaskId: taskOf(retried, 'first_ref').taskId }), id);
    await open(id, 'first_ref');
    await executor.terminate(id, 'again');
    await executor.restart(id, true);
    await open(id, 'first_ref');
    await executor.terminate(id, 'done');
    await assert.rejects(executor.resume(id));
  });

  test('Executions are executed in one call, found, and started once for one key', async () => {
    await executor.registerWorkflow(true, { name: 'quick', version: 1, tasks: [inline('quick_ref', '$.a', { a: '${workflow.input.a}' })], outputParameters: { a: '${quick_ref.output.result}' } });
    const run = await executor.executeWorkflow({ name: 'quick', version: 1, input: { a: 5 } }, 'quick', 1, 'request-1');
    assert.deepEqual([run.status ?? run.targetWorkflowStatus, run.output], ['COMPLETED', { a: 5 }]);

    const key = `once-${server.engine}`;
    const ids = await Promise.all([1, 2, 3, 4].map(() => executor.startWorkflow({ name: 'quick', version: 1, input: {}, idempotencyKey: key, idempotencyStrategy: 'RETURN_EXISTING' })));
    assert.equal(new Set(ids).size, 1);
    await assert.rejects(executor.startWorkflow({ name: 'quick', version: 1, input: {}, idempotencyKey: key, idempotencyStrategy: 'FAIL' }));
    assert.equal((await executor.getWorkflow(ids[0], false)).idempotencyKey, key);

    const found = await executor.search(0, 10, `workflowType = quick AND workflowId = ${ids[0]}`, '*');
    assert.deepEqual(found.results.map(({ workflowId, status: state }) => [workflowId, state]), [[ids[0], 'COMPLETED']]);
  });

  test('What is not there and what is wrong is refused in a form that the client knows', async () => {
    await assert.rejects(executor.startWorkflow({ name: 'no_such_workflow', version: 1 }), error => (assert.match(`${error.message} ${JSON.stringify(error.cause ?? {})}`, /not found|no such/i), true));
    await assert.rejects(executor.getWorkflow('00000000-0000-0000-0000-000000000000', true));
    const refused = await fetch(`${server.url}/api/workflow`, { method: 'POST', headers: { 'X-Authorization': 'wrong' }, body: '{}' });
    assert.deepEqual([refused.status, (await refused.json()).error], [401, 'INVALID_TOKEN']);
    const unstartable = await executor.registerWorkflow(true, { name: 'elsewhere', version: 1, tasks: [{ name: 'jq', taskReferenceName: 'jq_ref', type: 'JSON_JQ_TRANSFORM', inputParameters: { queryExpression: '.' } }] }).then(() => executor.startWorkflow({ name: 'elsewhere', version: 1 })).catch(error => error);
    assert.match(`${unstartable.message} ${JSON.stringify(unstartable.cause ?? {})}`, /jq_ref/);
    const bare = await fetch(`${server.url}/api/workflow/decide/${await start('empty', [wait('w_ref')])}`, { method: 'PUT', headers: { Authorization: `Bearer ${KEY.keySecret}` } });
    assert.deepEqual([bare.status, bare.headers.get('content-length'), bare.headers.get('content-type')], [200, '0', null]);
  });
}, { Countersign__Outbound__AllowedNetworks__0: '127.0.0.0/8' });
