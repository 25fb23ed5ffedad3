import { Authenticator } from './authenticator.js';
import { Frame } from './screens/frame.js';

const frame = new Frame(await Authenticator.open());
await frame.start();
