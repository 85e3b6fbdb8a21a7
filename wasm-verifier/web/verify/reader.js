// A USB or Bluetooth reader that types: it is a keyboard that is faster than any person. It is heard wherever the
// cursor stands, except in a box for text.

/// Keys of a reader come within this of each other, also those of slow ones over Bluetooth to a busy phone.
const BETWEEN_MS = 600;
/// Readers that send no key at the end are done after this.
const DONE_MS = 1200;
/// No certificate is shorter; fewer keys are a person's.
const SHORTEST = 20;

/// Calls `scanned(text)` for what a reader types. Answers a function that stops listening.
export function listen(scanned) {
    let typed = '';
    let last = 0;
    let done = null;

    const end = () => {
        clearTimeout(done);
        const text = typed;
        typed = '';
        if (text.length >= SHORTEST) scanned(mended(text));
        return text.length >= SHORTEST;
    };

    const heard = event => {
        if (writable(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
        const now = event.timeStamp;
        if (now - last > BETWEEN_MS && event.key !== 'Enter' && event.key !== 'Tab') typed = '';
        if (event.key === 'Enter' || event.key === 'Tab') {
            // Else the key would press whatever button has the focus.
            if (typed.length >= SHORTEST) event.preventDefault();
            end();
            return;
        }
        if ([...event.key].length !== 1) return;
        last = now;
        typed += event.key;
        if (typed.length > 2) event.preventDefault();
        clearTimeout(done);
        done = setTimeout(end, DONE_MS);
    };
    document.addEventListener('keydown', heard, true);
    return () => { clearTimeout(done); document.removeEventListener('keydown', heard, true); };
}

/// What a keyboard setting does to a code, undone where nothing is lost by it: with caps lock on a reader types the
/// capitals of an HC1 text small, and there are no small letters in it.
export function mended(text) {
    return /^hc1:/i.test(text) && !/[^\x20-\x7e]/.test(text) ? text.toUpperCase() : text;
}

/// Signs that a Vietnamese typing method (Telex, VNI) has turned a code's letters into others.
export const isMangled = text => /^hc1:/i.test(text) && /[^\x20-\x7e]/.test(text);

const writable = target => target instanceof HTMLElement
    && (target.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=file])') || target.isContentEditable);
