// A run of its own: brings an object whole and says how it ended; or is killed once so many bytes have come.
import { openRemoteObject } from '../../src/index.ts';

const [address = '', cacheFolder = '', killedAfter = 'Infinity'] = process.argv.slice(2);
const object = await openRemoteObject(address, {
  cacheFolder,
  onProgress: (event) => {
    // From outside it would come too late: here, other pieces are being received, written and recorded at that moment.
    if (event.type === 'transfer' && event.transferred >= Number(killedAfter)) {
      process.kill(process.pid, 'SIGKILL');
    }
  },
});
await object.ensure(0, object.byteLength);
process.stdout.write(JSON.stringify({ transferred: object.transferred, path: object.path }));
await object.close();
