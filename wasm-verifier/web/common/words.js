// The words of a page in the reader's language. A language is a file in each `languages` folder, named by its
// code; the list of the build says which there are.

import { languages } from './build.js';

/// What is read where a language lacks a word, and where the reader's languages are not there.
const FIRST = 'vi';
const KEPT = 'hcert.language';

let code = FIRST;
let words = {};
let fallback = {};

/// Loads the common words and those of a page ('verify' or 'wallet'), and fills in the document.
export async function open(page) {
    await use(choose(), page);
    fill(document);
}

/// Changes the language for good; the caller draws its own words anew.
export async function change(language, page) {
    localStorage.setItem(KEPT, language);
    await use(language, page);
    fill(document);
}

/// The language in use, as ISO 639-1.
export const language = () => code;

/// Codes and own names of all languages.
export const choices = () => languages().map(one => [one, new Intl.DisplayNames([one], { type: 'language' }).of(one)]);

/// The sentence of a key, with `{name}` replaced by values. It is text, never markup.
export function say(key, values = {}) {
    const sentence = words[key] ?? fallback[key] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/// Whether there is a sentence for this key.
export const says = key => key in words || key in fallback;

/// Fills in the elements that name their words: `data-say` for the text, `data-say-label` for what a screen
/// reader says, `data-say-placeholder` for an example.
export function fill(root) {
    for (const one of root.querySelectorAll('[data-say]')) one.textContent = say(one.dataset.say);
    for (const one of root.querySelectorAll('[data-say-label]')) one.setAttribute('aria-label', say(one.dataset.sayLabel));
    for (const one of root.querySelectorAll('[data-say-placeholder]')) one.placeholder = say(one.dataset.sayPlaceholder);
    if (root === document) document.documentElement.lang = code;
}

/// A day as people here write it: 31/12/2000, 31 Dec 2000; of `2000-12` and `2000` what is known.
export function date(iso) {
    const [year, month, day] = String(iso ?? '').slice(0, 10).split('-');
    if (!month) return year ?? '';
    const local = new Date(Date.UTC(+year, +month - 1, +(day ?? 1)));
    if (Number.isNaN(local.getTime())) return String(iso);
    if (code === 'vi') return [day, month, year].filter(Boolean).join('/');
    return local.toLocaleDateString(code === 'en' ? 'en-GB' : code, { timeZone: 'UTC', year: 'numeric', month: 'short', ...(day && { day: 'numeric' }) });
}

/// A moment in the device's own zone.
export function moment(iso) {
    const at = new Date(iso);
    if (Number.isNaN(at.getTime())) return String(iso ?? '');
    const two = number => String(number).padStart(2, '0');
    const day = date(`${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`);
    return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/// How long ago, or until when: "2 days ago".
export function ago(milliseconds) {
    const format = new Intl.RelativeTimeFormat(code, { numeric: 'always' });
    const seconds = -Math.round(milliseconds / 1000);
    for (const [unit, length] of [['day', 86400], ['hour', 3600], ['minute', 60]]) {
        if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
    }
    return format.format(seconds, 'second');
}

function choose() {
    const there = languages();
    const wished = [localStorage.getItem(KEPT), ...navigator.languages.map(one => one.split('-')[0]), FIRST];
    return wished.find(one => there.includes(one)) ?? FIRST;
}

async function use(language, page) {
    const load = async one => {
        const files = [`./languages/${one}.js`, ...(page ? [`../${page}/languages/${one}.js`] : [])];
        const loaded = await Promise.all(files.map(file => import(file).catch(() => ({ default: {} }))));
        return Object.assign({}, ...loaded.map(module => module.default));
    };
    [words, fallback] = await Promise.all([load(language), language === 'en' ? {} : load('en')]);
    code = language;
}
