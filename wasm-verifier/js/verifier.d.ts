/**
 * The verifier of hcert in WebAssembly: what a scanned code is worth, without a network.
 *
 * Load it once with {@link init}; everything else is synchronous and keeps nothing between calls.
 * Every function throws a {@link VerifierError}, whose `code` stays the same in all versions.
 */

/** Loads the module. Without a source it is taken from beside this file, in Node too. Further calls wait for the first. */
export default function init(source?: URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;

/**
 * What went wrong: `message` is a sentence in English, `code` a word for programs.
 *
 * `argument`: a value of the wrong kind. `not_ready`: {@link init} was not awaited. `trap`: the module
 * stopped on this input; nothing was verified, and the next call works again. `ended`: an update that
 * was finished, or that a trap ended. `no_key`, `empty`, `too_large`, `private_key`, `nothing_usable`,
 * `unreadable`, `rules`: of {@link Trust}. Of bundles and updates:
 * `not_bundle`, `damaged`, `threshold`, `type`, `state`, `root_version`, `environment`, `root_missing`,
 * `rollback`, `equivocation`, `keys_rollback`, `no_manifest`, `no_keys`, `wrong_part`, `parts_missing`.
 */
export class VerifierError extends Error {
  readonly code: string;
}

/** What is trusted: keys, revocation, rules. Nothing in it changes; make a new one after an update. */
export class Trust {
  private constructor();
  /**
   * A trust bundle in one file. With `state` - what {@link Update.finish} gave with it - it has to
   * follow from that, and a clock behind what was signed is noticed; without, its own first root is
   * believed, which is as good as the word of whoever handed the file over.
   */
  static fromBundle(bundle: Uint8Array, state?: Uint8Array): Trust;
  /** Files of trusted keys as `hcert verify --trust` takes them: X.509 or keys (PEM, DER), JWKS, DID documents, key lists, revocation batches. */
  static fromText(...files: Uint8Array[]): Trust;
  /** All of these together; `rules` are business rules in JSON. Of nothing at all comes a trust in nobody: every code is red then. */
  static from(sources: { bundle?: Uint8Array; state?: Uint8Array; files?: Uint8Array[]; rules?: string[] }): Trust;
  /** What is to be said of it at an instant, in seconds since 1970. */
  facts(now: number): TrustFacts;
  /** Gives its memory back at once; else that happens when it is collected. */
  free(): void;
}

/** Times are RFC 3339 in UTC. Null where there is no bundle. */
export interface TrustFacts {
  sequence: number | null;
  publisher: string | null;
  environment: 'production' | 'test' | null;
  made_at: string | null;
  /** From then on answers are amber. */
  soft_expiry: string | null;
  /** From then on they are amber or red, as the publisher wants. */
  hard_expiry: string | null;
  /** Whole days since it was made. */
  age_days: number | null;
  freshness: 'fresh' | 'stale' | 'expired' | null;
  /** Something was signed more than a day after `now`. */
  clock_wrong: boolean;
  root: { version: number; sha256: string } | null;
  /** How many keys may sign. */
  keys: number;
  /** Whose, ISO 3166-1 alpha-2. */
  countries: string[];
  /** How many parts of each kind the bundle names. */
  parts: Record<string, number>;
  /** What could not be used, and why. */
  refused: { entry: string; why: string }[];
}

/**
 * A trust update, piece by piece and from whomever: `specs/bundle.md`. An older manifest than the one
 * in use is refused. Nothing is in force before {@link Update.finish}; keep the bundle first and the
 * state after it, best in one transaction.
 */
export class Update {
  private constructor();
  /** Begins from the state kept last, or for the first time from the root that came with the page or was compared. */
  static begin(state: Uint8Array): Update;
  /** The version of the root to ask for next (`root/N.cose`); when there is none, go on to the manifest. */
  nextRoot(): number;
  root(document: Uint8Array): void;
  /** `manifest.cose`. With `same` nothing has to be done. */
  manifest(document: Uint8Array): 'newer' | 'same';
  /** Takes from the bundle at hand the parts that are named again; says how many. */
  keep(bundle: Uint8Array): number;
  /** What has still to be fetched: `path` below the place of publication. Read no more than `size` bytes. */
  wanted(): { name: string; path: string; size: number; sha256: string }[];
  /** One of these, by its name. */
  part(name: string, content: Uint8Array): void;
  /** Instead of all that: a bundle in one file, with its roots, manifest and parts. */
  file(bundle: Uint8Array): 'newer' | 'same';
  /** The bundle in one file, and what to remember. */
  finish(): { bundle: Uint8Array; state: Uint8Array };
  free(): void;
}

export interface VerifyOptions {
  /** Seconds since 1970: `Date.now() / 1000`. */
  now: number;
  /** Language of `failure.message` and of the rules' descriptions; English without it. */
  lang?: 'vi' | 'en';
  /** Country of arrival, ISO 3166-1 alpha-2: of the acceptance rules only its own apply. */
  country?: string;
  /** What stands as `input` in the verdict: a file's name; `-` without it. */
  input?: string;
}

/** Whether the certificate is to be believed. The same object as `hcert verify --format json`: `specs/verdict.md`. */
export function verify(code: string, trust: Trust, options: VerifyOptions): Verdict;
/** The same as text. */
export function verifyJson(code: string, trust: Trust, options: VerifyOptions): string;

/** A person, to compare with an identity document. */
export interface Holder {
  name: string;
  name_transliterated: string | null;
  /** `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or empty when unknown. */
  date_of_birth: string;
}

export interface Verdict {
  input: string;
  colour: 'green' | 'amber' | 'red';
  valid: boolean;
  format: string | null;
  failure: { stage: string; message: string } | null;
  signer: { kid: string | null; algorithm: string | null; country: string | null; subject: string | null } | null;
  issued_at: string | null;
  expires_at: string | null;
  /** Only of valid certificates. */
  holder: Holder | null;
  payload: unknown;
  revocation: 'not_revoked' | 'revoked' | 'unknown';
  trust: { bundle_sequence: number | null; age_days: number | null; environment: string | null };
  rules: { id: string; result: 'passed' | 'failed' | 'open'; description: string | null }[];
  doubts: string[];
}

/** What a certificate says of itself; nobody vouches for it. For its owner, never for whoever checks it. */
export function inspectUnverified(code: string): Inspected;

export interface Inspected {
  unverified: true;
  format: string | null;
  /** Base64. */
  kid: string | null;
  issuer: string | null;
  issued_at: string | null;
  expires_at: string | null;
  holder: Holder | null;
  payload: unknown;
  /** Why it could not be taken apart, in English. */
  failure: string | null;
}

/** A payload in plain words. Unknown codes are shown as they are. */
export function describe(payload: unknown, lang?: 'vi' | 'en'): Described;

export interface Described {
  kind: 'vaccination' | 'test' | 'recovery' | 'unknown';
  /** "Vaccination". */
  title: string;
  /** "dose 2 of 2, Comirnaty"; may be empty. */
  summary: string;
  /** In the order in which to show them; `key` is the same in every language. */
  lines: { key: string; label: string; value: string }[];
}
