// What the bundle has in the place of Stream's SDK, whose licence lets nobody hand it on: the SDK as it is installed
// beside this package, or an error that says how to install it.

function noSdk(cause) {
  if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  throw Object.assign(
    new Error('This needs Stream’s own SDK, @stream-io/node-sdk, which is not installed', { cause }),
    {
      code: 'ERR_NO_STREAM_SDK',
      hint: [
        'It comes under Stream’s licence for customers, which is not MIT, so it is installed by those who want it:',
        'npm install @stream-io/node-sdk (with -g where rawreel was installed with -g)',
      ].join('\n'),
    },
  );
}

export const { StreamClient } = await import('@stream-io/node-sdk').catch(noSdk);
