/** Mocha's browser build, which defines globals, in the shape of its Node module. */
import 'mocha/mocha.js';

export default (globalThis as unknown as { Mocha: typeof Mocha }).Mocha;
