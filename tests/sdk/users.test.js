// Users: what an MFA client does to set up and tear down (contract 6, 17.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { all } from './lib/collections.js';
import { refuses } from './lib/errors.js';
import { onBothEngines } from './lib/server.js';
import { createUser, PASSWORD, profile } from './lib/users.js';

const UNKNOWN = '00uNobodyHasThisId00';
const credentials = { password: { value: PASSWORD } };

onBothEngines('Users', server => {
  const status = async userId => (await server.newClient().userApi.getUser({ userId })).status;

  test('Password and activate decide the status of a new user', async () => {
    const create = async (request, body = {}) => (await server.client.userApi.createUser({ body: { profile: profile(), ...body }, ...request })).status;
    assert.equal(await create({ activate: false }), 'STAGED');
    assert.equal(await create({ activate: true }), 'PROVISIONED');
    assert.equal(await create({ activate: false }, { credentials }), 'STAGED');
    assert.equal(await create({ activate: true }, { credentials }), 'ACTIVE');
    assert.equal(await create({ activate: true, nextLogin: 'changePassword' }, { credentials }), 'PASSWORD_EXPIRED');
  });

  test('A user is found by id, by login, and as me', async () => {
    const { userApi } = server.newClient();
    const login = `ines+${process.hrtime.bigint()}@example.com`;
    const { id } = await createUser(server, { login, email: login });
    assert.equal((await userApi.getUser({ userId: id })).profile.login, login);
    assert.equal((await userApi.getUser({ userId: login })).id, id);
    assert.match((await userApi.getUser({ userId: 'me' })).id, /^00u/);
  });

  test('An update merges, a replacement clears', async () => {
    const { userApi } = server.client;
    const user = await createUser(server, { nickName: 'Ina', title: 'Tram driver' });

    const updated = await userApi.updateUser({ userId: user.id, user: { profile: { title: 'Conductor' } } });
    assert.deepEqual([updated.profile.nickName, updated.profile.title], ['Ina', 'Conductor']);

    const { firstName, lastName, login, email } = user.profile;
    const replaced = await userApi.replaceUser({ userId: user.id, user: { profile: { firstName, lastName, login, email, title: 'Retired' } } });
    assert.deepEqual([replaced.profile.nickName, replaced.profile.title], [undefined, 'Retired']);
  });

  test('A user lives through every status', async () => {
    const { userApi } = server.client;
    const { id: userId } = await userApi.createUser({ body: { profile: profile(), credentials }, activate: false });
    assert.match((await userApi.activateUser({ userId, sendEmail: false })).activationUrl, /\/welcome\//);
    assert.equal(await status(userId), 'ACTIVE');
    await userApi.suspendUser({ userId });
    assert.equal(await status(userId), 'SUSPENDED');
    await userApi.unsuspendUser({ userId });
    await refuses(userApi.unlockUser({ userId }), 403, 'E0000032', 'The user is not locked out.');
    assert.equal((await userApi.expirePassword({ userId })).status, 'PASSWORD_EXPIRED');
    assert.match((await userApi.generateResetPasswordToken({ userId, sendEmail: false })).resetPasswordUrl, /\/reset_password\//);
    assert.equal(await status(userId), 'RECOVERY');
    await userApi.deactivateUser({ userId });
    assert.equal(await status(userId), 'DEPROVISIONED');
  });

  test('Deleting twice removes a user', async () => {
    const { userApi } = server.client;
    const { id: userId } = await createUser(server);
    await userApi.deleteUser({ userId });
    assert.equal(await status(userId), 'DEPROVISIONED');
    await userApi.deleteUser({ userId });
    await refuses(server.newClient().userApi.getUser({ userId }), 404, 'E0000007');
  });

  test('Every lifecycle operation on an unknown user is not found', async () => {
    const operations = ['activateUser', 'reactivateUser', 'deactivateUser', 'suspendUser', 'unsuspendUser', 'unlockUser', 'expirePassword', 'expirePasswordAndGetTemporaryPassword',
      'generateResetPasswordToken', 'resetFactors', 'deleteUser', 'getUser'];
    for (const operation of operations) {
      const failure = await refuses(server.client.userApi[operation]({ userId: UNKNOWN, sendEmail: false }), 404, 'E0000007');
      assert.equal(failure.errorSummary, `Not found: Resource not found: ${UNKNOWN} (User)`, operation);
    }
  });

  test('A bad email, a missing name and a login in use are refused', async () => {
    const create = change => server.client.userApi.createUser({ body: { profile: profile(change) } });
    const { profile: { login } } = await createUser(server);
    await refuses(create({ email: 'no-address' }), 400, 'E0000001');
    await refuses(create({ lastName: '' }), 400, 'E0000001', 'lastName: The field cannot be left blank');
    await refuses(create({ login: login.toUpperCase() }), 400, 'E0000001', 'login: An object with this field already exists in the current organization');
  });

  test('Lists are filtered, searched and followed page by page', async () => {
    const { userApi } = server.client;
    const lastName = `Kovar${process.hrtime.bigint()}`;
    const made = [];
    for (let number = 0; number < 5; number++) made.push((await createUser(server, { lastName })).id);
    const ids = async request => (await all(userApi.listUsers(request))).map(({ id }) => id).sort();

    assert.deepEqual(await ids({ search: `profile.lastName eq "${lastName}"`, limit: 2 }), [...made].sort());
    assert.deepEqual(await ids({ filter: `profile.lastName eq "${lastName}" and status eq "ACTIVE"` }), [...made].sort());
    assert.deepEqual(await ids({ q: lastName }), [...made].sort());
    await refuses(all(userApi.listUsers({ filter: 'no filter' })), 400, 'E0000031');
    await refuses(all(userApi.listUsers({ filter: 'status eq "ACTIVE"', search: 'status eq "ACTIVE"' })), 400, 'E0000033');
  });

  test('Passwords and recovery questions are changed by who knows the old ones', async () => {
    const { userApi } = server.client;
    const { id: userId } = await createUser(server);
    const change = (oldPassword, newPassword) => userApi.changePassword({ userId, changePasswordRequest: { oldPassword: { value: oldPassword }, newPassword: { value: newPassword } } });
    await refuses(change('Wrong#Tram7', 'Other#Tram7'), 403, 'E0000014');
    await change(PASSWORD, 'Other#Tram7');

    const changed = await userApi.changeRecoveryQuestion({
      userId, userCredentials: { password: { value: 'Other#Tram7' }, recovery_question: { question: 'Where did the tram end?', answer: 'at the river' } },
    });
    assert.equal(changed.recovery_question.question, 'Where did the tram end?');
    assert.match((await userApi.forgotPassword({ userId, sendEmail: false })).resetPasswordUrl, /\/signin\/reset-password\//);
    const reset = answer => userApi.forgotPasswordSetNewPassword({ userId, userCredentials: { password: { value: 'Third#Tram7' }, recovery_question: { answer } } });
    await refuses(reset('in the hills'), 403, 'E0000087');
    assert.equal((await reset('At the river')).recovery_question.question, 'Where did the tram end?');
  });

  test('What an MFA service keeps none of is empty', async () => {
    const { userApi } = server.client;
    const { id: userId } = await createUser(server);
    for (const operation of ['listUserGroups', 'listAppLinks', 'listUserBlocks', 'listUserClients', 'listUserDevices']) {
      assert.deepEqual(await all(userApi[operation]({ userId })), [], operation);
    }
    await userApi.revokeUserSessions({ userId });
  });
});
