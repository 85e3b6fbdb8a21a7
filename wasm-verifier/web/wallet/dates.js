// Days where the person is. How they are written is the matter of ../common/words.js.

/// The day of an instant, where the person is, as YYYY-MM-DD.
export function localDay(instant) {
    const at = new Date(instant);
    const two = number => String(number).padStart(2, '0');
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/// The last day through all of which something holds that ends at `instant` (inclusive), where the person is.
export function lastWholeDay(instant) {
    const end = new Date(instant);
    const next = new Date(end.getTime() + 1000);
    const whole = next.getHours() === 0 && next.getMinutes() === 0 && next.getSeconds() === 0;
    return localDay(whole ? end : new Date(end.getFullYear(), end.getMonth(), end.getDate() - 1, 12));
}

/// Whole days from now until an instant; negative when it is over.
export function daysUntil(instant, now) {
    return Math.floor((new Date(instant).getTime() - now) / 86_400_000);
}
