// A run of its own: brings an object whole, says each time how much has come, and at last how it ended.
import { openRemoteObject } from '../../src/index.ts';

const [address = '', cacheFolder = ''] = process.argv.slice(2);
const seen = new Set<string>();
const object = await openRemoteObject(address, {
  cacheFolder,
  onProgress: (event) => {
    seen.add(event.type);
    if (event.type === 'transfer') process.stdout.write(`${event.transferred}\n`);
  },
});
await object.ensure(0, object.byteLength);
process.stdout.write(JSON.stringify({ transferred: object.transferred, path: object.path, seen: [...seen] }));
await object.close();
