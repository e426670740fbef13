/**
 * Puts the message and stack trace of a failure into a payload, which the codec encrypts; by default they travel in plain.
 * CommonJS, because Temporal loads it with `require`, both in the process and in the workflow bundle.
 */
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
