// What a person has set on this device: looks and ways of working, never anything about people.

/// Settings under one name, with what holds until they are set.
export class Settings {
    #name;
    #values;

    constructor(name, first) {
        this.#name = name;
        let kept = {};
        try { kept = JSON.parse(localStorage.getItem(name)) ?? {}; } catch { /* unreadable: begin anew */ }
        this.#values = { ...first, ...Object.fromEntries(Object.entries(kept).filter(([key, value]) => typeof value === typeof first[key])) };
    }

    get(key) { return this.#values[key]; }

    set(key, value) {
        this.#values[key] = value;
        try { localStorage.setItem(this.#name, JSON.stringify(this.#values)); } catch { /* no room: holds until the page is closed */ }
    }
}

/// Text size and colours, the same for both pages.
export const looks = new Settings('hcert.looks', { text: 'normal', theme: 'auto' });

export function dress() {
    const { dataset } = document.documentElement;
    const set = (name, value, plain) => { if (value === plain) delete dataset[name]; else dataset[name] = value; };
    set('text', looks.get('text'), 'normal');
    set('theme', looks.get('theme'), 'auto');
}
