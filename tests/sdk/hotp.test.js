// Custom TOTP, by time and by counter (contract 9.10, 12.2). The SDK has no operation that makes a profile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuses } from './lib/errors.js';
import { hotp, totp } from './lib/otp.js';
import { onBothEngines } from './lib/server.js';
import { createUser } from './lib/users.js';

const PROFILES = '/api/v1/org/factors/hotp/profiles';
const sharedSecret = '3132333435363738393031323334353637383930';
const secret = Buffer.from(sharedSecret, 'hex');

onBothEngines('Custom TOTP', server => {
  const profile = (name, settings) => server.post(PROFILES, {
    name, settings: { timeBased: true, otpLength: 6, timeStep: 30, acceptableAdjacentIntervals: 3, encoding: 'hexadecimal', hmacAlgorithm: 'HMacSHA1', ...settings },
  });
  const enroll = (userId, factorProfileId) => server.client.userFactorApi.enrollFactor({
    userId, activate: true, body: { factorType: 'token:hotp', provider: 'CUSTOM', factorProfileId, profile: { sharedSecret } },
  });

  test('A time-based token is active at once and is verified as its profile says', async () => {
    const { id } = await profile('Door tokens', { otpLength: 8, timeStep: 60, hmacAlgorithm: 'HMacSHA256' });
    const user = await createUser(server);

    const enrolled = await enroll(user.id, id);
    assert.deepEqual([enrolled.status, enrolled.vendorName, enrolled.profile], ['ACTIVE', 'Door tokens', undefined]);

    const verify = passCode => server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: enrolled.id, body: { passCode } });
    const options = { digits: 8, seconds: 60, algorithm: 'sha256' };
    const passCode = totp(secret, -3, options);
    const now = totp(secret, 0, options);
    assert.equal((await verify(now)).factorResult, 'SUCCESS');
    await refuses(verify(now), 403, 'E0000082');
    await refuses(verify(passCode), 403, 'E0000082');
  });

  test('A counter-based token looks ahead and never back', async () => {
    const { id } = await profile('Counting tokens', { timeBased: false });
    const user = await createUser(server);
    const enrolled = await enroll(user.id, id);
    const verify = counter => server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: enrolled.id, body: { passCode: hotp(secret, counter) } });

    assert.equal((await verify(0)).factorResult, 'SUCCESS');
    assert.equal((await verify(3)).factorResult, 'SUCCESS');
    await refuses(verify(2), 403, 'E0000082');
    await refuses(verify(300), 403, 'E0000068');
  });

  test('A counter-based token that ran ahead is resynchronised by two passcodes', async () => {
    const { id } = await profile('Counting tokens', { timeBased: false });
    const user = await createUser(server);
    const enrolled = await enroll(user.id, id);
    const verify = body => server.client.userFactorApi.verifyFactor({ userId: user.id, factorId: enrolled.id, body });

    await refuses(verify({ passCode: hotp(secret, 200) }), 403, 'E0000068');
    assert.equal((await verify({ passCode: hotp(secret, 200), nextPassCode: hotp(secret, 201) })).factorResult, 'SUCCESS');
    assert.equal((await verify({ passCode: hotp(secret, 202) })).factorResult, 'SUCCESS');
  });

  test('Without activate=true, or with an unknown profile, nothing is enrolled', async () => {
    const { userFactorApi } = server.client;
    const { id: userId } = await createUser(server);
    const { id } = await profile('Door tokens');
    const body = { factorType: 'token:hotp', provider: 'CUSTOM', factorProfileId: id, profile: { sharedSecret } };
    await refuses(userFactorApi.enrollFactor({ userId, body }), 400, 'E0000001');
    await refuses(userFactorApi.enrollFactor({ userId, activate: true, body: { ...body, factorProfileId: 'fpr00000000000000000' } }), 404, 'E0000007');
  });
});
