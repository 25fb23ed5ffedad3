import assert from 'node:assert/strict';

/** Asserts that a call of the SDK fails with this status and code; returns the error. */
export async function refuses(call, status, code, cause) {
  let failure;
  await assert.rejects(call, error => {
    failure = error;
    return true;
  });
  assert.equal(`${failure.status} ${failure.errorCode}`, `${status} ${code}`, failure.message);
  if (cause !== undefined) assert.equal(failure.errorCauses[0]?.errorSummary, cause);
  return failure;
}
