// What the build says of itself: version, every file with its SHA-256, the module's hash. `files.js` is written
// by the build; the service worker reads the same file, so both always speak of the same build.

import '../files.js';

const { version, files, module } = globalThis.HCERT_BUILD;

/// Version of the pages, and the verifier's WASM module: `{ path, sha256, bytes }`.
export { version, module };

/// SHA-256 (hex) of a file of the build, or undefined.
export const digest = path => files[path];

/// Codes of the languages that the build holds, Vietnamese first.
export const languages = () => Object.keys(files)
    .map(path => /^common\/languages\/([a-z-]+)\.js$/.exec(path)?.[1])
    .filter(Boolean)
    .sort((a, b) => (b === 'vi') - (a === 'vi') || (a < b ? -1 : 1));

/// Where the pages begin, whatever folder they are served from.
export const base = new URL('../', import.meta.url);
