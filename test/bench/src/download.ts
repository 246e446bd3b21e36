// node download.ts <address> <cache folder>: brings a whole object here, as reading all of an archive does.
import { openRemoteObject } from '@rawreel/storage';

const [address = '', cacheFolder = ''] = process.argv.slice(2);
const object = await openRemoteObject(address, { cacheFolder });
await object.ensure(0, object.byteLength);
await object.close();
